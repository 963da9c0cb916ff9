"""State machines on the model, as users write them."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from p2mlab import HypercallError, P2MLab
from p2mlab.histories import ALPHABETS, Operation, Script, set_up
from p2mlab.histories import operations as all_operations
from p2mlab.hypothesis import P2MStateMachine, PropertyViolated, Window, operations

EXAMPLE = pathlib.Path(__file__).parents[1] / "examples" / "test_allocator.py"


def test_the_stale_frame_is_found_in_the_toy_allocator(tmp_path: pathlib.Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=1", str(EXAMPLE)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "1 failed, 1 passed" in ran.stdout, ran.stdout
    assert "FAILED" in ran.stdout and "TestOn416" in ran.stdout.split("FAILED")[1]
    assert "PropertyViolated: grantFrame.map broke no-collateral-removal: foreign page" in ran.stdout
    # With CI set, pytest's summary tells the failure a second time.
    failure, _, _ = ran.stdout.partition("short test summary info")
    session = [line[line.index("{") :] for line in failure.splitlines() if '{"jsonrpc"' in line]
    methods = [json.loads(line)["method"] for line in session]
    assert methods[:4] == ["machine.delete", "machine.create", "domain.create", "domain.create"]
    # It holds the loss: map the frame, unmap it, map a page there, map the frame elsewhere. Hypothesis
    # may leave an operation too many, which depends on where it began.
    rest = iter(methods[4:])
    assert all(
        step in rest for step in ("grantFrame.map", "physmap.unmap", "foreignPage.map", "grantFrame.map")
    )
    assert len(methods) <= 4 + 6
    file = tmp_path / "found.ndjson"
    file.write_text("".join(line + "\n" for line in session))
    shown = subprocess.run(
        [os.environ["P2MLAB_SERVER"], "run", "--show", file], capture_output=True, text=True
    )
    assert shown.returncode == 0 and "! no-collateral-removal" in shown.stdout


class Anything(P2MStateMachine):
    preset = "xen-4.17"
    window = Window(gfns=3, frames=2, foreign_pages=1)

    @rule(operation=operations(window, ALPHABETS["all"]))
    def do(self, operation: Operation) -> None:
        try:
            operation(self.p2m)
        except HypercallError as error:
            assert error.name in {"EBUSY", "EINVAL", "ENOENT", "ENOSYS", "EPERM", "ENOMEM"}


def test_any_operation_can_be_drawn() -> None:
    run_state_machine_as_test(Anything, settings=settings(max_examples=10, database=None))


def test_what_failed_calls_break_is_noticed_too() -> None:
    class Overwritten(P2MStateMachine):
        preset = "xen-4.16"
        properties = ("tracking-agrees",)

        @rule(operation=operations(Window(2, 1, 1)))
        def do(self, operation: Operation) -> None:
            with contextlib.suppress(HypercallError):
                operation(self.p2m)

    with pytest.raises(PropertyViolated) as caught:
        run_state_machine_as_test(Overwritten, settings=settings(max_examples=100, database=None))
    assert caught.value.violation.property == "tracking-agrees"


@given(st.sampled_from(["0x1x1", "2x2", "axbxc", "1x1x1x1x1", "", "-1x1x1"]))
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="window"):
        Window.parse(text)


def test_windows_are_read_as_they_are_written() -> None:
    for text in ("4x2x2", "2x1x0x2"):
        assert str(Window.parse(text)) == text


def test_an_unknown_operation_is_refused() -> None:
    with pytest.raises(ValueError, match=r"there is no operation 'grantFrame\.mapp'; there are"):
        all_operations(Window(), ["grantFrame.mapp"])


def test_every_operation_of_the_alphabet_is_one_of_the_protocol(lab: P2MLab) -> None:
    script = Script()
    set_up(script, Window())
    for calls in all_operations(Window(), ALPHABETS["all"]).values():
        for call in calls:
            call(script)
    for request in script.requests:
        with contextlib.suppress(HypercallError):
            lab.call(request["method"], request["params"])
