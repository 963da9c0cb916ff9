"""The prompt."""

from __future__ import annotations

import subprocess
import sys

import pytest

from p2mlab import P2MLab
from p2mlab.__main__ import main
from p2mlab.repl import Completer, names


@pytest.fixture
def completer(lab: P2MLab) -> Completer:
    return Completer(names(lab))


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("m.grant_frame_m", "m.grant_frame_m", ["m.grant_frame_map("]),
        ("GF", "GF", ["GFN("]),
        ("x = lab.main.physmap_u", "lab.main.physmap_u", ["lab.main.physmap_unmap("]),
        ("m.physmap_unmap(", "", ["domain=", "gfn=", "timeout=", "progress="]),
        ("no_such_thing.at_all(", "", []),
        ("", "", []),
    ],
)
def test_tab_completes(completer: Completer, line: str, text: str, expected: "list[str]") -> None:
    assert completer.completions(line, text) == expected


def test_parameters_come_first_and_only_once(completer: Completer) -> None:
    assert completer.completions("m.physmap_unmap(domain=1, g", "g")[0] == "gfn="
    assert completer.completions("m.physmap_unmap(gfn=GFN(5), d", "d")[0] == "domain="
    assert "gfn=" not in completer.completions("m.physmap_unmap(gfn=GFN(5), g", "g")
    assert completer.completions("m.physmap_unmap(gfn=GFN(n", "n")[0] == "number="


def test_lines_are_evaluated_with_a_server_at_hand() -> None:
    lines = """
m.domain_create(domain=1).grant_frames
m.grant_frame_map(domain=1, frame=0, gfn=GFN(0x38000)).effects[0].gfn
m.domain_get(domain=2)
lab.main.machine_get().preset
Outcome.__name__
"""
    ran = subprocess.run(
        [sys.executable, "-m", "p2mlab", "--preset", "xen-4.17"],
        input=lines,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    out = ran.stdout.split()
    assert out == ["1", "0x38000", "'xen-4.17'", "'Outcome'"]
    assert "HypercallError: ESRCH: there is no domain 2" in ran.stderr


def test_its_exit_code_is_its_own() -> None:
    ran = subprocess.run([sys.executable, "-m", "p2mlab"], input="exit(3)\n", text=True)
    assert ran.returncode == 3


def test_a_server_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--server", "/no/such"]) == 2
    assert capsys.readouterr().err.startswith("p2mlab: '/no/such'")
    with pytest.raises(SystemExit) as ended:
        main(["--preset", "xen-5"])
    assert ended.value.code == 2
