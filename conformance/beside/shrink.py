"""Makes a history that shows something as short as it can be and still show it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shrunk:
    """What is left, after how many tries, and whether nothing more can be left out."""

    history: list
    tries: int
    minimal: bool


class _OutOfTries(Exception):
    pass


def shrink(history, shows, limit=150):
    """The shortest history found of which `shows` still tells how many operations show it.

    `shows(history)` returns the length of the shortest prefix that does, or None. `history`
    must show it. After `limit` tries the best so far is returned.
    """
    tries = 0

    def test(candidate):
        nonlocal tries
        if tries == limit:
            raise _OutOfTries
        tries += 1
        length = shows(candidate)
        return None if length is None else candidate[:length]

    best = test(history)
    if best is None:
        raise ValueError("the history to shrink does not show it")
    try:
        chunk = max(1, len(best) // 2)
        while True:
            before = len(best)
            # From the end: what comes late is needed least often by what comes early.
            start = len(best) - chunk
            while start > -chunk:
                shorter = test(best[:max(0, start)] + best[start + chunk:])
                if shorter is not None:
                    best = shorter
                start = min(start, len(best)) - chunk
            if chunk == 1 and len(best) == before:
                return Shrunk(best, tries, True)
            chunk = max(1, chunk // 2)
    except _OutOfTries:
        return Shrunk(best, tries, False)
