"""The README's recipes, carried out from top to bottom in one folder.

- `python` with `>>>`: as doctest does; names stay from block to block
- `python` that begins with `# NAME.py`: becomes that file
- other `python`: is carried out
- `console`: each `$` command is run by the shell, and its output compared

`...` stands for anything.
"""

from __future__ import annotations

import doctest
import os
import pathlib
import re
import subprocess
import sys
from typing import Any, Dict, List, Tuple

import pytest

README = pathlib.Path(__file__).parents[1] / "README.md"
BLOCKS = re.findall(r"^```(python|console)\n(.*?)^```$", README.read_text(), re.DOTALL | re.MULTILINE)
FLAGS = doctest.ELLIPSIS


def commands(block: str) -> List[Tuple[str, str]]:
    """The commands of a `console` block, each with its output."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2]))


def run(command: str, folder: pathlib.Path) -> str:
    """What a command prints; what it says to stderr is not compared."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": ""}
    ran = subprocess.run(command, shell=True, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
    return ran.stdout


def test_the_readme_is_true(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: Dict[str, Any] = {}
    checker = doctest.OutputChecker()
    assert len(BLOCKS) > 12
    for language, block in BLOCKS:
        if language == "console":
            for command, expected in commands(block):
                got = run(command, tmp_path)
                assert checker.check_output(expected, got, FLAGS), f"$ {command}\n{got}"
        elif ">>>" in block:
            test = doctest.DocTestParser().get_doctest(block, names, "README.md", str(README), 0)
            told: List[str] = []
            runner = doctest.DocTestRunner(checker, optionflags=FLAGS)
            runner.run(test, out=told.append, clear_globs=False)
            names = test.globs
            assert runner.failures == 0, "".join(told)
        elif block.startswith("# "):
            (tmp_path / block.splitlines()[0][2:]).write_text(block)
        else:
            exec(compile(block, "README.md", "exec"), {})


def test_the_packages_docstring_is_true() -> None:
    import p2mlab

    assert doctest.testmod(p2mlab).failed == 0
