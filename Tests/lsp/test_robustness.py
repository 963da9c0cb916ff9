"""Whatever is sent, the server answers every request, and knows the text that the editor has."""

import json
import random

import pytest
from conftest import EXAMPLES, FOREIGN, MAP, STALE_FRAME, UNMAP
from test_lifecycle import INITIALIZE, converse

PIECES = STALE_FRAME.splitlines() + [
    "", "\n", "\r\n", "\r", "{", '"', "\U0001f600", "é", ",", "[]", "null", "\t",
    '{"jsonrpc":"2.0","id":3,"result":{"effects":[]}}\n', '{"method":"x"}\n', "0x38000",
    '[{"jsonrpc":"2.0","id":1,"method":"check.run"}]\n', '{"jsonrpc":"2.0","id":1,"error":{}}\n',
]
ASKED = [
    "hover", "completion", "inlayHint", "documentSymbol", "foldingRange", "definition",
    "references", "codeAction", "formatting", "rangeFormatting",
]


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def lines_of(text: str) -> list[str]:
    """The lines with their ends, as LSP has them."""
    lines, rest = [], text
    while True:
        ends = [place for place in (rest.find("\n"), rest.find("\r")) if place >= 0]
        if not ends:
            return lines + [rest]
        end = min(ends) + (2 if rest.startswith("\r\n", min(ends)) else 1)
        lines.append(rest[:end])
        rest = rest[end:]


def edited(text: str, start: dict, end: dict, new: str) -> str:
    """A text after an edit of a range, as LSP has it."""
    lines = lines_of(text)

    def offset(place: dict) -> int:
        if place["line"] >= len(lines):
            return len(text)
        before = sum(len(line) for line in lines[: place["line"]])
        line = lines[place["line"]].rstrip("\r\n")
        units = utf16(line)[: 2 * place["character"]]
        # Half a sign counts as its beginning.
        return before + len(units.decode("utf-16-le", errors="ignore"))

    first, last = offset(start), offset(end)
    return text[:first] + new + text[max(first, last) :]


@pytest.mark.parametrize("seed", range(6))
def test_random_messages(seed):
    chance = random.Random(seed)
    text = chance.choice([STALE_FRAME, "", chance.choice(sorted(EXAMPLES.glob("*.ndjson"))).read_text()])
    document = {"uri": "file:///a.p2m.ndjson"}

    def place() -> dict:
        far = chance.random() < 0.05
        return {
            "line": 2**40 if far else chance.randrange(len(lines_of(text)) + 1),
            "character": 2**40 if far else chance.choice([0, chance.randrange(150)]),
        }

    def opened(uri: str, version: int) -> dict:
        item = {"uri": uri, "languageId": "p2mlab", "version": version, "text": text}
        return {"method": "textDocument/didOpen", "params": {"textDocument": item}}

    messages = [INITIALIZE, opened(document["uri"], 1)]
    requests = 1
    for number in range(2, 400):
        if chance.random() < 0.5:
            start, end = sorted([place(), place()], key=lambda p: (p["line"], p["character"]))
            new = "".join(chance.choices(PIECES, k=chance.randrange(3)))
            text = edited(text, start, end, new)
            change = {"range": {"start": start, "end": end}, "text": new}
            messages.append(
                {
                    "method": "textDocument/didChange",
                    "params": {
                        "textDocument": {**document, "version": number},
                        "contentChanges": [change],
                    },
                }
            )
            continue
        params = {
            "textDocument": document,
            "position": place(),
            "range": {"start": place(), "end": place()},
            "context": {"diagnostics": [], "includeDeclaration": True},
            "options": {},
        }
        if chance.random() < 0.1:
            params.pop(chance.choice(sorted(params)))
        if chance.random() < 0.05:
            params[chance.choice(sorted(params))] = chance.choice([None, 7, "x", [], {"line": -1}])
        messages.append(
            {"id": number, "method": "textDocument/" + chance.choice(ASKED), "params": params}
        )
        requests += 1
    # The same text, opened anew, has the same to be said of it.
    messages += [opened("file:///b.p2m.ndjson", 1)]
    answers, code = converse(messages)
    assert code == 0
    assert sum("id" in answer and "method" not in answer for answer in answers) == requests
    told = {}
    for answer in answers:
        if answer.get("method") == "textDocument/publishDiagnostics":
            told[answer["params"]["uri"]] = answer["params"]["diagnostics"]
    assert told["file:///a.p2m.ndjson"] == told["file:///b.p2m.ndjson"]
