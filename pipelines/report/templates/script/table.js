// The ranked table: DataTables sorts and pages; what is in a cell and which rows are in stands here.

const COLUMNS = [
  { name: "star", title: "Shortlist", kind: "none", cell: starButton, className: "fixed star-cell" },
  { name: "rank", title: "Rank", kind: "figure", first: "asc", value: (one) => one.rank, cell: (one) => element("span", { title: one.is_unsettled ? "order not settled" : null },
    figure(one.rank, count), element("small", {}, one.is_unsettled ? "~" : "", between(one.rank_low, one.rank_high, count))) },
  { name: "who", title: "Who", kind: "name", first: "asc", value: (one) => one.label.toLocaleLowerCase(), className: "who",
    cell: (one) => element("div", {}, opener(one),
      element("small", {}, pickMark(one), " ", thinMark(one), " ", one.display_name && named(one.display_name))) },
  { name: "status", title: "Status", kind: "figure", first: "asc", value: (one) => data.order.status.indexOf(one.status), cell: (one) => element("div", {}, chip(one, true)) },
  { name: "trust", title: "Trust", kind: "figure", first: "desc", value: (one) => one.trust, cell: (one) => element("div", { class: "measured" },
    element("span", {}, figure(one.trust, score), " ", element("small", {}, between(one.trust_low, one.trust_high, score)), momentumMark(one)),
    meter(one.trust, one.trust_low, one.trust_high, "good")) },
  { name: "risk", title: "Risk", kind: "figure", first: "asc", value: (one) => (one.isRiskKnown ? one.shill_probability : null), cell: (one) => element("div", { class: "measured" },
    element("span", {}, riskFigure(one), " ", riskWord(one)),
    one.isRiskKnown && meter(one.shill_probability, one.shill_probability_low, one.shill_probability_high, "bad")) },
  { name: "reach", title: "Reach", kind: "figure", first: "desc", value: (one) => one.reach_share, cell: (one) => element("span", {},
    figure(one.reach_share, share), element("small", {}, isKnown(one.audience_followers) ? counted(one.audience_followers, "member") : "")) },
  { name: "lift", title: "Lift ≥", kind: "figure", first: "desc", value: (one) => one.lift_low, cell: (one) => figure(one.lift_low, ratio) },
  { name: "converses", title: "Converses", kind: "figure", first: "desc", value: (one) => one.conversation, cell: (one) => element("span", {},
    figure(one.conversation, score), element("small", {}, isKnown(one.answer_rate) ? `answers ${share(one.answer_rate)}` : "")) },
  { name: "voices", title: "Voices", kind: "figure", first: "desc", value: (one) => one.word_of_mouth_voices, cell: (one) => figure(one.word_of_mouth_voices, count) },
  { name: "followers", title: "Followers", kind: "figure", first: "desc", value: (one) => one.followers_count, cell: (one) => element("span", {},
    figure(one.followers_count, count), element("small", {}, sizeWords(one))) },
  { name: "price", title: "Price", kind: "figure", first: "asc", value: (one) => one.price, cell: priceFigure },
].filter(({ name }) => !data.left_out.includes(name));

const sizeWords = (one) => (hasSize(one) ? `${one.size_tier}${isKnown(one.rank_in_tier) ? `, no. ${count(one.rank_in_tier)}` : ""}` : "");

const momentumMark = (one) => {
  const sign = { rising: "↗", falling: "↘" }[one.momentum];
  return sign && element("span", { class: "momentum", title: `trust is ${one.momentum} over the runs` }, ` ${sign}`);
};

// Unknown stays last whichever way a column is sorted.
for (const [kind, compare] of [["figure", (a, b) => a - b], ["name", (a, b) => a.localeCompare(b)]]) {
  const lastIfUnknown = (sign) => (a, b) => (isKnown(a) && isKnown(b) ? sign * compare(a, b) : isKnown(b) - isKnown(a));
  DataTable.ext.type.order[`${kind}-asc`] = lastIfUnknown(1);
  DataTable.ext.type.order[`${kind}-desc`] = lastIfUnknown(-1);
}

