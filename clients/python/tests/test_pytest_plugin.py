"""The pytest plugin, as a user's test suite sees it."""

from __future__ import annotations

import os
import subprocess

import pytest

MAP = """
import pytest
from p2mlab import GFN

def test_unmap_forgets(p2m):
    p2m.domain_create(domain=1)
    p2m.grant_frame_map(domain=1, frame=0, gfn=GFN(0x38000))
    assert p2m.physmap_unmap(domain=1, gfn=GFN(0x38000)).violations == ()
"""


def test_each_test_has_a_fresh_machine(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest

        @pytest.mark.parametrize("time", [1, 2])
        def test_nothing_is_there(p2m, time):
            assert p2m.domain_list().domains == ()
            assert p2m.machine_get().preset == "xen-4.16"
            p2m.domain_create(domain=1)
            p2m.lab.create("another")

        def test_the_server_is_shared(p2m):
            assert [info.machine for info in p2m.lab.machine_list().machines] == ["main"]
    """)
    pytester.runpytest_inprocess().assert_outcomes(passed=3)


def test_the_option_chooses_presets(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(MAP)
    pytester.runpytest_inprocess("--p2mlab-preset=xen-4.17").assert_outcomes(passed=1)
    result = pytester.runpytest_inprocess("-v", "--p2mlab-preset=xen-4.16,xen-4.17")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*test_unmap_forgets?xen-4.16? FAILED*"])


def test_the_marker_chooses_presets_and_knobs(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest
        from p2mlab import Overrides

        @pytest.mark.p2mlab("xen-4.14", overrides=Overrides(remap="busy"))
        def test_knobs(p2m):
            info = p2m.machine_get()
            assert (info.preset, info.knobs.remap) == ("xen-4.14", "busy")

        @pytest.mark.p2mlab("x86-4.10.0", "x86-4.22")
        def test_both(p2m, p2mlab_preset):
            assert p2m.machine_get().preset == p2mlab_preset
    """)
    pytester.runpytest_inprocess("--p2mlab-preset=xen-4.17", "--strict-markers").assert_outcomes(passed=3)


def test_an_unknown_preset_is_refused(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(MAP)
    result = pytester.runpytest_subprocess("--p2mlab-preset=xen-5")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--p2mlab-preset: there is no preset 'xen-5'; there are xen-4.14, *"])
    pytester.makepyfile("import pytest\n@pytest.mark.p2mlab('xen-6')\ndef test_it(p2m): pass")
    pytester.runpytest_inprocess().stdout.fnmatch_lines(["*marker p2mlab of *: there is no preset 'xen-6'*"])


def test_a_failure_shows_the_session_that_plays_it_again(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(MAP)
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    lines = result.stdout.str().splitlines()
    session = [line for line in lines if line.startswith('{"jsonrpc"')]
    assert any("p2mlab session" in line for line in lines)
    file = pytester.path / "failed.ndjson"
    file.write_text("".join(line + "\n" for line in session))
    shown = subprocess.run(
        [os.environ["P2MLAB_SERVER"], "run", "--show", file], capture_output=True, text=True
    )
    assert shown.returncode == 0
    assert "! tracking-agrees: grant frame 0 of domain 1 is tracked at 0x38000" in shown.stdout


def test_a_long_session_is_written_to_a_file(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        def test_long(p2m):
            for text in range(300):
                p2m.session_note(text=str(text))
            assert False
    """)
    result = pytester.runpytest_inprocess()
    result.stdout.fnmatch_lines(["302 requests, in *failed.ndjson: *"])


def test_a_server_that_dies_fails_one_test_only(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import os, signal

        def test_kills(p2m):
            os.kill(p2m.lab.pid, signal.SIGKILL)
            p2m.domain_list()

        def test_goes_on(p2m):
            p2m.domain_list()
    """)
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["The session is lost: *was killed by SIGKILL*"])
