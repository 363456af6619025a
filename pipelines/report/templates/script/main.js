// Puts the parts together: first the whole page once, then whatever a choice touches.

// Thousands of points take a moment, so the landscape waits until somebody comes near it or prints.
const canvas = document.getElementById("landscape-picture");
let refreshLandscape = null;
const drawLandscape = () => {
  refreshLandscape ??= placed.length > 2 ? landscape(canvas) : () => {};
  refreshLandscape();
};
canvas.closest("section").hidden = placed.length < 3;
new IntersectionObserver((entries, observer) => {
  if (!entries.some((entry) => entry.isIntersecting)) return;
  observer.disconnect();
  drawLandscape();
}, { rootMargin: "800px" }).observe(canvas);
const onPaper = document.getElementById("cards-on-paper");

// On paper: the first rows that are in, and the cards of the open one, the shortlist and the picks.
const ROWS_ON_PAPER = 50;
const showOnPaper = () => {
  if (onPaper.childElementCount) return;
  drawLandscape();
  isFollowing = true;
  table.page.len(ROWS_ON_PAPER).page(0).draw("page");
  isFollowing = false;
  const { recordsDisplay } = table.page.info();
  document.getElementById("on-paper").textContent = recordsDisplay > ROWS_ON_PAPER ? `On paper: the first ${ROWS_ON_PAPER} of ${count(recordsDisplay)}. The cards of the picks and of the shortlist follow.` : "";
  const wanted = new Set([candidateOf.get(state.open), ...state.list.map((entry) => candidateOf.get(entry.id)), ...candidates.filter((one) => one.is_pick)].filter(Boolean));
  onPaper.replaceChildren(...[...wanted].map((one) => {
    const card = element("article", { class: "card" }, element("header", {}, cardTitle(one)), element("div", { class: "inside" }, cardBody(one)));
    for (const found of card.querySelectorAll("[id]")) found.removeAttribute("id");
    return card;
  }));
};
const backOnScreen = () => {
  onPaper.replaceChildren();
  followChoices();
};
addEventListener("beforeprint", showOnPaper);
addEventListener("afterprint", backOnScreen);
matchMedia("print").addEventListener("change", (event) => (event.matches ? showOnPaper() : backOnScreen()));

// Links inside the page move the eye, not the address that holds the view.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]:not([data-open])');
  const target = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!target) return;
  event.preventDefault();
  target.scrollIntoView();
  target.focus({ preventScroll: true });
});

const touches = (before, ...names) => !before || names.some((name) => state[name] !== before[name]);
const show = (_, before) => {
  if (touches(before, ...FILTERS)) showChoices();
  if (touches(before, ...FILTERS, "sort", "page", "rows") || (state.starred && touches(before, "list"))) followChoices();
  if (touches(before, ...FILTERS)) refreshLandscape?.();
  if (touches(before, "list")) {
    showShortlist();
    refreshDecision();
  }
  if (touches(before, "open")) showDrawer();
  if (touches(before, "compare") || (state.compare && touches(before, "list"))) showComparison();
};

offerChoices();
offerSheets();
onChange(show);
show(state, null);
document.documentElement.classList.add("is-ready");
