"""What an editor asks of a session."""

import ast
import json

import pytest
from conftest import DOMAIN_1, DOMAIN_2, EXAMPLES, FOREIGN, MAP, NOTE, REMAP, STALE_FRAME, UNMAP
from lsprotocol import types


# MARK: Hover


async def test_hover_tells_what_a_method_is_and_what_the_line_did(editor):
    await editor.open(STALE_FRAME)
    told = await editor.hover(5, "grantFrame.map")
    assert "Maps a grant or status frame at a GFN" in told
    assert "frame: the frame's index" in told
    assert "stale-tracking" in told


async def test_hover_tells_what_a_parameter_is(editor):
    await editor.open(STALE_FRAME)
    for place in ('"gfn"', '"0x38000"'):
        told = await editor.hover(2, place)
        assert "where to map it" in told and "required" in told
    told = await editor.hover(4, '"0x40001"')
    assert "from" not in told.splitlines()[0] and "gfn" in told.splitlines()[0]


async def test_hover_tells_the_state_after_the_line(editor):
    await editor.open(STALE_FRAME)
    state = lambda told: told[told.index("After this line") :]
    assert "0x38000  grant domain 1 frame 0" in state(await editor.hover(2, "method"))
    after_unmap = state(await editor.hover(3, "method"))
    assert "grant frame 0: tracked at 0x38000, mapped nowhere  (stale)" in after_unmap
    assert "0x38000  foreign domain 2 gfn 0x40001" in state(await editor.hover(4, "method"))
    after = state(await editor.hover(5, "method"))
    assert "0x38010  grant" in after and "0x38000" not in after


async def test_hover_on_an_expected_reply_tells_how_it_differs(editor):
    await editor.open(DOMAIN_1 + "\n" + '{"jsonrpc":"2.0","id":1,"result":{"pages":7}}\n')
    told = await editor.hover(1, "result")
    assert "line 1" in told and "- 7" in told and "+ 0" in told


async def test_hover_on_nothing_is_nothing(editor):
    await editor.open("\n{\n")
    for line in (0, 1, 99):
        params = types.HoverParams(editor.document, types.Position(line, 0))
        assert await editor.client.text_document_hover_async(params) is None


# MARK: Completion


def labels(items):
    return [item.label for item in items]


async def test_completion_of_methods(editor):
    await editor.open('{"jsonrpc":"2.0","id":1,"method":""}\n{"jsonrpc":"2.0","id":1,"method":"gra\n')
    for line, text, offset in ((0, '""', 1), (1, '"gra', 4)):
        items = await editor.complete(line, text, offset)
        assert {"grantFrame.map", "physmap.unmap", "actor.run"} <= set(labels(items))
        item = items[labels(items).index("grantFrame.map")]
        snippets = (
            editor.client.capabilities.text_document.completion.completion_item.snippet_support
        )
        # A snippet brings the parameters along.
        if snippets:
            assert item.insert_text_format == types.InsertTextFormat.Snippet
            assert '"frame":${2:0},"gfn":${3:"0x0"}' in item.text_edit.new_text
        else:
            assert item.text_edit.new_text == '"grantFrame.map"'
        assert editor.applied([item.text_edit]).splitlines()[line].startswith(
            '{"jsonrpc":"2.0","id":1,"method":"grantFrame.map"'
        )


async def test_completion_of_whole_requests_on_an_empty_line(editor):
    await editor.open(STALE_FRAME + "\n")
    items = await editor.client.text_document_completion_async(
        types.CompletionParams(editor.document, types.Position(6, 0))
    )
    item = items.items[labels(items.items).index("check.run")]
    assert json.loads(item.text_edit.new_text) == {
        "jsonrpc": "2.0", "id": 7, "method": "check.run",
    }


async def test_completion_of_parameters_that_are_not_there_yet(editor):
    line = '{"jsonrpc":"2.0","id":1,"method":"grantFrame.map","params":{"domain":1,}}'
    await editor.open(line + "\n")
    items = await editor.complete(0, "1,}}", 2)
    assert labels(items)[:3] == ["frame", "gfn", "status"]
    assert "whose" not in items[0].detail and "index" in items[0].detail
    nested = '{"jsonrpc":"2.0","id":1,"method":"foreignPage.map","params":{"from":{}}}'
    await editor.open(nested)
    assert labels(await editor.complete(0, "{}}}", 1)) == ["domain", "gfn"]


async def test_completion_of_the_message_itself(editor):
    await editor.open('{"jsonrpc":"2.0",}')
    assert labels(await editor.complete(0, ",}", 1)) == ["id", "method", "params"]


