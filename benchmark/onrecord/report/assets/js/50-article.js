// The view of one article: what is switched on, what is chosen, and the keys.
const view = {
  layers: { names: true, others: false, quotes: true, dates: true, stances: true },
  sources: { [GOLD]: true, ...Object.fromEntries(systems.map((_, place) => [place, true])) },
  labels: systems.length ? "errors" : "all",
  lines: true,
};
let open = null;
let chosen = null;
let errors = [];

/** Shows an article; ``error`` is {system, layer, turn} or null. */
function showArticle(raw, place, error) {
  const turned = !open || open.id !== raw.id;
  if (turned) {
    open = decoded(raw);
    open.place = place;
    drawHeading();
  }
  chosen = null;
  if (error) {
    const rows = (open.systems[error.system] || { rows: {} }).rows[error.layer] || [];
    chosen = rows[error.turn] || null;
    if (chosen) {
      view.sources[chosen.system] = true;
      view.layers[layerOf(chosen.answer || chosen.gold)] = true;
    }
  }
  drawSwitches();
  draw();
  if (chosen) reveal();
  else if (turned) window.scrollTo(0, 0);
}

function drawHeading() {
  const facts = [open.outlet, open.published, open.byline, open.desk, open.story && `story ${open.story}`, open.variety || open.language];
  one("#article-heading").textContent = open.headline || open.id;
  fill(one("#article-facts"),
    h("code", {}, open.id), ...facts.filter(Boolean).map((fact) => ` · ${fact}`), " ",
    pills(open.phenomena || [], 6));
}

function drawSwitches() {
  const box = (words, on, change, extra) => h("label", { class: `switch ${extra || ""}` },
    h("input", { type: "checkbox", checked: on, onchange: (event) => { change(event.target.checked); draw(); } }), words);
  const has = { names: "entities", others: "entities", quotes: "quotes", dates: "dates", stances: "stances" };
  fill(one("#layers"), Object.keys(LAYER_WORDS).map((layer) => {
    if (!open.gold[has[layer]]) return h("span", { class: "switch absent" }, `${LAYER_WORDS[layer]}: not annotated`);
    return box(LAYER_WORDS[layer], view.layers[layer], (on) => { view.layers[layer] = on; }, `l-${layer}`);
  }));
  fill(one("#sources"),
    box("gold", view.sources[GOLD], (on) => { view.sources[GOLD] = on; }),
    ...systems.map((_, place) => box(named(place), view.sources[place], (on) => { view.sources[place] = on; })));
  fill(one("#others"),
    select("labels", [["errors", "of errors"], ["all", "of everything"], ["none", "none"]]
      .filter(([value]) => systems.length || value !== "errors")
      .map(([value, words]) => option(value, words, view.labels === value)),
    (event) => { view.labels = event.target.value; draw(); }),
    box("lines to speakers", view.lines, (on) => { view.lines = on; }));
}

function draw() {
  const text = one("#text");
  drawText(text, open, view);
  errors = errorsOf(open, view);
  mark();
  drawPanels();
}

function drawPanels() {
  drawInspector(one("#inspector"), open, view, chosen);
  drawClaims(one("#claims"), open, view, chosen, choose);
  drawErrors(one("#errors"), open, view, errors, chosen);
  const place = errors.indexOf(chosen);
  one("#counter").textContent = systems.length
    ? place < 0 ? plural(errors.length, "error") : `error ${place + 1} of ${errors.length}` : "";
  for (const button of document.querySelectorAll(".step")) button.disabled = !errors.length;
}

/** Marks the chosen item in the text and draws the lines. */
function mark() {
  const items = chosen ? [chosen.gold, chosen.answer].filter(Boolean) : [];
  for (const element of one("#text").querySelectorAll(".m")) {
    element.classList.toggle("sel", items.includes(element.mark.item));
  }
  redrawLines();
}

function redrawLines() {
  if (!open) return;
  const overlay = one("#lines");
  if (view.lines && view.layers.quotes) drawLines(overlay, one("#text"), chosen);
  else fill(overlay);
}

/** Chooses a row of a system, or {gold, layer} for a gold item that no system was held against. */
function choose(row) {
  chosen = row;
  mark();
  drawPanels();
  const error = row && row.turn !== undefined ? row : null;
  history.replaceState(null, "", address(open.place, error).replace(/^[^#]*/, ""));
}

/** Brings the chosen item into sight and gives it the keyboard. */
function reveal() {
  const target = one("#text .m.sel") || one("#claims .sel, #errors .sel");
  if (!target) return;
  target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
}

function step(by) {
  if (!errors.length) return;
  const place = errors.indexOf(chosen);
  const next = place < 0 ? (by > 0 ? 0 : errors.length - 1) : (place + by + errors.length) % errors.length;
  choose(errors[next]);
  reveal();
}

function turnPage(by) {
  if (data.alone) {
    const page = by < 0 ? data.before : data.after;
    if (page) location.href = page;
    return;
  }
  const place = open.place + by;
  if (place < 0 || place >= data.articles.length) return;
  // Shown at once: a changed hash would be reported some time later, and a key pressed until then would count from
  // the article before.
  history.pushState(null, "", address(place));
  route();
}

function startArticle() {
  one("#text").addEventListener("click", (event) => {
    const element = event.target.closest(".m");
    if (!element) return;
    const { row, item } = element.mark;
    if (row) choose(row);
    else {
      const rows = open.systems.flatMap((system) => system.rows[item.layer] || []);
      choose(rows.find((other) => other.gold === item && view.sources[other.system]) || { gold: item, layer: item.layer });
    }
  });
  one("#previous").addEventListener("click", () => step(-1));
  one("#next").addEventListener("click", () => step(1));
  one("#page-before").addEventListener("click", () => turnPage(-1));
  one("#page-after").addEventListener("click", () => turnPage(1));
  document.addEventListener("keydown", (event) => {
    if (!open || one("#article").hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
    const act = { n: () => step(1), j: () => step(1), p: () => step(-1), k: () => step(-1),
      "]": () => turnPage(1), "[": () => turnPage(-1), Escape: () => choose(null) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  new ResizeObserver(redrawLines).observe(one("#text"));
}
