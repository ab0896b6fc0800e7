"""Systems that learn: model files, labels of sequences, taggers, stance; what they do with bad input."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.assembly import assemble
from onrecord.errors import InputError
from onrecord.model import Date
from onrecord.scoring.result import Score
from onrecord.systems import linear, modelfile, naming, quote_labels, sequence, stretches, tfidf, training
from onrecord.systems.crf_train import Example
from onrecord.systems.dating import valued
from onrecord.systems.merging import agreed, filled, together
from onrecord.systems.protocol import StanceQuestion
from onrecord.systems.rules_quotes import FoundQuote, find_quotes
from onrecord.systems.run import Line
from onrecord.systems.text import Region
from tinycorpus import STORY

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import train_models

DECIDED = tuple(train_models.DECIDED_BY.values())


# Model files ---------------------------------------------------------------------------------------------------------


def model(**parts: bytes) -> modelfile.Model:
    return modelfile.pack("crf", {"layers": [], "columns": [], "fill": "none"}, parts or {"a.bin": b"weights"})


def test_model_files_are_what_they_were(tmp_path: Path) -> None:
    path = tmp_path / "m.model"
    modelfile.write(model(), path)
    again = modelfile.read(str(path), "crf")
    assert again == model() and modelfile.read(str(path), "crf") is again
    assert path.read_bytes() == modelfile.to_bytes(model()), "equal models are equal bytes"
    assert model(other=b"x").hash != model().hash
    arrays = {"w": np.arange(6.0).reshape(2, 3), "b": np.array(["x", "y"])}
    packed = modelfile.pack("crf", {}, {"a.npz": modelfile.pack_arrays(arrays)})
    assert all((packed.arrays("a.npz")[name] == array).all() for name, array in arrays.items())


def flipped(content: bytes) -> bytes:
    """With one bit of the compressed weights changed."""
    place = content.rindex(b"a.bin", 0, content.index(b"PK\x01\x02")) + len("a.bin") + 2
    return content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]


def rewritten(path: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for entry, old in (parts | {name: content}).items():
            archive.writestr(entry, old)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda path: path.unlink(), "no such model file"),
        (lambda path: path.write_bytes(b"no zip"), "no model file, or damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:-40]), "no model file, or damaged"),
        (lambda path: path.write_bytes(flipped(path.read_bytes())), "no model file, or damaged"),
        (lambda path: rewritten(path, "a.bin", b"other"), "does not match its hash"),
        (lambda path: rewritten(path, "extra.bin", b"more"), "does not match its hash"),
        (lambda path: rewritten(path, "model.json", b"{"), "is no JSON"),
        (lambda path: rewritten(path, "model.json", b"[1]"), "has the form None"),
        (lambda path: rewritten(path, "model.json", b'{"form": 2}'), "has the form 2, not 1"),
        (lambda path: rewritten(path, "model.json", b'{"form": 1, "kind": "tfidf"}'), "is a model for 'tfidf'"),
    ],
)
def test_spoilt_model_files_are_refused(tmp_path: Path, spoil: Any, message: str) -> None:
    path = tmp_path / "m.model"
    modelfile.write(modelfile.pack("crf", {"a": 1}, {"a.bin": b"weights"}), path)
    spoil(path)
    with pytest.raises(InputError, match=message):
        modelfile.read(str(path), "crf")


def test_a_changed_description_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.model"
    modelfile.write(model(), path)
    with zipfile.ZipFile(path) as archive:
        described = json.loads(archive.read("model.json"))
    described["note"] = "changed by hand"
    rewritten(path, "model.json", json.dumps(described).encode())
    with pytest.raises(InputError, match="description was changed"):
        modelfile.read(str(path), "crf")


def test_shipped_models_match_their_pinned_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("best", "crf", "tfidf"):
        shipped = modelfile.shipped(name)
        assert shipped.kind == name and shipped.meta["trained_on"]["split"] == "train"
        assert shipped.meta["trained_on"]["name"] == "onrecord"
    modelfile.shipped.cache_clear()
    original = modelfile.orjson.loads
    monkeypatch.setattr(modelfile.orjson, "loads", lambda data: _other(original(data)))
    with pytest.raises(InputError, match="install onrecord again"):
        modelfile.shipped("crf")
    monkeypatch.undo()
    modelfile.shipped.cache_clear()
    with pytest.raises(InputError, match="lacks the model"):
        modelfile.shipped("unheard")


def _other(loaded: Any) -> Any:
    return {"crf": "0" * 64} if set(loaded) == {"best", "crf", "tfidf"} else loaded


@pytest.fixture(scope="module")
def train_split(root: Path, tmp_path_factory: pytest.TempPathFactory) -> training.Data:
    folder = tmp_path_factory.mktemp("onrecord") / "release"
    assemble(root / "corpus", root / "annotations", folder, lenient=True)
    return training.load(folder, "train")


def test_the_shipped_models_are_of_the_train_split(train_split: training.Data) -> None:
    """Of today's texts, labels and features; `scripts/train_models.py --check --all` compares them to the byte."""
    assert [train_models.stale(name, train_split) for name in train_models.NAMES] == [None] * 3
    best = modelfile.shipped("best").meta
    for layer, figure in best["figures"].items():
        assert (figure["learned"] > figure["rules"]) == (layer in best["learned"])


