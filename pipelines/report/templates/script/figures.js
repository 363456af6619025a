// Figures as a person reads them, the same way as the rest of the page. Unknown is a dash, never a zero.

const UNKNOWN = "–";
const isKnown = (value) => value !== null && value !== undefined;
const known = (show) => (value) => (isKnown(value) ? show(value) : UNKNOWN);

const count = known((value) => Math.round(value).toLocaleString("en-US"));
const score = known((value) => value.toFixed(2));
const share = known((value) => {
  const percent = 100 * value;
  const isTiny = percent !== 0 && Math.abs(percent) < 0.1;
  return `${isTiny ? Number(percent.toPrecision(2)) : percent.toFixed(1)} %`;
});
const risk = known((value) => {
  if (value < data.surest) return `< ${Math.round(100 * data.surest)} %`;
  return value > 1 - data.surest ? `> ${Math.round(100 * (1 - data.surest))} %` : share(value);
});
const ratio = known((value) => {
  const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
});
const money = (value, currency) => {
  if (!isKnown(value)) return UNKNOWN;
  const digits = Number.isInteger(value) ? 0 : 2;
  const amount = value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return currency ? `${amount} ${currency}` : amount;
};
const between = (low, high, show) => {
  if (!isKnown(low) || !isKnown(high)) return "";
  const [lower, upper] = [show(low), show(high)];
  if (lower === upper) return lower;
  return `${lower.endsWith(" %") && upper.endsWith(" %") ? lower.slice(0, -2) : lower}–${upper}`;
};
const plainWords = (code) => (code || UNKNOWN).replaceAll("_", " ");
const clipped = (value) => Math.min(1, Math.max(0, value ?? 0));
const percent = (value) => `${(100 * clipped(value)).toFixed(1)}%`;
