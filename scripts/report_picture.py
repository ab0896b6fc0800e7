#!/usr/bin/env python3
"""Makes the README's picture of the report: the rules system on the test split, at a quote with the wrong speaker.

scripts/report_picture.py -o benchmark/report.png      # needs Chromium and the package's test extra
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path

import onrecord
from onrecord.assembly import assemble
from onrecord.cli import guarded
from onrecord.files import writing
from onrecord.report.confusions import ending, quoted
from onrecord.report.page import write_report
from onrecord.report.study import Study, read_study

ROOT = Path(__file__).resolve().parent.parent
WIDTH, HEIGHT = 1280, 860
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "benchmark" / "report.png", metavar="FILE")
    args = parser.parse_args(argv)
    program = shutil.which("chromium")
    if program is None:
        print("report_picture: needs Chromium: apt-get install chromium", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as work:
        release = Path(work) / "release"
        assemble(ROOT / "corpus", ROOT / "annotations", release)
        lines = onrecord.predict(str(release), "rules", split="test")
        study = read_study([lines], release, names=["rules"])
        page = Path(work) / "report.html"
        write_report(study, page)
        picture = photograph(program, f"{page.as_uri()}{place(study)}")
    with writing(args.output) as stream:
        stream.write(picture)
    print(f"{args.output}: {len(picture) // 1024} KB")
    return 0


def place(study: Study) -> str:
    """The fragment of the first quote in which nothing but the speaker is wrong, else of the first error in a quote."""
    (scoring,) = study.scorings
    rows = scoring.aligned["quotes"]
    faulty = [row for row in range(len(rows)) if rows.outcome[row]]
    row = next((row for row in faulty if rows.wrong_parts(row) == ["speaker"]), faulty[0])
    article = int(rows.article[row])
    first = next(place for place in range(len(rows)) if rows.article[place] == article)
    return f"#article/{quoted(study.gold.columns.ids[article])}{ending(scoring.name, 'quotes', row - first)}"


def photograph(program: str, address: str) -> bytes:
    """What the browser shows, as a PNG of 256 colours."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=1.5, color_scheme="light"
        )
        page.goto(address)
        page.locator("#text .m.sel").first.wait_for()
        taken = page.screenshot()
        browser.close()
    stream = BytesIO()
    Image.open(BytesIO(taken)).convert("RGB").quantize(256).save(stream, "PNG", optimize=True)
    return stream.getvalue()


if __name__ == "__main__":
    sys.exit(guarded(main))
