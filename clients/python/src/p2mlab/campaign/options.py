"""The command line of a campaign."""

from __future__ import annotations

import argparse
import pathlib
import re
import sys
from typing import TYPE_CHECKING, Any, ContextManager, List, Optional, Tuple, cast

from ..server import find
from ..types import Preset, Property
from .plan import Kind, Plan
from .results import Results, UnusableResults

if TYPE_CHECKING:
    from distributed import Client

ABOUT = """\
Explore small machines, and play random histories on them, in shards of preset x window x alphabet x
seed, on a Dask cluster: this machine's cores, or the one of --scheduler.

Results are added to a file, a shard a line, and a later run with the same file goes on where this one
ended. They do not depend on how many workers there are. Needs p2mlab[campaign], on the workers too.
"""

EXIT_CODES = """\
exit codes:
  0 nothing is violated, 1 something is, 2 it could not be done, or not all of it

examples:
  python -m p2mlab campaign --preset xen-4.16,xen-4.17 --window 3x1x1,4x2x2 --sessions found
  python -m p2mlab campaign --preset x86-4.15.0 --window 2x1x0x2 --kind explore
  python -m p2mlab campaign --preset xen-4.16 --against xen-4.17 --kind random --seeds 0:100
  python -m p2mlab campaign --preset xen-4.20 --scheduler tcp://head:8786 --ship
"""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m p2mlab campaign",
        description=ABOUT,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    default = Plan([])
    many = "several with commas, or the option again"

    def option(name: str, help: str, **keywords: Any) -> None:
        parser.add_argument(name, help=help, **keywords)

    def list_option(name: str, metavar: str, help: str) -> None:
        option(name, f"{help}; {many}", metavar=metavar, action="append", type=words)

    option(
        "--server",
        "the program; else P2MLAB_SERVER, then PATH; with --scheduler, the workers' own",
        metavar="PATH",
    )
    list_option("--preset", "NAME", "the releases")
    list_option("--window", "GxFxP[xV]", "GFNs x grant frames x foreign pages [x vCPUs]; 4x2x2")
    option(
        "--alphabet",
        "operations: 'default', 'memory', 'versions', 'all', or methods with commas; again for more",
        metavar="NAME",
        action="append",
    )
    list_option("--kind", "KIND", "'explore', 'random'; both")
    list_option("--property", "NAME", f"what is looked for; {', '.join(default.properties)}")
    option("--seeds", "seeds of random histories, FIRST:END (%(default)s)", default="0:4", type=seeds)
    option("--histories", "histories of a seed (%(default)s)", type=int, default=default.histories)
    option("--length", "operations of a history (%(default)s)", type=int, default=default.length)
    option("--against", "a preset with whose replies the histories' are compared", metavar="NAME")
    option("--max-states", "states of an exploration (%(default)s)", type=int, default=default.max_states)
    option("--results", "the file of results (%(default)s)", metavar="FILE", default="campaign.jsonl")
    option("--sessions", "a folder for the shortest counterexamples, as sessions", metavar="FOLDER")
    option("--workers", "workers on this machine; as many as it has cores", type=int)
    option("--scheduler", "the scheduler of a cluster, such as tcp://host:8786", metavar="ADDRESS")
    option("--ship", "bring the server's program to the workers", action="store_true")
    option("--quiet", "show no progress", action="store_true")
    return parser


def words(text: str) -> List[str]:
    """Words with commas between them."""
    return [word for word in text.split(",") if word]


def seeds(text: str) -> range:
    """The seeds `0:4`, which are 0 to 3."""
    match = re.fullmatch(r"(\d+):(\d+)", text)
    if not match or int(match[1]) >= int(match[2]):
        raise argparse.ArgumentTypeError(f"{text!r} is not FIRST:END, such as 0:4 for 0, 1, 2 and 3")
    return range(int(match[1]), int(match[2]))


