// Items of an article with their fields named again; report/articles.py writes them as lists.
const OUTCOMES = ["right", "partial", "wrong-attribute", "missed", "spurious"];
const WORDS = ["right", "partial", "wrong attribute", "missed", "spurious"];
const SIGNS = ["✓", "≈", "≠", "−", "+"];
const GOLD = -1;

/** The letter that stands for a system where there is no room for its name. */
function letter(place) {
  return String.fromCharCode(65 + place);
}

/** A system's name, with its letter where there are several. */
function named(place) {
  return systems.length > 1 ? `${letter(place)} ${systems[place]}` : systems[place];
}

const DECODERS = {
  entities: ([start, end, type, kind, entity, link, text]) => ({
    spans: start < 0 ? [] : [[start, end]], type, kind, entity, link, text, layer: "entities",
  }),
  quotes: ([content, cue, source, speaker, kind, sourcing, said_on, id, text]) => ({
    spans: content.includes(null) ? [] : content,
    cue, source, speaker, kind, sourcing, said_on, id, text, layer: "quotes",
  }),
  dates: ([start, end, type, value, mod, text]) => ({
    spans: start < 0 ? [] : [[start, end]], type, value, mod, text, layer: "dates",
  }),
  stances: ([holder, claim, label, earlier, evidence]) => ({
    spans: [], holder, claim, label, earlier, evidence, layer: "stances",
  }),
  stance_rows: ([row, label]) => ({ spans: [], row, label, layer: "stance_rows" }),
};

/** What each layer shows about an item, as [heading, value]. */
const FIELDS = {
  entities: (item, chains) => [
    ["type", item.type], ["kind", item.kind], ["entity", chains[item.entity] || item.entity], ["link", item.link],
  ],
  quotes: (item) => [
    ["speaker", item.speaker], ["kind", item.kind], ["sourcing", item.sourcing], ["said-on", item.said_on],
  ],
  dates: (item) => [["type", item.type], ["value", item.value], ["mod", item.mod]],
  stances: (item) => [
    ["holder", item.holder], ["claim", item.claim], ["label", item.label], ["earlier", item.earlier],
  ],
  stance_rows: (item) => [["label", item.label]],
};

/** An answer with the fields that were left out because gold has the same; see report/articles.py. */
function whole(layer, answer, g, gold) {
  const told = { entities: [4, 6], quotes: [7, 8], dates: [4, 5] }[layer];
  return told && answer.length < told[1] ? [...gold[layer][g].slice(0, told[0]), ...answer] : answer;
}

/** The article ready to be drawn: gold, and for each system items and rows of outcomes. */
function decoded(raw) {
  const text = new Points(raw.text);
  const gold = {};
  for (const [layer, items] of Object.entries(raw.gold)) gold[layer] = items.map(DECODERS[layer]);
  const found = raw.systems.map((system, place) => {
    const rows = {};
    for (const [layer, list] of Object.entries(system.rows)) {
      // A given row of config stance is the row of a gold stance.
      const right = layer === "stance_rows" ? gold.stances : gold[layer];
      rows[layer] = list.map(([g, a, outcome, wrong], turn) => ({
        system: place, layer, turn, outcome, wrong,
        gold: g < 0 ? null : right[g],
        answer: a < 0 ? null : DECODERS[layer](whole(layer, system.items[layer][a], g, raw.gold)),
      }));
    }
    return { chains: system.chains, lacks: system.lacks, rows };
  });
  return { ...raw, text, gold, systems: found };
}

/** A text that is cut by code points, as all offsets are; JavaScript counts in UTF-16. */
class Points {
  constructor(text) {
    this.text = text;
    this.places = null;
    if (/[\ud800-\udbff]/.test(text)) {
      this.places = [];
      let at = 0;
      for (const point of text) {
        this.places.push(at);
        at += point.length;
      }
      this.places.push(at);
    }
    this.length = this.places ? this.places.length - 1 : text.length;
  }

  slice(start, end) {
    return this.places ? this.text.slice(this.places[start], this.places[end]) : this.text.slice(start, end);
  }
}

/** The words of an item. */
function words(item, text) {
  if (item.spans.length) return item.spans.map(([start, end]) => text.slice(start, end)).join(" … ");
  return item.text || "";
}
