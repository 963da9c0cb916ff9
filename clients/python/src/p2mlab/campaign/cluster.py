"""Shards on a Dask cluster: each worker has a server of its own, and keeps it from shard to shard."""

from __future__ import annotations

import hashlib
import logging
import os
import pathlib
import signal
import threading
import uuid
import weakref
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

from distributed import Client, Worker, WorkerPlugin, as_completed, get_worker, progress

from ..lab import P2MLab
from . import work
from .plan import Shard
from .results import Result, Results

RETRIES = 2
"""How often a shard is tried again whose server ended or was not there."""

_mine = threading.local()


_labs: "weakref.WeakSet[P2MLab]" = weakref.WeakSet()
"""What this worker's threads have."""


def dask_setup(worker: Worker) -> None:
    """Dask calls it on a worker that preloads this module.

    Ctrl-C on a terminal reaches the workers too. It is the campaign that ends them; what Dask says of
    work that is given up is of no interest then.
    """
    signal.signal(signal.SIGINT, lambda *_: hush())


def dask_teardown(worker: Worker) -> None:
    """Dask calls it on such a worker that ends: nobody waits for what its servers still do."""
    for lab in list(_labs):
        lab.close()


def hush() -> None:
    """Logs nothing any more in this process."""
    logging.disable(logging.CRITICAL)


class ServerProgram(WorkerPlugin):
    """Brings the server's program to every worker, those that come later too."""

    def __init__(self, program: bytes) -> None:
        self._program = program
        self.name = "p2mlab-" + hashlib.sha256(program).hexdigest()[:16]

    def setup(self, worker: Worker) -> None:
        path = pathlib.Path(worker.local_directory, self.name)
        if not path.exists():
            beside = path.with_name(f"{self.name}.{os.getpid()}")
            beside.write_bytes(self._program)
            beside.chmod(0o755)
            beside.replace(path)


def do_on_worker(members: Dict[str, Any], server: Optional[str], is_shipped: bool) -> Result:
    """Does a shard's work on this worker's server.

    Args:
        members: the shard.
        server: the path of the program, or the name of one that `ServerProgram` brought; `None` where
            the worker knows by `P2MLAB_SERVER` or PATH.
        is_shipped: whether it was brought.
    """
    if is_shipped:
        assert server is not None
        server = str(pathlib.Path(get_worker().local_directory, server))
    lab: Optional[P2MLab] = getattr(_mine, "lab", None)
    if lab is None or not lab.is_open or _mine.server != server:
        _mine.lab = lab = P2MLab(server)
        _mine.server = server
        _labs.add(lab)
    return work.do(Shard.from_json(members), lab)


def run(
    client: Client,
    shards: List[Shard],
    results: Results,
    *,
    server: Optional[str] = None,
    ship: bool = False,
    shows_progress: bool = False,
    on_result: Optional[Callable[[Shard], None]] = None,
) -> List[Tuple[Shard, BaseException]]:
    """Has the cluster do the shards that `results` does not know, and adds what they find.

    A shard whose worker dies is done again by another one.

    Args:
        client: of the cluster.
        shards: all of them, in order.
        results: where they go.
        server: the path of the server's program, on the workers; or here, where it is shipped.
        ship: whether the program is brought to the workers.
        shows_progress: whether Dask's progress bar is shown.
        on_result: called after each result.

    Returns:
        The shards that failed, in the order of `shards`, and why.
    """
    if ship:
        assert server is not None
        plugin = ServerProgram(pathlib.Path(server).read_bytes())
        client.register_plugin(plugin)
        server = plugin.name
    # Dask takes equal keys for equal work, and may still have the results of a run with another server.
    run = uuid.uuid4().hex
    futures = {
        client.submit(
            do_on_worker, shard.as_json(), server, ship, key=f"p2mlab-{run}-{shard.key}", retries=RETRIES
        ): shard
        for shard in results.missing(shards)
    }
    bar = threading.Thread(target=progress, args=(list(futures),), daemon=True)
    if shows_progress and futures:
        bar.start()
    errors: Dict[Shard, BaseException] = {}
    completed: Callable[..., Iterator[Any]] = as_completed
    for future in completed(list(futures)):
        shard = futures[future]
        error = future.exception()
        if error is None:
            results.add(shard, future.result())
            if on_result is not None:
                on_result(shard)
        else:
            errors[shard] = error
    results.write(shards)
    if bar.ident is not None:
        bar.join(1.0)  # It clears its line.
    return [(shard, errors[shard]) for shard in shards if shard in errors]
