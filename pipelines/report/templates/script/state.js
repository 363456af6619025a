// What the reader has chosen. All of it stands in the address, so that a link opens exactly this view.

const NOTHING_CHOSEN = Object.freeze({
  q: "", platform: "", language: "", size: "", group: "", status: "", trust: 0, risk: 1,
  picks: false, starred: false, sort: "rank:asc", page: 1, rows: 25, open: "", compare: false, list: [],
});
const SAYINGS = ["yes", "maybe", "no"];

const readAddress = (hash) => {
  const found = { ...NOTHING_CHOSEN, list: [] };
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
    const last = found.list.at(-1);
    if (name === "star") {
      if (!found.list.some((entry) => entry.id === value)) found.list.push({ id: value, say: "", why: "" });
    } else if (name === "say") {
      if (last && SAYINGS.includes(value)) last.say = value;
    } else if (name === "why") {
      if (last) last.why = value;
    } else if (name in NOTHING_CHOSEN && name !== "list") {
      found[name] = ofKind(value, NOTHING_CHOSEN[name]);
    }
  }
  return found;
};

const ofKind = (text, usual) => {
  if (typeof usual === "boolean") return text === "1";
  if (typeof usual !== "number") return text;
  const number = Number(text);
  return text.trim() && Number.isFinite(number) ? number : usual;
};

const writtenAddress = (chosen) => {
  const address = new URLSearchParams();
  for (const [name, usual] of Object.entries(NOTHING_CHOSEN)) {
    if (name === "list" || chosen[name] === usual) continue;
    address.append(name, typeof usual === "boolean" ? "1" : chosen[name]);
  }
  for (const entry of chosen.list) {
    address.append("star", entry.id);
    if (entry.say) address.append("say", entry.say);
    if (entry.why) address.append("why", entry.why);
  }
  return `#${address}`;
};

let state = readAddress(location.hash);
const watchers = [];
const onChange = (watcher) => watchers.push(watcher);

// A new place can be left with the browser's way back; everything else replaces the address where it stands.
const change = (choice, { isNewPlace = false } = {}) => {
  const before = state;
  state = { ...state, ...choice };
  const address = writtenAddress(state);
  if (address !== (location.hash || "#")) history[isNewPlace ? "pushState" : "replaceState"](null, "", address);
  watchers.forEach((watcher) => watcher(state, before));
};

const followAddress = () => {
  if (location.hash && !location.hash.includes("=")) return; // a place on the page, no choice
  if (writtenAddress(state) === (location.hash || "#")) return;
  const before = state;
  state = readAddress(location.hash);
  watchers.forEach((watcher) => watcher(state, before));
};
addEventListener("hashchange", followAddress);
addEventListener("popstate", followAddress);

const entryOf = (id) => state.list.find((entry) => entry.id === id);
const star = (id, isWanted) => {
  const others = state.list.filter((entry) => entry.id !== id);
  change({ list: isWanted ? [...others, { id, say: "", why: "" }] : others });
};
// Saying yes, maybe or no puts somebody on the shortlist as well.
const decide = (id, choice) => {
  if (!entryOf(id)) state = { ...state, list: [...state.list, { id, say: "", why: "" }] };
  change({ list: state.list.map((entry) => (entry.id === id ? { ...entry, ...choice } : entry)) });
};
