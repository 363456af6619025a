// What the page carries: packed once, opened here. Candidates become objects, in the order of the ranking.

const unpacked = async (packed) => {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
};

const data = await unpacked(document.getElementById("packed").textContent.trim());

const candidates = data.candidates.map((row, place) => {
  const one = Object.fromEntries(data.columns.map((name, column) => [name, row[column]]));
  one.place = place;
  one.label = one.handle ? `@${one.handle}` : one.account_id;
  one.isRiskKnown = isKnown(one.shill_probability) && one.signals_measured !== 0;
  one.isThin = isKnown(one.audience_followers) && one.audience_followers < data.thin_below;
  one.text = `${one.label} ${one.display_name || ""} ${one.account_id}`.toLocaleLowerCase();
  return one;
});
const candidateOf = new Map(candidates.map((one) => [one.account_id, one]));

// Low, raised or high, by the run's own cut-offs; the words beside the table say which. Nobody is called low who
// could hardly be looked at.
const riskLevel = (one) => {
  if (!one.isRiskKnown) return "unknown";
  if (one.shill_probability_low >= data.bars.avoid_from) return "high";
  if (one.shill_probability_high >= data.bars.watch_from) return "raised";
  return one.status_reason === "n_signals" ? "unknown" : "low";
};
