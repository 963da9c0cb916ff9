"""How a server starts and ends, as LSP has it."""

import asyncio
import json
import os
import subprocess

from conftest import DOMAIN_1, SERVER, Editor, start
from lsprotocol import types
from pytest_lsp import client_capabilities


def converse(messages: list[dict], framing: str = "headers") -> tuple[list[dict], int]:
    """What a server answers to messages that are all there from the start, and its exit code."""
    texts = [json.dumps({"jsonrpc": "2.0", **message}).encode() for message in messages]
    if framing == "headers":
        sent = b"".join(b"Content-Length: %d\r\n\r\n%s" % (len(text), text) for text in texts)
    else:
        sent = b"".join(text + b"\n" for text in texts)
    ended = subprocess.run([SERVER, "lsp"], input=sent, stdout=subprocess.PIPE)
    rest, answers = ended.stdout, []
    while rest:
        if framing == "headers":
            header, rest = rest.split(b"\r\n\r\n", 1)
            length = int(header.split(b":")[1])
            answers.append(json.loads(rest[:length]))
            rest = rest[length:]
        else:
            line, rest = rest.split(b"\n", 1)
            answers.append(json.loads(line))
    return answers, ended.returncode


INITIALIZE = {"id": 1, "method": "initialize", "params": {"capabilities": {}}}
OPEN = {
    "method": "textDocument/didOpen",
    "params": {
        "textDocument": {"uri": "file:///a", "languageId": "p2mlab", "version": 1, "text": "{"}
    },
}


def test_nothing_is_served_before_initialize():
    answers, code = converse([{"id": 7, "method": "textDocument/hover", "params": {}}, OPEN])
    assert [answer["error"]["code"] for answer in answers] == [-32002]
    assert code == 0


def test_initialize_is_sent_once():
    answers, _ = converse([INITIALIZE, {**INITIALIZE, "id": 2}])
    assert answers[0]["result"]["serverInfo"]["name"] == "p2mlab"
    assert answers[1]["error"]["code"] == -32600


def test_exit_after_shutdown_is_success_and_alone_a_failure():
    shutdown, leave = {"id": 2, "method": "shutdown"}, {"method": "exit"}
    assert converse([INITIALIZE, shutdown, leave])[1] == 0
    assert converse([INITIALIZE, leave])[1] == 1
    answers, _ = converse([INITIALIZE, shutdown, {"id": 3, "method": "textDocument/hover"}])
    assert answers[-1]["error"]["code"] == -32600


def test_a_line_a_message_is_served_too():
    answers, code = converse([INITIALIZE, OPEN], framing="lines")
    assert answers[1]["method"] == "textDocument/publishDiagnostics"
    assert answers[1]["params"]["diagnostics"][0]["code"] == "torn"
    assert code == 0


def test_what_is_not_served_is_told_and_served_on():
    answers, _ = converse(
        [
            INITIALIZE,
            {"id": 2, "method": "textDocument/hovr", "params": {}},
            {"id": 3, "method": "textDocument/hover", "params": {}},
            {"id": 4, "method": "textDocument/hover"},
            {"method": "workspace/didChangeConfiguration", "params": {}},
            {
                "id": 5,
                "method": "textDocument/hover",
                "params": {"textDocument": {"uri": "file:///none"}},
            },
        ]
    )
    assert [answer.get("error", {}).get("code") for answer in answers] == [
        None, -32601, -32602, -32602, None,
    ]
    assert "textDocument/hover" in answers[1]["error"]["data"]["nearest"]
    assert answers[4]["result"] is None


def test_a_request_that_waits_can_be_cancelled():
    hover = {
        "method": "textDocument/hover",
        "params": {"textDocument": {"uri": "file:///a"}, "position": {"line": 0, "character": 0}},
    }
    text = "\n".join(
        [DOMAIN_1] + ['{"jsonrpc":"2.0","id":%d,"method":"check.run"}' % id for id in range(2, 2000)]
    )
    opened = json.loads(json.dumps(OPEN))
    opened["params"]["textDocument"]["text"] = text
    far = json.loads(json.dumps(hover))
    far["params"]["position"]["line"] = 1900
    answers, _ = converse(
        [
            INITIALIZE,
            opened,
            {"id": 2, **far},
            {"id": 3, **hover},
            {"method": "$/cancelRequest", "params": {"id": 3}},
        ]
    )
    codes = {a["id"]: a.get("error", {}).get("code") for a in answers if "id" in a}
    assert codes == {1: None, 2: None, 3: -32800}


def test_positions_are_counted_in_bytes_where_that_is_offered():
    answers, _ = converse(
        [
            {
                **INITIALIZE,
                "params": {
                    "capabilities": {"general": {"positionEncodings": ["utf-16", "utf-8"]}}
                },
            },
            {
                "method": "textDocument/didOpen",
                "params": {
                    "textDocument": {
                        "uri": "file:///a", "languageId": "p2mlab", "version": 1,
                        "text": '{"\U0001f600":1}x\n',
                    }
                },
            },
        ]
    )
    assert answers[0]["result"]["capabilities"]["positionEncoding"] == "utf-8"
    assert answers[1]["params"]["diagnostics"][0]["range"]["end"]["character"] == 11


def test_more_documents_than_are_analysed_are_told():
    def opened(number: int) -> dict:
        item = {"uri": f"file:///{number}", "languageId": "p2mlab", "version": 1, "text": "{"}
        return {"method": "textDocument/didOpen", "params": {"textDocument": item}}

    answers, _ = converse([INITIALIZE] + [opened(number) for number in range(65)])
    methods = [answer.get("method") for answer in answers]
    assert methods.count("textDocument/publishDiagnostics") == 64
    assert methods.count("window/showMessage") == 1


def test_wrong_arguments_and_folders_are_told():
    for arguments in (["--preset", "xen-9"], ["--actors", "/nowhere"], ["--override", "remap=x"]):
        ended = subprocess.run([SERVER, "lsp", *arguments], stdin=subprocess.DEVNULL, capture_output=True)
        assert ended.returncode not in (0, 1), arguments
        assert ended.stderr, arguments


def test_an_editor_that_is_gone_ends_the_server():
    reading, writing = os.pipe()
    server = subprocess.Popen([SERVER, "lsp"], stdin=subprocess.PIPE, stdout=writing)
    os.close(writing)
    os.close(reading)
    text = json.dumps({"jsonrpc": "2.0", **INITIALIZE}).encode()
    server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(text), text))
    server.stdin.close()
    assert server.wait(timeout=60) == 0
