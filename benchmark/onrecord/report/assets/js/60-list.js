// The list of articles: filters, search, order.
const filters = { words: "", phenomenon: "", outlet: "", desk: "", figure: "", system: 0, order: "given" };
const PAGE = 200;

function startList() {
  if (!one("#list")) return;
  const articles = data.listing.articles;
  const distinct = (values) => [...new Set(values.filter(Boolean))].sort();
  filters.figure = data.listing.figures[0] || "";
  if (systems.length) filters.order = "errors";
  const change = (name) => (event) => { filters[name] = event.target.value; drawList(PAGE); };
  const choice = (label, name, values) => values.length < 2 && name !== "phenomenon" ? null
    : values.length ? select(label, [option("", "all", true), values.map((value) => option(value, value))], change(name)) : null;
  one("#filters").append(...[
    h("label", { class: "field" }, h("span", {}, "search"), h("input", { type: "search", oninput: change("words") })),
    choice("phenomenon", "phenomenon", distinct(articles.flatMap((article) => article.phenomena || []))),
    choice("outlet", "outlet", distinct(articles.map((article) => article.outlet))),
    choice("desk", "desk", distinct(articles.map((article) => article.desk))),
    systems.length ? select("order", [option("errors", "most errors", true), option("worst", "worst score"), option("given", "as in the data")], change("order")) : null,
    systems.length ? select("figure", data.listing.figures.map((name) => option(name, name)), change("figure")) : null,
    systems.length > 1 ? select("system", systems.map((name, place) => option(place, name)), change("system")) : null,
  ].filter(Boolean));
  drawList(PAGE);
}

function drawList(most) {
  const place = data.listing.figures.indexOf(filters.figure);
  const system = Number(filters.system);
  const words_ = filters.words.trim().toLowerCase();
  const wanted = data.listing.articles.map((article, number) => ({ article, number })).filter(({ article, number }) =>
    (!filters.phenomenon || (article.phenomena || []).includes(filters.phenomenon)) &&
    (!filters.outlet || article.outlet === filters.outlet) &&
    (!filters.desk || article.desk === filters.desk) &&
    (!words_ || `${article.id} ${article.headline || ""} ${data.articles ? data.articles[number].text : ""}`.toLowerCase().includes(words_)));
  const score = ({ article }) => article.scores[system][place] ?? 2;
  if (filters.order === "worst") wanted.sort((a, b) => score(a) - score(b));
  if (filters.order === "errors") wanted.sort((a, b) => b.article.errors[system] - a.article.errors[system]);
  one("#found").textContent = plural(wanted.length, "article");
  fill(one("#list"), h("table", {},
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "article"), h("th", { scope: "col" }, "outlet"), h("th", { scope: "col" }, "published"),
      systems.map((name) => [h("th", { scope: "col", class: "n" }, `${name}: errors`), h("th", { scope: "col", class: "n" }, `${name}: ${filters.figure}`)]))),
    h("tbody", {}, wanted.slice(0, most).map(({ article, number }) => h("tr", {},
      h("th", { scope: "row" }, h("a", { href: address(number), dir: "auto" }, article.headline || article.id), h("br", {}),
        h("span", { class: "hint" }, article.id), " ", pills(article.phenomena || [], 3)),
      h("td", {}, shown(article.outlet)), h("td", { class: "day" }, shown(article.published).slice(0, 10)),
      systems.map((_, one_) => [h("td", { class: "n" }, article.errors[one_]), h("td", { class: "n" }, figure(article.scores[one_][place]))]))))),
  wanted.length > most ? h("p", {}, h("button", { type: "button", onclick: () => drawList(most + PAGE) }, `show more of ${wanted.length}`)) : "");
}
