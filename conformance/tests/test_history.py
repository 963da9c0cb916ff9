"""A seed is a history, for ever."""

import hashlib
import json
import unittest

from beside.history import random_history
from beside.image import scripts
from beside.machine import CALLERS, CPUS, Machine
from beside.operations import DOMID_IO, DOMID_XEN, from_paper, on_paper, packed


def histories(count=300):
    for caller in CALLERS:
        for cpu in CPUS:
            for seed in (1, 2):
                machine = Machine(caller, cpu)
                yield machine, seed, random_history(machine, seed, count)


class HistoryTests(unittest.TestCase):
    def test_a_seed_gives_the_same_history_on_every_machine_that_runs_this(self):
        text = json.dumps(random_history(Machine("dom0"), 1, 200), sort_keys=True)
        self.assertEqual(hashlib.sha256(text.encode()).hexdigest()[:16], "af53e2d177362c60")

    def test_a_history_is_as_long_as_asked_and_starts_as_a_shorter_one_does(self):
        for machine, seed, history in histories():
            self.assertEqual(len(history), 300)
            self.assertEqual(history[:17], random_history(machine, seed, 17))

    def test_seeds_and_callers_differ(self):
        all_of_them = [json.dumps(history) for _, _, history in histories()]
        self.assertEqual(len(all_of_them), len(set(all_of_them)))

    def test_an_unprivileged_caller_leaves_the_other_domain_alone(self):
        for machine, _, history in histories():
            kinds = {operation["op"] for operation in history}
            acts_on_other = kinds & {"resv", "remOther"}
            self.assertEqual(bool(acts_on_other), machine.caller != "domU", machine)

    def test_a_device_model_is_not_asked_for_what_needs_more_privilege(self):
        for machine, _, history in histories(2000):
            if machine.caller == "privileged-domU":
                self.assertFalse(
                    {operation.get("domid") for operation in history} & {DOMID_IO, DOMID_XEN})

    def test_pages_of_the_other_domain_are_counted_after_they_are_given_away(self):
        _, _, history = next(histories())
        for before, after in zip(history, history[1:]):
            if before["op"] == "resv":
                self.assertEqual(after["op"], "memq")


class OperationTests(unittest.TestCase):
    def test_every_operation_comes_back_from_paper(self):
        for _, _, history in histories():
            for operation in history:
                written = json.loads(json.dumps(on_paper(operation)))
                self.assertEqual(from_paper(written), operation)

    def test_gfns_are_hex_and_counts_are_numbers_until_they_no_longer_fit(self):
        self.assertEqual(
            on_paper({"op": "mapGrant", "frame": 3, "gfn": 2**64 - 1}),
            {"op": "mapGrant", "frame": 3, "gfn": "0xffffffffffffffff"})
        self.assertEqual(on_paper({"op": "mapGrant", "frame": 2**53, "gfn": 0})["frame"],
                         "0x20000000000000")

    def test_an_operation_takes_24_bytes_as_the_guest_reads_it(self):
        for _, _, history in histories():
            self.assertEqual({len(packed(operation)) for operation in history}, {24})


class ScriptTests(unittest.TestCase):
    def test_only_the_caller_is_given_operations(self):
        history = [{"op": "probe"}] * 3
        for caller in CALLERS:
            lengths = [len(script) for script in scripts(Machine(caller), history)]
            idle, acting = sorted(lengths)
            self.assertEqual((idle, acting), (56 + 8 * 24, 56 + 8 * 24 + 3 * 24))
            self.assertEqual(lengths.index(acting), Machine(caller).caller_id)

    def test_a_window_that_does_not_fit_is_refused(self):
        with self.assertRaises(ValueError):
            scripts(Machine("dom0", window=tuple(range(25))), [])


if __name__ == "__main__":
    unittest.main()
