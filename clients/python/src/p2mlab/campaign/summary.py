"""What a campaign found: a table, and the shortest counterexamples as sessions."""

from __future__ import annotations

import pathlib
from typing import Any, Dict, Iterable, List, Optional, Tuple

from ..errors import P2MLabError
from ..lab import P2MLab
from ..sessions import answered
from .plan import Shard
from .results import Results

Found = Dict[Tuple[str, str], Dict[str, Any]]
"""Counterexamples by preset and what they show."""


def table(shards: Iterable[Shard], results: Results) -> str:
    """A row for each preset, window and alphabet."""
    rows: Dict[Tuple[str, str, str], List[Shard]] = {}
    for shard in shards:
        if shard in results:
            rows.setdefault((shard.preset, shard.window, shard.alphabet), []).append(shard)
    head = ["preset", "window", "alphabet", "explored", "random histories", "violated"]
    lines = [head] + [[*place, *_row(group, results)] for place, group in rows.items()]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() + "\n" for line in lines
    )


def _row(shards: List[Shard], results: Results) -> List[str]:
    explored, histories, differing, against = "-", 0, 0, None
    violated: Dict[str, int] = {}
    for shard in shards:
        result = results[shard]
        for name in result["violated"]:
            length = result["counterexamples"][name]["operations"]
            violated[name] = min(length, violated.get(name, length))
        if shard.kind == "explore":
            explored = f"{result['verdict']}, {result['states']:,} states"
        else:
            histories += result["histories"]
            differing += result.get("differing", 0)
            against = shard.against or against
    played = f"{histories:,}" if histories else "-"
    if against is not None and histories:
        played += f", {differing:,} unlike {against}"
    names = ", ".join(f"{name} ({length})" for name, length in sorted(violated.items()))
    return [explored, played, names or "nothing"]


def shortest(shards: Iterable[Shard], results: Results) -> Found:
    """The shortest counterexample for each preset and property; of equally short ones the first."""
    found: Found = {}

    def consider(preset: str, what: str, example: Optional[Dict[str, Any]]) -> None:
        known = found.get((preset, what))
        if example and (known is None or example["operations"] < known["operations"]):
            found[preset, what] = example

    for shard in shards:
        if shard in results:
            for name, example in results[shard]["counterexamples"].items():
                consider(shard.preset, name, example)
            consider(shard.preset, f"unlike.{shard.against}", results[shard].get("difference"))
    return dict(sorted(found.items()))


def write_sessions(found: Found, folder: pathlib.Path, server: Optional[str]) -> List[str]:
    """Writes counterexamples with the server's replies, as `p2mlab run` checks them.

    Returns:
        A line for each, for people.
    """
    folder.mkdir(parents=True, exist_ok=True)
    told = []
    for (preset, what), example in found.items():
        file = folder / f"{preset}.{what}.ndjson"
        note = f"Found by a campaign on {preset}: {what}."
        with P2MLab(server) as lab:
            try:
                file.write_text(answered(lab, example["requests"], note), encoding="utf-8")
            except P2MLabError as error:
                raise P2MLabError(f"{file} cannot be played: {error}") from error
        told.append(f"{example['operations']:3} operations  {file}")
    return told
