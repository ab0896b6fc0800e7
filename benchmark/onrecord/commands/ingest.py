"""``onrecord ingest``: from a crawled page to an article."""

from __future__ import annotations

import argparse
import sys
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "ingest",
        help="turn a crawled page into an article",
        description="Reads a page (plain text or HTML), cuts away site notices, doubled headlines, share bars and "
        "links to other stories, and writes the article as a JSON line. The article's own words stay as they are.",
    )
    parser.add_argument("file", metavar="FILE", help="the page; - reads standard input")
    parser.add_argument("--published", metavar="DATE", help="publication date, YYYY-MM-DD or ISO 8601 with a time")
    parser.add_argument(
        "--id", dest="article_id", metavar="ID", help="id of the article (default: made from the file's name)"
    )
    parser.add_argument("--dropped", action="store_true", help="list on standard error what was cut away")
    parser.add_argument("-o", "--output", default="-", metavar="FILE", help="where to write (default: standard output)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Writes the article.

    Raises:
        InputError: No article could be made of the file.
    """
    import orjson

    from onrecord.files import refuse_overwriting, writing
    from onrecord.ingest import ingest, read_source
    from onrecord.report.terminal import printable
    from onrecord.wire import article_to_wire

    refuse_overwriting(args.output, args.file)
    made = ingest(read_source(args.file), args.file, published=args.published, article_id=args.article_id)
    with writing(args.output) as stream:
        stream.write(orjson.dumps(article_to_wire(made.article), option=orjson.OPT_APPEND_NEWLINE))
    for note in made.notes:
        print(f"note: {printable(note)}", file=sys.stderr)
    if args.dropped:
        for block in made.dropped:
            print(f"cut: {printable(block)}", file=sys.stderr)
    return 0
