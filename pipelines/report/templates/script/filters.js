// The row of filters above the table.

const form = document.getElementById("filters");

const isWanted = (one) => {
  if (state.q && !one.text.includes(state.q.trim().toLocaleLowerCase())) return false;
  if (state.platform && one.platform !== state.platform) return false;
  if (state.language && one.language !== state.language) return false;
  if (state.size && one.size_tier !== state.size) return false;
  if (state.group && String(one.community) !== state.group) return false;
  if (state.status && one.status !== state.status) return false;
  if (state.picks && !one.is_pick) return false;
  if (state.starred && !entryOf(one.account_id)) return false;
  if (state.trust > 0 && !(one.trust_low >= state.trust)) return false;
  return state.risk >= 1 || (one.isRiskKnown && one.shill_probability_high <= state.risk);
};

// A filter by something that all candidates share, or that nobody tells, is not offered.
const offerChoices = () => {
  for (const [name, column, words] of [
    ["platform", "platform", (value) => value],
    ["language", "language", (value) => value],
    ["size", "size_tier", (value) => value],
    ["group", "community", (value) => data.groups[value] ?? `Group ${value + 1}`],
    ["status", "status", plainWords],
  ]) {
    const counts = new Map();
    for (const one of candidates) {
      if (isKnown(one[column]) && one[column] !== "unknown") counts.set(one[column], (counts.get(one[column]) || 0) + 1);
    }
    const order = data.order[column] || [];
    const place = (value) => (order.indexOf(value) + 1 || 99);
    const values = [...counts.keys()].sort((a, b) => place(a) - place(b) || counts.get(b) - counts.get(a));
    const select = form.elements[name];
    select.append(...values.map((value) => element("option", { value }, `${words(value)} (${count(counts.get(value))})`)));
    select.closest("label").hidden = values.length < 2;
  }
};

const showChoices = () => {
  for (const input of form.elements) {
    if (!(input.name in NOTHING_CHOSEN) || input === document.activeElement && input.type === "search") continue;
    if (input.type === "checkbox") input.checked = state[input.name];
    else input.value = state[input.name];
  }
  form.querySelector("[data-of=trust]").textContent = state.trust > 0 ? `≥ ${score(state.trust)}` : "any";
  form.querySelector("[data-of=risk]").textContent = state.risk < 1 ? `≤ ${Math.round(100 * state.risk)} %` : "any";
  form.querySelector("[name=reset]").disabled = !isFiltered();
};

const FILTERS = ["q", "platform", "language", "size", "group", "status", "trust", "risk", "picks", "starred"];
const isFiltered = () => FILTERS.some((name) => state[name] !== NOTHING_CHOSEN[name]);

form.addEventListener("input", (event) => {
  const { name, type, checked, value } = event.target;
  change({ [name]: type === "checkbox" ? checked : ofKind(value, NOTHING_CHOSEN[name]), page: 1 });
});
form.addEventListener("submit", (event) => event.preventDefault());
form.querySelector("[name=reset]").addEventListener("click", () => {
  form.elements.q.value = "";
  change({ ...Object.fromEntries(FILTERS.map((name) => [name, NOTHING_CHOSEN[name]])), page: 1 });
});