@pytest.mark.parametrize(
    "method, place, expected",
    [
        ("physmap.unmap", '"domain":', ["2", "1"]),
        ("physmap.unmap", '"domain":1,"gfn":', ["0x38010", "0x38000"]),
        ("physmap.unmap", '"domain":1,"gfn":"', ["0x38010", "0x38000"]),
        ("foreignPage.map", '"domain":1,"gfn":"0x1","from":{"domain":2,"gfn":"', ["0x40001", "0x40000"]),
        ("machine.create", '"preset":"', ["xen-4.14", "xen-4.16"]),
        ("machine.create", '"overrides":{"remap":"', ["move", "move-unless-same", "busy"]),
        ("machine.create", '"cpu":"', ["cortex-a57"]),
        ("actor.run", '"actor":"', ["toolstack-seed", "u-boot"]),
        ("check.run", '"properties":["', ["no-collateral-removal"]),
        ("region.allocate", '"domain":1,"name":"', ["bank0"]),
        ("snapshot.restore", '"name":"', ["before"]),
        ("domain.create", '"privileged":', ["true", "false"]),
        ("page.populate", '"order":', ["0", "9", "18"]),
        ("check.run", '"machine":"', ["other"]),
    ],
)
async def test_completion_of_values(editor, method, place, expected):
    more = [
        '{"jsonrpc":"2.0","id":20,"method":"region.define","params":{"domain":1,"name":"bank0"}}',
        '{"jsonrpc":"2.0","id":21,"method":"snapshot.create","params":{"name":"before"}}',
        '{"jsonrpc":"2.0","id":22,"method":"machine.create","params":{"machine":"other"}}',
    ]
    line = '{"jsonrpc":"2.0","id":9,"method":"%s","params":{%s' % (method, place)
    await editor.open(STALE_FRAME + "\n".join(more) + "\n" + line)
    items = await editor.complete(9, place, len(place))
    found = labels(items)
    assert set(expected) <= set(found), found
    if place.startswith('"domain":1,"gfn"'):
        assert found == expected, "only those of the domain, the latest first"
    for item in items:
        edited = editor.applied([item.text_edit])
        assert edited.startswith(STALE_FRAME)
        value = item.text_edit.new_text
        assert edited.splitlines()[9].endswith(value) and json.loads(value) is not None


async def test_nothing_is_completed_where_nothing_can_stand(editor):
    await editor.open(DOMAIN_1 + "\n")
    assert not await editor.complete(0, "}}", 2)
    assert await editor.complete(0, '"params"', 0) != []


# MARK: Inlay hints


async def test_inlay_hints_tell_errno_and_effects_at_the_end_of_lines(editor):
    await editor.open(STALE_FRAME + UNMAP.replace("38000", "1").replace('"id":4', '"id":7') + "\n")
    hints = await editor.client.text_document_inlay_hint_async(
        types.InlayHintParams(
            editor.document, types.Range(types.Position(2, 0), types.Position(6, 1))
        )
    )
    told = {hint.position.line: hint.label for hint in hints}
    assert set(told) == {2, 3, 4, 5, 6}
    assert told[2] == "+0x38000 grant domain 1 frame 0"
    assert "(stale-tracking)" in told[5] and "! no-collateral-removal" in told[5]
    assert told[6] == "ENOENT"
    lines = editor.text.splitlines()
    assert all(hint.position.character == len(lines[hint.position.line]) for hint in hints)


# MARK: Symbols


async def test_symbols_are_notes_with_the_requests_below_them(editor):
    text = "\n".join([DOMAIN_1, NOTE % "Seed", MAP, UNMAP, NOTE % "Reuse", FOREIGN]) + "\n"
    await editor.open(text)
    symbols = await editor.client.text_document_document_symbol_async(
        types.DocumentSymbolParams(editor.document)
    )
    support = editor.client.capabilities.text_document.document_symbol
    if support.hierarchical_document_symbol_support:
        assert [symbol.name for symbol in symbols] == [
            "domain.create domain 1, privileged true", "Seed", "Reuse",
        ]
        seed = symbols[1]
        assert [child.name.split()[0] for child in seed.children] == [
            "grantFrame.map", "physmap.unmap",
        ]
        assert (seed.range.start.line, seed.range.end.line) == (1, 3)
    else:
        assert [symbol.container_name for symbol in symbols][1:4] == [None, "Seed", "Seed"]


