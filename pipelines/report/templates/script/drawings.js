// Drawings of the evidence card and the landscape, as plain shapes with a sentence for those who do not see them.

const dayNumber = (day) => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
const dayText = (number) => new Date(number * 86_400_000).toISOString().slice(0, 10);
const scaled = (from, to, start, end) => (value) => start + ((value - from) / (to - from || 1)) * (end - start);

const shortLabel = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

// Followers over time; a burst of them is marked with its number, which the list below explains.
const growthLine = (one, history, events) => {
  const [width, height, left, right, top, bottom] = [620, 170, 52, 12, 22, 24];
  const days = history.map(([day]) => dayNumber(day));
  const counts = history.map(([, followers]) => followers);
  const [lowest, highest] = [Math.min(...counts), Math.max(...counts)];
  const x = scaled(days[0], days.at(-1), left, width - right);
  const y = scaled(lowest, highest, height - bottom, top);
  const path = days.map((day, place) => `${place ? "L" : "M"}${x(day).toFixed(1)} ${y(counts[place]).toFixed(1)}`).join("");
  const inside = events
    .map((event, place) => ({ ...event, number: place + 1, day: dayNumber(event.first), last: dayNumber(event.last) }))
    .filter((event) => event.last >= days[0] && event.day <= days.at(-1));
  return drawing(width, height, `Followers of ${one.label} from ${count(counts[0])} on ${history[0][0]} to ${count(counts.at(-1))} on ${history.at(-1)[0]}, ${counted(inside.length, "marked event")}`,
    [lowest, highest].map((value) => [
      shape("line", { class: "rule", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
      shape("text", { class: "tick", x: left - 6, y: y(value) + 4, "text-anchor": "end" }, count(value)),
    ]),
    inside.map((event) => [
      shape("rect", { class: `event ${event.kind}`, x: x(Math.max(event.day, days[0])) - 1.5, y: top, width: Math.max(3, x(Math.min(event.last, days.at(-1))) - x(Math.max(event.day, days[0])) + 3), height: height - top - bottom }),
      shape("text", { class: "mark", x: x(Math.max(event.day, days[0])), y: top - 7, "text-anchor": "middle" }, String(event.number)),
    ]),
    shape("path", { class: "line", d: path }),
    shape("text", { class: "tick", x: left, y: height - 6 }, history[0][0]),
    shape("text", { class: "tick", x: width - right, y: height - 6, "text-anchor": "end" }, history.at(-1)[0]));
};

// The candidate in the middle and those of the shown candidates whom follows join with it, the best ranked first.
const MOST_NEIGHBOURS = 16;
const egoPicture = (one) => {
  const ties = data.ties.edges.filter(([a, b]) => a === one.place || b === one.place);
  const neighbours = ties
    .map(([a, b, way]) => ({ place: a === one.place ? b : a, way: a === one.place ? way : { 1: 2, 2: 1, 3: 3 }[way] }))
    .sort((a, b) => (b.way === 3) - (a.way === 3) || a.place - b.place)
    .slice(0, MOST_NEIGHBOURS)
    .map((neighbour) => ({ ...neighbour, one: candidates[neighbour.place] }));
  if (!neighbours.length) return null;
  // Neighbours of a group stand side by side, so that ties inside groups do not cross the picture.
  neighbours.sort((a, b) => (a.one.community ?? 99) - (b.one.community ?? 99) || a.place - b.place);
  const [width, height] = [620, 400];
  const spot = new Map(neighbours.map((neighbour, place) => {
    const angle = (2 * Math.PI * place) / neighbours.length - Math.PI / 2;
    return [neighbour.place, [width / 2 + 190 * Math.cos(angle), height / 2 + 150 * Math.sin(angle), Math.cos(angle)]];
  }));
  const among = data.ties.edges.filter(([a, b]) => spot.has(a) && spot.has(b));
  const radius = (someone) => 4 + 9 * Math.sqrt(clipped(someone.reach_share));
  const groups = [...new Set(neighbours.map(({ one: someone }) => someone.community))].filter(isKnown).slice(0, 6);
  const colour = (someone) => (isKnown(someone.community) && groups.includes(someone.community) ? `group-${groups.indexOf(someone.community)}` : "group-none");
  const verb = data.ties.kind === "follows" ? ["follows", "is followed by"] : ["speaks to", "is spoken to by"];
  const way = (tie) => (tie.way === 3 ? "both ways" : verb[tie.way - 1]);
  const picture = drawing(width, height, `${one.label} and ${counted(neighbours.length, "candidate")} around it`,
    among.map(([a, b]) => shape("line", { class: "among", x1: spot.get(a)[0], y1: spot.get(a)[1], x2: spot.get(b)[0], y2: spot.get(b)[1] })),
    neighbours.map((tie) => shape("line", { class: tie.way === 3 ? "tie both" : "tie", x1: width / 2, y1: height / 2, x2: spot.get(tie.place)[0], y2: spot.get(tie.place)[1] })),
    neighbours.map((tie) => {
      const [x, y, side] = spot.get(tie.place);
      const size = radius(tie.one);
      const away = Math.abs(side) < 0.35 ? 0 : Math.sign(side);
      return shape("g", { class: `node ${colour(tie.one)}`, "data-open": tie.one.account_id },
        shape("title", {}, `${tie.one.label}: ${way(tie)}`),
        shape("circle", { cx: x, cy: y, r: size }),
        shape("text", {
          x: x + away * (size + 5), y: away ? y + 4 : y + (y < height / 2 ? -size - 6 : size + 14),
          "text-anchor": ["end", "middle", "start"][away + 1], direction: "ltr",
        }, `\u2068${shortLabel(tie.one.label, 18)}\u2069`));
    }),
    shape("g", { class: "node self" },
      shape("circle", { cx: width / 2, cy: height / 2, r: radius(one) + 2 }),
      shape("text", { x: width / 2, y: height / 2 - radius(one) - 8, "text-anchor": "middle" }, `\u2068${shortLabel(one.label, 18)}\u2069`)));
  const legend = element("p", { class: "legend" },
    groups.map((group, place) => element("span", { class: `group-${place}` }, element("i", { "aria-hidden": "true" }), ` ${data.groups[group] ?? `group ${group + 1}`}`)),
    element("span", {}, "thick: both ways; size: reach"));
  const listed = element("p", { class: "note neighbours" }, neighbours.slice(0, 8).flatMap((tie, place) => [place ? ", " : "", opener(tie.one), ` (${way(tie)})`]), neighbours.length > 8 ? " …" : "");
  return [picture, legend, listed];
};

// Steps away from a point, the nearest first, at which its name may stand.
const AWAY = [];
for (let right = -900; right <= 900; right += 30) {
  for (let down = -460; down <= 460; down += 20) AWAY.push([right, down]);
}
AWAY.sort(([a, b], [c, d]) => Math.hypot(a, b) - Math.hypot(c, d));

// Reach against trust; those that the filters leave out are pale.
const MOST_DOTS = 5000;
const placed = candidates
  .filter((one) => isKnown(one.reach_share) && isKnown(one.trust) && one.reach_share > 0)
  .slice(0, MOST_DOTS);
const landscape = (place) => {
  const points = placed;
  const [width, height, left, right, top, bottom] = [960, 520, 56, 24, 16, 46];
  const reaches = points.map((one) => one.reach_share);
  const [least, most] = [Math.log10(reaches.reduce((a, b) => Math.min(a, b))), Math.log10(reaches.reduce((a, b) => Math.max(a, b)))];
  const highest = points.reduce((a, one) => Math.max(a, one.trust), 0) * 1.06;
  const x = scaled(least - 0.05, most + 0.08, left, width - right);
  const y = scaled(0, highest, height - bottom, top);
  const ticks = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].filter((value) => Math.log10(value) >= least - 0.05 && Math.log10(value) <= most + 0.08);
  const steps = [0, 0.2, 0.4, 0.6, 0.8, 1].filter((value) => value <= highest);
  const dots = new Map();
  for (const one of [...points].reverse()) {
    dots.set(one, shape("circle", {
      class: `dot ${one.status}${one.status_reason === "lift_low" ? " mild" : ""}${one.is_pick ? " is-pick" : ""}`,
      cx: x(Math.log10(one.reach_share)).toFixed(1), cy: y(one.trust).toFixed(1), r: one.is_pick ? 6.5 : 4, "data-open": one.account_id,
    }, shape("title", {}, `${one.label}: reach ${share(one.reach_share)}, trust ${score(one.trust)}, ${plainWords(one.status)}`)));
  }
  const picks = points.filter((one) => one.is_pick);
  const taken = picks.map((one) => [x(Math.log10(one.reach_share)) - 8, y(one.trust) - 8, 16, 16]);
  const isApart = ([a, b, wide, high]) => ([c, d, w, h]) => a + wide < c || c + w < a || b + high < d || d + h < b;
  const isFree = (box) => box[0] > left && box[0] + box[2] < width && box[1] > 0 && box[1] + box[3] < height - bottom
    && taken.every(isApart(box));
  // Beside its point, or where that is taken at the nearest free place, with a line that leads there across no other
  // pick or name where there is such a place.
  const names = picks.map((one, own) => {
    const [a, b, wide] = [x(Math.log10(one.reach_share)), y(one.trust), 9 * Math.min(one.label.length, 22)];
    const beside = [["start", 11, -8], ["end", -11 - wide, -8], ["middle", -wide / 2, -26], ["middle", -wide / 2, 10]];
    const further = AWAY.map(([right, down]) => ["middle", right - wide / 2, down - 8]);
    const boxes = [...beside, ...further].map(([anchor, right, down], place) => ({ anchor, box: [a + right, b + down, wide, 17], isLed: place >= beside.length }));
    const near = ([c, d, w, h]) => [Math.min(Math.max(a, c), c + w), Math.min(Math.max(b, d), d + h)];
    const way = (box) => {
      const [right, down] = near(box);
      const steps = Math.ceil(Math.hypot(right - a, down - b) / 3);
      return Array.from({ length: steps }, (_, step) => [a + ((right - a) * step) / steps, b + ((down - b) * step) / steps, 1, 1]);
    };
    const isClear = (box) => way(box).every((spot) => taken.every((other, place) => place === own || isApart(spot)(other)));
    const found = boxes.find((one) => isFree(one.box) && (!one.isLed || isClear(one.box))) || boxes.find((one) => isFree(one.box));
    if (!found) return null;
    const { anchor, box, isLed } = found;
    const [right, down] = near(box);
    if (isLed) taken.push(...way(box));
    taken.push(box);
    const at = { start: box[0], middle: box[0] + wide / 2, end: box[0] + wide }[anchor];
    return [
      isLed && shape("line", { class: "leader", x1: a, y1: b, x2: right, y2: down }),
      shape("text", { class: "name", x: at, y: box[1] + 13, "text-anchor": anchor }, `\u2068${shortLabel(one.label, 22)}\u2069`),
    ];
  });
  const unnamed = names.filter((name) => !name).length;
  document.querySelector("[data-of=unnamed]").textContent = unnamed ? ` (of ${count(unnamed)} there was no room for it: it is shown where the pointer rests)` : "";
  place.replaceChildren(drawing(width, height, `Reach against trust of ${counted(points.length, "candidate")}; the table above holds the same figures`,
    steps.map((value) => [
      shape("line", { class: "rule", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
      shape("text", { class: "tick", x: left - 8, y: y(value) + 4, "text-anchor": "end" }, value.toFixed(1)),
    ]),
    ticks.map((value) => shape("text", { class: "tick", x: x(Math.log10(value)), y: height - bottom + 18, "text-anchor": "middle" }, share(value).replace(".0 %", " %"))),
    shape("text", { class: "axis", x: width - right, y: height - 6, "text-anchor": "end" }, "Reach: share of the audience, each step about twice the one before →"),
    shape("text", { class: "axis", x: left - 44, y: top + 2 }, "Trust ↑"),
    [...dots.values()], names));
  return () => {
    for (const [one, dot] of dots) dot.classList.toggle("out", !isWanted(one));
  };
};
document.addEventListener("click", (event) => {
  const dot = event.target.closest("svg [data-open]");
  if (dot) change({ open: dot.dataset.open }, { isNewPlace: true });
});