const sortOf = (text) => {
  const [name, direction] = text.split(":");
  const column = COLUMNS.findIndex((one) => one.name === name && one.kind !== "none");
  return column < 0 ? [1, "asc"] : [column, direction === "desc" ? "desc" : "asc"];
};

const table = new DataTable("#ranked", {
  data: candidates,
  columns: [
    ...COLUMNS.map((column) => ({
      title: column.title,
      className: [column.className || "", column.kind === "figure" && !["status", "trust", "risk"].includes(column.name) ? "n" : "", `c-${column.name}`].join(" "),
      type: column.kind === "none" ? "string" : column.kind,
      orderable: column.kind !== "none",
      orderSequence: column.first === "desc" ? ["desc", "asc"] : ["asc", "desc"],
      searchable: false,
      cellType: column.name === "who" ? "th" : "td",
      data: null,
      render: (_, use, one) => (use === "display" ? column.cell(one) || "" : column.value ? column.value(one) : null),
    })),
    ...EXPORTED.map((name) => ({
      title: name,
      visible: false,
      searchable: false,
      orderable: false,
      data: null,
      // The library takes what a cell shows for markup, also in a column that is hidden: files only.
      render: (_, use, one) => (use === "export" ? exported(one, name) : null),
    })),
  ],
  createdRow: (row, one) => {
    row.cells[COLUMNS.findIndex(({ name }) => name === "who")].scope = "row";
    if (one.is_pick) row.classList.add("is-pick");
  },
  order: [sortOf(state.sort)],
  displayStart: (state.page - 1) * state.rows,
  pageLength: state.rows,
  lengthMenu: [25, 50, 100, { label: "all", value: -1 }],
  autoWidth: false,
  orderMulti: false,
  layout: { topStart: null, topEnd: null, bottomStart: ["info", "pageLength"], bottomEnd: "paging" },
  language: {
    info: "_START_–_END_ of _TOTAL_",
    infoEmpty: "",
    infoFiltered: "",
    lengthMenu: "_MENU_ a page",
    thousands: ",",
    zeroRecords: "Nobody meets all of these: widen a filter.",
    emptyTable: "There are no candidates.",
  },
});
filled(document.querySelector("#ranking ~ .dt-container .dt-layout-table"), { role: "region", "aria-label": "Ranked candidates", tabindex: "0" }, []);
table.search.fixed("chosen", (_, one) => isWanted(one));

// Those who are in, in the order that is shown.
const shown = () => table.rows({ search: "applied", order: "applied" }).data().toArray();

let isFollowing = false; // while the table follows the address, it does not write it
const followChoices = () => {
  isFollowing = true;
  table.order(sortOf(state.sort)).page.len(state.rows).draw();
  const last = Math.max(0, table.page.info().pages - 1);
  table.page(Math.min(Math.max(0, state.page - 1), last)).draw("page");
  isFollowing = false;
  sayHowMany();
};
const sayHowMany = () => {
  const { recordsDisplay, recordsTotal } = table.page.info();
  const closest = recordsDisplay ? "" : closestMiss();
  document.getElementById("how-many").value =
    (recordsDisplay === recordsTotal ? counted(recordsTotal, "candidate") : `${count(recordsDisplay)} of ${count(recordsTotal)}`) + closest;
};

// What would bring somebody in, where a bar lets nobody through.
const closestMiss = () => {
  const best = (values) => values.filter(isKnown).reduce((a, b) => Math.max(a, b), -Infinity);
  if (state.trust > 0) {
    const most = best(candidates.map((one) => one.trust_low));
    if (most < state.trust) return `: the surest trust here is ${score(most)}`;
  }
  return "";
};

const writeTable = () => {
  const [[column, direction]] = table.order().length ? table.order() : [[1, "asc"]];
  const { page, length } = table.page.info();
  const sort = `${COLUMNS[column]?.name || "rank"}:${direction || "asc"}`;
  const isResorted = sort !== state.sort;
  change({ sort, page: isResorted ? 1 : page + 1, rows: length });
};
table.on("order.dt page.dt length.dt", () => isFollowing || queueMicrotask(writeTable));
