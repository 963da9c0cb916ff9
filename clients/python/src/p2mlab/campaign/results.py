"""The file of results: a shard a line, written as it is done, so that a later run goes on from there."""

from __future__ import annotations

import json
import os
import pathlib
from typing import Any, Dict, Iterable, List, Optional, TextIO

from .plan import Shard

Result = Dict[str, Any]


class UnusableResults(Exception):
    """The file is not one of results."""


class Results:
    """What is known of shards, in a file."""

    def __init__(self, path: "os.PathLike[str] | str") -> None:
        """Reads the file, if it is there; a torn last line is what a killed run left, and is dropped.

        Raises:
            OSError: it cannot be read, or its folder is not there.
            UnusableResults: another line cannot be read; the file is left as it is.
        """
        self.path = pathlib.Path(path)
        os.stat(self.path.parent)
        self._known: Dict[str, Result] = {}
        self._file: Optional[TextIO] = None
        text = self.path.read_text(encoding="utf-8") if self.path.exists() else ""
        whole, _, self._torn = text.rpartition("\n")
        for number, line in enumerate(whole.split("\n") if whole else [], 1):
            try:
                entry = json.loads(line)
                self._known[Shard.from_json(entry["shard"]).key] = entry["result"]
            except (ValueError, KeyError, TypeError) as error:
                raise UnusableResults(f"{path}:{number}: this is no result of a campaign") from error

    def __contains__(self, shard: Shard) -> bool:
        return shard.key in self._known

    def __getitem__(self, shard: Shard) -> Result:
        return self._known[shard.key]

    def missing(self, shards: Iterable[Shard]) -> List[Shard]:
        """The shards whose work is still to be done."""
        return [shard for shard in shards if shard not in self]

    def add(self, shard: Shard, result: Result) -> None:
        """Adds a result, on disk when this returns."""
        if self._file is None:
            if self._torn:
                self.write([])
            self._file = self.path.open("a", encoding="utf-8")
        self._known[shard.key] = result
        self._file.write(line(shard, result))
        self._file.flush()
        os.fsync(self._file.fileno())

    def write(self, shards: Iterable[Shard]) -> None:
        """Writes the file anew, the results of `shards` first, in their order, then others by their key.

        So it does not depend on who did what when. It is whole at any time.
        """
        self.close()
        order = {shard.key: number for number, shard in enumerate(shards)}
        keys = sorted(self._known, key=lambda key: (order.get(key, len(order)), key))
        beside = self.path.with_name(self.path.name + ".new")
        with beside.open("w", encoding="utf-8") as file:
            for key in keys:
                file.write(line(Shard.from_json(json.loads(key)), self._known[key]))
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, self.path)
        self._torn = ""

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def line(shard: Shard, result: Result) -> str:
    """A result as it stands in the file."""
    entry = {"shard": shard.as_json(), "result": result}
    return json.dumps(entry, separators=(",", ":")) + "\n"
