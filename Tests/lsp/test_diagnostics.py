"""What is published of a session while it is edited."""

import pytest
from conftest import DOMAIN_1, DOMAIN_2, EXAMPLES, FOREIGN, MAP, NOTE, REMAP, STALE_FRAME, UNMAP
from lsprotocol import types
from lsprotocol.types import DiagnosticSeverity as Severity


def shown(diagnostics, text):
    """The kind of each, and the text that it is about."""
    lines = text.splitlines()
    return [
        (d.code, lines[d.range.start.line][d.range.start.character : d.range.end.character])
        for d in diagnostics
    ]


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.ndjson")), ids=lambda path: path.stem)
async def test_nothing_but_violations_is_wrong_with_the_examples(editor, example):
    diagnostics = await editor.open(example.read_text())
    assert all(d.severity == Severity.Warning for d in diagnostics)


async def test_a_violation_tells_the_lines_that_led_to_it(editor):
    diagnostics = await editor.open(STALE_FRAME)
    lost = [d for d in diagnostics if d.code == "no-collateral-removal"]
    assert len(lost) == 1 and lost[0].range.start.line == 5
    supports = editor.client.capabilities.text_document.publish_diagnostics.related_information
    if supports:
        assert [related.location.range.start.line for related in lost[0].related_information] == [3, 4]
    else:
        assert "Line 4:" in lost[0].message and "Line 5:" in lost[0].message


@pytest.mark.parametrize(
    "line, code, place",
    [
        ('{"jsonrpc":"2.0","id":9,"method":"physmap.unmap","params":{"domain":1,"gfn":-1}}',
         "request", "-1"),
        ('{"jsonrpc":"2.0","id":9,"method":"physmap.unmap","params":{"domain":1}}',
         "request", '{"domain":1}'),
        ('{"jsonrpc":"2.0","id":9,"method":"physmap.unmap","params":{"domain":1,"gfm":"0x1"}}',
         "request", '"gfm"'),
        ('{"jsonrpc":"2.0","id":9,"method":"physmap.unmap","params":{"domain":1,"gfn":"0x1","x":2}}',
         "request", '"x"'),
        ('{"jsonrpc":"2.0","id":9,"method":"foreignPage.map",'
         '"params":{"domain":1,"gfn":"0x1","from":{"domain":2,"gfn":"y"}}}', "request", '"y"'),
        ('{"jsonrpc":"2.0","id":9,"method":"physmap.unmap","params":[1,"z"]}', "request", '"z"'),
        ('{"jsonrpc":"2.0","id":9,"method":"machine.create","params":{"preset":"xen-9"}}',
         "request", '"xen-9"'),
        ('{"jsonrpc":"2.0","id":9,"method":"physmap.unmp","params":{}}',
         "unknown-method", '"physmap.unmp"'),
        ('{"jsonrpc":"2.0","method":"session.not"}', "unknown-method", '"session.not"'),
        ('{"jsonrpc":"2.0","id":9,"method":"machine.get","params":{"machine":"other"}}',
         "refused", '"machine.get"'),
        ('{"id":9,"method":"check.run"}', "request", '{"id":9,"method":"check.run"}'),
        ('{"jsonrpc":"2.0","id":77,"result":{}}', "no-request", "77"),
        ('{"jsonrpc":"2.0","id":1,"result":{"domain":2}}', "reply", "2"),
        ('{"jsonrpc":"2.0","id":1,"error":{"code":-3}}', "reply", '{"code":-3}'),
        ('[1,2]', "syntax", "[1,2]"),
        ('{"jsonrpc":"2.0","id":1,', "syntax", ","),
        ('  not json  ', "syntax", "not json"),
    ],
)
async def test_a_mistake_is_told_where_it_is(editor, line, code, place):
    text = "\n".join([DOMAIN_1, DOMAIN_2, line, MAP]) + "\n"
    found = shown(await editor.open(text), text)
    assert (code, place) in found, found
    assert len(found) == 1, found


async def test_nearest_names_are_told(editor):
    diagnostics = await editor.open('{"jsonrpc":"2.0","id":9,"method":"physmap.unmp"}\n')
    assert "did you mean 'physmap.unmap'?" in diagnostics[0].message


async def test_an_error_that_is_expected_is_no_mistake(editor):
    refused = '{"jsonrpc":"2.0","id":1,"method":"machine.gt"}\n'
    assert len(await editor.open(refused)) == 1
    assert await editor.open(refused + '{"jsonrpc":"2.0","id":1,"error":{"code":-32601}}\n') == []


