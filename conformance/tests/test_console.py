"""What a machine says, from its console to a verdict, with machines that only pretend."""

import os
import sys
import tempfile
import unittest

from beside.bench import Bench
from beside.board import Board, Boot, CannotRun, Limits
from beside.judge import Verdict
from beside.machine import Machine
from beside.recording import record

BANNER = "(XEN) Xen version 4.17.7 (Debian 4.17.7+13)\n"
BANK = "(XEN) BANK[0] 0x00000064000000-0x00000068000000 (64MB)\n"
MACHINE = Machine("privileged-domU", window=(0x100000, 0x100001))
MAP = {"op": "mapGrant", "frame": 10, "gfn": 0x100000}


def boot(text, end="complete"):
    return Boot(BANNER + BANK + text, end, 0.1)


class RecordingTests(unittest.TestCase):
    def test_a_console_becomes_a_recording(self):
        text = ("(d1) @-1 . . . . . .|. .|1|.\n"
                "(d1) @0 -10 . . . . .|ga x1f|b|. 100001\n"
                "(d1) @1 0 -16 . . . .|s f64400|b|. .\n(d1) @end\n")
        foreign = {"op": "mapForeign", "domid": 0, "fgfn": 0x64400, "gfn": 0x100001}
        header, initial, first, second = record(boot(text), MACHINE, [MAP, foreign], "x", 3)
        self.assertEqual(header, {
            "format": "xen-trace/1", "xen": "deb-4.17.7", "history": "x", "seed": 3,
            "caller": "privileged-domU", "window": ["0x100000", "0x100001"],
            "ended": "complete"})
        self.assertEqual(initial, {
            "i": -1, "op": "init", "p2m": {}, "frames": 1, "tracked": [None]})
        self.assertEqual(first, {
            "i": 0, "op": "mapGrant", "frame": 10, "gfn": "0x100000", "rc": -16,
            "p2m": {"0x100000": "grant:10", "0x100001": "raw:0x1f"}, "frames": 11,
            "tracked": [None, "0x100001"]})
        self.assertEqual((second["rc"], second["err"]), (0, -22))
        self.assertEqual(second["p2m"], {"0x100000": "shared_info", "0x100001": "foreign:0x64400"})

    def test_a_batch_refused_whole_has_no_error_of_its_own(self):
        text = "@-1 . . . . . .|. .|1|.\n@0 -16 ! . . . .|. .|1|.\n"
        batch = {"op": "batch", "space": 1, "idx": 0, "gfn": 2**64 - 1}
        line = record(boot(text), MACHINE, [batch], "x")[2]
        self.assertEqual((line["rc"], line["err"]), (-22, None))

    def test_a_line_that_was_broken_is_whole_again(self):
        text = "(d1) @-1 . . . . . .|. \\\n(d1) .|1|.\n"
        self.assertEqual(record(boot(text), MACHINE, [], "x")[1]["frames"], 1)

    def test_a_line_that_is_missing_is_missed(self):
        with self.assertRaisesRegex(CannotRun, "misses lines"):
            record(boot("@-1 . . . . . .|. .|1|.\n@1 0 . . . . .|. .|1|.\n"), MACHINE, [], "x")

    def test_a_guest_that_complains_is_heard(self):
        for complaint in ("(d1) @exception 96000000 1 2", "@privilege -1"):
            with self.assertRaisesRegex(CannotRun, complaint[-9:]):
                record(boot(complaint + "\n"), MACHINE, [], "x")

    def test_memory_elsewhere_is_told(self):
        elsewhere = Boot(BANNER + BANK.replace("64000000-", "44000000-")
                         + "@-1 . . . . . .|. .|1|.\n", "complete", 0.1)
        with self.assertRaisesRegex(CannotRun, "0x44000"):
            record(elsewhere, MACHINE, [], "x")

    def test_debians_builds_are_told_from_what_debians_compiler_built(self):
        compiler = "(aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0) debug=n\n"
        for banner, name in [
            ("Xen version 4.17.7 (Debian 4.17.7+13-g24) " + compiler, "deb-4.17.7"),
            ("Xen version 4.20.5-pre (Debian 4.20.4+63) " + compiler, "deb-4.20.5"),
            ("Xen version 4.16.7 (me@here) " + compiler, "4.16.7"),
            ("Xen version 4.19-unstable (me@here) " + compiler, "4.19"),
        ]:
            self.assertEqual(Boot("(XEN) " + banner, "complete", 0).version, name)

    def test_a_boot_that_comes_to_nothing_says_how(self):
        for end, words in [("panic", "died at boot"), ("hang", "nothing was heard"),
                           ("exit", "QEMU ended")]:
            with self.assertRaisesRegex(CannotRun, words) as caught:
                record(boot("", end), MACHINE, [], "x")
            self.assertIn("Xen version", caught.exception.console)


