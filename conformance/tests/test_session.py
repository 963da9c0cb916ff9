"""Sessions as a booted guest plays them, and histories as sessions."""

import json
import unittest

from beside.history import random_history
from beside.machine import CALLERS, Machine
from beside.session import parts, session


def written(*requests):
    return "\n".join(
        json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        for number, (method, params) in enumerate(requests, 1))


def domain(number, **members):
    ram = [{"gfn": "0x40000", "pages": 16}]
    return "domain.create", {"domain": number, "ram": ram, **members}


def frame(number, gfn, of=1, **members):
    return "grantFrame.map", {"domain": of, "frame": number, "gfn": gfn, **members}


def foreign(gfn, owner, source, of=1):
    return "foreignPage.map", {"domain": of, "gfn": gfn, "from": {"domain": owner, "gfn": source}}


def unmap(gfn, of=1):
    return "physmap.unmap", {"domain": of, "gfn": gfn}


class TranslationTests(unittest.TestCase):
    def only(self, *requests, cpu=None):
        part, = parts(written(*requests), cpu)
        return part

    def test_the_loss_of_a_foreign_page_is_played_by_a_privileged_domU(self):
        part = self.only(
            domain(1, privileged=True), domain(2), frame(0, "0x38000"), unmap("0x38000"),
            foreign("0x38000", 2, "0x40004"), frame(0, "0x38010"), ("check.run", {}))
        self.assertEqual(part.machine.caller, "privileged-domU")
        self.assertEqual(part.operations, [
            {"op": "mapGrant", "frame": 0, "gfn": 0x100000},
            {"op": "unmap", "gfn": 0x100000},
            {"op": "mapForeign", "domid": 0, "fgfn": 0x64400, "gfn": 0x100000},
            {"op": "mapGrant", "frame": 0, "gfn": 0x100001}])
        self.assertEqual(part.machine.watched, (0x100000, 0x100001))
        self.assertEqual(part.notes, [])

    def test_the_caller_is_whom_the_session_describes(self):
        for members, caller in [({}, "domU"), ({"privileged": True}, "privileged-domU"),
                                ({"privileged": True, "directMapped": True}, "dom0")]:
            self.assertEqual(self.only(domain(5, **members), frame(0, 1, of=5)).machine.caller,
                             caller)

    def test_ram_stands_for_ram_and_nothing_for_nothing(self):
        part = self.only(domain(1), frame(0, "0x4000f"), frame(0, "0x40010"), frame(0, 0x4000F))
        self.assertEqual([operation["gfn"] for operation in part.operations],
                         [0x40800, 0x100000, 0x40800])

    def test_gfns_at_the_limits_stay_what_they_are(self):
        limits = ["0xffffffffffffffff", "0x1000000000", "0xfffffff"]
        part = self.only(domain(1), *[frame(0, gfn) for gfn in limits])
        self.assertEqual([operation["gfn"] for operation in part.operations],
                         [2**64 - 1, 2**36, 0x100000])

    def test_a_domain_that_is_not_there_is_not_there_either(self):
        part = self.only(domain(1, privileged=True), foreign("0x1", 3, "0x2"),
                         foreign("0x1", 0x7FF0, "0x2"))
        self.assertEqual([operation["domid"] for operation in part.operations], [7, 0x7FF0])

    def test_dom0_acts_in_the_other_domains_stead(self):
        part = self.only(
            domain(0, privileged=True, directMapped=True), domain(1),
            foreign("0x38000", 1, "0x40000", of=0), unmap("0x40000", of=1),
            ("page.decrease", {"domain": 1, "gfn": "0x40001"}),
            ("page.populate", {"domain": 1, "gfn": "0x40001"}), frame(2, "0x38000", of=1))
        self.assertEqual(part.machine.caller, "dom0")
        self.assertEqual(part.operations[1:], [
            {"op": "remOther", "domid": 1, "gfn": 0x40400},
            {"op": "resv", "cmd": 1, "domid": 1, "gfn": 0x40401},
            {"op": "resv", "cmd": 6, "domid": 1, "gfn": 0x40401},
            {"op": "addPhys", "domid": 1, "space": 1, "idx": 2, "gfn": 0x90000}])

    def test_what_cannot_be_played_is_named(self):
        for request, reason in [
            (("device.map", {"domain": 1, "gfn": 1, "mfn": 2}), "no guest can ask"),
            (("page.populate", {"domain": 1, "gfn": 0, "order": 9}), "superpages"),
            (frame(0, 1, status=True), "status frames"),
            (foreign(1, 3, 0), "third"),
            (unmap(1, of=2), "unprivileged"),
            (unmap("g"), "not in order"),
            (("grantFrame.map", {"domain": 1}), "not in order"),
        ]:
            part = self.only(domain(1), domain(2), domain(3), frame(0, 5), frame(0, 6),
                             foreign(9, 2, 0), request)
            self.assertEqual(len(part.operations), 3)
            self.assertEqual(len(part.notes), 1)
            self.assertIn("line 7", part.notes[0])
            self.assertIn(reason, part.notes[0])

    def test_nothing_is_played_after_a_step_back(self):
        part = self.only(domain(1), frame(0, 1), ("history.undo", {}), frame(0, 2))
        self.assertEqual(len(part.operations), 1)
        self.assertIn("line 3: history.undo", part.notes[0])

    def test_each_machine_is_played_by_itself_and_x86_not_at_all(self):
        text = written(
            ("machine.create", {"machine": "b", "preset": "x86-4.10.0"}), domain(1),
            (domain(1)[0], {**domain(1)[1], "machine": "b"}), frame(0, 1),
            frame(0, 1, machine="b"))
        arm, x86 = sorted(parts(text), key=lambda part: part.name, reverse=True)
        self.assertEqual((arm.name, len(arm.operations), arm.notes), ("main", 1, []))
        self.assertEqual((x86.name, x86.operations), ("b", []))
        self.assertIn("x86", x86.notes[0])

    def test_a_session_that_does_nothing_has_no_parts(self):
        self.assertEqual(parts(written(domain(1), ("check.run", {}))), [])

    def test_replies_and_blank_lines_are_passed_over(self):
        text = written(domain(1), frame(0, 1)) + '\n\n{"jsonrpc":"2.0","id":2,"result":{}}\n'
        self.assertEqual(len(parts(text)[0].operations), 1)

    def test_what_is_not_json_is_told_by_its_line(self):
        with self.assertRaisesRegex(ValueError, "line 2"):
            parts("{}\nroot:x:0:0\n")


