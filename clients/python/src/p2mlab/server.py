"""Finding the server, and how it is started."""

from __future__ import annotations

import os
import shutil
from typing import List, Optional, Sequence, Union

from .errors import ServerNotFound

Server = Union[str, "os.PathLike[str]", Sequence[str]]
"""The path of the program `p2mlab`; or a whole command, such as `["ssh", "host", "p2mlab", "serve"]`."""


def command(
    server: Optional[Server] = None, *, preset: Optional[str] = None, arguments: Sequence[str] = ()
) -> List[str]:
    """The command that starts a server.

    Args:
        server: the program or command; otherwise `P2MLAB_SERVER` or what PATH has as `p2mlab` is taken.
        preset: what the machine `main` models.
        arguments: further arguments of `p2mlab serve`.

    Raises:
        ServerNotFound: there is no such program.
    """
    options = [*(["--preset", preset] if preset else []), *arguments]
    if server is not None and not isinstance(server, (str, os.PathLike)):
        return [*server, *options]
    return [find(server), "serve", *options]


def find(server: "Union[str, os.PathLike[str], None]" = None) -> str:
    """The path of the program.

    Raises:
        ServerNotFound: there is no such program; the message tells where it was looked for.
    """
    named = os.fspath(server) if server is not None else os.environ.get("P2MLAB_SERVER")
    if not named:
        found = shutil.which("p2mlab")
        if found is None:
            raise ServerNotFound(
                "there is no program p2mlab in PATH; give its path as P2MLab(server=...) "
                "or in the environment variable P2MLAB_SERVER"
            )
        return found
    found = shutil.which(named)
    if found is None:
        source = "the argument 'server'" if server is not None else "P2MLAB_SERVER"
        raise ServerNotFound(f"{named!r}, which {source} names, is not a program that can be run")
    return os.path.abspath(found)
