// The text with its marks. Every visible source (gold, each system) has its own lanes below the line: items that overlap
// lie in different lanes, so that nested and crossing spans stay apart.
const MOST_LANES = 24;

/** Marks to draw for the visible layers and sources, as {start, end, source, layer, outcome, item, row, first}. */
function marksOf(article, view) {
  const marks = [];
  const add = (item, source, outcome, row) => {
    const layer = layerOf(item);
    if (!view.layers[layer]) return;
    item.spans.forEach(([start, end], place) =>
      marks.push({ start, end, source, layer, outcome, item, row, part: "content", first: place === 0 }));
    if (item.layer !== "quotes") return;
    for (const part of ["cue", "source"]) {
      const span = item[part];
      if (span && tells(part, row, view)) {
        marks.push({ start: span[0], end: span[1], source, layer, outcome, item, row, part, first: false });
      }
    }
  };
  if (view.sources[GOLD]) {
    for (const items of Object.values(article.gold)) items.forEach((item) => add(item, GOLD, null, null));
  }
  article.systems.forEach((system, place) => {
    if (!view.sources[place]) return;
    for (const rows of Object.values(system.rows)) {
      for (const row of rows) add(row.answer || row.gold, place, row.outcome, row);
    }
  });
  return marks.filter((mark) => mark.end > mark.start && mark.end <= article.text.length);
}

/** Whether a system's cue or source says something that gold's, if it is shown, does not say already. */
function tells(part, row, view) {
  if (!row || !view.sources[GOLD]) return true;
  return Boolean(row.answer) && (!row.gold || Boolean(row.wrong & (1 << data.parts.quotes.indexOf(part))));
}

/** The switch that an item belongs to. */
function layerOf(item) {
  if (item.layer === "entities") return (item.kind || "name") === "name" ? "names" : "others";
  return item.layer === "stance_rows" ? "stances" : item.layer;
}

/** Paragraphs as [start, end] in code points. */
function paragraphs(text) {
  const found = [];
  let start = 0;
  const points = text.places ? Array.from(text.text) : text.text;
  for (let at = 0; at <= text.length; at++) {
    const broken = at === text.length || (points[at] === "\n" && points[at + 1] === "\n");
    if (!broken) continue;
    if (at > start) found.push([start, at]);
    while (points[at + 1] === "\n") at++;
    start = at + 1;
  }
  return found;
}

/** Gives marks of one paragraph their lanes; returns how many there are. */
function assignLanes(marks, view) {
  let base = 0;
  for (const source of [GOLD, ...systems.keys()]) {
    if (!view.sources[source]) continue;
    const mine = marks.filter((mark) => mark.source === source);
    mine.sort((a, b) => a.start - b.start || b.end - a.end);
    const ends = [];
    for (const mark of mine) {
      let lane = ends.findIndex((end) => end <= mark.start);
      if (lane < 0) lane = ends.length;
      ends[lane] = mark.end;
      mark.lane = Math.min(base + lane, MOST_LANES - 1);
    }
    base += ends.length;
  }
  return Math.min(base, MOST_LANES);
}

/** Draws the text into a container. */
function drawText(container, article, view) {
  const marks = marksOf(article, view);
  marks.sort((a, b) => a.start - b.start);
  const pieces = document.createDocumentFragment();
  paragraphs(article.text).forEach(([from, to], number) => {
    const mine = marks.filter((mark) => mark.start < to && mark.end > from)
      .map((mark) => ({ ...mark, start: Math.max(mark.start, from), end: Math.min(mark.end, to), opens: mark.start >= from }));
    const lanes = assignLanes(mine, view);
    const paragraph = h("p", { dir: "auto", class: number === 0 ? "headline" : null });
    paragraph.style.setProperty("--lanes", lanes);
    drawSegments(paragraph, article.text, mine, from, to, view);
    pieces.append(paragraph);
  });
  fill(container, pieces);
}

/** Cuts a paragraph where a mark begins or ends and wraps each piece in the marks that cover it. */
function drawSegments(paragraph, text, marks, from, to, view) {
  const cuts = [...new Set([from, to, ...marks.flatMap((mark) => [mark.start, mark.end])])].sort((a, b) => a - b);
  const opening = new Map();
  for (const mark of marks) {
    if (!opening.has(mark.start)) opening.set(mark.start, []);
    opening.get(mark.start).push(mark);
  }
  let active = [];
  for (let place = 0; place + 1 < cuts.length; place++) {
    const at = cuts[place];
    active = active.filter((mark) => mark.end > at);
    const opened = opening.get(at) || [];
    for (const mark of opened) if (mark.first && mark.opens) paragraph.append(...chip(mark, view));
    active.push(...opened);
    active.sort((a, b) => a.lane - b.lane);
    let piece = document.createTextNode(text.slice(at, cuts[place + 1]));
    for (const mark of [...active].reverse()) {
      const wrapper = h("span", { class: markClass(mark), "data-at": at }, piece);
      wrapper.mark = mark;
      piece = wrapper;
    }
    paragraph.append(piece);
  }
}

function markClass(mark) {
  const outcome = mark.outcome === null ? "gold" : OUTCOMES[mark.outcome];
  return `m l-${mark.layer} o-${outcome} p-${mark.part} k${mark.lane}`;
}

/** The little label in front of an item, where the view wants one. */
function chip(mark, view) {
  const faulty = mark.outcome !== null && mark.outcome > 0;
  if (view.labels === "none" || (view.labels === "errors" && !faulty)) return [];
  const item = mark.item;
  const what = { quotes: "quote", dates: item.value || item.type, names: item.type, others: item.type }[mark.layer];
  const sign = faulty ? `${SIGNS[mark.outcome]}\u2009` : "";
  const outcome = mark.outcome === null ? "gold" : OUTCOMES[mark.outcome];
  const cut = String(what || "").slice(0, 24);
  const who = mark.source >= 0 && systems.length > 1 ? h("b", {}, `${letter(mark.source)}\u2009`) : null;
  const title = mark.source >= 0 ? `${systems[mark.source]}: ${WORDS[mark.outcome]}` : "gold";
  return [h("span", { class: `chip l-${mark.layer} o-${outcome}`, title }, who, `${sign}${cut}`)];
}
