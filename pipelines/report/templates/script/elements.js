// Making elements. What is shown always goes in as text, so that nothing a stranger wrote can become markup.

// A share, 31.1 % or < 1 %, stays on one line wherever it stands in a sentence. A pattern that looks behind would
// be an error of syntax to Safari before 16.4, and nothing of the script would run there.
const together = (text) => text.replace(/(\d) %/g, "$1\u00a0%").replace(/([<>]) (\d)/g, "$1\u00a0$2");

const filled = (made, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") made.addEventListener(name, value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child || child === 0)
    .map((child) => (typeof child === "string" ? together(child) : child)));
  return made;
};

const element = (name, attributes = {}, ...children) =>
  filled(document.createElement(name), attributes, children);

const shape = (name, attributes = {}, ...children) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

// A drawing with a sentence for those who do not see it.
const drawing = (width, height, about, ...shapes) =>
  shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": about }, ...shapes);

// A stranger's name, kept apart from the direction of the text around it.
const named = (text) => element("bdi", {}, text);

// A sentence in which every name of the list is kept apart.
const sentence = (text, label) =>
  text.split(label).flatMap((piece, place) => (place ? [named(label), piece] : [piece]));

const outside = (address, ...words) =>
  element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...words);