def test_a_change_of_labels_settings_or_features_shows(
    train_split: training.Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reasons(data: training.Data) -> list[str]:
        return [train_models.stale(name, data) or "" for name in train_models.NAMES]

    other = training.Data(train_split.rows, train_split.stance, {**train_split.about, "data": "0"})
    assert all("was trained on" in reason for reason in reasons(other))
    row = {**train_split.rows[0], "text": train_split.rows[0]["text"].replace(" said ", " sang ")}
    seen = [len(reason) > 0 for reason in reasons(training.Data([row], train_split.stance, train_split.about))]
    assert seen == [True] * 3, "the same description, other features"
    monkeypatch.setitem(train_models.SETTINGS, "crf", {"columns": "rules", "fill": "none"})
    assert reasons(train_split) == ["crf: was trained with other settings", "", ""]


def test_the_decision_of_a_layer_holds_every_story_out_once(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, train_split: training.Data
) -> None:
    """No model answers about a story it has learnt from."""
    from onrecord.systems import best_train

    taught: list[set[str]] = []
    asked: list[str] = []

    def taught_on(data: training.Data, *, articles: list[Any]) -> modelfile.Model:
        assert {article.id for article in articles} == {row["id"] for row in data.rows}
        taught.append({row["story"] for row in data.rows})
        return model()

    def answered(system: str, rows: list[dict[str, Any]], **_: Any) -> list[Line]:
        if system == "best":
            assert not taught[-1] & {row["story"] for row in rows}
            asked.extend(row["id"] for row in rows)
        return [Line(row["id"], {"id": row["id"], "dates": []}) for row in rows]

    monkeypatch.setattr(best_train, "train", taught_on)
    monkeypatch.setattr(train_models, "predict", answered)
    monkeypatch.setattr(train_models.onrecord, "score", lambda *_, **__: {name: Score(0.5) for name in DECIDED})
    articles = [Example(row["id"], row["story"], {}, {}) for row in train_split.rows]
    monkeypatch.setattr(train_models, "FOLDS", 2)
    found = train_models.compared(train_split, articles, tiny)
    assert len(taught) == 2 and sorted(asked) == sorted(row["id"] for row in train_split.rows)
    assert set(found) == {"entities", "quotes", "dates", "stance"}


# Sequences -----------------------------------------------------------------------------------------------------------


@given(st.text("aB .,\n“é👩", max_size=80), st.lists(st.tuples(st.integers(0, 80), st.integers(1, 9)), max_size=4))
@settings(max_examples=150, deadline=None)
def test_labels_and_spans_are_inverse(text: str, cuts: list[tuple[int, int]]) -> None:
    for tokens in sequence.cut(text):
        assert all(token.end > token.start and not text[token.start].isspace() for token in tokens)
        spans: list[tuple[Region, str]] = []
        end = 0
        for start, length in sorted(cuts):  # token spans that neither overlap nor touch
            if end <= start and start + length <= len(tokens):
                spans.append((Region(tokens[start].start, tokens[start + length - 1].end), "X"))
                end = start + length + 1
        assert list(sequence.to_spans(tokens, sequence.to_labels(tokens, spans))) == spans


def test_labels_of_overlapping_and_torn_spans() -> None:
    tokens = sequence.cut("the old dock-side crane")[0]
    words = ["the", "old", "dock", "-", "side", "crane"]
    assert [token.of("the old dock-side crane") for token in tokens] == words
    outer, inner = (Region(4, 17), "A"), (Region(8, 23), "B")
    assert sequence.to_labels(tokens, [outer, inner]) == ["O", "B-A", "I-A", "I-A", "I-A", "B-B"]
    assert sequence.to_labels(tokens, [(Region(5, 7), "A")]) == ["O", "B-A", "O", "O", "O", "O"]
    assert list(sequence.to_spans(tokens, ["I-A", "I-B", "O", "I-B", "B-B", "O"])) == [
        (Region(0, 3), "A"), (Region(4, 7), "B"), (Region(12, 13), "B"), (Region(13, 17), "B"),
    ]  # fmt: skip


def test_long_sequences_and_stretches_are_cut() -> None:
    text = "word " * 1_500
    assert [len(tokens) for tokens in sequence.cut(text)] == [600, 600, 300]
    pieces = list(stretches.stretches(text + "\n\n" + "x" * 250, 100))
    assert all(piece.end - piece.start <= 100 for piece in pieces)
    assert "".join(piece.of(text + "\n\n" + "x" * 250) for piece in pieces) == text.strip() + "x" * 250


# Quotations as labels ------------------------------------------------------------------------------------------------

ROUND_TRIPS = [
    "“We knew,” Ferrow said, “and we told them.”",
    "The mayor said that the dock would close.",
    "According to Ferrow, the pump leaked.",
    "“We told the city,” said Lon Ferrow, the head of safety.",
    "“We knew about it,” Ferrow said. “It was old.\n\n“And nobody came to look at it.”",
]


@pytest.mark.parametrize("words", ROUND_TRIPS)
def test_quotations_survive_being_labels(words: str) -> None:
    text = f"Dock shut\n\n{words}\n"
    found = find_quotes(text)
    parts = quote_labels.ordered(quote_labels.labelled(q.content, q.cue, q.source) for q in found)
    spans = [
        span
        for tokens in sequence.cut(text)
        for span in sequence.to_spans(
            tokens, sequence.to_labels(tokens, [p for p in parts if tokens[0].start <= p[0].start < tokens[-1].end])
        )
    ]
    again = quote_labels.assemble(text, spans)
    assert [(q.content, q.cue, q.source) for q in again] == [(q.content, q.cue, q.source) for q in found]
    assert [q.sentence for q in again] == [q.sentence for q in found]


def test_cues_share_a_source_and_lonely_ones_are_dropped() -> None:
    text = "Head\n\nFerrow rejected the offer and said it was late. They asked."
    where = {word: Region(text.index(word), text.index(word) + len(word)) for word in
             ("Ferrow", "rejected", "the offer", "said", "it was late", "They", "asked")}  # fmt: skip
    spans = [
        (where["Ferrow"], "source>"), (where["rejected"], "cue"), (where["the offer"], "content<"), (where["said"], "cue"),
        (where["it was late"], "content<"), (where["They"], "source>"), (where["asked"], "cue"),
    ]  # fmt: skip
    found = quote_labels.assemble(text, spans)
    assert [(q.content, q.cue, q.source) for q in found] == [
        ([where["the offer"]], where["rejected"], where["Ferrow"]),
        ([where["it was late"]], where["said"], where["Ferrow"]),
    ]
    assert quote_labels.assemble("", []) == [] and quote_labels.assemble(text, []) == []


def quote(
    *parts: tuple[int, int], cue: tuple[int, int] | None = None, source: tuple[int, int] | None = None
) -> FoundQuote:
    regions = [Region(*part) for part in parts]
    return FoundQuote(regions, cue and Region(*cue), source and Region(*source), regions[0])


def test_merging_quotations() -> None:
    text = "“" + "x" * 60 + "”" + " " * 60
    ours, rules = quote((0, 40), cue=(42, 46)), quote((0, 44), cue=(46, 50), source=(51, 60))
    assert agreed([ours], [rules], 0.9) == [rules] and agreed([ours], [rules], 0.99) == [ours]
    assert agreed([ours, quote((2, 42))], [rules], 0.5) == [rules], "one of the rules' is taken once"
    assert filled(text, [ours], [rules], "all") == [ours] and ours.source == Region(51, 60), "a missing source is lent"
    away = quote((0, 62))
    assert filled(text, [], [away, quote((70, 90))], "direct") == [away]
    assert filled(text, [], [away], "none") == []
    assert filled(text, [quote((10, 20))], [away], "all")[0].content == [Region(10, 20)]


def test_dates_of_other_finders_get_values() -> None:
    text = "It opened on Friday and, on the 14th, day two of the trial, shut in the winter; the nineties, they said."
    at = {word: Region(text.index(word), text.index(word) + len(word)) for word in
          ("on Friday", "the 14th", "day two", "the winter", "the nineties", "shut")}  # fmt: skip
    known = [Date(13, 19, "Friday", type="DATE", value="2031-10-31")]
    values = {word: valued(text, region, known, "2031-11-04").value for word, region in at.items()}
    assert values == {
        "on Friday": "2031-10-31", "the 14th": "2031-10-14", "day two": "2031-11-04", "the winter": "2030-WI",
        "the nineties": "199X", "shut": None,
    }  # fmt: skip
    assert valued(text, at["the 14th"], (), None).value is None
    added = [
        Date(13, 23, "x", value="2031"),
        Date(28, 36, "y", value="2031-10-14"),
        Date(60, 64, "z"),
        Date(70, 74, "w", value="XXXX-XX-XX"),
    ]
    assert [date.text for date in together(added, known)] == ["Friday", "y"]


def test_one_type_a_name() -> None:
    text = "Lon Ferrow met Cheepa. Ferrow left; Cheepa stayed, Cheepa said. FERROW"
    spans = [(Region(0, 10), "PERSON"), (Region(15, 21), "PERSON"), (Region(23, 29), "ORG")]
    everywhere = naming.spread(text, spans)
    assert [region.of(text) for region, _ in everywhere] == ["Lon Ferrow", "Cheepa", "Ferrow", "Cheepa", "Cheepa"]
    names, own = naming.to_names(text, everywhere, {"cheepa": "ORG"})
    assert [name.type for name in names] == ["PERSON", "ORG", "PERSON", "ORG", "ORG"]
    assert own[Region(23, 29)] == "PERSON", "the last word of a person's name is that person"
    others = [{15: "ORG"}, {15: "ORG", 0: "ORG"}]
    assert [kind for _, kind in naming.outvoted(text, spans, others)] == ["PERSON", "ORG", "ORG"]
    assert naming.to_names("Rome", [(Region(0, 4), "place")])[0][0].type == "GPE"
    assert naming.spread("x", []) == []


# Linear classifiers and tfidf ----------------------------------------------------------------------------------------


def test_linear_equals_scikit_learn() -> None:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    rows = [{"a": float(i % 3), "b": float(i % 5), f"c{i % 4}": 1.0} for i in range(60)]
    for labels in (["xyz"[(i * i + i // 7) % 3] for i in range(60)], ["pq"[(i // 3) % 2] for i in range(60)]):
        ours = linear.fit(rows, labels)
        vectors = DictVectorizer()
        theirs = LogisticRegression(max_iter=2_000, tol=1e-6).fit(vectors.fit_transform(rows), labels)
        for row, expected in zip(rows, theirs.predict_proba(vectors.transform(rows)), strict=True):
            assert list(ours.probabilities(row).values()) == pytest.approx(expected, abs=1e-4)
        kept = linear.Linear.of(modelfile.pack("x", {}, ours.parts("m")), "m")
        assert [kept.label({**row, "unheard": 9.0}) for row in rows] == [ours.label(row) for row in rows]
    assert linear.fit(rows, ["one"] * 60).label({}) == "one"


ROWS = [
    ("Robot maker opens plant", "The robot maker opens its plant in the city today, officials said.", "supports"),
    ("Robot maker opens plant", "The robot plant is a hoax; officials denied it and it is fake.", "opposes"),
    ("Robot maker opens plant", "A report about the robot plant has not been confirmed.", "neutral"),
    ("Robot maker opens plant", "The singer cancelled a concert after rain fell on the stadium.", "unrelated"),
] * 6  # fmt: skip


def test_modes_of_tfidf() -> None:
    def answers(mode: str) -> list[str]:
        trained = tfidf.train(ROWS, mode)
        meta = {"mode": mode, "commonest": trained.commonest}
        kept = tfidf.Classifier.of(modelfile.pack("tfidf", meta, trained.parts()))
        assert all(kept.label(claim, read) == trained.label(claim, read) for claim, read, _ in ROWS[:4])
        return [kept.label(claim, read) for claim, read, _ in ROWS[:4]]

    assert answers("logistic") == answers("two-stage") == ["supports", "opposes", "neutral", "unrelated"]
    assert answers("related")[3] == "unrelated" and len(set(answers("related")[:3])) == 1
    assert len(set(answers("majority"))) == 1
    with pytest.raises(InputError, match="is none of majority, related, logistic, two-stage"):
        tfidf.train(ROWS, "best")
    with pytest.raises(InputError, match="no stance row"):
        tfidf.train([], "logistic")


def test_the_passage_is_what_names_the_holder() -> None:
    def read(holder: str, name: str | None) -> str:
        return tfidf.passage(STORY, StanceQuestion("r", "c", None, holder, name))

    assert read("e1", "Ines Calloway").startswith("Mayor Ines Calloway denied")
    assert "Lon Ferrow" not in read("e1", "Ines Calloway")
    assert read("article", "Ines Calloway") == read("e1", None) == read("e9", "Nobody Known") == STORY


def test_folds_leak_neither_story_nor_claim() -> None:
    def row(article: str, claim: str) -> dict[str, Any]:
        return {"id": f"{article}#{claim}", "claim": "c", "claim_text": claim, "holder": "article", "holder_name": None,
                "label": "supports" if claim == "A" else "opposes"}  # fmt: skip

    rows = [{"id": f"s{n}/o{m}", "story": f"s{n}", "text": "Some text."} for n in range(4) for m in range(2)]
    stance = {r["id"]: [row(r["id"], claim) for claim in ("A", f"only {r['story']}")] for r in rows}
    data = training.Data(rows, stance, {"name": "x", "version": "1", "split": "train", "articles": 8})
    held: list[str] = []
    for trained, articles in training.cross_validated("tfidf", data, 2, {"mode": "majority"}):
        held += [article["id"] for article in articles]
        # Claim A stands everywhere, so that no training row of it may be left: 4 articles with one claim of their own.
        assert trained.meta["trained_on"]["rows"] == 4 and trained.meta["commonest"] == "opposes"
        assert all("label" not in asked for article in articles for asked in article["stance_rows"])
    assert sorted(held) == sorted(r["id"] for r in rows)
    for folds in (1, 5):
        with pytest.raises(InputError, match="folds"):
            list(training.cross_validated("tfidf", data, folds))
