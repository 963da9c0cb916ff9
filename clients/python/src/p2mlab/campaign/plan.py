"""What a campaign asks: shards, each of which is asked of one server and answered the same wherever."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Dict, Iterator, Literal, Optional, Sequence, Tuple, get_args

from .. import histories
from ..histories import Window
from ..types import Preset, Property

Kind = Literal["explore", "random"]

WATCHED: Tuple[Property, ...] = (
    "no-collateral-removal",
    "single-mapping",
    "references-balance",
    "no-dangling",
)
"""What is looked for where nothing else is said: what loses or leaks a page."""


@dataclass(frozen=True)
class Shard:
    """One piece of work."""

    kind: Kind
    preset: Preset
    window: str
    alphabet: str
    """The name of a set of methods, or methods with commas between them."""
    properties: Tuple[Property, ...]
    seed: Optional[int] = None
    """Of random histories: what they are drawn from."""
    histories: Optional[int] = None
    """Of random histories: how many are drawn."""
    length: Optional[int] = None
    """Of random histories: operations of each."""
    against: Optional[Preset] = None
    """Of random histories: a preset whose replies are compared."""
    max_states: Optional[int] = None
    """Of explorations: states that are looked at."""

    @property
    def key(self) -> str:
        """What names the shard: equal keys, equal work."""
        return json.dumps(self.as_json(), separators=(",", ":"))

    def as_json(self) -> Dict[str, Any]:
        """Its members that say something, in their order."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, members: Dict[str, Any]) -> Shard:
        """The shard that `as_json` wrote.

        Raises:
            TypeError: it has other members.
        """
        return cls(**{**members, "properties": tuple(members["properties"])})

    def __str__(self) -> str:
        seed = "" if self.seed is None else f" seed {self.seed}"
        return f"{self.kind} {self.preset} {self.window} {self.alphabet}{seed}"


@dataclass(frozen=True)
class Plan:
    """All that a campaign asks."""

    presets: Sequence[Preset]
    windows: Sequence[str] = ("4x2x2",)
    alphabets: Sequence[str] = ("default",)
    kinds: Sequence[Kind] = ("explore", "random")
    seeds: Sequence[int] = tuple(range(4))
    histories: int = 10
    length: int = 60
    against: Optional[Preset] = None
    properties: Tuple[Property, ...] = field(default=WATCHED)
    max_states: int = 200_000

    def __post_init__(self) -> None:
        """Checks all of it, so that no shard fails for a mistake here.

        Raises:
            ValueError: what is wrong, and what would be right.
        """
        for preset in [*self.presets, *([self.against] if self.against else [])]:
            one_of("preset", preset, get_args(Preset))
        for name in self.properties:
            one_of("property", name, get_args(Property))
        for window in self.windows:
            Window.parse(window)
        for alphabet in self.alphabets:
            histories.operations(Window(), methods(alphabet))
        if self.histories < 1 or not 1 <= self.length <= 1000 or self.max_states < 1:
            raise ValueError("histories and states are at least 1, and a history has 1 to 1000 operations")

    def shards(self) -> Iterator[Shard]:
        """The shards, in the order in which results are told."""
        for kind in self.kinds:
            for preset in self.presets:
                for window in self.windows:
                    for alphabet in self.alphabets:
                        yield from self._shards(kind, preset, window, alphabet)

    def _shards(self, kind: Kind, preset: Preset, window: str, alphabet: str) -> Iterator[Shard]:
        window = str(Window.parse(window))
        if kind == "explore":
            yield Shard(kind, preset, window, alphabet, self.properties, max_states=self.max_states)
        elif Window.parse(window).vcpus == 1:
            for seed in self.seeds:
                yield Shard(
                    kind,
                    preset,
                    window,
                    alphabet,
                    self.properties,
                    seed=seed,
                    histories=self.histories,
                    length=self.length,
                    against=None if self.against == preset else self.against,
                )


def methods(alphabet: str) -> Sequence[str]:
    """The methods of an alphabet."""
    return histories.ALPHABETS.get(alphabet) or alphabet.split(",")


def one_of(what: str, word: str, words: Sequence[str]) -> None:
    """Checks a word.

    Raises:
        ValueError: it is none of `words`.
    """
    if word not in words:
        raise ValueError(f"there is no {what} {word!r}; there are {', '.join(words)}")