def plan_of(given: argparse.Namespace) -> Plan:
    """The plan that the options say.

    Raises:
        ValueError: what is wrong with them.
    """

    def many(value: Optional[List[List[str]]], otherwise: Tuple[str, ...]) -> Tuple[str, ...]:
        found = tuple(dict.fromkeys(word for words in value or [] for word in words))
        return found or otherwise

    kinds = many(given.kind, ("explore", "random"))
    for kind in kinds:
        if kind not in ("explore", "random"):
            raise ValueError(f"there is no kind {kind!r}; there are explore, random")
    presets = many(given.preset, ())
    if not presets:
        raise ValueError("--preset says on which releases; several with commas")
    return Plan(
        presets=cast(Tuple[Preset, ...], presets),
        windows=many(given.window, ("4x2x2",)),
        alphabets=tuple(dict.fromkeys(given.alphabet or ["default"])),
        kinds=cast(Tuple[Kind, ...], kinds),
        seeds=given.seeds,
        histories=given.histories,
        length=given.length,
        against=given.against,
        properties=cast(Tuple[Property, ...], many(given.property, Plan([]).properties)),
        max_states=given.max_states,
    )


def run(given: argparse.Namespace) -> int:
    """Runs a campaign, and returns its exit code."""
    try:
        plan = plan_of(given)
        if given.workers is not None and given.workers < 1:
            raise ValueError("--workers is at least 1: without a worker nothing is ever done")
        results = Results(given.results)
        # On this machine the workers take the program that is found here.
        is_here = given.scheduler is None or given.ship
        server = find(given.server) if is_here else given.server
    except (ValueError, UnusableResults, OSError) as error:
        return complain(str(error))
    try:
        from . import cluster
    except ImportError as error:
        return complain(f"{error}: campaigns need Dask; pip install 'p2mlab[campaign]'")
    shards = list(plan.shards())
    known = len(shards) - len(results.missing(shards))
    if known:
        print(f"{known} of {len(shards)} shards are in {given.results}", file=sys.stderr)
    try:
        failed: List[Tuple[Any, BaseException]] = []
        if known < len(shards):
            with connect(given.scheduler, given.workers) as client:
                try:
                    failed = cluster.run(
                        client,
                        shards,
                        results,
                        server=server,
                        ship=given.ship,
                        shows_progress=sys.stdout.isatty() and not given.quiet,
                    )
                except KeyboardInterrupt:
                    cluster.hush()  # Before the cluster ends, and the process with it.
                    raise
        else:
            results.write(shards)
        return tell(shards, results, failed, given.sessions, find(given.server) if given.sessions else None)
    except OSError as error:
        return complain(f"{error}; what is done is in {given.results}")
    except KeyboardInterrupt:
        return complain(f"interrupted; what is done is in {given.results}, and the same command goes on")
    finally:
        results.close()


def connect(scheduler: Optional[str], workers: Optional[int]) -> "ContextManager[Client]":
    """The cluster at an address, or one of this machine's processes.

    Raises:
        OSError: nobody answers there, or it is no address.
    """
    from distributed import Client
    from distributed.comm.addressing import get_address_host_port

    start: Any = Client
    if scheduler is not None:
        try:
            get_address_host_port(scheduler)  # A client that fails at this leaves Dask's event loop broken.
        except ValueError as error:
            raise OSError(f"--scheduler {scheduler!r}: {error}") from error
        return cast("ContextManager[Client]", start(scheduler))
    return cast(
        "ContextManager[Client]",
        start(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",
            preload=["p2mlab.campaign.cluster"],
        ),
    )


def tell(
    shards: List[Any],
    results: Results,
    failed: List[Tuple[Any, BaseException]],
    sessions: Optional[str],
    server: Optional[str],
) -> int:
    """Prints what was found, and returns the exit code."""
    from . import summary

    print(summary.table(shards, results), end="")
    found = summary.shortest(shards, results)
    if sessions is not None and found:
        print("", *summary.write_sessions(found, pathlib.Path(sessions), server), sep="\n")
    for shard, error in failed:
        print(f"p2mlab: {shard}: {error}", file=sys.stderr)
    if failed:
        return complain(f"{len(failed)} shards failed; the same command tries them again")
    return 1 if any(not what.startswith("unlike.") for _, what in found) else 0


def complain(words: str) -> int:
    """Tells why it cannot be done, and returns that exit code."""
    print(f"p2mlab: {words}", file=sys.stderr)
    return 2
