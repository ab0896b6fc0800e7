"""What gold has twice: the same date expression or stance again is dropped and told, as duplicates of names are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from onrecord.columns import Columns, Dates, Ints, Stances, take


def without_repeats(columns: Columns) -> tuple[Columns, Ints | None, tuple[str, ...]]:
    """Gold whose dates and stances are there once; evidence of the same stance is put together.

    Returns:
        The columns; (stances,) the rows of the stances that are kept, None if there are no stances; and sentences about
        what was dropped.
    """
    dates, stances, kept = columns.dates, columns.stances, None
    reports: list[str] = []
    if dates is not None:
        dates = _dates(dates, reports)
    if stances is not None:
        stances, kept = _stances(stances, reports)
    return replace(columns, dates=dates, stances=stances), kept, tuple(reports)


def _dates(dates: Dates, reports: list[str]) -> Dates:
    keys = (dates.article, dates.start, dates.end, dates.type.codes, dates.value.codes, dates.mod.codes)
    keep = _kept(_first(*keys), "dates", reports)
    return dates if len(keep) == len(dates.article) else take(dates, keep)


def _stances(stances: Stances, reports: list[str]) -> tuple[Stances, Ints]:
    """Stances of one holder on one claim with one label are the same; a holder without a chain goes by the name."""
    named = np.where(stances.holder.codes < 0, stances.holder_name.codes, -1)
    first = _first(stances.article, stances.holder.codes, named, stances.claim.codes, stances.label.codes)
    keep = _kept(first, "stances", reports)
    if len(keep) == len(first):
        return stances, keep
    owner = first[stances.evidence_stance]
    order = np.argsort(owner, kind="stable")
    whole = replace(stances, evidence_stance=owner[order], evidence_quote=stances.evidence_quote.take(order))
    return take(whole, keep), keep


def _first(*columns: Ints) -> Ints:
    """(n,) for each row the first one that is equal to it."""
    if not len(columns[0]):
        return np.zeros(0, dtype=np.int64)
    _, index, inverse = np.unique(np.stack(columns, axis=1), axis=0, return_index=True, return_inverse=True)
    found: Ints = index[inverse.reshape(-1)]
    return found


def _kept(first: Ints, what: str, reports: list[str]) -> Ints:
    """(kept,) the rows that are the first of their kind."""
    keep = np.flatnonzero(first == np.arange(len(first)))
    if len(keep) < len(first):
        reports.append(f"{len(first) - len(keep)} gold {what} are there twice and count once")
    return keep
