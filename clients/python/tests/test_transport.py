"""What can go wrong on the way to a server, and how the client tells. Each for both clients."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import pathlib
import pickle
import select
import signal
import stat
import subprocess
import sys
import threading
import weakref
from typing import Any, List

import pytest
from conftest import FAKE, Client

import p2mlab
from p2mlab import (
    GFN,
    RAM,
    CallTimeout,
    Cancelled,
    Closed,
    P2MLab,
    ProtocolError,
    ServerDied,
    ServerNotFound,
)
from p2mlab.types import PhysmapEffect

LONG = {
    "preset": "xen-4.17",
    "gfns": 12,
    "frames": 6,
    "foreignPages": 5,
    "properties": ["no-collateral-removal"],
}
"""An exploration that nobody waits for to its end."""


# A server that ends.


def test_a_dead_server_is_told_with_its_exit_status_and_last_words(client: Client) -> None:
    lab = client.fake("dies")
    with pytest.raises(ServerDied, match="ended with exit status 7; its last words") as caught:
        lab.call("anything")
    assert caught.value.exit_status == 7
    assert caught.value.stderr.endswith("out of luck\n") and len(caught.value.stderr) <= 8192
    with pytest.raises(ServerDied):
        lab.call("anything else")
    assert not lab.is_open


def test_a_killed_server_is_told_with_its_signal(client: Client) -> None:
    lab = client.fake("killed")
    with pytest.raises(ServerDied, match="was killed by SIGKILL") as caught:
        lab.call("anything")
    assert caught.value.exit_status == -9


def test_a_server_that_closes_its_output_is_done_for(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("p2mlab.transport.GRACE", 0.1)
    monkeypatch.setattr("p2mlab.aio_transport.GRACE", 0.1)
    lab = client.fake("closes its output")
    with pytest.raises(ServerDied):
        lab.call("anything")


def test_all_pending_calls_fail_at_once() -> None:
    with P2MLab([sys.executable, str(FAKE), "dies"]) as lab:
        batch = lab.batch()
        calls = [batch.call("anything") for _ in range(100)]
        with pytest.raises(ServerDied):
            calls[-1].result()
        assert all(isinstance(call.exception(), ServerDied) for call in calls)
        assert len({id(call.exception()) for call in calls}) == len(calls)


def test_a_server_that_cannot_start_says_why(client: Client) -> None:
    with pytest.raises(ServerDied, match="'nope' is invalid for '--preset") as caught:
        client.start(preset="nope")
    assert caught.value.exit_status == 64


def test_what_is_no_server_is_noticed(client: Client) -> None:
    for behaviour, words in (
        ("garbage", "no answer of a p2mlab server: 'Hello"),
        ("unasked", "an answer to what was not asked"),
    ):
        lab = client.fake(behaviour)
        with pytest.raises(ProtocolError, match=words):
            lab.call("anything")
        with pytest.raises(ProtocolError):
            lab.call("anything")


def test_a_server_of_another_protocol_is_refused(client: Client) -> None:
    with pytest.raises(ProtocolError, match=r"speaks version 2\.0"):
        client.fake("other protocol")


def test_a_reply_of_another_shape_is_told(client: Client) -> None:
    lab = client.fake("other shape")
    with pytest.raises(ProtocolError, match=r"the answer to machine\.get is not as this client knows it"):
        lab.main.machine_get()
    outcome = lab.main.physmap_unmap(domain=1, gfn=GFN(1))
    with pytest.raises(ProtocolError, match=r"Outcome\.effects is not as this client knows it"):
        print(outcome.effects)
    with pytest.raises(AttributeError, match="no attribute 'efects'"):
        print(outcome.efects)


# Finding it.


def test_a_server_that_is_not_there_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    with pytest.raises(ServerNotFound, match="'/no/such', which the argument 'server' names"):
        client.start("/no/such")
    monkeypatch.setenv("P2MLAB_SERVER", "/no/such/either")
    with pytest.raises(ServerNotFound, match="which P2MLAB_SERVER names"):
        client.start()
    monkeypatch.delenv("P2MLAB_SERVER")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServerNotFound, match="no program p2mlab in PATH"):
        client.start()
    program = tmp_path / "p2mlab"
    program.write_text("#!/no/such/interpreter\n")
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    with pytest.raises(ServerNotFound, match="cannot be started"):
        client.start()


def test_path_comes_last(client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    os.symlink(os.environ["P2MLAB_SERVER"], tmp_path / "p2mlab")
    monkeypatch.delenv("P2MLAB_SERVER")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert client.start().server_info().name == "p2mlab"


# Time and cancellation.


def test_a_call_that_takes_too_long_is_given_up(client: Client) -> None:
    lab = client.fake("silent")
    with pytest.raises(CallTimeout, match="anything was not answered in time"):
        lab.call("anything", timeout=0.01)
    getattr(lab, "_wrapped", lab).timeout = 0.01
    with pytest.raises(TimeoutError):
        lab.call("anything")


def test_a_late_answer_is_dropped(client: Client) -> None:
    lab = client.fake("late")
    with pytest.raises(CallTimeout):
        lab.call("slow", timeout=0.01)
    assert lab.call("quick") == "in time"


def test_the_server_is_asked_to_give_it_up(client: Client) -> None:
    lab = client.start()
    with pytest.raises(CallTimeout):
        lab.call("explore.run", LONG, timeout=0.01)
    # It would not be answered otherwise: one request comes after another.
    assert lab.server_info().name == "p2mlab"


def test_progress_is_told_in_percent(client: Client) -> None:
    lab = client.start()
    lab.main.domain_create(domain=1, ram=[RAM(gfn=GFN(0x40000), pages=4096)])
    told: List[int] = []
    lab.main.check_run(progress=told.append)
    assert told == list(range(101))


def test_a_callback_that_raises_cancels_the_call(client: Client) -> None:
    class Enough(Exception):
        pass

    def stop(percentage: int) -> None:
        raise Enough(percentage)

    lab = client.start()
    with pytest.raises(Enough):
        lab.call("explore.run", LONG, progress=stop)
    assert lab.server_info().name == "p2mlab"


def test_a_callback_may_call_the_server_itself(lab: P2MLab) -> None:
    told: List[Any] = []
    lab.main.domain_create(domain=1, ram=[RAM(gfn=GFN(0x40000), pages=4096)])
    lab.main.check_run(progress=lambda percentage: told.append(lab.server_info().name))
    assert told == ["p2mlab"] * 101


def test_another_thread_can_cancel() -> None:
    lab = P2MLab([sys.executable, str(FAKE), "endless"])
    canceller = threading.Thread(target=lab.cancel)

    def begin(_: int) -> None:
        if not canceller.ident:
            canceller.start()

    with lab:
        with pytest.raises(Cancelled):
            lab.call("slow", progress=begin)
        canceller.join()
        assert lab.call("quick") == "in time"


def test_another_thread_can_close() -> None:
    lab = P2MLab([sys.executable, str(FAKE), "endless"])
    closer = threading.Thread(target=lab.close)

    def begin(_: int) -> None:
        if not closer.ident:
            closer.start()

    with pytest.raises(Closed):
        lab.call("slow", progress=begin)
    closer.join()
    # What it is busy with, the server does not do to its end.
    assert lab._transport._process.returncode == -signal.SIGKILL


# Bytes.


def test_a_line_may_be_long(client: Client) -> None:
    assert len(client.fake("long line").call("anything")) == 20_000_000


def test_a_server_may_write_much_to_stderr(client: Client) -> None:
    lab = client.fake("noisy")
    for _ in range(3):
        assert lab.call("anything") is None


def test_no_pipe_can_be_full_for_good(lab: P2MLab) -> None:
    """Requests and replies are each far more than the pipes hold."""
    lab.main.domain_create(domain=1, ram=[RAM(gfn=GFN(0x40000), pages=512)])
    with lab.batch() as batch:
        calls = [batch.main.physmap_query(domain=1, gfn=GFN(0x40000), count=512) for _ in range(100)]
        notes = [batch.main.session_note(text="x" * 4000) for _ in range(1000)]
    assert {len(call.result().entries) for call in calls} == {512}
    assert {note.result() for note in notes} == {None}


def test_a_message_that_the_server_finds_too_long_fails_alone(client: Client) -> None:
    lab = client.start(arguments=["--max-message", "1000"])
    with pytest.raises(p2mlab.InvalidRequest, match="1000"):
        lab.main.session_note(text="x" * 2000)
    assert lab.server_info().name == "p2mlab"


# Batches.


def test_a_batch_answers_in_order_and_fails_one_by_one(lab: P2MLab) -> None:
    with lab.batch() as batch:
        created = batch.main.domain_create(domain=1)
        wrong = batch.main.grant_frame_map(domain=9, frame=0, gfn=GFN(0x38000))
        mapped = batch.main.grant_frame_map(domain=1, frame=0, gfn=GFN(0x38000))
        assert mapped.result().violations == ()
    assert created.done() and created.result().domain == 1
    assert isinstance(mapped.result().effects[-1], PhysmapEffect)
    failure = wrong.exception()
    assert isinstance(failure, p2mlab.HypercallError) and failure.errno == errno.ESRCH
    with pytest.raises(p2mlab.HypercallError):
        batch.results()


def test_a_call_that_was_given_up_stays_so() -> None:
    with P2MLab([sys.executable, str(FAKE), "late"]) as lab:
        batch = lab.batch()
        slow, quick = batch.call("slow"), batch.call("quick")
        with pytest.raises(CallTimeout):
            slow.result(timeout=0.01)
        assert isinstance(slow.exception(), CallTimeout)
        assert quick.result() == "in time"


def test_calls_of_a_block_that_raises_are_made_all_the_same(lab: P2MLab) -> None:
    with pytest.raises(ZeroDivisionError), lab.batch() as batch:
        batch.main.domain_create(domain=1)
        raise ZeroDivisionError
    assert [domain.domain for domain in lab.main.domain_list().domains] == [1]


def test_a_batch_is_forgotten_with_all_its_answers_without_the_garbage_collector(lab: P2MLab) -> None:
    gc.disable()
    try:
        with lab.batch() as batch:
            batch.main.domain_create(domain=1)
            call = batch.machine("main").domain_list()
        assert len(call.result().domains) == 1
        there = weakref.ref(batch)
        del batch, call
        assert there() is None
    finally:
        gc.enable()


def test_a_batch_can_be_awaited() -> None:
    async def play() -> List[Any]:
        async with p2mlab.AsyncP2MLab() as lab:
            async with lab.batch() as batch:
                batch.main.domain_create(domain=1)
                call = batch.main.grant_frame_map(domain=1, frame=0, gfn=GFN(0x38000))
                with pytest.raises(ProtocolError, match="leave the batch first"):
                    call.result()
            return list(batch.results())

    assert len(asyncio.run(play())[1].effects) == 2


def test_cancelling_a_task_cancels_its_call() -> None:
    async def play() -> str:
        async with p2mlab.AsyncP2MLab([sys.executable, str(FAKE), "endless"]) as lab:
            begun = asyncio.Event()
            call = lab.call("slow", progress=lambda percentage: begun.set())
            task = asyncio.ensure_future(call)
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return str(await lab.call("quick"))

    assert asyncio.run(play()) == "in time"


def test_tasks_share_a_server() -> None:
    async def play() -> List[Any]:
        async with p2mlab.AsyncP2MLab() as lab:
            await lab.main.domain_create(domain=1)
            frames = range(1, 50)
            return await asyncio.gather(
                *(lab.main.grant_frame_map(domain=1, frame=k, gfn=GFN(0x38000) + k) for k in frames)
            )

    places = [outcome.effects[-1].gfn for outcome in asyncio.run(play())]
    assert places == [GFN(0x38000) + k for k in range(1, 50)]


# Processes and threads.


def test_threads_share_a_server(lab: P2MLab) -> None:
    lab.main.domain_create(domain=1)
    wrong: List[BaseException] = []

    def work(number: int) -> None:
        try:
            for _ in range(200):
                gfn = GFN(0x38000 + number)
                lab.main.region_define(domain=1, name=str(gfn), gfn=gfn, pages=1, kind="mmio")
                assert lab.main.region_delete(domain=1, name=str(gfn)).gfn == gfn
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_closing_twice_does_nothing(client: Client) -> None:
    lab = client.start()
    lab.close()
    lab.close()
    with pytest.raises(Closed):
        lab.server_info()
    assert not lab.is_open


def test_the_server_ends_with_the_block() -> None:
    with P2MLab() as lab:
        pid = lab.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_forked_child_leaves_the_server_alone(lab: P2MLab) -> None:
    child = os.fork()
    if child == 0:
        try:
            lab.server_info()
        except Closed:
            lab.close()
            os._exit(0)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    assert lab.server_info().name == "p2mlab"


def run_script(script: str, **keywords: Any) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, **keywords)


def test_ctrl_c_misses_the_server() -> None:
    script = f"""
