// Lines from the content of a quote to the words that name its source.

/** Draws the lines of every visible quote into the overlay; the chosen item's line is strong. */
function drawLines(overlay, container, chosen) {
  fill(overlay);
  const frame = container.getBoundingClientRect();
  overlay.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
  overlay.setAttribute("width", frame.width);
  overlay.setAttribute("height", frame.height);
  const ends = new Map();
  for (const element of container.querySelectorAll(".l-quotes.m")) {
    const mark = element.mark;
    if (mark.part === "cue") continue;
    const key = mark.row || mark.item;
    if (!ends.has(key)) ends.set(key, { mark });
    const end = ends.get(key);
    if (!end[mark.part]) end[mark.part] = element;
  }
  for (const { mark, content, source } of ends.values()) {
    if (!content || !source) continue;
    const strong = chosen && [chosen.gold, chosen.answer].includes(mark.item);
    overlay.append(line(anchor(source, frame), anchor(content, frame), mark, strong));
  }
}

/** Where a line meets a piece of text: the middle of its top edge, seen from the container. */
function anchor(element, frame) {
  const box = element.getClientRects()[0] || element.getBoundingClientRect();
  return { x: box.left - frame.left + Math.min(box.width / 2, 24), y: box.top - frame.top, bottom: box.bottom - frame.top };
}

function line(from, to, mark, strong) {
  const lift = Math.min(14 + Math.abs(from.x - to.x) * 0.04, 26);
  const path = Math.abs(from.y - to.y) < 4
    ? `M${from.x} ${from.y} C${from.x} ${from.y - lift} ${to.x} ${to.y - lift} ${to.x} ${to.y}`
    : `M${from.x} ${from.y} C${from.x} ${(from.y + to.y) / 2} ${to.x} ${(from.y + to.y) / 2} ${to.x} ${to.y}`;
  const outcome = mark.outcome === null ? "gold" : OUTCOMES[mark.outcome];
  const group = s("g", { class: `line o-${outcome}${strong ? " strong" : ""}` });
  group.append(s("path", { d: path }), s("circle", { cx: from.x, cy: from.y, r: strong ? 4 : 2.5 }));
  return group;
}
