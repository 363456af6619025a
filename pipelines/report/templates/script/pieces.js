// Small pieces that table, card and comparison share.

const chip = (one, isShort = false) => {
  const reason = data.reasons[one.status_reason] || {};
  const kind = one.status_reason === "lift_low" ? `${one.status} mild` : one.status;
  const words = plainWords(one.status);
  return [
    element("span", { class: `chip ${kind}`, title: reason.long }, isShort || !reason.short ? words : `${words}: ${reason.short}`),
    isShort && reason.short ? element("small", { class: "because" }, reason.short) : "",
  ];
};

const meter = (value, low, high, kind) =>
  isKnown(value) &&
  element("span", { class: `meter ${kind}`, "aria-hidden": "true" },
    element("i", { style: `left:${percent(low ?? value)};right:${percent(1 - clipped(high ?? value))}` }),
    element("b", { style: `left:${percent(value)}` }));

const hasSize = (one) => data.order.size_tier.includes(one.size_tier);

const unknownMark = (why = "not known") => element("span", { class: "unknown", title: why }, UNKNOWN);

const figure = (value, show) => (isKnown(value) ? show(value) : unknownMark());

const priceFigure = (one) => {
  if (isKnown(one.price)) return money(one.price, one.currency);
  if (!isKnown(one.other_price)) return unknownMark();
  return element("small", { title: "in another currency than most, and so in no budget" }, money(one.other_price, one.other_currency));
};

const riskFigure = (one) =>
  one.isRiskKnown ? risk(one.shill_probability) : unknownMark("no signal of bought influence could be measured");

const riskWord = (one) => {
  const level = riskLevel(one);
  return level === "unknown" ? "" : element("span", { class: `level ${level}` }, level);
};

const thinMark = (one) =>
  one.isThin &&
  element("span", { class: "thin", title: `fewer than ${data.thin_below} members follow it, so its figures can easily change` }, "thin data");

const pickMark = (one) => one.is_pick && element("span", { class: "pickmark", title: "pick of the portfolio" }, "pick");

// Opens the evidence about a candidate; a plain link as well, to be copied or opened in another window.
const opener = (one, ...words) =>
  element("a", {
    href: writtenAddress({ ...NOTHING_CHOSEN, open: one.account_id }),
    "data-open": one.account_id,
  }, ...(words.length ? words : [named(one.label)]));

const starButton = (one) => {
  const isOn = Boolean(entryOf(one.account_id));
  return element("button", {
    type: "button",
    class: "star",
    "data-star": one.account_id,
    "aria-pressed": String(isOn),
    "aria-label": `Shortlist ${one.label}`,
    title: isOn ? "on the shortlist" : "put on the shortlist",
  }, isOn ? "★" : "☆");
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-open]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    change({ open: link.dataset.open, compare: false }, { isNewPlace: true });
    return;
  }
  const button = event.target.closest("button[data-star]");
  if (button) star(button.dataset.star, button.getAttribute("aria-pressed") !== "true");
});