class ListeningTests(unittest.TestCase):
    def listen(self, program, **limits):
        with tempfile.TemporaryDirectory() as directory:
            guest, xen = (os.path.join(directory, name) for name in ("guest", "xen"))
            for path in (guest, xen):
                open(path, "w").close()
            limits = Limits(**{"boot": 10, "silence": 10, "total": 20, **limits})
            board = Board(xen, guest, directory, limits)
            return board._listen([sys.executable, "-c", program])

    def test_the_guests_last_word_ends_it(self):
        program = "import time; print('@-1\\n@end', flush=True); time.sleep(60)"
        self.assertEqual(self.listen(program).end, "complete")

    def test_silence_is_a_hang(self):
        boot = self.listen("import time; print('(XEN) up', flush=True); time.sleep(60)", boot=0.5)
        self.assertEqual((boot.end, boot.tail), ("hang", "(XEN) up"))

    def test_a_machine_that_babbles_is_stopped_too(self):
        program = "while True: print('(XEN) again', flush=True)"
        self.assertEqual(self.listen(program, total=0.5).end, "hang")

    def test_a_panic_is_told_with_what_follows_it(self):
        program = ("import time; print('(XEN) Panic on CPU 0:', flush=True); time.sleep(0.1);"
                   "print('(XEN) GNTTAB', flush=True); time.sleep(60)")
        boot = self.listen(program)
        self.assertEqual(boot.end, "panic")
        self.assertIn("GNTTAB", boot.tail)

    def test_a_machine_that_ends_is_told(self):
        self.assertEqual(self.listen("print('no such ROM')").end, "exit")

    def test_what_is_not_there_cannot_run(self):
        with self.assertRaisesRegex(CannotRun, "guest is not built"):
            Board("/nonexistent", "/nonexistent", "/tmp")


class BenchTests(unittest.TestCase):
    """A bench whose board and judge say what they are told to."""

    def bench(self, text, end, verdicts):
        with tempfile.NamedTemporaryFile() as file:
            bench = self.enterContext(Bench(file.name, file.name, "p2mlab"))
        bench.board.boot = lambda machine, operations: boot(text, end)
        bench.judge = lambda lines, *_: verdicts.pop(0)
        return bench

    FIRST = "@-1 . . . . . .|. .|1|.\n"

    def test_a_hang_in_a_history_names_the_operation(self):
        with self.assertRaisesRegex(CannotRun, "hang at operation 0: .*mapGrant"):
            self.bench(self.FIRST, "hang", []).play(MACHINE, [MAP], "x")

    def test_a_panic_that_the_model_shares_is_no_difference(self):
        shared = {"operation": 0, "field": "rc", "recorded": "0", "modelled": "hypervisor panic"}
        verdicts = [Verdict(0, "xen-4.16"), Verdict(1, "xen-4.16", shared)]
        play = self.bench(self.FIRST, "panic", verdicts).play(MACHINE, [MAP], "x")
        self.assertEqual(play.verdict, Verdict(1, "xen-4.16"))
        self.assertEqual(play.lines[0]["ended"], "hypervisor-panic")

    def test_a_panic_that_the_model_does_not_share_is_one(self):
        for other in (None, {"operation": 0, "field": "rc", "recorded": "0", "modelled": "-22"}):
            verdicts = [Verdict(0, "xen-4.17"), Verdict(1, "xen-4.17", other)]
            play = self.bench(self.FIRST, "panic", verdicts).play(MACHINE, [MAP], "x")
            self.assertEqual(play.verdict.divergence["recorded"], "hypervisor panic")


if __name__ == "__main__":
    unittest.main()
