#!/usr/bin/env python3
"""Draws names of people as a variety's country has them, for writers of new stories.

    scripts/names.py en-KE --number 12 --seed 7
    scripts/names.py en-GB --gender f --surname Davies   # namesakes, made on purpose

Names come from Faker's lists with their frequencies (`pip install 'onrecord[corpus]'`). Left out are names that the
knowledge base has already, names of public figures in corpus/world/famous.txt, and what holds more than a given name
and a surname. The same seed gives the same names with the same version of Faker. For some countries Faker has no list
of its own; then those of the languages that names there come from are mixed (Philippines, South Africa, Australia).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onrecord.cli import guarded
from onrecord.errors import InputError, MissingExtraError, Problem

ROOT = Path(__file__).resolve().parent.parent

#: Locales of Faker that have people's names, with their shares, by variety.
LOCALES: Final[dict[str, dict[str, float]]] = {
    "en-AU": {"en_GB": 0.6, "en_NZ": 0.15, "it_IT": 0.08, "en_IN": 0.09, "hr_HR": 0.04, "nl_NL": 0.04},
    "en-GB": {"en_GB": 0.85, "en_IN": 0.06, "en_NG": 0.03, "pl_PL": 0.03, "en_PK": 0.03},
    "en-IE": {"en_IE": 0.85, "pl_PL": 0.07, "en_GB": 0.08},
    "en-IN": {"en_IN": 1.0},
    "en-KE": {"en_KE": 1.0},
    "en-PH": {"es_MX": 0.8, "es_ES": 0.2},
    "en-US": {"en_US": 0.8, "es_MX": 0.12, "en_IN": 0.03, "it_IT": 0.05},
    "en-ZA": {"zu_ZA": 0.62, "en_GB": 0.18, "nl_NL": 0.12, "en_IN": 0.08},
}
#: Where given names come from other lists than surnames.
GIVEN: Final[dict[str, dict[str, float]]] = {"en-PH": {"en_US": 0.55, "es_MX": 0.45}}
#: Varieties whose newspapers print accents.
_ACCENTED: Final = frozenset({"en-IE"})
#: Draws for a name before one gives up: a surname may have few given names left.
_TRIES: Final = 500


@dataclass(frozen=True, slots=True)
class Name:
    """A drawn name."""

    given: str
    surname: str
    gender: str
    locale: str

    @property
    def full(self) -> str:
        """Given name and surname."""
        return f"{self.given} {self.surname}"


def main(argv: list[str] | None = None) -> int:
    """Runs the command; 0 done, 1 the input is at fault or Faker is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("variety", choices=sorted(LOCALES))
    parser.add_argument("--number", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gender", choices=("f", "m"), help="both where nothing is said")
    parser.add_argument("--surname", help="give all of them this surname")
    parser.add_argument("--world", type=Path, default=ROOT / "corpus" / "world")
    args = parser.parse_args(argv)
    if args.number < 0:
        parser.error("--number must not be negative")
    try:
        taken = read_taken(args.world / "entities.jsonl") | read_famous(args.world / "famous.txt")
        names = draw(args.variety, args.number, args.seed, taken, gender=args.gender, surname=args.surname)
    except (InputError, MissingExtraError) as error:
        print(error, file=sys.stderr)
        return 1
    for name in names:
        print(f"{name.full}\t{name.gender}\t{name.locale}")
    return 0


def draw(
    variety: str,
    number: int,
    seed: int,
    taken: Collection[str] = (),
    *,
    gender: str | None = None,
    surname: str | None = None,
) -> list[Name]:
    """Draws different names.

    Args:
        variety: One of ``LOCALES``.
        number: How many.
        seed: Decides which.
        taken: Folded names that must not come out.
        gender: ``f`` or ``m``; None draws it.
        surname: The surname of all of them; None draws it.

    Raises:
        InputError: No more names are left.
        MissingExtraError: Faker is not installed.
    """
    try:
        from faker import Faker
    except ModuleNotFoundError:
        raise MissingExtraError("scripts/names.py", "corpus") from None
    shares, given_shares = LOCALES[variety], GIVEN.get(variety)
    fakers = {locale: Faker(locale, use_weighting=True) for locale in {**shares, **(given_shares or {})}}
    for locale, faker in fakers.items():
        faker.seed_instance(f"{seed} {variety} {locale}")
    chance = random.Random(f"{seed} {variety}")
    used = set(taken)
    names: list[Name] = []
    for _ in range(number):
        for _ in range(_TRIES):
            locale = chance.choices(list(shares), list(shares.values()))[0]
            faker, side = fakers[locale], gender or chance.choice("fm")
            other = (
                fakers[chance.choices(list(given_shares), list(given_shares.values()))[0]] if given_shares else faker
            )
            given = _printed(other.first_name_female() if side == "f" else other.first_name_male(), variety)
            last = surname or _printed(faker.last_name_female() if side == "f" else faker.last_name_male(), variety)
            name = Name(given, last, side, locale)
            if fold(name.full) not in used and _simple(given) and (surname or _simple(last)):
                break
        else:
            message = f"no name left for {variety} after {len(names)}"
            raise InputError(Problem("names", message, remedy="ask for fewer, or for another surname"))
        used.add(fold(name.full))
        names.append(name)
    return names


def _printed(part: str, variety: str) -> str:
    """The name as newspapers of the variety print it: most leave accents out."""
    if variety in _ACCENTED:
        return part
    return "".join(c for c in unicodedata.normalize("NFKD", part) if not unicodedata.combining(c)).replace("ł", "l")


def _simple(part: str) -> bool:
    """One word of Latin letters that begins with a capital: no titles, initials or double names."""
    letters = part.replace("-", "").replace("'", "").replace("’", "")
    return len(letters) > 1 and letters.isalpha() and part[0].isupper() and ("LATIN" in unicodedata.name(part[0]))


def fold(name: str) -> str:
    """The name without accents, case and punctuation."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in plain if c.isalnum() or c.isspace()).split())


def read_taken(path: Path) -> set[str]:
    """Folded names and aliases of everything in the knowledge base.

    Raises:
        InputError: The file cannot be read.
    """
    names: set[str] = set()
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            names |= {fold(name) for name in (entry["name"], *entry["aliases"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(Problem(str(path), f"cannot be read: {error}", remedy="see world/schema.json")) from None
    return names


def read_famous(path: Path) -> set[str]:
    """Folded names of public figures.

    Raises:
        InputError: The file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise InputError(Problem(str(path), f"cannot be read: {error}", remedy="give one name a line")) from None
    return {fold(line) for line in lines if line.strip() and not line.startswith("#")}


if __name__ == "__main__":
    sys.exit(guarded(main))