async def test_a_request_folds_with_its_replies_and_a_note_with_its_requests(editor):
    await editor.open(NOTE % "x" + "\n" + DOMAIN_1 + '\n{"jsonrpc":"2.0","id":1,"result":{}}\n')
    folds = await editor.client.text_document_folding_range_async(
        types.FoldingRangeParams(editor.document)
    )
    assert [(fold.start_line, fold.end_line) for fold in folds] == [(0, 2), (1, 2)]


# MARK: Definitions


@pytest.mark.parametrize(
    "line, place, expected",
    [
        (3, "physmap.unmap", 2),  # an unmap: the map that it undoes
        (3, '"0x38000"', 2),
        (3, '"domain"', 0),
        (4, '"domain":2', 1),
        (4, '"0x40001"', 1),  # RAM: the domain's creation
        (6, '"0x38010"', 5),
        (7, '"0x38000"', 5),  # nothing is there: the line that took it
        (8, "result", 5),  # a reply: its request
    ],
)
async def test_definition(editor, line, place, expected):
    query = '{"jsonrpc":"2.0","id":%d,"method":"physmap.query","params":{"domain":1,"gfn":"%s"}}\n'
    text = STALE_FRAME + query % (7, "0x38010") + query % (8, "0x38000")
    await editor.open(text + '{"jsonrpc":"2.0","id":6,"result":{}}\n')
    found = await editor.client.text_document_definition_async(
        types.DefinitionParams(**editor.at(line, place, 1))
    )
    assert found.range.start.line == expected


async def test_definition_looks_at_what_is_there_and_not_at_the_last_mapping(editor):
    undo = '{"jsonrpc":"2.0","id":9,"method":"history.undo"}'
    other = FOREIGN.replace('"id":5', '"id":8').replace("0x40001", "0x40002")
    lines = [DOMAIN_1, DOMAIN_2, FOREIGN, other, undo, UNMAP]
    await editor.open("\n".join(lines) + "\n")
    found = await editor.client.text_document_definition_async(
        types.DefinitionParams(**editor.at(5, '"0x38000"', 1))
    )
    assert found.range.start.line == 2


async def test_references_are_all_places_that_name_the_same(editor):
    await editor.open(STALE_FRAME)
    ask = lambda line, place: editor.client.text_document_references_async(
        types.ReferenceParams(types.ReferenceContext(True), **editor.at(line, place, 1))
    )
    found = await ask(3, '"0x38000"')
    assert [place.range.start.line for place in found] == [2, 3, 4]
    found = await ask(4, '"domain":2')
    assert [place.range.start.line for place in found] == [1, 4]


# MARK: Actions


def titled(actions, start):
    return next(action for action in actions if action.title.startswith(start))


def edited(editor, action):
    return editor.applied(action.edit.changes[editor.uri])


async def test_an_expected_reply_is_inserted_and_accepted(editor):
    await editor.open(DOMAIN_1 + "\r\n" + MAP + "\r\n")
    text = edited(editor, titled(await editor.actions(1), "Insert the reply"))
    assert text.count("\r\n") == 3
    assert await editor.open(text) == []
    wrong = text.replace('"cause":"requested"', '"cause":"moved"')
    diagnostics = await editor.open(wrong)
    assert [d.code for d in diagnostics] == ["reply"]
    action = titled(await editor.actions(2), "Accept the reply")
    assert action.is_preferred
    assert edited(editor, action) == text
    assert not any(a.title.startswith("Insert") for a in await editor.actions(1))


async def test_all_replies_are_written_down_as_the_command_does(editor):
    example = (EXAMPLES / "stale-frame.xen-4.16.ndjson").read_text()
    lines = [line for line in example.splitlines() if '"result"' not in line]
    await editor.open("\n".join(lines) + "\n")
    actions = await editor.actions(0, only=["source"])
    assert [action.kind for action in actions] == ["source.updateReplies"]
    assert edited(editor, actions[0]) == example


async def test_names_are_put_right(editor):
    await editor.open(UNMAP.replace("unmap", "unmp") + "\n" + MAP.replace('"gfn"', '"gfm"') + "\n")
    assert edited(editor, titled(await editor.actions(0), "Change to 'physmap.unmap'")).startswith(UNMAP)
    assert edited(editor, titled(await editor.actions(1), "Change to 'gfn'")).endswith(MAP + "\n")


async def test_a_reply_to_nothing_is_removed(editor):
    await editor.open(DOMAIN_1 + '\n{"jsonrpc":"2.0","id":5,"result":{}}\n')
    assert edited(editor, titled(await editor.actions(1), "Remove")) == DOMAIN_1 + "\n"


