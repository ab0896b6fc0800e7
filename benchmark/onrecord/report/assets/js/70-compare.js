// What system A gets right and B does not.
const pair = { a: 0, b: 1, layer: "", most: 200 };

function startCompare() {
  if (!one("#differences")) return;
  const choice = (label, name) => select(label, systems.map((words_, place) => option(place, words_, pair[name] === place)),
    (event) => { pair[name] = Number(event.target.value); drawCompare(); });
  one("#pair").append(choice("A (right)", "a"), choice("B (not right)", "b"),
    select("layer", [option("", "all", true), data.compare.layers.map((layer) => option(layer, data.titles[layer]))],
      (event) => { pair.layer = event.target.value; drawCompare(); }));
  drawCompare();
}

function drawCompare() {
  const { a, b } = pair;
  const counts = data.compare.counts[`${a}-${b}`];
  if (!counts) {
    fill(one("#compared"), h("p", { class: "notice" }, "Choose two different systems."));
    fill(one("#differences"));
    return;
  }
  fill(one("#compared"), h("table", {},
    h("caption", {}, "gold items by who gets them right"),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "layer"), ["both", `only ${systems[a]}`, `only ${systems[b]}`, "neither"]
      .map((head) => h("th", { scope: "col", class: "n" }, head)))),
    h("tbody", {}, Object.entries(counts).map(([layer, some]) => h("tr", {}, h("th", { scope: "row" }, data.titles[layer]),
      some.map((number) => h("td", { class: "n" }, number.toLocaleString("en"))))))));
  const wanted = data.compare.items.filter(([, layer, , outcomes]) =>
    outcomes[a] === "right" && outcomes[b] !== "right" && (!pair.layer || layer === pair.layer));
  const listed = data.compare.total > data.compare.items.length
    ? ` The report lists the first ${data.compare.items.length.toLocaleString("en")} of ${plural(data.compare.total, "difference")}.` : "";
  fill(one("#differences"),
    h("p", { id: "difference-count" }, `${plural(wanted.length, "item")} that ${systems[a]} gets right and ${systems[b]} does not.${listed}`),
    h("table", {}, h("thead", {}, h("tr", {}, ["item", "layer", systems[b], "article"].map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, wanted.slice(0, pair.most).map(([place, layer, text, outcomes, turns]) => h("tr", {},
        h("th", { scope: "row", dir: "auto" }, h("a", { href: address(place, { system: b, layer, turn: turns[b] }) }, text || "…")),
        h("td", {}, data.titles[layer]), h("td", {}, outcomeTag(OUTCOMES.indexOf(outcomes[b]))),
        h("td", { class: "hint" }, data.listing.articles[place].id))))),
    wanted.length > pair.most
      ? h("p", {}, h("button", { type: "button", onclick: () => { pair.most += 200; drawCompare(); } }, "show more")) : "");
}