from p2mlab import P2MLab
lab = P2MLab({[sys.executable, str(FAKE), "endless"]!r})
try:
    lab.call("slow", progress=lambda percentage: print("ready", flush=True))
except KeyboardInterrupt:
    print(lab.call("quick"), flush=True)
"""
    with run_script(script, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout.read() == "in time\n"
        assert process.wait() == 0


@pytest.mark.parametrize("ending", ["pass", "raise SystemExit(0)", "import os; os.kill(os.getpid(), 9)"])
def test_no_server_outlives_the_program(ending: str) -> None:
    script = f"from p2mlab import P2MLab\nlab = P2MLab()\nprint(lab.pid, flush=True)\ninput()\n{ending}\n"
    with run_script(script, stdin=subprocess.PIPE) as process:
        assert process.stdout is not None
        server = os.pidfd_open(int(process.stdout.readline()))
        process.communicate("\n")
    # Waits for the server's end; a server that stays lets the test hang.

    select.select([server], [], [])
    os.close(server)


def test_errors_pass_between_processes(lab: P2MLab) -> None:
    with pytest.raises(p2mlab.HypercallError) as caught:
        lab.main.domain_get(domain=5)
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is p2mlab.HypercallError
    assert (str(again), again.errno, again.name) == (str(caught.value), errno.ESRCH, "ESRCH")
