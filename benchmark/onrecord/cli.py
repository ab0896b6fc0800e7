"""The command line: collects the subcommands and turns errors into messages and exit statuses.

Exit status: 0 done, 1 the input is at fault (or an article failed), 2 usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import errno
import gc
import os
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final, NoReturn

from onrecord import __version__, commands
from onrecord.errors import InputError, MissingExtraError

OK: Final = 0
FAULTY_INPUT: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130
#: New objects between two searches for cycles.
_OBJECTS: Final = 100_000
#: Problems printed before the rest is only counted.
_MOST: Final = 200


def main(argv: Sequence[str] | None = None) -> int:
    """Runs ``onrecord``.

    Args:
        argv: Arguments without the program's name; None takes the process's own.

    Returns:
        The exit status.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if argv is None:
        gc.set_threshold(_OBJECTS)  # Importing makes so many that cycles would be looked for dozens of times.
    status = guarded(lambda: _run(arguments))
    if argv is None:
        # The process ends here. Looking for cycles in all its memory first takes as long as reading some megabytes.
        gc.freeze()
    return status


def guarded(work: Callable[[], int]) -> int:
    """Runs a command to its exit status, without a traceback for what is no fault of the program.

    Args:
        work: Prints, and returns a status.
    """
    try:
        status = work()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (head, less) has had enough. Python would complain once more while closing standard output.
        _silence_stdout()
        return OK
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EIO):
            raise
        print(f"onrecord: standard output: cannot be written: {error.strerror}", file=sys.stderr)
        _silence_stdout()
        return FAULTY_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _run(arguments: list[str]) -> int:
    parser = build_parser(_named(arguments))
    try:
        parsed = parser.parse_args(arguments)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else USAGE
    if getattr(parsed, "run", None) is None:
        parser.print_help()
        return USAGE if arguments else OK
    try:
        status: int = parsed.run(parsed)
    except InputError as error:
        sys.stdout.flush()
        _complain(error)
        return FAULTY_INPUT
    except MissingExtraError as error:
        sys.stdout.flush()
        print(f"onrecord: {error}", file=sys.stderr)
        return FAULTY_INPUT
    return status


def command_names() -> list[str]:
    """Names of all subcommands, without importing any of them."""
    return sorted(module.name for module in iter_modules(commands.__path__) if not module.name.startswith("_"))


def build_parser(only: str | None = None) -> argparse.ArgumentParser:
    """The parser, with all subcommands or with a single one (whose module alone is then imported)."""
    parser = _Parser(
        prog="onrecord",
        description="A news corpus and an evaluation benchmark: who said what, when, and where they stand.",
        epilog="`onrecord COMMAND --help` says more about each. Start with `onrecord demo`.",
    )
    parser.add_argument("--version", action="version", version=f"onrecord {__version__}")
    # With its name given, argparse need not import what it would format a usage with.
    subparsers: Any = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser, prog="onrecord")
    for name in [only] if only else command_names():
        import_module(f"onrecord.commands.{name}").add_parser(subparsers)
    return parser


def _named(arguments: list[str]) -> str | None:
    """The subcommand that the arguments name, if it exists."""
    first = next((argument for argument in arguments if not argument.startswith("-")), None)
    return first if first in command_names() and arguments[0] == first else None


class _Parser(argparse.ArgumentParser):
    """An ArgumentParser that suggests the subcommand one may have meant."""

    def error(self, message: str) -> NoReturn:
        if "invalid choice" in message and self.prog == "onrecord":
            typed = message.split("invalid choice: ")[1].split("'")[1]
            close = get_close_matches(typed, command_names(), n=1, cutoff=0.5)
            hint = f"did you mean {close[0]!r}?" if close else f"choose one of: {', '.join(command_names())}"
            self.exit(USAGE, f"onrecord: there is no command {printable(typed)!r}; {hint}\n")
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def printable(text: str) -> str:
    """Text from outside made safe for a terminal."""
    return text if text.isprintable() else "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def _complain(error: InputError) -> None:
    for problem in error.problems[:_MOST]:
        print(f"onrecord: {printable(str(problem))}", file=sys.stderr)
    if len(error.problems) > _MOST:
        print(f"onrecord: and {len(error.problems) - _MOST} more problems", file=sys.stderr)


def _silence_stdout() -> None:
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):  # standard output is no real file (a test's capture)
        pass


if __name__ == "__main__":
    sys.exit(main())
