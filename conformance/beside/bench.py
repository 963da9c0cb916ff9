"""One history on the real Xen and on the model: played, recorded, judged, and shrunk."""

import tempfile
from dataclasses import dataclass

from . import loss, recording
from .board import Board, Boot, CannotRun, Limits
from .judge import Judge, Verdict
from .operations import on_paper
from .shrink import shrink


@dataclass(frozen=True)
class Play:
    """A history that was played: what the machine said, what was recorded, what the judge says."""

    boot: Boot
    lines: list
    verdict: Verdict


class Bench:
    """A Xen image and a judge of what it does; to be used in a `with`, for its files' sake."""

    def __init__(self, xen, guest, executable, preset=None, limits=Limits()):
        self._directory = tempfile.TemporaryDirectory(prefix="conformance-")
        try:
            self.board = Board(xen, guest, self._directory.name, limits)
        except CannotRun:
            self._directory.cleanup()
            raise
        self.executable, self.preset = executable, preset

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._directory.cleanup()

    def judge(self, lines, preset=None, visible_only=False):
        return Judge(
            self.executable, self._directory.name, preset or self.preset, visible_only)(lines)

    def record(self, machine, operations, name, seed=None):
        boot = self.board.boot(machine, operations)
        lines = recording.record(boot, machine, operations, name, seed)
        if boot.end in ("hang", "exit"):
            raise CannotRun(
                f"{'a hang' if boot.end == 'hang' else 'QEMU ended'} at operation"
                f" {len(lines) - 2}: {operations[len(lines) - 2]}", boot.tail)
        return boot, lines

    def play(self, machine, operations, name, seed=None):
        boot, lines = self.record(machine, operations, name, seed)
        verdict = self.judge(lines)
        if boot.end == "panic" and verdict.divergence is None:
            verdict = self._judge_panic(lines, operations[len(lines) - 2])
        return Play(boot, lines, verdict)

    def _judge_panic(self, lines, fatal):
        """Whether the model's hypervisor dies of the operation of which Xen died."""
        number = len(lines) - 2
        asked = {**lines[-1], **on_paper(fatal), "i": number, "rc": 0}
        verdict = self.judge(lines + [asked])
        divergence = verdict.divergence
        if divergence and divergence["modelled"] == "hypervisor panic":
            return Verdict(number + 1, verdict.preset)
        survived = {"operation": number, "field": "life", "recorded": "hypervisor panic",
                    "modelled": "goes on"}
        return Verdict(number + 1, verdict.preset, survived)

    # Shrinking: each try is a boot.

    def shrink_divergence(self, machine, operations):
        """The shortest history in which Xen and the model part."""
        def shows(candidate):
            divergence = self.play(machine, candidate, "shrinking").verdict.divergence
            return divergence and divergence["operation"] + 1

        return shrink(operations, shows)

    def shrink_model_loss(self, machine, operations, preset):
        """The shortest history in which the model of `preset` loses a page that Xen keeps.

        Other differences end a history before it comes to a loss. Leaving out what Xen refused
        leaves out most of them.
        """
        def shows(candidate):
            _, lines = self.record(machine, candidate, "shrinking")
            divergence = self.judge(lines, preset, visible_only=True).divergence
            return divergence["operation"] + 1 if divergence and loss.is_model_loss(
                divergence) else None

        _, lines = self.record(machine, operations, "shrinking")
        return shrink(loss.effective(lines, operations), shows)

    def shrink_xen_loss(self, machine, operations):
        """The shortest history in which Xen itself loses a page."""
        def shows(candidate):
            found = loss.first_loss(self.record(machine, candidate, "shrinking")[1])
            return None if found is None else found[0] + 1

        return shrink(operations, shows)