async def execute(editor, action) -> tuple[str, str | None]:
    """Executes an action's command: the text that it has the editor write, and the new file, if any."""
    # lsprotocol takes an action with a command for the command, and has the latter as a string.
    command = ast.literal_eval(action.command)
    await editor.client.workspace_execute_command_async(
        types.ExecuteCommandParams(command["command"], command["arguments"])
    )
    edit = editor.edits.pop().edit
    if edit.document_changes:
        create, change = edit.document_changes
        assert change.text_document.uri == create.uri
        return editor.applied(change.edits, ""), create.uri
    return editor.applied(edit.changes[editor.uri]), None


async def test_a_session_is_shrunk_to_the_shortest(editor):
    queries = "".join(
        '{"jsonrpc":"2.0","id":%d,"method":"physmap.query","params":{"domain":1,"gfn":"0x1"}}\n' % id
        for id in range(10, 40)
    )
    await editor.open(queries.join(STALE_FRAME.splitlines(keepends=True)[:2]) + "".join(
        STALE_FRAME.splitlines(keepends=True)[2:]
    ))
    line = len(editor.text.splitlines()) - 1
    action = titled(await editor.actions(line), "Shrink")
    text, uri = await execute(editor, action)
    creates = editor.client.capabilities.workspace.workspace_edit.resource_operations
    assert (uri == "file:///session.shrunk.p2m.ndjson") == bool(creates)
    assert "physmap.query" not in text
    diagnostics = await editor.open(text, uri or editor.uri)
    assert "no-collateral-removal" in [d.code for d in diagnostics]
    assert "reply" not in [d.code for d in diagnostics]


async def test_a_session_is_run_on_another_preset(editor):
    await editor.open(STALE_FRAME)
    actions = await editor.actions(5)
    assert not any(a.title == "Run on xen-4.16" or "x86" in a.title for a in actions)
    text, uri = await execute(editor, titled(actions, "Run on xen-4.17"))
    note = json.loads(text.splitlines()[0])["params"]["text"]
    assert note.startswith("xen-4.17 parts from xen-4.16 at line 4 of it, physmap.unmap: ")
    assert await editor.open(text, uri or editor.uri) == [], "4.17 loses nothing"
    text, uri = await execute(editor, titled(await editor.actions(5), "Run on xen-4.16"))
    assert text.count("machine.create") == 1
    diagnostics = await editor.open(text, uri or editor.uri)
    assert [d.code for d in diagnostics] == ["tracking-agrees", "no-collateral-removal"]


async def test_a_command_that_cannot_be_executed_says_why(editor):
    await editor.open(STALE_FRAME + "nonsense\n")
    from pygls.exceptions import JsonRpcException

    for command, arguments in (
        ("p2mlab.shrink", [{"uri": editor.uri, "property": "no-collateral-removal"}]),
        ("p2mlab.shrink", [{"uri": editor.uri, "property": "beauty"}]),
        ("p2mlab.shrink", [{"uri": "file:///other"}]),
        ("p2mlab.shrnk", []),
    ):
        with pytest.raises(JsonRpcException) as failure:
            await editor.client.workspace_execute_command_async(
                types.ExecuteCommandParams(command, arguments)
            )
        assert "7" in str(failure.value) if "no-coll" in str(arguments) else failure.value


# MARK: Formatting


async def test_formatting_makes_a_message_a_line_and_changes_nothing_else(editor):
    text = '{ "method" : "check.run", "id": 1,\n  "jsonrpc": "2.0" }\n\n' + DOMAIN_1 + "\n"
    await editor.open(text)
    ask = lambda: editor.client.text_document_formatting_async(
        types.DocumentFormattingParams(editor.document, types.FormattingOptions(2, True))
    )
    formatted = editor.applied(await ask())
    assert formatted == '{"jsonrpc":"2.0","id":1,"method":"check.run"}\n\n' + DOMAIN_1 + "\n"
    await editor.open(formatted)
    assert not await ask()


async def test_formatting_a_range_leaves_the_rest_alone(editor):
    await editor.open('{ "a":1}\n{ "a":1}\n{ "a":1}\n')
    edits = await editor.client.text_document_range_formatting_async(
        types.DocumentRangeFormattingParams(
            editor.document,
            types.Range(types.Position(1, 0), types.Position(1, 3)),
            types.FormattingOptions(2, True),
        )
    )
    assert editor.applied(edits) == '{ "a":1}\n{"a":1}\n{ "a":1}\n'
