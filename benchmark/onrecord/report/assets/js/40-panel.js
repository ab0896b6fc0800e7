// What stands beside the text: the chosen item, the claims with their stances, what was not found, the list of errors.
const LAYER_WORDS = {
  names: "Names", others: "Nominals and pronouns", quotes: "Quotes", dates: "Dates", stances: "Stances",
};
const ITEM_WORDS = { entities: "mention", quotes: "quote", dates: "date", stances: "stance", stance_rows: "stance row" };

function outcomeTag(outcome) {
  return h("span", { class: `tag o-${OUTCOMES[outcome]}` }, `${SIGNS[outcome]} ${WORDS[outcome]}`);
}

/** The chosen item: gold beside what each visible system says. */
function drawInspector(box, article, view, chosen) {
  if (!chosen) {
    fill(box, h("p", { class: "hint" }, systems.length
      ? "Choose a mark in the text, or step through the errors with n and p."
      : "Choose a mark in the text."));
    return;
  }
  const gold = chosen.gold;
  const columns = [];
  if (gold) columns.push({ head: "gold", item: gold, chains: article.chains, outcome: null });
  article.systems.forEach((system, place) => {
    if (!view.sources[place] && place !== chosen.system) return;
    const rows = system.rows[chosen.layer] || [];
    const row = gold ? rows.find((other) => other.gold === gold) : place === chosen.system ? chosen : null;
    if (row) columns.push({ head: named(place), item: row.answer, chains: system.chains, outcome: row.outcome });
  });
  const first = gold || chosen.answer;
  const claims = new Map(article.claims);
  const text = words(first, article.text) || claims.get(first.claim) || first.row || "";
  fill(box,
    h("h3", {}, `${ITEM_WORDS[chosen.layer]} `, chosen.outcome === undefined ? null : outcomeTag(chosen.outcome)),
    h("blockquote", { dir: "auto" }, text),
    attributeTable(columns, article),
    chosen.turn === undefined ? null
      : h("p", {}, h("a", { href: address(article.place, chosen), class: "permalink" }, "link to this item")),
  );
}

function attributeTable(columns, article) {
  const described = columns.map(({ item, chains }) => {
    if (!item) return new Map();
    const extent = item.layer === "quotes" || item.spans.length ? [["extent", words(item, article.text)]] : [];
    const found = new Map([...extent, ...FIELDS[item.layer](item, chains)]);
    if (item.layer !== "quotes") return found;
    for (const part of ["cue", "source"]) found.set(part, item[part] ? article.text.slice(...item[part]) : null);
    return found;
  });
  const names = [...new Set(described.flatMap((some) => [...some.keys()]))];
  const reference = columns[0].outcome === null ? described[0] : null;
  const rows = names.filter((name) => described.some((some) => shown(some.get(name)) !== "–"));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "attributes" }, h("table", { class: "attributes" },
    h("thead", {}, h("tr", {}, h("td", {}), columns.map(({ head, outcome }) =>
      h("th", { scope: "col" }, head, outcome === null ? null : [" ", outcomeTag(outcome)])))),
    h("tbody", {}, rows.map((name) => h("tr", {}, h("th", { scope: "row" }, name), described.map((some, place) => {
      const value = shown(some.get(name));
      const differs = reference && place > 0 && columns[place].item && value !== shown(reference.get(name));
      return h("td", { class: differs ? "differs" : null, dir: "auto" }, differs ? `≠ ${value}` : value);
    }))))));
}

/** Claims, with who stands where. */
function drawClaims(box, article, view, chosen, choose) {
  if (!article.claims.length && !article.gold.stances) {
    box.hidden = true;
    return;
  }
  box.hidden = !view.layers.stances;
  const parts = [h("h3", {}, "Claims and stances")];
  const claims = new Map(article.claims);
  const known = new Set([...claims.keys(), ...(article.gold.stances || []).map((item) => item.claim)]);
  for (const claim of known) {
    parts.push(h("p", { class: "claim" }, h("b", {}, claim), " ", claims.get(claim) || ""));
    const rows = stanceRows(article, view, claim);
    if (!rows.length) {
      parts.push(h("p", { class: "hint" }, "Nobody in the article addresses it."));
      continue;
    }
    const visible = [...systems.keys()].filter((place) => view.sources[place]);
    parts.push(h("table", { class: "stances" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "holder"), h("th", { scope: "col" }, "gold"),
        visible.map((place) => h("th", { scope: "col" }, named(place))))),
      h("tbody", {}, rows.map(({ holder, gold, found }) => h("tr", { class: found.includes(chosen) && chosen ? "sel" : null },
        h("th", { scope: "row", dir: "auto" }, shown(holder === "article" ? "the article itself" : holder)),
        h("td", {}, gold ? [gold.label, gold.earlier ? ` (earlier ${gold.earlier})` : null, evidence(gold)] : "–"),
        visible.map((place) => h("td", {}, found.filter((row) => row.system === place).map((row) => [
          h("button", { type: "button", class: `answer o-${OUTCOMES[row.outcome]}`, onclick: () => choose(row) },
            `${SIGNS[row.outcome]} ${row.answer ? row.answer.label : "none"}`),
          way(row, article)]))))))));
  }
  fill(box, ...parts);
}

