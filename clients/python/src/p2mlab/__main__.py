"""`python -m p2mlab`: a server to talk to by hand. `python -m p2mlab campaign`: many machines at work."""

from __future__ import annotations

import argparse
import sys
from typing import List, Optional, get_args

from .campaign import options as campaign
from .errors import P2MLabError
from .types import Preset


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs the command line, and returns its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        if arguments[:1] == ["campaign"]:
            return campaign.run(campaign.parser().parse_args(arguments[1:]))
        given = parser().parse_args(arguments)
        from . import repl

        return repl.run(given.server, given.preset)
    except P2MLabError as error:
        print(f"p2mlab: {error}", file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    """The command line of the prompt."""
    parser = argparse.ArgumentParser(
        prog="python -m p2mlab",
        description="Talk to a p2mlab server in Python; TAB completes names and parameters. "
        "'python -m p2mlab campaign --help' tells of explorations and random histories on a cluster.",
        epilog="Exit codes: 0 ended, 2 wrong arguments or no server.",
    )
    parser.add_argument("--server", metavar="PATH", help="the program; else P2MLAB_SERVER, then PATH")
    parser.add_argument(
        "--preset", metavar="NAME", choices=get_args(Preset), help="what the machine m models: %(choices)s"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
