"""The shrinker, on oracles that know what they want."""

import unittest

from beside.loss import effective, first_loss
from beside.shrink import shrink


def needs(*wanted):
    """Shows what it shows once `wanted` have come in this order."""
    def shows(history):
        left = list(wanted)
        for index, operation in enumerate(history):
            if left and operation == left[0]:
                left.pop(0)
            if not left:
                return index + 1
        return None

    return shows


class ShrinkTests(unittest.TestCase):
    def test_what_is_left_is_what_is_needed(self):
        for wanted in [(0,), (499,), (3, 7), (0, 250, 499), (10, 11, 12, 13)]:
            result = shrink(list(range(500)), needs(*wanted))
            self.assertEqual(result.history, list(wanted))
            self.assertTrue(result.minimal)

    def test_what_comes_after_the_difference_is_dropped_at_once(self):
        tries = []

        def shows(history):
            tries.append(list(history))
            return needs(5)(history)

        shrink(list(range(500)), shows)
        self.assertLessEqual(max(map(len, tries[1:])), 6)

    def test_it_stops_when_its_tries_are_used_up(self):
        result = shrink(list(range(500)), needs(1, 100, 200, 300, 400), limit=10)
        self.assertEqual(result.tries, 10)
        self.assertFalse(result.minimal)
        self.assertIsNotNone(needs(1, 100, 200, 300, 400)(result.history))

    def test_a_history_that_shows_nothing_is_refused(self):
        with self.assertRaises(ValueError):
            shrink([1, 2, 3], needs(4))


def line(number, operation, p2m, **members):
    return {"i": number, "op": operation, "p2m": p2m, "frames": 1, "tracked": [None], **members}


class LossTests(unittest.TestCase):
    BEFORE = line(-1, "init", {"0x1": "grant:0", "0x2": "foreign:0x40400"})

    def loss(self, *steps):
        return first_loss([{}, self.BEFORE, *steps])

    def test_a_page_that_nobody_named_is_lost(self):
        step = line(0, "mapGrant", {"0x1": "grant:0", "0x3": "grant:1"}, frame=1, gfn="0x3")
        self.assertEqual(self.loss(step), (0, "0x2"))

    def test_a_page_that_was_named_is_not(self):
        self.assertIsNone(self.loss(line(0, "unmap", {"0x1": "grant:0"}, gfn="0x2")))

    def test_a_frame_that_moves_is_not(self):
        moved = {"0x2": "foreign:0x40400", "0x3": "grant:0"}
        self.assertIsNone(self.loss(line(0, "mapGrant", moved, frame=0, gfn="0x3")))

    def test_operations_that_changed_nothing_are_told_from_those_that_did(self):
        lines = [{}, self.BEFORE, line(0, "probe", self.BEFORE["p2m"]),
                 line(1, "unmap", {"0x1": "grant:0"}), line(2, "grow", {"0x1": "grant:0"})]
        lines[-1]["frames"] = 2
        self.assertEqual(effective(lines, ["probe", "unmap", "grow"]), ["unmap", "grow"])


if __name__ == "__main__":
    unittest.main()
