// The table as a file: every column under its published name, in the order that is shown, decisions beside.

const EXPORTED = [...data.columns.filter((name) => name !== "is_unsettled"), "starred", "decision", "reason"];
const SAID = { decision: (entry) => entry.say, reason: (entry) => entry.why };

const exported = (one, name) => {
  const entry = entryOf(one.account_id);
  if (name === "starred") return entry ? "yes" : "";
  const value = name in SAID ? (entry ? SAID[name](entry) : "") : one[name];
  if (typeof value === "string") return /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return typeof value === "boolean" ? String(value) : value ?? "";
};
const IS_TEXT = new Set(["account_id", "handle", "display_name", "currency", "starred", "decision", "reason"]);

// A spreadsheet would take a long id for a number and round it.
const keepTextAsText = (book) => {
  const sheet = book.xl.worksheets["sheet1.xml"];
  const letters = EXPORTED.flatMap((name, place) => (IS_TEXT.has(name) ? [lettersOf(place)] : []));
  for (const cell of sheet.querySelectorAll('c:not([t]), c[t="n"]')) {
    if (!letters.includes(cell.getAttribute("r").replace(/\d+$/, ""))) continue;
    const inside = sheet.createElementNS(sheet.documentElement.namespaceURI, "is");
    const text = sheet.createElementNS(sheet.documentElement.namespaceURI, "t");
    text.textContent = cell.textContent;
    inside.append(text);
    cell.replaceChildren(inside);
    cell.setAttribute("t", "inlineStr");
  }
};
const lettersOf = (place) =>
  (place >= 26 ? String.fromCharCode(64 + Math.floor(place / 26)) : "") + String.fromCharCode(65 + (place % 26));

const offerSheets = () => {
  const first = COLUMNS.length;
  const what = (rows) => ({
    title: null,
    filename: data.file_name,
    exportOptions: {
      columns: EXPORTED.map((_, place) => first + place),
      rows,
      orthogonal: "export",
      stripHtml: false,
      decodeEntities: false,
      escapeExcelFormula: false,
      format: { body: (value) => value },
    },
  });
  const inTable = (_, one) => isWanted(one);
  const starred = (_, one) => Boolean(entryOf(one.account_id));
  const buttons = new DataTable.Buttons(table, {
    buttons: [
      { extend: "csvHtml5", name: "csv", bom: true, ...what(inTable) },
      { extend: "excelHtml5", name: "xlsx", sheetName: "Candidates", customize: keepTextAsText, ...what(inTable) },
      { extend: "csvHtml5", name: "starred-csv", bom: true, ...what(starred) },
      { extend: "excelHtml5", name: "starred-xlsx", sheetName: "Shortlist", customize: keepTextAsText, ...what(starred) },
    ],
  });
  buttons.container(); // never shown: the page has buttons of its own
  document.addEventListener("click", (event) => {
    const wanted = event.target.closest("button[data-sheet]");
    if (wanted) table.button(`${wanted.dataset.sheet}:name`).trigger();
  });
};
