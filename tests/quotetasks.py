"""Random small articles with quotes and stances, as wire lines and as the oracle's quotes; for tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tasks import Line

HEAD = "Ann Bob "
NAMES = {"e1": "Ann", "e2": "Bob"}
PIECES = [
    "a",
    "bb",
    "c1",
    " ",
    " ",
    "\n",
    ", ",
    ". ",
    "“",
    "” ",
    '"',
    "that ",
    "That, ",
    "’",
    "%",
    "é",
    "日",
    "😀",
    "(",
    "\u200b",
]
LOST = {"text": "not in the text at all"}


@st.composite
def texts(draw: st.DrawFn) -> str:
    return HEAD + "".join(draw(st.lists(st.sampled_from(PIECES), min_size=2, max_size=14)))


@st.composite
def spans(draw: st.DrawFn, size: int) -> tuple[int, int]:
    start = draw(st.integers(0, size - 1))
    return start, min(size, start + draw(st.integers(1, 9)))


@st.composite
def quotes(draw: st.DrawFn, size: int, *, gold: bool, most: int = 4) -> list[Line]:
    """Quotes in the oracle's form; contents are often near one another, so that pairings compete."""
    pool = draw(st.lists(spans(size), min_size=1, max_size=3))
    some = []
    for number in range(draw(st.integers(0, most))):
        near = st.one_of(st.sampled_from(pool), spans(size))
        content = draw(st.lists(near, min_size=1, max_size=2))
        lost = not gold and draw(st.integers(0, 9)) == 0
        absent = st.just(None) if gold else st.sampled_from([None, "lost"])
        some.append(
            {
                "content": None if lost else content,
                "cue": draw(st.one_of(absent, near)),
                "source": draw(st.one_of(absent, near)),
                "speaker": draw(st.sampled_from([None, "e1", "e2"] if gold else [None, "e1", "e2", "nobody"])),
                "said_on": draw(st.sampled_from([None, None, "2031-01-01", "2031-02"])),
                "sourcing": draw(st.sampled_from([None, "named", "anonymous"])),
                "id": f"q{number}",
            }
        )
    return some


@st.composite
def stances(draw: st.DrawFn, some: list[Line], *, gold: bool) -> list[Line]:
    found = []
    for _ in range(draw(st.integers(0, 3))):
        holders = ["article", "e1", "e2"] if gold else ["article", "e1", "e2", "nobody"]
        ids = [quote["id"] for quote in some]
        found.append(
            {
                "holder": draw(st.sampled_from(holders)),
                "claim": draw(st.sampled_from(["c1", "c2"])),
                "label": draw(st.sampled_from(["supports", "opposes", "neutral"])),
                "evidence": draw(st.lists(st.sampled_from(ids), max_size=3)) if ids else [],
            }
        )
    if not gold:
        return found
    # In gold nobody has two positions on a claim, but may have one of them twice.
    first = {(stance["holder"], stance["claim"]): stance["label"] for stance in reversed(found)}
    return [stance for stance in found if first[stance["holder"], stance["claim"]] == stance["label"]]


@st.composite
def articles(draw: st.DrawFn, most: int = 4) -> Line:
    """An article: text, gold quotes and stances, predicted quotes and stances."""
    text = draw(texts())
    gold, answers = draw(quotes(len(text), gold=True, most=most)), draw(quotes(len(text), gold=False, most=most))
    if draw(st.booleans()):
        # Answers that come from gold make agreement likely.
        copied = draw(st.lists(st.sampled_from(gold), max_size=2)) if gold else []
        answers = [{**quote, "id": f"q{number}"} for number, quote in enumerate([*answers[:2], *copied])]
    return {
        "text": text,
        "gold": gold,
        "answers": answers,
        "stances": draw(stances(gold, gold=True)),
        "given": draw(stances(answers, gold=False)),
    }


def wire(quotes_: list[Line], stances_: list[Line], *, gold: bool) -> Line:
    """Layers of a wire line."""

    def span(some: Any) -> Any:
        return LOST if some == "lost" else None if some is None else list(some)

    def who(role: str, someone: str | None) -> Line:
        if someone is None:
            return {}
        if gold or someone == "article":
            return {role: someone}
        return {f"{role}_name": NAMES.get(someone, "Nobody Known")}

    return {
        "quotes": [
            {
                "id": quote["id"],
                "content": [LOST] if quote["content"] is None else [list(some) for some in quote["content"]],
                "cue": span(quote["cue"]),
                "source": span(quote["source"]),
                "said_on": quote["said_on"],
                "sourcing": quote["sourcing"],
                **who("speaker", quote["speaker"]),
            }
            for quote in quotes_
        ],
        "stances": [
            {
                **who("holder", stance["holder"]),
                "claim": stance["claim"],
                "label": stance["label"],
                "evidence_quotes": stance["evidence"],
            }
            for stance in stances_
        ],
    }


def gold_line(article: Line, name: str = "a") -> Line:
    entities = [
        {
            "start": HEAD.index(surface),
            "end": HEAD.index(surface) + 3,
            "type": "PERSON",
            "kind": "name",
            "entity": chain,
        }
        for chain, surface in NAMES.items()
    ]
    claims = [{"id": claim, "text": "A claim."} for claim in ("c1", "c2")]
    line = wire(article["gold"], article["stances"], gold=True)
    return {"id": name, "text": article["text"], "entities": entities, "claims": claims, **line}


def answer_line(article: Line, name: str = "a") -> Line:
    return {"id": name, **wire(article["answers"], article["given"], gold=False)}
