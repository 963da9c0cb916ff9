"""The language server, driven as editors of different kinds drive it."""

import asyncio
import os
import pathlib

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

SERVER = os.environ["P2MLAB_SERVER"]
EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"

DOMAIN_1 = '{"jsonrpc":"2.0","id":1,"method":"domain.create","params":{"domain":1,"privileged":true}}'
DOMAIN_2 = (
    '{"jsonrpc":"2.0","id":2,"method":"domain.create",'
    '"params":{"domain":2,"ram":[{"gfn":"0x40000","pages":4}]}}'
)
MAP = '{"jsonrpc":"2.0","id":3,"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":"0x38000"}}'
UNMAP = '{"jsonrpc":"2.0","id":4,"method":"physmap.unmap","params":{"domain":1,"gfn":"0x38000"}}'
FOREIGN = (
    '{"jsonrpc":"2.0","id":5,"method":"foreignPage.map",'
    '"params":{"domain":1,"gfn":"0x38000","from":{"domain":2,"gfn":"0x40001"}}}'
)
REMAP = '{"jsonrpc":"2.0","id":6,"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":"0x38010"}}'
NOTE = '{"jsonrpc":"2.0","method":"session.note","params":{"text":"%s"}}'
STALE_FRAME = "\n".join([DOMAIN_1, DOMAIN_2, MAP, UNMAP, FOREIGN, REMAP]) + "\n"


class Editor:
    """One document that an editor has open."""

    def __init__(self, client: LanguageClient):
        self.client = client
        self.uri = "file:///session.p2m.ndjson"
        self.version = 0
        self.text = ""
        self.published = client.published
        self.edits = client.edits

    @property
    def document(self):
        return types.TextDocumentIdentifier(uri=self.uri)

    async def open(self, text: str, uri: str | None = None) -> list[types.Diagnostic]:
        """Opens a text, and answers with what is published of it."""
        self.uri = uri or self.uri
        self.text = text
        self.version += 1
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(
                types.TextDocumentItem(self.uri, "p2mlab", self.version, text)
            )
        )
        return await self.diagnostics()

    async def change(self, line: int, start: int, end_line: int, end: int, text: str):
        """Replaces a range; columns as the encoding has them."""
        self.version += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version=self.version, uri=self.uri),
                [
                    types.TextDocumentContentChangePartial(
                        types.Range(types.Position(line, start), types.Position(end_line, end)),
                        text,
                    )
                ],
            )
        )
        return await self.diagnostics()

    async def diagnostics(self) -> list[types.Diagnostic]:
        """What is published of the present version."""
        while True:
            params = await self.published.get()
            if params.uri == self.uri and params.version == self.version:
                return list(params.diagnostics)

    def place(self, line: int, text: str, offset: int = 0) -> types.Position:
        """The place of `text` in a line, so many characters on; of ASCII lines."""
        return types.Position(line, self.text.splitlines()[line].index(text) + offset)

    def at(self, line: int, text: str, offset: int = 0) -> dict:
        """The parameters of a request about a place."""
        return {"text_document": self.document, "position": self.place(line, text, offset)}

    async def hover(self, line: int, text: str, offset: int = 1) -> str:
        found = await self.client.text_document_hover_async(
            types.HoverParams(**self.at(line, text, offset))
        )
        return found.contents.value if found else ""

    async def complete(self, line: int, text: str, offset: int = 0) -> list[types.CompletionItem]:
        found = await self.client.text_document_completion_async(
            types.CompletionParams(**self.at(line, text, offset))
        )
        return found.items if found else []

    async def actions(self, line: int, only: list[str] | None = None) -> list[types.CodeAction]:
        place = types.Position(line, 0)
        return await self.client.text_document_code_action_async(
            types.CodeActionParams(
                self.document,
                types.Range(place, place),
                types.CodeActionContext(diagnostics=[], only=only),
            )
        )

    def applied(self, edits: list[types.TextEdit], text: str | None = None) -> str:
        """A text, the present one if no other is given, after edits as an editor makes them; ASCII."""
        text = self.text if text is None else text
        starts = [0]
        for line in text.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        place = lambda position: min(
            starts[min(position.line, len(starts) - 1)] + position.character, len(text)
        )
        for edit in sorted(edits, key=lambda edit: place(edit.range.start), reverse=True):
            start, end = place(edit.range.start), place(edit.range.end)
            text = text[:start] + edit.new_text + text[end:]
        return text


class Client(LanguageClient):
    """A client that keeps what the server sends, in order."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.published: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.edits: list[types.ApplyWorkspaceEditParams] = []
        self.encoding = ""


def make_client() -> Client:
    def publish(client: Client, params: types.PublishDiagnosticsParams):
        client.published.put_nowait(params)

    def apply_edit(client: Client, params: types.ApplyWorkspaceEditParams):
        client.edits.append(params)
        return types.ApplyWorkspaceEditResult(applied=True)

    client = Client(converter_factory=default_converter)
    register_lsp_features(
        client,
        {
            **DEFAULT_CLIENT_FEATURES,
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: publish,
            types.WORKSPACE_APPLY_EDIT: apply_edit,
        },
    )
    return client


async def start(lsp_client: LanguageClient, capabilities: types.ClientCapabilities):
    answer = await lsp_client.initialize_session(
        types.InitializeParams(capabilities=capabilities, process_id=os.getpid())
    )
    lsp_client.encoding = answer.capabilities.position_encoding


@pytest_lsp.fixture(
    params=["visual-studio-code@latest", "neovim@0.7.0", "emacs@29.1"],
    config=ClientServerConfig(server_command=[SERVER, "lsp"], client_factory=make_client),
)
async def client(request, lsp_client: LanguageClient):
    await start(lsp_client, client_capabilities(request.param))
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def editor(client: LanguageClient) -> Editor:
    return Editor(client)
