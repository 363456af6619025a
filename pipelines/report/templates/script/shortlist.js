// The shortlist with its decisions, and the comparison of those on it side by side.

const MOST_COMPARED = 10;
const shortlist = document.getElementById("shortlisted");
const tray = document.getElementById("tray");
const comparison = document.getElementById("comparison");

const nameOf = (id) => candidateOf.get(id) ?? { label: id, account_id: id, isGone: true };

const shortlistRow = (entry) => {
  const one = nameOf(entry.id);
  return element("tr", { "data-id": entry.id, class: entry.say ? `said-${entry.say}` : null },
    element("th", { scope: "row" }, one.isGone ? [named(one.label), " ", element("small", {}, "no candidate in this run")] : [opener(one), " ", chip(one)]),
    element("td", { class: "n" }, one.isGone ? UNKNOWN : count(one.rank)),
    element("td", { class: "n" }, one.isGone ? UNKNOWN : score(one.trust)),
    element("td", { class: "n" }, one.isGone ? UNKNOWN : riskFigure(one)),
    element("td", { class: "n" }, one.isGone ? UNKNOWN : share(one.reach_share)),
    element("td", {}, element("span", { class: "choice", role: "group", "aria-label": `Your decision on ${one.label}` }, SAYINGS.map((word) => element("label", {},
      element("input", { type: "radio", name: `list-${entry.id}`, value: word, checked: entry.say === word, change: () => decide(entry.id, { say: word }) }), word)))),
    element("td", {}, element("input", { type: "text", "aria-label": `Reason on ${one.label}`, value: entry.why, maxlength: "200", placeholder: "reason", autocomplete: "off", change: (event) => decide(entry.id, { why: event.target.value.trim() }) })),
    element("td", {}, element("button", { type: "button", class: "quiet", click: () => star(entry.id, false), "aria-label": `Take ${one.label} off the shortlist` }, "✕")));
};

const showShortlist = () => {
  const has = state.list.length > 0;
  document.getElementById("no-shortlist").hidden = has;
  document.getElementById("with-shortlist").hidden = !has;
  tray.hidden = !has;
  tray.querySelector("output").value = `${count(state.list.length)} on the shortlist`;
  const focus = document.activeElement;
  const row = focus?.closest("tr[data-id]")?.dataset.id;
  const again = row && (focus.type === "radio" ? `input[value="${focus.value}"]` : focus.type === "text" ? "input[type=text]" : "button");
  shortlist.replaceChildren(...state.list.map(shortlistRow));
  if (row) [...shortlist.rows].find((found) => found.dataset.id === row)?.querySelector(again)?.focus();
  for (const button of document.querySelectorAll("button[data-star]")) {
    const isOn = Boolean(entryOf(button.dataset.star));
    button.setAttribute("aria-pressed", String(isOn));
    button.textContent = isOn ? "★" : "☆";
  }
};

// A figure that nobody of those compared has makes no row.
const COMPARED = [
  ["Status", (one) => chip(one, true)],
  ["Rank", (one) => [count(one.rank), " ", element("small", {}, between(one.rank_low, one.rank_high, count))]],
  ["Trust", (one) => [figure(one.trust, score), " ", element("small", {}, between(one.trust_low, one.trust_high, score)), meter(one.trust, one.trust_low, one.trust_high, "good")]],
  ["Risk", (one) => [riskFigure(one), " ", riskWord(one), one.isRiskKnown && meter(one.shill_probability, one.shill_probability_low, one.shill_probability_high, "bad")]],
  ["Score", (one) => figure(one.score, score)],
  ["Reach", (one) => [figure(one.reach_share, share), " ", element("small", {}, between(one.reach_share_low, one.reach_share_high, share)), meter(one.reach_share, one.reach_share_low, one.reach_share_high, "good")]],
  ["Members reached", (one) => [figure(one.audience_followers, count), " ", thinMark(one)]],
  ["Reach, cleaned", (one) => figure(one.reach_share_cleaned, share)],
  ["Lift, at least", (one) => figure(one.lift_low, ratio)],
  ["Voices", (one) => figure(one.word_of_mouth_voices, count), "word_of_mouth_voices"],
  ["Conversation", (one) => figure(one.conversation, score), "conversation"],
  ["Answers", (one) => figure(one.answer_rate, share), "answer_rate"],
  ["Followers", (one) => [figure(one.followers_count, count), " ", element("small", {}, hasSize(one) ? one.size_tier : "")]],
  ["Group", (one) => (isKnown(one.community) ? data.groups[one.community] ?? `Group ${one.community + 1}` : unknownMark())],
  ["Price", priceFigure, "price"],
  ["Most for it", (one) => strongest(one, "for")],
  ["Most against it", (one) => strongest(one, "against")],
  ["Your decision", (one) => [entryOf(one.account_id)?.say || UNKNOWN, entryOf(one.account_id)?.why && element("small", {}, entryOf(one.account_id).why)]],
];
const strongest = (one, direction) => {
  const line = data.cards[one.account_id]?.lines.find((found) => found.direction === direction);
  return line ? element("p", { class: "said" }, sentence(line.words, one.label)) : unknownMark("nothing of the kind was seen, or the card is not in this page");
};

const showComparison = () => {
  const compared = state.list.map((entry) => candidateOf.get(entry.id)).filter(Boolean).slice(0, MOST_COMPARED);
  if (!state.compare || compared.length === 0) {
    if (comparison.open) comparison.close();
    return;
  }
  const pairs = compared.flatMap((one, place) => compared.slice(place + 1).flatMap((other) => {
    const found = data.shared[`${one.place}-${other.place}`] ?? data.shared[`${other.place}-${one.place}`];
    return isKnown(found) ? [element("li", {}, named(one.label), " and ", named(other.label), ` ${share(found)}`)] : [];
  }));
  comparison.replaceChildren(
    element("div", { class: "bar-of-drawer" }, element("h3", { id: "comparison-title", tabindex: "-1" }, "Side by side"),
      element("button", { type: "button", class: "close", click: () => comparison.close(), "aria-label": "Close the comparison" }, "Close ✕")),
    element("div", { class: "scroll", role: "region", "aria-label": "Comparison", tabindex: "0" }, element("table", { class: "side-by-side" },
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, element("span", { class: "hush" }, "Figure")), compared.map((one) => element("th", { scope: "col" }, opener(one))))),
      element("tbody", {}, COMPARED.filter(([, , name]) => !name || compared.some((one) => isKnown(one[name]))).map(([title, cell]) => element("tr", {}, element("th", { scope: "row" }, title), compared.map((one) => element("td", {}, cell(one)))))))),
    pairs.length > 0 && element("div", {}, element("h4", {}, "Members who follow both, of the smaller following"), element("ul", { class: "similar" }, pairs)) || "",
    state.list.length > MOST_COMPARED ? element("p", { class: "note" }, `The first ${MOST_COMPARED} of the shortlist.`) : "");
  if (!comparison.open) comparison.showModal();
  comparison.querySelector("h3").focus();
};
comparison.addEventListener("close", () => state.compare && change({ compare: false }));
comparison.addEventListener("click", (event) => {
  if (event.target === comparison) comparison.close();
});
for (const button of document.querySelectorAll("button[data-compare]")) {
  button.addEventListener("click", () => change({ compare: true }, { isNewPlace: true }));
}
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.addEventListener("click", async () => {
    const words = button.textContent;
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = "Copied";
    } catch {
      prompt("The link to this view:", location.href);
    }
    setTimeout(() => { button.textContent = words; }, 1500);
  });
}