class SessionTests(unittest.TestCase):
    def test_every_history_becomes_a_session_of_valid_requests(self):
        for caller in CALLERS:
            machine = Machine(caller)
            text = session(machine, random_history(machine, 1, 300), "xen-4.17", "text")
            messages = [json.loads(line) for line in text.splitlines()]
            identifiers = [message["id"] for message in messages if "id" in message]
            self.assertEqual(identifiers, list(range(1, len(identifiers) + 1)))
            self.assertEqual({message["jsonrpc"] for message in messages}, {"2.0"})

    def test_a_session_of_a_history_plays_the_same_kinds_of_operation(self):
        machine = Machine("privileged-domU")
        history = [
            {"op": "mapGrant", "frame": 0, "gfn": 0x100000}, {"op": "unmap", "gfn": 0x100000},
            {"op": "mapForeign", "domid": 0, "fgfn": 0x64401, "gfn": 0x100000},
            {"op": "mapGrant", "frame": 0, "gfn": 0x40800}, {"op": "grow", "want": 3}]
        part, = parts(session(machine, history, "xen-4.17", "text"))
        self.assertEqual(part.machine.caller, machine.caller)
        self.assertEqual([operation["op"] for operation in part.operations],
                         [operation["op"] for operation in history])


if __name__ == "__main__":
    unittest.main()
