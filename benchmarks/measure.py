"""Measures programs in turns, and takes ratios within a round."""

import json
import os
import resource
import statistics
import subprocess
import time

from programs import BUILD

# Seconds that one measurement may take.
LIMIT = 120


def driver(mode, server, path, *arguments):
    """One measurement of a server, by floors/driver.c."""
    command = [BUILD / "driver", mode, *arguments, path, *server.options(), "--", *server.command]
    try:
        run = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        raise SystemExit(f"{server.name}: no end after {LIMIT} s") from None
    if run.returncode != 0:
        raise SystemExit(f"{server.name}: {run.stderr.strip()}")
    return json.loads(run.stdout)


def program(command, stdin=None, cores=None, expect=(0,)):
    """Processor and wall time of a program, in seconds, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    restrict = (lambda: os.sched_setaffinity(0, cores)) if cores else None
    with open(stdin or os.devnull, "rb") as given:
        run = subprocess.run([str(part) for part in command], stdin=given, capture_output=True, preexec_fn=restrict)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode not in expect:
        raise SystemExit(f"{command}: exit code {run.returncode}\n{run.stderr.decode()[-500:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_s": cpu, "wall_s": wall, "output": run.stdout.decode(errors="replace")}


def in_turns(rounds, measurements):
    """Measures each once a round, those of odd rounds in the opposite order.

    measurements: functions by name. Returns: the list of results by name.
    """
    results = {name: [] for name in measurements}
    for number in range(rounds):
        names = list(measurements)
        for name in names if number % 2 == 0 else reversed(names):
            results[name].append(measurements[name]())
    return results


def median(values):
    return statistics.median(values)


def spread(values, digits=2):
    """The median, with the least and the greatest."""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def ratios(results, name, other, field):
    """A/B of each round."""
    return [a[field] / b[field] for a, b in zip(results[name], results[other])]


def column(results, name, field):
    return [result[field] for result in results[name]]


def table(head, rows):
    """A Markdown table; all columns but the first are numbers."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|--:" * (len(head) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])
