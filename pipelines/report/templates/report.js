"use strict";
// Sorting and filtering of the ranked table, and cards that open when they are linked to. The page is whole without.
(() => {
  const openLinked = () => {
    const target = document.getElementById(location.hash.slice(1));
    const card = target && target.closest("details");
    if (card) {
      card.open = true;
      card.scrollIntoView({ block: "start" });
      card.querySelector("summary").focus({ preventScroll: true });
    }
  };
  addEventListener("hashchange", openLinked);
  openLinked();

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.pick:not([open])")];
    opened.forEach((card) => { card.open = true; });
  });
  addEventListener("afterprint", () => opened.forEach((card) => { card.open = false; }));

  const table = document.querySelector("table.ranking");
  if (!table) return;
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...body.rows].map((row, place) => ({
    row,
    place,
    status: row.dataset.status,
    isPick: "pick" in row.dataset,
    text: row.cells[1].textContent.toLocaleLowerCase(),
    keys: heads.map((_, column) => {
      const cell = row.cells[column];
      if (column === 1) return cell.querySelector("bdi").textContent;
      return "v" in cell.dataset ? Number(cell.dataset.v) : null;
    }),
  }));

  // Unknown stays last whichever way the column is sorted; ties keep the order of the ranking.
  const compare = (a, b, sign) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (typeof a === "string" ? a.localeCompare(b) : a - b);
  };
  const sortBy = (column, direction) => {
    const sign = direction === "ascending" ? 1 : -1;
    rows.sort((a, b) => compare(a.keys[column], b.keys[column], sign) || a.place - b.place);
    body.append(...rows.map(({ row }) => row));
    heads.forEach((head, place) => {
      if (place === column) head.setAttribute("aria-sort", direction);
      else head.removeAttribute("aria-sort");
    });
  };
  const buttons = heads.map((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const first = head.dataset.sort === "up" ? "ascending" : "descending";
      const other = first === "ascending" ? "descending" : "ascending";
      sortBy(column, head.getAttribute("aria-sort") === first ? other : first);
    });
    return button;
  });
  // Chromium leaves buttons out of the headings that it repeats on every sheet.
  addEventListener("beforeprint", () => heads.forEach((head) => { head.textContent = head.textContent; }));
  addEventListener("afterprint", () => heads.forEach((head, column) => {
    buttons[column].textContent = head.textContent;
    head.replaceChildren(buttons[column]);
  }));

  const form = document.querySelector("form.filters");
  const filter = () => {
    const status = form.elements.status.value;
    const text = form.elements.text.value.trim().toLocaleLowerCase();
    let count = 0;
    for (const entry of rows) {
      const isIn = (!status || (status === "*" ? entry.isPick : entry.status === status)) && entry.text.includes(text);
      entry.row.hidden = !isIn;
      count += isIn;
    }
    form.querySelector("output").value = count ? `${count} of ${rows.length} shown` : "none of these: widen the filter";
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
