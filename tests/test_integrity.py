"""The integrity check: the tiny corpus passes, and every single fault put into it is refused by name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onrecord.corpus import read_corpus, text_hash
from onrecord.errors import InputError, Problem
from tinycorpus import TINY, copy_tiny

HARBOUR = "annotations/gold/ferry-dock/harbour-post.json"
POST = "corpus/stories/ferry-dock/harbour-post.txt"
STORY = "corpus/stories/ferry-dock/story.json"
WORLD = "corpus/world/entities.jsonl"


def problems(disk: Path) -> list[Problem]:
    """All problems of a corpus."""
    try:
        read_corpus(disk / "corpus", disk / "annotations")
    except InputError as error:
        return list(error.problems)
    return []


def edit(disk: Path, file: str, old: str, new: str) -> None:
    """Replaces the first occurrence in a file, which must be there."""
    path = disk / file
    content = path.read_bytes().decode("utf-8")
    assert old in content
    path.write_bytes(content.replace(old, new, 1).encode("utf-8"))


def test_the_tiny_corpus_passes() -> None:
    corpus = read_corpus(TINY / "corpus", TINY / "annotations")
    assert [item.article.id for item in corpus.articles] == [
        "clinic-hours/weekly-bell", "ferry-dock/harbour-post", "tram-fares/city-sheet", "tram-fares/coast-wire",
    ]  # fmt: skip
    assert [item.split for item in corpus.articles] == ["validation", "train", "test", "test"]
    assert corpus.left_out == []


#: One fault each in the labels: what to replace, by what, and what the message must say.
LABEL_FAULTS: list[tuple[str, str, str]] = [
    # spans
    ('"start": 73, "end": 79, "text": "Friday"', '"start": 74, "end": 80, "text": "Friday"',
     "text 'Friday' but 'riday ' stands at 74–80"),
    ('"start": 73, "end": 79, "text": "Friday"', '"start": 730, "end": 790, "text": "Friday"', "outside the text"),
    ('"start": 73, "end": 79, "text": "Friday"', '"start": -1, "end": 79, "text": "Friday"', "outside the text"),
    ('"start": 73, "end": 79, "text": "Friday"', '"start": 79, "end": 73, "text": "Friday"', "outside the text"),
    ('"start": 73, "end": 79, "text": "Friday"', '"start": 73, "end": 73, "text": ""', "empty"),
    ('"start": 73, "end": 79, "text": "Friday"', '"start": 73, "end": 79', "a span without its text"),
    ('"start": 73, "end": 79, "text": "Friday"', '"text": "Friday"', "a label without offsets"),
    ('"start": 73, "end": 79, "text": "Friday"', '"start": 72, "end": 79, "text": " Friday"', "white space"),
    ('"start": 73, "end": 79, "text": "Friday"', '"start": 73, "end": 79, "text": "Friday", "context": "on"',
     "a label has no context"),
    ('"start": 28, "end": 38, "text": "inspectors"', '"start": 39, "end": 55, "text": "wait\\n\\nPORT ALDER"',
     "a span over two paragraphs"),
    # shape
    ('"start": 73,', '"start": "73",', "'73' is no whole number"),
    ('"start": 73,', '"start": 73.0,', "73.0 is no whole number"),
    ('"start": 73,', '"start": true,', "True is no whole number"),
    ('"value": "2031-10-31"', '"value": 2031', "2031 is no text"),
    ('"value": "2031-10-31"', '"valeu": "2031-10-31"', "unknown field"),
    ('"dates": [', '"times": [', "the layer is missing"),
    ('"evidence_quotes": ["q1", "q2"]', '"evidence_quotes": "q1"', "'q1' is no list"),
    ('{"id": "e7", "type"', '{"type"', "a chain without id"),
    # ids
    ('"entity": "e7"', '"entity": "e70"', "no chain 'e70' in this article"),
    ('"speaker": "e7"', '"speaker": "e70"', "no chain 'e70' in this article"),
    ('"holder": "e6"', '"holder": "e60"', "no chain 'e60' in this article"),
    ('"holder_name": "Cheepa", "claim": "c1"', '"holder_name": "Cheepa", "claim": "c2"',
     "no claim 'c2' in this article"),
    ('["q7"]', '["q70"]', "no quote 'q70' in this article"),
    ('"link": "org/vpi"}', '"link": "org/vip"}', "'org/vip' is not in the knowledge base"),
    ('{"id": "q2"', '{"id": "q1"', "'q1' a second time"),
    ('{"id": "e2", "type"', '{"id": "e1", "type"', "'e1' a second time"),
    # ranges
    ('"type": "FAC", "name": "East Dock"', '"type": "DOCK", "name": "East Dock"', "'DOCK' is no entity type"),
    ('"kind": "nominal"', '"kind": "noun"', "'noun' is no kind of mention"),
    ('"kind": "mixed"', '"kind": "indirect"', "'indirect', computed is 'mixed'"),
    ('"kind": "mixed"', '"kind": "both"', "'both' is no kind of quote"),
    ('"sourcing": "anonymous"', '"sourcing": "secret"', "'secret' is no sourcing"),
    ('"sourcing": "anonymous"', '"source_type": "x"', "a quote needs id and sourcing"),
    ('"type": "DURATION", "value": "P2W"', '"type": "PERIOD", "value": "P2W"', "'PERIOD' is no TIMEX3 type"),
    ('"type": "DURATION", "value": "P2W"', '"type": "DATE", "value": "P2W"', "'P2W' is no TIMEX3 value of type DATE"),
    ('"type": "DURATION", "value": "P2W"', '"type": "DURATION", "value": "2 weeks"', "'2 weeks' is no TIMEX3 value"),
    ('"value": "P2W"', '"value": "P2W", "mod": "ROUGHLY"', "'ROUGHLY' is no TIMEX3 mod"),
    ('"said_on": "2030"', '"said_on": "last year"', "'last year' is no TIMEX3 value of a day"),
    ('"said_on": "2030"', '"said_on": "2031-12-24"', "said on 2031-12-24, after publication on 2031-11-04"),
    ('"label": "neutral"', '"label": "silent"', "'silent' is no stance"),
    ('"label": "neutral"', '"label": "unrelated"', "'unrelated' is for imported corpora"),
    ('"label": "neutral"', '"label": "neutral", "earlier": "neutral"', "earlier is 'neutral' like the label"),
    # agreement between labels
    ('"type": "PERSON", "kind": "name", "entity": "e4"', '"type": "ORG", "kind": "name", "entity": "e4"',
     "'ORG', its chain 'e4' has 'PERSON'"),
    ('"kind": "name", "entity": "e4", "link": "person/lon-ferrow"', '"kind": "name", "entity": "e4"',
     "its chain 'e4' has 'person/lon-ferrow'"),
    ('"speaker_name": "Lon Ferrow"', '"speaker_name": "Ferrow"', "'Ferrow', computed is 'Lon Ferrow'"),
    ('"holder_name": "Cheepa"', '"holder_name": "Ferrow"', "'Ferrow', computed is 'Cheepa'"),
    ('"aliases": ["Ferrow"], "link": "person/lon-ferrow"', '"aliases": ["Ferrow"], "link": "person/ines-calloway"',
     "has the link 'person/ines-calloway' too"),
    ('"link": "org/cheepa"}', '"link": "fac/east-dock"}', "chain is ORG, 'fac/east-dock' is FAC"),
    ('"name": "Lon Ferrow", "aliases"', '"name": "Lonny Ferrow", "aliases"', "'Lonny Ferrow' is not in the text"),
    ('"name": "Cheepa", "link"', '"name": "Cheepa", "aliases": ["Cheepa Ltd"], "link"', "no further name in the text"),
    # duplicates, overlaps, order
    ('"holder": "e6", "holder_name": "Velm Ports Inspectorate"', '"holder": "e5", "holder_name": "Ines Calloway"',
     "('e5', 'c1') a second time"),
    ('"evidence_quotes": ["q1", "q2"]', '"evidence_quotes": ["q1", "q1"]', "names a quote twice"),
    ('"evidence_quotes": ["q7"]', '"evidence_quotes": []', "a stance without evidence"),
    ('"content": [{"start": 545, "end": 571, "text": "the crane had failed twice"}]', '"content": []',
     "a quote without content"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), LABEL_FAULTS)
def test_a_fault_in_the_labels(tmp_path: Path, old: str, new: str, message: str) -> None:
    disk = copy_tiny(tmp_path)
    edit(disk, HARBOUR, old, new)
    found = problems(disk)
    right = [problem for problem in found if message in problem.message]
    assert right, [str(problem) for problem in found]
    for problem in found:
        assert problem.where == str(disk / HARBOUR)
        assert problem.article == "ferry-dock/harbour-post"
        assert problem.field
        assert problem.remedy


def labels(disk: Path, file: str = HARBOUR) -> dict[str, Any]:
    """The labels as JSON."""
    value: dict[str, Any] = json.loads((disk / file).read_text(encoding="utf-8"))
    return value


def save(disk: Path, value: dict[str, Any], file: str = HARBOUR) -> None:
    """Writes labels back, in another layout."""
    (disk / file).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def span(text: str, start: int, end: int, **more: Any) -> dict[str, Any]:
    """A span as written."""
    return {"start": start, "end": end, "text": text[start:end], **more}


MUTATIONS: list[tuple[Callable[[dict[str, Any], str], None], str]] = [
    (lambda v, t: v["entities"].append(dict(v["entities"][-1])), "(505, 539) a second time"),
    (lambda v, t: v["entities"].insert(1, span(t, 3, 14, type="ORG", kind="name", entity="e1", link="org/cheepa")),
     "'epa defends' crosses 'Cheepa'"),
    (lambda v, t: v["dates"].append(span(t, 535, 539, type="DATE")), "a date needs type and value"),
    (lambda v, t: v["dates"].insert(1, span(t, 70, 79, type="DATE", value="2031")), "overlaps"),
    (lambda v, t: v["dates"].reverse(), "stands in the wrong order"),
    (lambda v, t: v["chains"].reverse(), "stands in the wrong order"),
    (lambda v, t: v["stances"].reverse(), "stands in the wrong order"),
    (lambda v, t: v["quotes"][2]["content"].reverse(), "segments in the wrong order"),
    (lambda v, t: v["quotes"][2]["content"].append(span(t, 250, 259)), "segments overlap"),
    (lambda v, t: v["quotes"][7].update(content=[span(t, 484, 571)]), "lies in the quote's own content"),
    (lambda v, t: v["quotes"][7].update(content=[span(t, 474, 502)], cue=None, source=None),
     "overlaps the content of 'q7'"),
    (lambda v, t: v["quotes"][7].update(cue=span(t, 530, 544)), "cue 'e inquiry said' and source overlap"),
    (lambda v, t: v["chains"].append({"id": "e8", "type": "ORG", "name": "Cheepa"}), "chain 'e8' has no mention"),
    (lambda v, t: v["chains"][6].pop("type"), "chain 'e7' has no type"),
    (lambda v, t: v["entities"][-1].pop("kind"), "a mention needs kind and entity"),
    (lambda v, t: v.update(article="ferry-dock/other"), "'ferry-dock/other' is not 'ferry-dock/harbour-post'"),
    (lambda v, t: v.update(text_sha256="00"), "is not the one that was labelled"),
    (lambda v, t: v["entities"].append(None), "null in a list"),
]  # fmt: skip


@pytest.mark.parametrize(("mutate", "message"), MUTATIONS)
def test_a_fault_between_labels(tmp_path: Path, mutate: Callable[[dict[str, Any], str], None], message: str) -> None:
    disk = copy_tiny(tmp_path)
    text = (disk / POST).read_text(encoding="utf-8").split("---\n", 2)[2].removesuffix("\n")
    value = labels(disk)
    save(disk, value)
    assert problems(disk) == []
    mutate(value, text)
    save(disk, value)
    assert any(message in problem.message for problem in problems(disk)), [str(p) for p in problems(disk)]


def test_the_line_of_a_fault_is_named(tmp_path: Path) -> None:
    disk = copy_tiny(tmp_path)
    edit(disk, HARBOUR, '"value": "P2W"', '"value": "2W"')
    (problem,) = problems(disk)
    lines = (disk / HARBOUR).read_text(encoding="utf-8").split("\n")
    assert problem.line is not None
    assert '"2W"' in lines[problem.line - 1]
    assert str(problem).startswith(f"{disk / HARBOUR}:{problem.line} (ferry-dock/harbour-post): dates[1].value: ")


def rehash(disk: Path) -> None:
    """Makes the labels agree with the text's hash, so that only the text itself is at fault."""
    text = (disk / POST).read_bytes().decode().split("---\n", 2)[2].removesuffix("\n")
    path = disk / HARBOUR
    path.write_text(
        re.sub(r'"text_sha256": "\w+"', f'"text_sha256": "{text_hash(text)}"', path.read_text(encoding="utf-8")),
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        # The letter é as e and an accent, at the end so that no offset moves.
        (POST, "failed twice.", "failed twice, Andre\u0301.", "is not in Unicode NFC"),
        (POST, "failed twice.\n", "failed twice.\r\n", "carriage returns"),
        (POST, "failed twice.", "failed twice.\ufeff", "holds U+FEFF"),
        (POST, "failed twice.", "failed twice.\t!", "holds U+0009"),
        (POST, "failed twice.", "failed twice. ", "white space fault"),
        (POST, "failed twice.", "failed twice.\nAgain.", "white space fault"),
        (POST, "failed twice.", "failed twice.\n\n\nAgain.", "white space fault"),
        (POST, 'headline: "Cheepa defends', 'headline: "Cheepa attacks', "is not the text's first line"),
        (POST, '"2031-11-04T07:30:00+00:00"', '"4 November"', "'4 November' is no ISO 8601 date"),
        (POST, '"2031-11-04T07:30:00+00:00"', '"2031-11-04T07:30:00"', "has no offset"),
        (POST, '"2031-11-04T07:30:00+00:00"', '"2031-02-30"', "is no ISO 8601 date"),
        (POST, '"2031-11-04T07:30:00+00:00"', "2031-11-04", "is no text"),
        (POST, "desk: transport", "desk: Roads & Rail", "'Roads & Rail' is no slug"),
        (POST, "language: en", "language: English", "'English' is no language code"),
        (POST, "variety: en-GB", "variety: fr-GB", "'fr-GB' is no variety of en"),
        (POST, "phenomena: [anonymous-source", "phenomena: [changed-position", "stands twice"),
        (POST, "phenomena: [anonymous-source, changed-position, interrupted-quote]", "phenomena: x", "no list"),
        (POST, 'edition: "2026.11"', 'edition: "2031.11"', "'2031.11' is no edition up to 2026.11"),
        (POST, "byline: null\n", "", "missing from the header"),
        (POST, "byline: null\n", "byline: null\nmood: grim\n", "unknown field in the header"),
        (POST, "byline: null\n", "byline: [\n", "header is no YAML"),
        (POST, "---\nheadline", "headline", "no header between two --- lines"),
        (STORY, '"split": "train"', '"split": "dev"', "'dev' is no split"),
        (STORY, '"id": "ferry-dock"', '"id": "ferry"', "id is 'ferry', the folder 'ferry-dock'"),
        (STORY, '[{"id": "c1"', '[{"id": "c1", "text": "x"}, {"id": "c1"', "claim 'c1' a second time"),
        (STORY, '"claims": [{"id": "c1", "text": "The East Dock is safe to use."}]', '"claims": []', "without claims"),
        (STORY, '"desk": "transport",', '"desk": "transport"', "no JSON"),
        (STORY, '"desk": "transport",', '"desk": "transport", "desk": "x",', "field 'desk' twice in one object"),
        (WORLD, '"type": "FAC"', '"type": "DOCK"', "'DOCK' is no entity type"),
        (WORLD, '"id": "fac/east-dock"', '"id": "org/east-dock"', "'org/east-dock' does not fit its type FAC"),
        (WORLD, '"id": "fac/east-dock"', '"id": "org/cheepa"', "id 'org/cheepa' a second time"),
        (WORLD, '"name": "East Dock",', "", "field 'name' is missing"),
        ("corpus/corpus.json", '"version": "1",', "", "field 'version' is missing"),
        (HARBOUR, '"entities": [', '"entities" [', "no JSON"),
    ],
)  # fmt: skip
def test_a_fault_elsewhere(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    disk = copy_tiny(tmp_path)
    edit(disk, file, old, new)
    if file == POST and "---\nheadline" not in old:
        rehash(disk)
    found = problems(disk)
    right = [problem for problem in found if message in problem.message]
    assert right, [str(problem) for problem in found]
    assert all(problem.where == str(disk / file) and problem.remedy for problem in right)


def test_articles_and_labels_come_in_pairs(tmp_path: Path) -> None:
    disk = copy_tiny(tmp_path)
    (disk / HARBOUR).unlink()
    (disk / "corpus/stories/tram-fares/coast-wire.txt").unlink()
    (disk / "annotations/gold/stray.json").write_text("{}", encoding="utf-8")
    assert {(Path(problem.where).name, problem.message) for problem in problems(disk)} == {
        ("harbour-post.json", "article without labels"),
        ("coast-wire.json", "labels without an article"),
        ("stray.json", "labels without an article"),
    }


def test_a_changed_text_is_refused_whatever_the_spans_say(tmp_path: Path) -> None:
    """One letter after the last label: no span drifts, the hash does."""
    disk = copy_tiny(tmp_path)
    edit(disk, POST, "failed twice.", "failed twice!")
    (problem,) = problems(disk)
    assert "is not the one that was labelled" in problem.message


def test_the_same_text_twice(tmp_path: Path) -> None:
    disk = copy_tiny(tmp_path)
    stories = disk / "corpus/stories"
    (stories / "tram-fares/echo.txt").write_bytes((stories / "tram-fares/coast-wire.txt").read_bytes())
    assert any("again" in problem.message for problem in problems(disk))


def test_bytes_that_are_no_utf_8(tmp_path: Path) -> None:
    disk = copy_tiny(tmp_path)
    (disk / POST).write_bytes(b"---\nheadline: \xff")
    assert any("no UTF-8 at byte 14" in problem.message for problem in problems(disk))


def test_no_corpus_at_all(tmp_path: Path) -> None:
    assert {problem.message for problem in problems(tmp_path)} >= {"no such file", "no such folder"}


def test_all_problems_are_listed_and_a_lenient_reading_goes_on(tmp_path: Path) -> None:
    disk = copy_tiny(tmp_path)
    edit(disk, HARBOUR, '"value": "P2W"', '"value": "2W"')
    edit(disk, HARBOUR, '"kind": "mixed"', '"kind": "direct"')
    edit(disk, "annotations/gold/tram-fares/city-sheet.json", '"value": "P3Y"', '"value": "3Y"')
    assert len(problems(disk)) == 3
    corpus = read_corpus(disk / "corpus", disk / "annotations", lenient=True)
    assert [item.article.id for item in corpus.articles] == ["clinic-hours/weekly-bell", "tram-fares/coast-wire"]
    assert len(corpus.left_out) == 3
