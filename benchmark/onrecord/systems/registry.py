"""Which systems there are: our own, and those other packages register under ``onrecord.systems``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from onrecord.errors import InputError, MissingExtraError, Problem
from onrecord.systems.protocol import System

GROUP: Final = "onrecord.systems"
#: The system that ``onrecord predict`` runs where none is named, and the one where its extras are missing.
DEFAULT: Final = "best"
FALLBACK: Final = "rules"
#: Our own systems: where each is, and the extras it needs (known without importing it).
_OWN: Final[Mapping[str, tuple[str, str, tuple[str, ...]]]] = {
    "best": ("onrecord.systems.best", "Best", ("spacy", "crf")),
    "rules": ("onrecord.systems.rules", "Rules", ()),
    "crf": ("onrecord.systems.crf", "Crf", ("crf",)),
    "tfidf": ("onrecord.systems.tfidf", "Tfidf", ()),
    "dateparser": ("onrecord.systems.dateparser_search", "Dateparser", ("dateparser",)),
    "spacy": ("onrecord.systems.spacy_ner", "Spacy", ("spacy",)),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A system as ``onrecord systems`` shows it; ``problem`` says why it cannot run here, or is None."""

    name: str
    version: str
    layers: tuple[str, ...]
    extras: tuple[str, ...]
    description: str
    problem: str | None = None


def names() -> list[str]:
    """Names of all registered systems, our own first; a foreign one cannot take the name of one of ours."""
    return [*_OWN, *sorted(set(_foreign()) - set(_OWN))]


def find(name: str, settings: Mapping[str, Any] | None = None) -> System:
    """The system of this name, ready to run.

    Args:
        name: Its registered name.
        settings: Keyword arguments for it.

    Raises:
        InputError: No such system, or it cannot be loaded.
        MissingExtraError: It needs an optional dependency.
    """
    maker = _maker(name)
    try:
        system = maker(**(settings or {}))
    except TypeError as error:
        raise InputError(Problem(f"system {name}", f"does not take these settings: {error}")) from error
    if not isinstance(system, System):
        raise InputError(
            Problem(
                f"system {name}",
                "is no system",
                remedy="give it name, version, layers, extras, description, settings and predict()",
            )
        )
    return system


def default() -> tuple[str, str | None]:
    """The system to run where none is named, and a note where that is not ``DEFAULT``."""
    try:
        _maker(DEFAULT)
    except MissingExtraError as error:
        return FALLBACK, f"{error}; running {FALLBACK} instead"
    return DEFAULT, None


def listed() -> list[Listed]:
    """All systems with what each needs; one that cannot be loaded is listed with the reason."""
    return [_listed(name) for name in names()]


def _listed(name: str) -> Listed:
    try:
        system = find(name)
    except (InputError, MissingExtraError) as error:
        return Listed(name, "", (), _OWN[name][2] if name in _OWN else (), "", str(error))
    return Listed(system.name, system.version, tuple(system.layers), tuple(system.extras), system.description)


def _maker(name: str) -> Callable[..., Any]:
    if name in _OWN:
        module, attribute, extras = _OWN[name]
        try:
            maker: Callable[..., Any] = getattr(import_module(module), attribute)
        except ImportError as error:
            if extras:
                raise MissingExtraError(f"system {name}", ",".join(extras)) from error
            raise
        return maker
    point = _foreign().get(name)
    if point is None:
        close = get_close_matches(name, names(), n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"choose one of: {', '.join(names())}"
        raise InputError(Problem("predict", f"there is no system {name!r}", remedy=hint))
    try:
        loaded: Callable[..., Any] = point.load()
    except Exception as error:  # a foreign package may fail in any way when imported
        raise InputError(Problem(f"system {name}", f"could not be loaded from {point.value}: {error}")) from error
    return loaded


def _foreign() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}
