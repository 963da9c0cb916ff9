"""Campaigns, on workers of this machine; one of them is killed."""

from __future__ import annotations

import gc
import json
import os
import pathlib
import signal
import subprocess
import sys
from typing import Any, Iterator, List

import dask
import pytest

from p2mlab import P2MLab
from p2mlab.__main__ import main
from p2mlab.campaign import cluster, options, summary, work
from p2mlab.campaign.plan import Plan, Shard
from p2mlab.campaign.results import Results, UnusableResults

# Dask's own, which none of ours can help.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")

PLAN = Plan(
    presets=["xen-4.16", "xen-4.17"],
    windows=["3x1x1"],
    seeds=range(3),
    histories=3,
    length=30,
    against="xen-4.17",
)
SHARDS = list(PLAN.shards())


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with options.connect(None, 2) as client:
        yield client
    gc.collect()  # What Dask leaves open is told here, where it is expected, and not in a later test.


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of results, as one process without a cluster makes it."""
    results = Results(tmp_path_factory.mktemp("alone") / "results.jsonl")
    with P2MLab() as lab:
        for shard in SHARDS:
            results.add(shard, work.do(shard, lab))
    results.write(SHARDS)
    return results.path.read_bytes()


def campaign(*arguments: str) -> int:
    return main(["campaign", *arguments])


# Work.


def test_there_is_a_shard_for_each_preset_window_alphabet_and_seed() -> None:
    plan = Plan(
        presets=["xen-4.16", "x86-4.15.0"], windows=["2x1x1", "2x1x0x2"], alphabets=["default", "all"]
    )
    shards = list(plan.shards())
    assert len(shards) == len({shard.key for shard in shards}) == 2 * 2 * 2 + 2 * 1 * 2 * 4
    assert {shard.seed for shard in shards} == {None, 0, 1, 2, 3}
    assert all(Shard.from_json(json.loads(shard.key)) == shard for shard in shards)


def test_counterexamples_are_the_known_ones(alone: bytes, tmp_path: pathlib.Path) -> None:
    (tmp_path / "r").write_bytes(alone)
    found = summary.shortest(SHARDS, Results(tmp_path / "r"))
    lost = found["xen-4.16", "no-collateral-removal"]
    assert lost["operations"] == 3
    assert [request["method"] for request in lost["requests"][-3:]] == [
        "grantFrame.map",
        "foreignPage.map",
        "grantFrame.map",
    ]
    assert ("xen-4.17", "no-collateral-removal") not in found
    assert ("xen-4.16", "unlike.xen-4.17") in found and ("xen-4.17", "unlike.xen-4.17") not in found


# The cluster.


def test_two_workers_find_the_same_as_one_process(client: Any, alone: bytes, tmp_path: pathlib.Path) -> None:
    results = Results(tmp_path / "results.jsonl")
    assert cluster.run(client, SHARDS, results) == []
    assert results.path.read_bytes() == alone


GATED = """\
#!/bin/sh
# The server, but the first one to be started says who started it, and waits behind a gate.
cd "$(dirname "$0")"
echo $PPID > me.$$
ln me.$$ worker 2>/dev/null && cat gate
exec "$P2MLAB_SERVER" "$@"
"""


def test_a_killed_workers_shard_is_done_again(client: Any, alone: bytes, tmp_path: pathlib.Path) -> None:
    """One worker is in the midst of its first shard when the other one has done one, and is killed."""
    server = tmp_path / "gated"
    server.write_text(GATED)
    server.chmod(0o755)
    os.mkfifo(tmp_path / "gate")
    done: List[Shard] = []

    def kill_the_busy_one(shard: Shard) -> None:
        done.append(shard)
        if len(done) == 1:
            os.kill(int((tmp_path / "worker").read_text()), signal.SIGKILL)

    results = Results(tmp_path / "results.jsonl")
    failed = cluster.run(client, SHARDS, results, server=str(server), on_result=kill_the_busy_one)
    os.close(os.open(tmp_path / "gate", os.O_WRONLY))
    assert failed == []
    assert sorted(shard.key for shard in done) == sorted(shard.key for shard in SHARDS)
    assert results.path.read_bytes() == alone


def test_the_program_can_be_shipped(client: Any, alone: bytes, tmp_path: pathlib.Path) -> None:
    results = Results(tmp_path / "results.jsonl")
    server = os.environ["P2MLAB_SERVER"]
    assert cluster.run(client, SHARDS, results, server=server, ship=True) == []
    assert results.path.read_bytes() == alone

    def programs(dask_worker: Any) -> List[str]:
        return [path.name for path in pathlib.Path(dask_worker.local_directory).glob("p2mlab-*")]

    assert {len(names) for names in client.run(programs).values()} == {1}


def test_the_command_works_on_a_cluster_that_is_there(
    client: Any, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "results.jsonl"
    plan = "--preset xen-4.17 --kind random --seeds 0:2 --window 2x1x1 --property no-collateral-removal"
    arguments = [*plan.split(), "--scheduler", client.scheduler.address, "--results", str(results)]
    assert campaign(*arguments) == 0
    assert "xen-4.17  2x1x1   default   -         20                nothing" in capsys.readouterr().out
    assert len(results.read_text().splitlines()) == 2


def test_a_shard_without_a_server_fails_alone(client: Any, tmp_path: pathlib.Path) -> None:
    results = Results(tmp_path / "results.jsonl")
    failed = cluster.run(client, SHARDS[:2], results, server="/no/such/p2mlab")
    assert [shard for shard, _ in failed] == SHARDS[:2]
    assert "'/no/such/p2mlab', which the argument 'server' names" in str(failed[0][1])
    assert results.missing(SHARDS) == SHARDS


# Results.


def test_a_later_run_goes_on(alone: bytes, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "results.jsonl"
    lines = alone.splitlines(keepends=True)
    # In the order in which workers were done, and torn where the run was killed.
    path.write_bytes(lines[5] + lines[0] + lines[2][:100])
    results = Results(path)
    missing = results.missing(SHARDS)
    assert len(missing) == len(SHARDS) - 2
    with P2MLab() as lab:
        for shard in missing:
            results.add(shard, work.do(shard, lab))
    assert b"".join(sorted(path.read_bytes().splitlines(keepends=True))) == b"".join(sorted(lines))
    results.write(SHARDS)
    assert path.read_bytes() == alone


@pytest.mark.parametrize("line", ["nonsense", "{}", '{"shard":{"colour":1,"properties":[]},"result":{}}'])
def test_a_file_that_is_no_results_is_left_alone(tmp_path: pathlib.Path, line: str) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(UnusableResults, match=r"results\.jsonl:1: this is no result of a campaign"):
        Results(path)
    assert campaign("--preset", "xen-4.16", "--results", str(path)) == 2
    assert path.read_text() == line + "\n"


# The command.


def test_the_command_tells_what_was_found(
    alone: bytes, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All shards are known, so that no cluster is needed: that is tested above, and in the README."""
    path, folder = tmp_path / "results.jsonl", tmp_path / "found"
    path.write_bytes(alone)
    arguments = "--preset xen-4.16,xen-4.17 --window 3x1x1 --seeds 0:3 --histories 3 --length 30"
    command = [*arguments.split(), "--against", "xen-4.17", "--results", str(path)]
    assert campaign(*command, "--sessions", str(folder)) == 1
    out = capsys.readouterr().out
    assert "xen-4.16  3x1x1   default   violated, 26 states  9, 9 unlike xen-4.17" in out
    assert "no-collateral-removal (3)" in out
    assert path.read_bytes() == alone
    sessions = sorted(folder.glob("*.ndjson"))
    assert [session.name for session in sessions] == [
        "xen-4.16.no-collateral-removal.ndjson",
        "xen-4.16.references-balance.ndjson",
        "xen-4.16.unlike.xen-4.17.ndjson",
        "xen-4.17.references-balance.ndjson",
    ]
    checked = subprocess.run([os.environ["P2MLAB_SERVER"], "run", *sessions], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    shown = subprocess.run(
        [os.environ["P2MLAB_SERVER"], "run", "--show", sessions[0]], capture_output=True, text=True
    )
    assert "! no-collateral-removal" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("", "--preset says on which releases"),
        ("--preset xen-5", "there is no preset 'xen-5'; there are xen-4.14"),
        ("--preset xen-4.16 --against xen-6", "there is no preset 'xen-6'"),
        ("--preset xen-4.16 --window 3x1", "'3x1' is no window"),
        ("--preset xen-4.16 --alphabet grantFrame.mapp", "there is no operation 'grantFrame.mapp'"),
        ("--preset xen-4.16 --kind dream", "there is no kind 'dream'; there are explore, random"),
        ("--preset xen-4.16 --property peace", "there is no property 'peace'"),
        ("--preset xen-4.16 --length 0", "a history has 1 to 1000 operations"),
        ("--preset xen-4.16 --workers 0", "--workers is at least 1"),
        ("--preset xen-4.16 --workers -1", "--workers is at least 1"),
        ("--preset xen-4.16 --histories 0", "histories and states are at least 1"),
        ("--preset xen-4.16 --max-states 0", "histories and states are at least 1"),
        ("--preset xen-4.16 --window 0x1x1", "'0x1x1' is no window"),
        ("--preset xen-4.16 --server /no/such", "'/no/such', which the argument 'server' names"),
        ("--preset xen-4.16 --results /no/such/folder/file", "No such file or directory"),
    ],
)
def test_a_mistake_is_told_before_anything_is_done(
    arguments: str,
    words: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert campaign(*arguments.split()) == 2
    assert words in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("address", ["", "garbage", "host:port", "pigeon://host:8786", "tcp://127.0.0.1:1"])
def test_a_scheduler_that_is_not_there_is_told(
    address: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: pathlib.Path,
) -> None:
    results = tmp_path / "results.jsonl"
    with dask.config.set({"distributed.comm.timeouts.connect": "100ms"}):
        assert campaign("--preset", "xen-4.16", "--scheduler", address, "--results", str(results)) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("p2mlab: ") and address in line
    assert line.endswith(f"what is done is in {results}")


TELLING = """\
#!/bin/sh
# The server, but it tells a pipe when it explores, and holds that open as long as it lives.
cd "$(dirname "$0")"
exec 3> pipe
while read -r line; do
  case $line in *explore.run*) echo explores >&3 ;; esac
  printf '%s\\n' "$line"
done | "$P2MLAB_SERVER" "$@"
"""


def test_ctrl_c_on_a_terminal_is_told_in_a_line_and_ends_the_servers(tmp_path: pathlib.Path) -> None:
    server = tmp_path / "telling"
    server.write_text(TELLING)
    server.chmod(0o755)
    os.mkfifo(tmp_path / "pipe")
    endless = "--preset xen-4.17 --window 12x6x5 --kind explore --max-states 100000000 --workers 1"
    command = [sys.executable, "-m", "p2mlab", "campaign", *endless.split(), "--server", str(server)]
    campaign = subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with open(tmp_path / "pipe") as pipe:
        assert pipe.readline() == "explores\n"
        os.killpg(campaign.pid, signal.SIGINT)
        out, err = campaign.communicate()
        assert (out, err.splitlines()) == (
            "",
            ["p2mlab: interrupted; what is done is in campaign.jsonl, and the same command goes on"],
        )
        assert campaign.returncode == 2
        assert pipe.read() == ""


def test_seeds_are_a_range(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        campaign("--preset", "xen-4.16", "--seeds", "4:4")
    assert ended.value.code == 2
    assert "'4:4' is not FIRST:END" in capsys.readouterr().err


def test_without_dask_it_is_said_what_to_install(tmp_path: pathlib.Path) -> None:
    script = (
        "import sys; sys.modules['distributed'] = None\n"
        "from p2mlab.__main__ import main\n"
        "sys.exit(main(['campaign', '--preset', 'xen-4.16']))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path)
    assert ran.returncode == 2
    assert "pip install 'p2mlab[campaign]'" in ran.stderr