/** How a stance was answered, where a system answers in both ways. */
function way(row, article) {
  const { stances, stance_rows } = article.systems[row.system].rows;
  if (!stances || !stance_rows) return null;
  return h("span", { class: "hint" }, row.layer === "stances" ? " found" : " given");
}

function evidence(stance) {
  return stance.evidence.length ? h("span", { class: "hint" }, ` shown by ${stance.evidence.join(", ")}`) : null;
}

/** One row a holder: gold's stance and the systems' rows on it, then holders that only a system has. */
function stanceRows(article, view, claim) {
  const found = (article.gold.stances || []).filter((item) => item.claim === claim)
    .map((gold) => ({ holder: gold.holder, gold, found: [] }));
  for (const system of article.systems) {
    for (const row of [...(system.rows.stances || []), ...(system.rows.stance_rows || [])]) {
      if (!view.sources[row.system]) continue;
      const mine = row.gold && found.find((other) => other.gold === row.gold);
      if (mine) mine.found.push(row);
      else if (!row.gold && row.answer.claim === claim) found.push({ holder: row.answer.holder, gold: null, found: [row] });
    }
  }
  return found;
}

/** The errors of the visible systems and layers in the order of the text; those without a place stand last. */
function errorsOf(article, view) {
  const found = [];
  article.systems.forEach((system, place) => {
    if (!view.sources[place]) return;
    for (const rows of Object.values(system.rows)) {
      for (const row of rows) {
        if (row.outcome > 0 && view.layers[layerOf(row.answer || row.gold)]) found.push(row);
      }
    }
  });
  const start = (row) => Math.min(...[row.answer, row.gold].flatMap((item) => (item ? item.spans.map((span) => span[0]) : [])));
  return found.map((row) => [start(row), row]).sort((a, b) => a[0] - b[0] || a[1].system - b[1].system)
    .map(([, row]) => row);
}

function drawErrors(box, article, view, errors, chosen) {
  const all = article.systems.flatMap((system, place) => (view.sources[place] ? Object.values(system.rows).flat() : []));
  const hidden = all.filter((row) => row.outcome > 0).length - errors.length;
  const lacks = article.systems.flatMap((system, place) =>
    system.lacks.map((layer) => `${systems[place]} gave no ${layer} for this article.`));
  fill(box,
    h("h3", {}, systems.length ? plural(errors.length, "error") : null,
      hidden > 0 ? h("span", { class: "hint" }, ` and ${hidden} in layers that are switched off`) : null),
    lacks.map((words) => h("p", { class: "notice" }, words)),
    h("ol", { class: "errors" }, errors.map((row) => h("li", { class: row === chosen ? "sel" : null },
      h("a", { href: address(article.place, row), "aria-current": row === chosen ? "true" : null },
        outcomeTag(row.outcome), " ", h("span", { class: "what", dir: "auto" }, summary(row, article)),
        systems.length > 1 ? h("span", { class: "hint" }, ` ${named(row.system)}`) : null)))));
}

/** An error in a line. */
function summary(row, article) {
  const item = row.gold || row.answer;
  if (row.layer === "stances" || row.layer === "stance_rows") {
    const stance = row.gold || row.answer;
    const given = row.gold && row.answer ? `${row.gold.label} → ${row.answer.label}` : stance.label;
    return `${shown(stance.holder)} on ${shown(stance.claim)}: ${given}`;
  }
  const words_ = words(item, article.text).replace(/\s+/g, " ");
  const cut = words_.length > 70 ? `${words_.slice(0, 69)}…` : words_;
  const wrong = data.parts[row.layer].filter((_, place) => row.wrong & (1 << place)).map((part) => part.replace("_", "-"));
  if (row.gold && row.answer && row.layer !== "quotes") {
    const changes = wrong.filter((part) => part !== "extent").map((part) => `${shown(row.gold[part])} → ${shown(row.answer[part])}`);
    return `${cut || "(not in the text)"}${changes.length ? `: ${changes.join(", ")}` : ""}`;
  }
  return `${cut || "(not in the text)"}${wrong.length ? `: ${wrong.join(", ")}` : ""}${row.layer === "entities" ? ` (${shown(item.type)})` : ""}`;
}
