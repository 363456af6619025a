// Figures as a person reads them, the same way as the rest of the page. Unknown is a dash, never a zero.

const UNKNOWN = "–";
const isKnown = (value) => value !== null && value !== undefined;
const known = (show) => (value) => (isKnown(value) ? show(value) : UNKNOWN);

// Halves go to the even digit, as they do on the command line: 6.25 is 6.2 there, and 6.3 to toFixed. Only a figure
// that binary holds exactly can be a half, and it is one where it is an odd multiple of half a digit's power of two.
const fixed = (value, digits) => {
  const found = value.toFixed(digits);
  const isHalf = Math.abs(value * 2 ** (digits + 1)) % 2 === 1;
  return isHalf && Number(found.at(-1)) % 2 ? (value - Math.sign(value) * 10 ** -(digits + 1)).toFixed(digits) : found;
};
const grouped = (text) => text.replace(/\B(?=(\d{3})+(?!\d))/g, ",");

const count = known((value) => grouped(fixed(value, 0)));
const counted = (value, one, many = `${one}s`) => `${count(value)} ${count(value) === "1" ? one : many}`;
const score = known((value) => fixed(value, 2));
const share = known((value) => {
  const percent = 100 * value;
  const size = Math.abs(percent);
  return `${size > 0 && size < 0.1 ? Number(fixed(percent, 1 - Math.floor(Math.log10(size)))) : fixed(percent, 1)} %`;
});
const risk = known((value) => {
  if (value < data.surest) return `< ${Math.round(100 * data.surest)} %`;
  return value > 1 - data.surest ? `> ${Math.round(100 * (1 - data.surest))} %` : share(value);
});
const ratio = known((value) => {
  const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return grouped(fixed(value, digits));
});
const money = (value, currency) => {
  if (!isKnown(value)) return UNKNOWN;
  const digits = Number.isInteger(value) ? 0 : 2;
  const amount = grouped(fixed(value, digits));
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
