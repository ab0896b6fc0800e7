"""A small OpenAI-compatible server on 127.0.0.1 that answers from a rule-made file, well and badly."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

KEYS = {
    "entities": ("text", "context", "type", "kind", "entity"),
    "dates": ("text", "context", "type", "value", "mod"),
}


def answers(gold: Path, predictions: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Prediction lines with offsets as a model would write them: text alone, and numbers for stance rows."""
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    made = {}
    for row, line in zip(rows, predictions, strict=True):
        assert row["id"] == line["id"]
        text = row["text"]

        def span(item: Mapping[str, Any] | None, text: str = text) -> dict[str, Any] | None:
            if item is None:
                return None
            start, end = item["start"], item["end"]
            before = text[max(0, start - 30) : start].rpartition("\n")[2]
            return {"text": text[start:end], "context": before.lstrip()}

        names = {chain["id"]: chain["name"] for chain in line["chains"]}
        asked = [(stance["claim"], stance["holder"]) for stance in row["stances"]]
        made[row["id"]] = {
            "text": text,
            "entities": [
                {**span(item), "type": item["type"], "kind": item["kind"], "entity": names.get(item["entity"], "?")}
                for item in line["entities"]
            ],
            "quotes": [
                {
                    "id": item["id"],
                    "content": [span(part) for part in item["content"]],
                    "cue": span(item["cue"]),
                    "source": span(item["source"]),
                    "speaker": item["speaker_name"],
                    "sourcing": item["sourcing"],
                    "said_on": item["said_on"],
                }
                for item in line["quotes"]
            ],
            "dates": [
                {**span(item), "type": item["type"], "value": item["value"], "mod": item["mod"]}
                for item in line["dates"]
            ],
            "stances": [
                {
                    "holder": item["holder_name"],
                    **{name: item[name] for name in ("claim", "label", "earlier", "evidence_quotes")},
                }
                for item in line["stances"]
            ],
            "stance_rows": [
                {"row": number, "label": answer["label"]}
                for number, answer in enumerate(line["stance_rows"], start=1)
                if answer["row"] == f"{row['id']}#{asked[number - 1][0]}#{asked[number - 1][1]}"
            ],
        }
    return made


class ModelServer(ThreadingHTTPServer):
    """Answers ``/v1/chat/completions``; how, ``manners`` says by article id (``well`` where nothing is said)."""

    daemon_threads = True

    def __init__(self, file: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.known: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
        self.manners: dict[str, str] = {}
        self.requests: list[dict[str, Any]] = []
        self.asked: Counter[str] = Counter()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@contextmanager
def serving(file: Path) -> Iterator[ModelServer]:
    server = ModelServer(file)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        server.requests.append(request)
        opening = next(message["content"] for message in request["messages"] if message["role"] == "user")
        latest = request["messages"][-1]["content"]
        article = next(name for name, row in server.known.items() if row["text"] in opening)
        manner = server.manners.get(article, "well")
        server.asked[article] += 1
        first = server.asked[article] == 1
        if manner == "dead" or (manner == "ailing" and first):
            return self._send(500, {"error": {"message": "out of order", "type": "server_error"}})
        if manner == "busy" and first:
            return self._send(429, {"error": {"message": "too many", "type": "rate_limit_error", "code": "rate_limit"}})
        if manner == "asleep" or (manner == "slow" and first):
            time.sleep(6)
        fields = latest.rpartition("with exactly the fields ")[2].partition(".")[0]
        lists = [name.strip('"') for name in fields.split(", ")]
        value = {name: server.known[article][name] for name in lists}
        text, stop = _said(manner, json.dumps(value, ensure_ascii=False, indent=1), lists)
        message: dict[str, Any] = {"role": "assistant", "content": text}
        return self._send(
            200,
            {
                "id": "answer", "object": "chat.completion", "created": 0, "model": request["model"],
                "choices": [{"index": 0, "finish_reason": stop, "message": message}],
                "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
            },
        )  # fmt: skip

    def _send(self, status: int, value: dict[str, Any]) -> None:
        body = json.dumps(value).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the client has given up
            self.close_connection = True

    def log_message(self, *args: Any) -> None:
        return


def _said(manner: str, good: str, lists: list[str]) -> tuple[str, str]:
    """An answer and why it ended."""
    match manner:
        case "fenced":
            return (
                f"Sure! Here is the JSON you asked for:\n\n```json\n{good}\n```\n\nLet me know if you need more.",
                "stop",
            )
        case "sloppy":
            return f"// my answer\n{good.replace('}', '},', 3).replace(']', ',]')}", "stop"
        case "half":
            return good[: len(good) // 2], "length"
        case "huge":
            item = json.dumps({"text": "no such thing in any article", "context": "x" * 100, "type": "ORG"})
            return f'{{"{lists[0]}": [' + ", ".join([item] * 13_000) + "]}", "stop"
        case "refusing":
            return "I'm sorry, but I cannot help with annotating this article.", "stop"
        case "filtered":
            return "", "content_filter"
        case "list":
            return "[1, 2, 3]", "stop"
    return good, "stop"
