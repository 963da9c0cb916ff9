"""A Python prompt with a server at hand."""

from __future__ import annotations

import code
import contextlib
import inspect
import re
import rlcompleter
import sys
from typing import Any, Dict, List, Optional

import p2mlab

from . import types
from .lab import P2MLab
from .server import Server
from .types import Preset

CALLED = re.compile(r"([\w.]+)\($")
"""The name of what is called, in front of its parameters."""


class Completer(rlcompleter.Completer):
    """Completes names, attributes, and the parameters of the call that is being typed."""

    def __init__(self, names: Dict[str, Any]) -> None:
        super().__init__(names)
        self._names = names

    def completions(self, line: str, text: str) -> List[str]:
        """What `text`, the end of `line`, may become."""
        found = [word for word in self.parameters(line) if word.startswith(text)]
        state = 0
        while True:
            word = self.complete_name(text, state)
            if word is None:
                return found
            found.append(word)
            state += 1

    def complete_name(self, text: str, state: int) -> Optional[str]:
        """As `rlcompleter` does, without what is nobody's business."""
        return super().complete(text, state) if text else None

    def parameters(self, line: str) -> List[str]:
        """`NAME=` for each parameter of the innermost call in `line` that is not given yet."""
        begins = open_call(line)
        call = CALLED.search(line[:begins])
        if call is None:
            return []
        function: Any = self._names.get(call[1].split(".")[0])
        for name in call[1].split(".")[1:]:
            function = getattr(function, name, None)
        if not callable(function):
            return []
        given = set(re.findall(r"(\w+)=", line[begins:]))
        with contextlib.suppress(TypeError, ValueError):
            parameters = inspect.signature(function).parameters.values()
            return [f"{p.name}=" for p in parameters if p.name not in given and p.name != "self"]
        return []

    def complete(self, text: str, state: int) -> Optional[str]:
        """For `readline`."""
        import readline

        if state == 0:
            self._found = self.completions(readline.get_line_buffer()[: readline.get_endidx()], text)
        return self._found[state] if state < len(self._found) else None


def open_call(line: str) -> int:
    """Where the parameters of the innermost call begin that is not closed; 0 where there is none."""
    closed = 0
    for position in reversed(range(len(line))):
        if line[position] == ")":
            closed += 1
        elif line[position] == "(":
            if closed == 0:
                return position + 1
            closed -= 1
    return 0


def names(lab: P2MLab) -> Dict[str, Any]:
    """What stands at the prompt: the server, its machine, and all the client's names."""
    public = {name: getattr(p2mlab, name) for name in p2mlab.__all__}
    return {**vars(types), **public, "lab": lab, "m": lab.main, "__name__": "__console__"}


def run(server: Optional[Server] = None, preset: Optional[Preset] = None) -> int:
    """Reads and evaluates lines until their end.

    Returns:
        The exit code.
    """
    with P2MLab(server, preset=preset) as lab:
        known = names(lab)
        with contextlib.suppress(ImportError):
            import readline

            readline.set_completer(Completer(known).complete)
            readline.parse_and_bind("tab: complete")
        console = code.InteractiveConsole(known)
        greeting = (
            f"{lab.info.name} {lab.info.version}: m models {lab.main.machine_get().preset}, lab is its server"
        )
        if not sys.stdin.isatty():
            greeting = sys.ps1 = sys.ps2 = ""
        try:
            console.interact(greeting, exitmsg="")
        except SystemExit as end:
            return int(end.code or 0)
    return 0