async def test_a_hypercall_that_fails_is_no_mistake(editor):
    assert await editor.open(DOMAIN_1 + "\n" + UNMAP + "\n") == []


async def test_a_torn_last_line_is_told_as_such(editor):
    diagnostics = await editor.open(DOMAIN_1 + "\n" + MAP[:30])
    assert [(d.code, d.severity) for d in diagnostics] == [("torn", Severity.Warning)]


async def test_expected_replies_belong_to_requests_by_id_and_order(editor):
    first, second = (
        '{"jsonrpc":"2.0","id":1,"method":"domain.create","params":{"domain":%d}}' % domain
        for domain in (1, 2)
    )
    expected = '{"jsonrpc":"2.0","id":1,"result":{"domain":%d}}'
    good = "\n".join([expected % 1, first, second, expected % 2])
    assert await editor.open(good) == []
    diagnostics = await editor.open("\n".join([expected % 2, first, second, expected % 1]))
    assert [d.range.start.line for d in diagnostics] == [0, 3]


async def test_a_batch_is_checked_message_by_message(editor):
    text = (
        '[{"jsonrpc":"2.0","id":1,"method":"domain.create","params":{"domain":1}},'
        '{"jsonrpc":"2.0","method":"session.note","params":{"text":"x"}},'
        '{"jsonrpc":"2.0","id":2,"method":"physmap.unmap","params":{"domain":1,"gfn":true}}]\n'
        '[{"jsonrpc":"2.0","id":1,"result":{"pages":7}}]\n'
    )
    assert shown(await editor.open(text), text) == [("request", "true"), ("reply", "7")]


async def test_edits_are_taken_over_as_they_come(editor):
    await editor.open(STALE_FRAME)
    # The unmap goes: then the frame moves, and nothing is lost.
    assert await editor.change(3, 0, 5, 0, "") == []
    # It comes back, a character at a time.
    column, added = 0, UNMAP
    for character in added:
        diagnostics = await editor.change(3, column, 3, column, character)
        column += 1
    assert [d.code for d in diagnostics] == ["syntax"], "two messages on a line"
    diagnostics = await editor.change(3, column, 3, column, "\r\n" + FOREIGN + "\r\n")
    assert [d.code for d in diagnostics] == ["tracking-agrees", "no-collateral-removal"]


async def test_positions_count_as_was_agreed(editor):
    # Two code units before the mistake for the first sign, one for the second.
    text = '{"jsonrpc":"2.0","method":"session.note","params":{"text":"\U0001f600é","x":1}}\n'
    text += '{"jsonrpc":"2.0","id":1,"method":"session.note","params":{"text":"\U0001f600é","x":1}}\n'
    diagnostics = await editor.open(text)
    encoding, width = {"utf-16": ("utf-16-le", 2), "utf-8": ("utf-8", 1)}[editor.client.encoding]
    line = text.splitlines()[1].encode(encoding)
    start, end = diagnostics[0].range.start.character, diagnostics[0].range.end.character
    assert line[width * start : width * end].decode(encoding) == '"x"'
    # An edit behind them: the member goes.
    before = len(line) // width - len(',"x":1}}')
    assert await editor.change(1, before, 1, before + len(',"x":1'), "") == []


async def test_closing_a_document_clears_it(editor):
    await editor.open("{\n")
    editor.client.text_document_did_close(types.DidCloseTextDocumentParams(editor.document))
    params = await editor.published.get()
    assert list(params.diagnostics) == []


async def test_no_more_than_a_thousand_are_shown(editor):
    diagnostics = await editor.open("{x\n" * 3000)
    assert len(diagnostics) == 1001
    assert diagnostics[-1].code == "limit"


async def test_what_takes_too_long_does_not_hold_up_editing(editor):
    heavy = (
        '{"jsonrpc":"2.0","id":7,"method":"explore.run","params":'
        '{"preset":"xen-4.17","gfns":7,"frames":3,"foreignPages":3,"symmetry":[],'
        '"properties":["no-collateral-removal"],"maxStates":100000000}}'
    )
    text = "\n".join([DOMAIN_1, heavy, MAP]) + "\n"
    editor.version += 1
    editor.client.text_document_did_open(
        types.DidOpenTextDocumentParams(
            types.TextDocumentItem(editor.uri, "p2mlab", editor.version, text)
        )
    )
    editor.text = text
    # Asked while it works: what is below is known all the same.
    assert "domain.create" in await editor.hover(0, "domain.create")
    # The heavy line goes while it works.
    assert await editor.change(1, 0, 2, 0, "") == []
