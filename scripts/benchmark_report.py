#!/usr/bin/env python3
"""How long a report takes: to be written, beside scoring the same predictions; to show its overview; to switch a layer.

scripts/benchmark_report.py [--articles 1000]     # Chromium's part is left out where there is none
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson

import onrecord
from onrecord.assembly import assemble
from onrecord.cli import guarded
from onrecord.predictions import read_gold, read_predictions
from onrecord.report.page import write_report
from onrecord.report.study import read_study
from onrecord.scoring import score

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000, metavar="N", help="copies of the corpus's articles")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as work:
        gold, systems = copies(Path(work), args.articles)
        started = time.perf_counter()
        for answers in systems:
            read = read_gold(gold)
            score(read_predictions(answers, read), read)
        scored = time.perf_counter() - started
        study = read_study(systems, gold, names=["rules", "wanting"])
        started = time.perf_counter()
        written = write_report(study, Path(work) / "report.html")
        took = time.perf_counter() - started
        print(f"{args.articles} articles of 2 systems: scored in {scored:.1f} s, report written in {took:.1f} s")
        print(f"written / scored twice: {took / (2 * scored):.2f}")
        program = shutil.which("chromium")
        if program is None:
            print("no Chromium: what it shows is not measured", file=sys.stderr)
            return 0
        article, answer = long_article(3_000, 600)
        page = Path(work) / "long.html"
        write_report(read_study([[answer]], [article]), page)
        shown, switched = in_browser(program, written.report, page)
        print(
            f"overview shown in {shown * 1000:.0f} ms; layer of 3,000 words and 600 spans switched in {switched:.0f} ms"
        )
    return 0


def copies(work: Path, number: int) -> tuple[Path, list[Path]]:
    """Files: some copies of the corpus, the rules system's answers, and gold with a sixth of its items gone."""
    release = work / "release"
    assemble(ROOT / "corpus", ROOT / "annotations", release)
    gold, rules, chance = [], [], random.Random(1)
    for split in ("train", "validation", "test"):
        answers = {line["id"]: line for line in onrecord.predict(str(release), "rules", split=split)}
        for row in onrecord.load("all", split=split, path=release):
            gold.append(dict(row))
            rules.append(answers[row["id"]])
    rows, first, second = [], [], []
    for copy in range(number):
        row, answer = gold[copy % len(gold)], rules[copy % len(gold)]
        name = {"id": f"{row['id']}-{copy}", "story": f"{row['story']}-{copy // len(gold)}"}
        rows.append({**row, **name})
        first.append({**answer, "id": name["id"], "stance_rows": []})
        kept = {layer: [item for item in row[layer] if chance.random() < 5 / 6] for layer in ("entities", "dates")}
        second.append({"id": name["id"], **kept, "chains": row["chains"], "quotes": row["quotes"]})
    gold_file, *files = (
        write(work / f"{name}.jsonl", some) for name, some in (("gold", rows), ("a", first), ("b", second))
    )
    return gold_file, files


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_bytes(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows))
    return path


def long_article(words: int, spans: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """An article with mentions, and an answer with other types for a fifth of them."""
    chance = random.Random(5)
    text, starts = "", []
    for number in range(words):
        starts.append(len(text))
        text += f"word{number}" + ("\n\n" if number % 60 == 59 else " ")
    mentions = [
        {"start": starts[at], "end": starts[at] + len(f"word{at}"), "type": chance.choice(["PERSON", "ORG"])}
        for at in sorted(chance.sample(range(words), spans))
    ]
    answers = [{**mention, "type": "ORG" if chance.random() < 0.2 else mention["type"]} for mention in mentions]
    return {"id": "long", "text": text, "entities": mentions}, {"id": "long", "entities": answers}


def in_browser(program: str, report: Path, long: Path) -> tuple[float, float]:
    """Seconds until the overview is painted; milliseconds from a click on a switch to the next painted frame."""
    from playwright.sync_api import sync_playwright

    frame = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page()
        page.goto("about:blank")
        started = time.perf_counter()
        page.goto(report.as_uri(), wait_until="commit")
        page.locator("#overview svg.chart").first.wait_for()
        page.evaluate(frame)
        shown = time.perf_counter() - started
        page.goto(f"{long.as_uri()}#article/long")
        page.locator("#text .m").first.wait_for()
        switched = page.evaluate(
            f"""async () => {{
                  const box = document.querySelector("#layers input");
                  const began = performance.now();
                  box.click();
                  await {frame};
                  return performance.now() - began;
                }}"""
        )
        browser.close()
    return shown, float(switched)


if __name__ == "__main__":
    sys.exit(guarded(main))
