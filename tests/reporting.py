"""Gold and predictions for the tests of the report: the tiny corpus, two systems on it, and everything that is odd."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import orjson

import onrecord

Line = dict[str, Any]
#: Markup that must show as text wherever it comes from.
HOSTILE = '<img src=x onerror="window.hurt=1">'
SCRIPT = "</script><script>window.hurt=2</script>"
LONG = "N" * 500


def write(rows: list[Line], path: Path) -> Path:
    path.write_bytes(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows))
    return path


def rules(release: Path, path: Path) -> Path:
    """Predictions of the rules system."""
    return write(onrecord.predict(str(release), "rules", split="test"), path)


def wanting(release: Path, path: Path) -> Path:
    """Predictions that miss the first quote and place name of each article, and are right otherwise."""
    rows = []
    for row in onrecord.load("all", split="test", path=release):
        names = [mention for mention in row["entities"] if mention["type"] != "GPE"]
        stances = [{**stance, "evidence_quotes": []} for stance in row["stances"]]
        rows.append(
            {
                "id": row["id"],
                "entities": names,
                "chains": row["chains"],
                "quotes": row["quotes"][1:],
                "dates": row["dates"],
                "stances": stances,
            }
        )
    return write(rows, path)


def odd_gold() -> list[Line]:
    """Articles that are hostile, empty, nested ten deep, crossing, right-to-left, full of emoji."""
    nested = "a b c d e f g h i j k l m n o p q r s t u v"
    rtl = "قال أحمد 😀 يوم الجمعة إن الميناء 👩‍👩‍👧 مغلق."
    at = rtl.index("يوم")
    return [
        {
            "id": f"hostile/{SCRIPT}",
            "text": f"{HOSTILE}\n\nAnn {SCRIPT} said so.",
            "headline": HOSTILE,
            "outlet": HOSTILE,
            "byline": HOSTILE,
            "phenomena": [HOSTILE],
            "claims": [{"id": "c<1>", "text": HOSTILE}],
            "chains": [{"id": "e1", "name": HOSTILE, "type": HOSTILE}],
            "entities": [{"start": 0, "end": len(HOSTILE), "type": HOSTILE, "entity": "e1"}],
            "quotes": [],
            "dates": [],
            "stances": [{"holder": "e1", "claim": "c<1>", "label": "supports"}],
        },
        {"id": "empty", "text": "", "entities": [], "quotes": [], "dates": [], "stances": []},
        {
            "id": "nested",
            "text": nested,
            "entities": [
                *({"start": 2 * n, "end": 43 - 2 * n, "type": f"T{n}", "kind": "name"} for n in range(10)),
                {"start": 0, "end": 9, "type": "CROSS", "kind": "name"},
                {"start": 4, "end": 15, "type": "CROSS", "kind": "name"},
            ],
            "quotes": [
                {"content": [{"start": 0, "end": 11}, {"start": 20, "end": 31}], "cue": {"start": 12, "end": 13}},
                {"content": [{"start": 8, "end": 25}], "source": {"start": 30, "end": 31}, "speaker_name": LONG},
            ],
        },
        {
            "id": "rtl/😀",
            "text": rtl,
            "headline": "😀 عنوان",
            "entities": [{"start": 4, "end": 8, "type": "PERSON", "kind": "name"}],
            "dates": [{"start": at, "end": at + len("يوم الجمعة"), "type": "DATE", "value": "2031-01-03"}],
        },
        {
            "id": "many~types.entities.3",
            "text": " ".join(f"w{n}" for n in range(200)),
            "outlet": LONG,
            "entities": [
                {"start": start, "end": start + len(f"w{n}"), "type": f"TYPE_{n}" if n else LONG, "kind": "name"}
                for n, start in enumerate(_starts(200))
            ],
        },
    ]


def odd_answers() -> list[Line]:
    """A system that answered half of the odd articles, wrongly."""
    hostile, _, nested, rtl, _ = odd_gold()
    return [
        {
            "id": hostile["id"],
            "entities": [{"text": HOSTILE, "type": f"{HOSTILE}!"}, {"text": "Not in the text <b>", "type": "ORG"}],
            "quotes": [{"content": [{"text": "<i>invented</i>"}], "speaker_name": HOSTILE, "said_on": "2031"}],
            "stances": [{"holder_name": HOSTILE, "claim": "c<1>", "label": "opposes"}],
        },
        {
            "id": "nested",
            "entities": [{**mention, "start": mention["start"] + 2} for mention in nested["entities"][:5]],
            "quotes": [{"content": [{"start": 8, "end": 31}], "source": {"start": 32, "end": 33}}],
        },
        {"id": rtl["id"], "dates": [{**rtl["dates"][0], "value": "2031-01-10"}], "entities": rtl["entities"]},
    ]


def long_article(words: int, spans: int) -> tuple[Line, Line]:
    """An article of some thousand words with spans, and an answer that has lost and retyped some of them."""
    chance = random.Random(5)
    text = ""
    starts = []
    for number in range(words):
        starts.append(len(text))
        text += f"word{number}" + ("\n\n" if number % 60 == 59 else " ")
    mentions = [
        {"start": starts[at], "end": starts[at] + len(f"word{at}"), "type": chance.choice(["PERSON", "ORG", "GPE"])}
        for at in sorted(chance.sample(range(words), spans))
    ]
    answers = [
        {**mention, "type": "ORG" if chance.random() < 0.2 else mention["type"]}
        for mention in mentions
        if chance.random() < 0.9
    ]
    return {"id": "long", "text": text, "entities": mentions}, {"id": "long", "entities": answers}


def _starts(words: int) -> list[int]:
    found, at = [], 0
    for number in range(words):
        found.append(at)
        at += len(f"w{number} ")
    return found
