"""The report as files: one that holds everything, or an index with a folder of articles.

No page loads anything from the network: its content security policy forbids it, and allows only the script and the
style that stand in the page (by their hashes) or, for the articles of a folder, beside it.
"""

from __future__ import annotations

import base64
import gc
import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from onrecord import __version__
from onrecord.errors import InputError, Problem
from onrecord.files import writing
from onrecord.report.articles import article_rows
from onrecord.report.confusions import quoted
from onrecord.report.listing import comparison, listing
from onrecord.report.overview import LAYER_TITLES, overview
from onrecord.scoring.alignment import PARTS

if TYPE_CHECKING:
    import jinja2

    from onrecord.report.charts import Chart
    from onrecord.report.study import Study

#: More articles, or more bytes of them, go into a folder.
MOST_ARTICLES: Final = 100
MOST_BYTES: Final = 4_000_000
_POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; script-src {}; style-src {}"
_SHARED: Final = ("report.css", "report.js")


@dataclass(frozen=True)
class Written:
    """What was written: the report, and the folder of articles and the charts if there are any."""

    report: Path
    articles: Path | None
    charts: tuple[Path, ...]


def write_report(study: Study, output: str | Path, *, with_charts: bool = False) -> Written:
    """Writes a report.

    Args:
        study: What it is about.
        output: The file; ``-`` is standard output. The articles of a large report go into a folder beside it that
            has its name and ``-articles``.
        with_charts: Whether to write each chart beside it as SVG and PNG, too.

    Raises:
        InputError: It cannot be written there.
    """
    if str(output) == "-" and with_charts:
        raise InputError(Problem("--charts", "has no place beside standard output", remedy="name a file with -o"))
    with _uncollected():
        return _write(study, output, with_charts)


def _write(study: Study, output: str | Path, with_charts: bool) -> Written:
    path = Path(output)
    context = overview(study)
    drawn: list[Chart] = context.pop("drawn")
    rows = None if len(study.gold.columns.ids) > MOST_ARTICLES else [_json(row) for row in article_rows(study)]
    folder = None
    if rows is None or sum(map(len, rows)) > MOST_BYTES:
        if str(output) == "-":
            remedy = f"name a file with -o; more than {MOST_ARTICLES} articles or 4 MB go into a folder beside it"
            raise InputError(Problem("-", "a report this large is no single file", remedy=remedy))
        folder = path.with_name(f"{path.stem}-articles")
        _write_articles(study, context, rows, path, folder)
    with writing(output) as stream:
        stream.write(_index(study, context, rows, folder).encode())
    return Written(path, folder, _write_charts(drawn, path) if with_charts else ())


@contextmanager
def _uncollected() -> Iterator[None]:
    """Lets the garbage collector rest: it would walk over a million small lists again and again and find nothing."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _index(study: Study, context: dict[str, Any], rows: Sequence[bytes] | None, folder: Path | None) -> str:
    ids = study.gold.columns.ids
    listed = listing(study)
    known: dict[str, Any] = {"systems": study.names, "parts": PARTS, "titles": LAYER_TITLES, "listing": listed}
    if len(study.scorings) > 1:
        known["compare"] = comparison(study)
    if folder is not None:
        known["pages"] = quoted(folder.name)
        for number, article in enumerate(listed["articles"]):
            article["page"] = _page_name(number)
    elif rows is not None:
        import orjson

        known["articles"] = [orjson.Fragment(row) for row in rows]

    def link(row: int, end: str) -> str:
        if folder is None:
            return f"#article/{quoted(ids[row])}{end}"
        return f"{quoted(folder.name)}/{_page_name(row)}#article{end}"

    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            **context,
            title=f"{context['heading']} · OnRecord report",
            link=link,
            folder=folder is not None,
            alone=False,
            data=_safe(_json(known)),
            **_inside(),
        )
    )


def _inside() -> dict[str, Any]:
    """Script and style in the page, and the policy that allows these and no others."""
    from markupsafe import Markup

    script, style = _script(), _asset("report.css")
    policy = _POLICY.format(_hash(script), _hash(style))
    return {"js": Markup(script), "css": Markup(style), "policy": policy, "version": __version__}


def _write_articles(
    study: Study, context: dict[str, Any], rows: Sequence[bytes] | None, index: Path, folder: Path
) -> None:
    """Writes one page an article into a new folder that then takes its place."""
    _check_folder(folder)
    try:
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise InputError(Problem(str(folder), f"cannot be written: {error.strerror}")) from error
    try:
        work.chmod(0o755)
        (work / "report.css").write_text(_asset("report.css"), encoding="utf-8")
        (work / "report.js").write_text(_script(), encoding="utf-8")
        template = _environment().get_template("page.html.j2")
        # The address of a file has no origin everywhere, so that 'self' alone might not allow the files beside it.
        policy = _POLICY.format("'self' file:", "'self' file:")
        ids = study.gold.columns.ids
        articles = (_json(row) for row in article_rows(study)) if rows is None else rows
        shared = {name: context[name] for name in ("systems", "heading", "data_line")}
        for number, row in enumerate(articles):
            page = template.render(
                **shared,
                title=f"{ids[number]} · {context['heading']}",
                back=f"../{quoted(index.name)}",
                alone=True,
                policy=policy,
                version=__version__,
                data=_safe(_page_data(study, row, number)),
            )
            (work / _page_name(number)).write_text(page, encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        work.rename(folder)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


def _page_data(study: Study, row: bytes, number: int) -> bytes:
    import orjson

    return _json(
        {
            "systems": study.names,
            "parts": PARTS,
            "titles": LAYER_TITLES,
            "alone": True,
            "place": number,
            "articles": [orjson.Fragment(row)],
            "before": _page_name(number - 1) if number else None,
            "after": _page_name(number + 1) if number + 1 < len(study.gold.columns.ids) else None,
        }
    )


def _check_folder(folder: Path) -> None:
    """Refuses to replace anything but the articles of an earlier report."""
    if folder.is_symlink() or (folder.exists() and not all((folder / name).is_file() for name in _SHARED)):
        remedy = "give the report another name, or remove it"
        raise InputError(Problem(str(folder), "exists and holds no articles of a report", remedy=remedy))


def _write_charts(drawn: Sequence[Chart], path: Path) -> tuple[Path, ...]:
    written = []
    for chart in drawn:
        for ending, content in ((".svg", chart.svg()), (".png", chart.png())):
            target = path.with_name(f"{path.stem}-{chart.name}{ending}")
            with writing(target) as stream:
                stream.write(content)
            written.append(target)
    return tuple(written)


def _page_name(number: int) -> str:
    return f"{number + 1:05}.html"


def _json(value: Any) -> bytes:
    import orjson

    return orjson.dumps(value)


def _safe(content: bytes) -> Any:
    """JSON that can stand in a script element: nothing in it ends the element or opens a comment."""
    from markupsafe import Markup

    return Markup(content.decode().replace("<", "\\u003c"))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("onrecord.report", "assets"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _asset(name: str) -> str:
    return (files("onrecord.report") / "assets" / name).read_text(encoding="utf-8")


@cache
def _script() -> str:
    """The pieces of the script in the order of their names, as one function that leaves nothing behind."""
    pieces = sorted((files("onrecord.report") / "assets" / "js").iterdir(), key=lambda piece: piece.name)
    body = "\n".join(piece.read_text(encoding="utf-8") for piece in pieces if piece.name.endswith(".js"))
    return f'"use strict";\n(() => {{\n{body}}})();\n'
