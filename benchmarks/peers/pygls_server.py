"""Requests as pygls serves them, in LSP's framing: each method a feature of a language server."""

from answers import ANSWERS
from pygls.lsp.server import LanguageServer


def plain(value):
    """Parameters of methods that LSP does not know come as objects."""
    if hasattr(value, "_asdict"):
        return {name: plain(member) for name, member in value._asdict().items()}
    return value


server = LanguageServer("floor", "1")
for name, answer in ANSWERS.items():
    server.feature(name)(lambda params, answer=answer: answer(plain(params)))
server.start_io()
