"""Asks p2mlab whether its model agrees with a recording."""

import json
import os
import subprocess
from dataclasses import dataclass

from . import recording
from .board import CannotRun


@dataclass(frozen=True)
class Verdict:
    """How many operations were compared, on which preset, and where the two part, if they do."""

    operations: int
    preset: str
    divergence: dict = None

    def __str__(self):
        if self.divergence is None:
            return f"agrees with {self.preset} in {self.operations} operations"
        return (
            "parts from {preset} at operation {operation}: {field}: Xen {recorded}, model"
            " {modelled}".format(preset=self.preset, **self.divergence))


class Judge:
    """`p2mlab check`, on the preset of the recorded release or on another.

    `visible_only` judges by what a guest can see: not by Xen's own tracking.
    """

    def __init__(self, executable, directory, preset=None, visible_only=False):
        self.executable, self.directory = executable, directory
        self.preset, self.visible_only = preset, visible_only

    def __call__(self, lines):
        if self.visible_only:
            lines = [{**line, "tracked": []} if "tracked" in line else line for line in lines]
        path = os.path.join(self.directory, "judged.jsonl")
        recording.write(lines, path)
        command = [self.executable, "check", "--json", path]
        if self.preset:
            command += ["--preset", self.preset]
        try:
            done = subprocess.run(command, capture_output=True, timeout=60)
        except FileNotFoundError:
            raise CannotRun(f"there is no p2mlab at {self.executable}") from None
        except subprocess.TimeoutExpired:
            raise CannotRun("p2mlab check does not end") from None
        try:
            report = json.loads(done.stdout.splitlines()[0])
        except (IndexError, ValueError):
            raise CannotRun("p2mlab check says nothing", done.stderr.decode()) from None
        if "unusable" in report:
            raise CannotRun(f"p2mlab check: {report['unusable'].get('reason')}")
        return Verdict(report["operations"], report["preset"], report["divergence"])
