// Small tools. Text from articles and predictions only ever becomes text nodes, never markup.
const data = JSON.parse(document.getElementById("data").textContent);
const systems = data.systems;

/** An element: h("p", {class: "x"}, "text", child…). Null children are left out. */
function h(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...kept(children));
  return made;
}

function kept(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== "");
}

/** Puts children into an element in the place of those that it has. */
function fill(element, ...children) {
  element.replaceChildren(...kept(children));
}

/** An SVG element. */
function s(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

function one(selector) {
  return document.querySelector(selector);
}

function shown(value) {
  return value === null || value === undefined || value === "" ? "–" : String(value);
}

function figure(value) {
  return value === null || value === undefined ? "–" : value.toFixed(3);
}

function plural(number, word) {
  return `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
}

/** A part of a fragment; the same as report.confusions.quoted in Python. */
function quoted(name) {
  return encodeURIComponent(name).replace(/%2F/g, "/").replace(/~/g, "%7E");
}

function unquoted(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of an article, or of an error in it. */
function address(place, error) {
  const end = error ? `~${quoted(systems[error.system])}.${error.layer}.${error.turn + 1}` : "";
  if (data.alone) return `#article${end}`;
  if (data.pages) return `${data.pages}/${data.listing.articles[place].page}#article${end}`;
  return `#article/${quoted(data.listing.articles[place].id)}${end}`;
}

/** Names as pills, the first of them in sight. */
function pills(names, most) {
  const pill = (name) => h("span", { class: "pill" }, name);
  if (names.length <= most) return names.map(pill);
  return [names.slice(0, most).map(pill),
    h("details", { class: "more" }, h("summary", {}, `and ${names.length - most} more`), names.slice(most).map(pill))];
}

function option(value, words, chosen) {
  return h("option", { value, selected: chosen }, words);
}

/** A labelled select. */
function select(label, options, onchange) {
  return h("label", { class: "field" }, h("span", {}, label), h("select", { onchange }, options));
}
