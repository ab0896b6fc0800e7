"""The model: the kind of a quotation, and the constants that others rely on."""

from __future__ import annotations

import dataclasses

import pytest

from onrecord import model
from onrecord.model import Article, Mention, Span, quotation_marks, quote_kind, stance_row_id


@pytest.mark.parametrize(
    ("segments", "kind"),
    [
        (["“We knew,”"], "direct"),
        (['"We knew,"', '"and we told them."'], "direct"),
        (["“We knew”."], "direct"),
        (["‘We knew’"], "direct"),
        (["“We knew,", "and we told them.”"], "direct"),
        (["«Nous savions»"], "direct"),
        (["that it “knew” in May"], "mixed"),
        (["“knew” in May"], "mixed"),
        (["it was “over”"], "mixed"),
        (["that the firm knew"], "indirect"),
        (["that the firm's board didn't know"], "indirect"),
        (["that workers' pay rose in the ’90s"], "indirect"),
        (["that the board 'knew' it"], "mixed"),
        (["'It's the workers' money,'"], "direct"),
        ([], "indirect"),
    ],
)
def test_kind_follows_from_the_quotation_marks(segments: list[str], kind: str) -> None:
    assert quote_kind(segments) == kind
    assert quote_kind(tuple(segments)) == kind


def test_apostrophes_are_no_quotation_marks() -> None:
    assert quotation_marks("the firm's workers' rock'n'roll") == []
    assert quotation_marks('say "it\'s"') == [4, 9]
    assert quotation_marks("the 'firm's' board") == [4, 11]


def test_a_mention_is_a_span() -> None:
    mention = Mention(1, 2, "x", type="ORG")
    assert isinstance(mention, Span)
    assert (mention.start, mention.end, mention.text, mention.context) == (1, 2, "x", None)


def test_everything_is_frozen() -> None:
    article = Article("a", "text")
    with pytest.raises(dataclasses.FrozenInstanceError):
        article.text = "other"  # type: ignore[misc]


def test_constants() -> None:
    assert model.LAYERS == ("entities", "quotes", "dates", "stance")
    assert len(model.ENTITY_TYPES) == 11
    assert not set(model.ENTITY_TYPES) & set(model.OUTSIDE_TYPES)
    # OntoNotes 5 has eighteen types in all.
    assert len(model.ENTITY_TYPES) + len(model.OUTSIDE_TYPES) == 18
    assert stance_row_id("s/a", "c1", "e4") == "s/a#c1#e4"
