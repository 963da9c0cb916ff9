"""The page that `p2mlab render` makes, driven in Chromium as people drive it.

    make test-browser                      # installs what it needs and runs this
    P2MLAB_SHOTS=shots make test-browser   # also keeps a picture of each kind of view
"""

import json
import os
import pathlib
import random
import subprocess
import tempfile
import unittest

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("P2MLAB", str(ROOT / ".build/release/p2mlab"))
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SHOTS = os.environ.get("P2MLAB_SHOTS")
RECORDING = "Tests/Fixtures/recordings/4.16.7/core-1.jsonl"

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
ZOOMED = {"width": 320, "height": 256}  # 1280 by 1024 at 400%


def session(requests):
    return "".join(json.dumps({"jsonrpc": "2.0", "id": number, **request}) + "\n"
                   for number, request in enumerate(requests))


def long_session(count):
    """Random requests on a machine with many pages, the same every time."""
    dice = random.Random(8)
    gfn = lambda first, pages: hex(first + dice.randrange(pages))
    requests = [
        {"method": "domain.create", "params": {"domain": 1, "privileged": True,
                                               "ram": [{"gfn": "0x40000", "pages": 4096}]}},
        {"method": "domain.create", "params": {"domain": 2, "ram": [{"gfn": "0x40000", "pages": 4096}]}},
        {"method": "grantTable.setup", "params": {"domain": 1, "frames": 32}},
    ]
    while len(requests) < count:
        bank, ram = gfn(0x38000, 900), gfn(0x40000, 4096)
        requests.append(dice.choice([
            {"method": "grantFrame.map", "params": {"domain": 1, "frame": dice.randrange(32), "gfn": bank}},
            {"method": "foreignPage.map",
             "params": {"domain": 1, "gfn": bank, "from": {"domain": 2, "gfn": ram}}},
            {"method": "physmap.unmap", "params": {"domain": 1, "gfn": bank}},
            {"method": "page.populate", "params": {"domain": 1, "gfn": ram}},
            {"method": "page.decrease", "params": {"domain": 1, "gfn": ram}},
        ]))
    return session(requests)


class PageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.playwright = sync_playwright().start()
        cls.browser = cls.playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        cls.made = {}

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.playwright.stop()
        cls.folder.cleanup()

    def setUp(self):
        self.contexts = []
        self.said = []
        self.asked = []

    def tearDown(self):
        for context in self.contexts:
            context.close()
        self.assertEqual(self.said, [], "the console is silent")
        self.assertEqual([url for url in self.asked if not url.startswith("file:")], [], "no network")

    def render(self, source, *options, text=None):
        """The address of a page made of a file, or of `text`."""
        key = (source, options, text)
        if key not in self.made:
            path = pathlib.Path(self.folder.name, f"{len(self.made)}.html")
            subprocess.run([PROGRAM, "render", source, *options, "-o", str(path)], check=True, cwd=ROOT,
                           input=text, text=True)
            self.made[key] = path.as_uri()
        return self.made[key]

    def open(self, address, step=None, viewport=DESKTOP, **options):
        context = self.browser.new_context(viewport=viewport, offline=True, **options)
        context.set_default_timeout(60_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(address + ("" if step is None else f"#step={step}"))
        return page

    def shoot(self, page, name):
        if SHOTS:
            pathlib.Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{SHOTS}/{name}.png")

    def stale_frame(self, *options, **view):
        return self.open(self.render("examples/stale-frame.xen-4.16.ndjson", *options), **view)

    def step(self, page):
        return int(page.evaluate("document.body.dataset.step"))

    def wait_for_step(self, page, step):
        # The page's policy lets no expression be evaluated, as wait_for_function would.
        page.locator(f'body[data-step="{step}"]').wait_for(state="attached")

    def cell(self, page, gfn, side=0, domain=0):
        return page.locator(".side").nth(side).locator(".domain").nth(domain).locator(f'[data-gfn="{gfn}"]')

    # Stepping

    def test_the_buttons_step(self):
        page = self.stale_frame()
        self.assertEqual(page.title(), "stale-frame.xen-4.16.ndjson")
        self.assertEqual(self.step(page), 0)
        self.assertTrue(page.locator("#previous").is_disabled())
        for expected in (1, 2, 3):
            page.click("#next")
            self.assertEqual(self.step(page), expected)
        page.click("#previous")
        self.assertEqual(self.step(page), 2)
        page.click("#last")
        self.assertEqual(self.step(page), 11)
        self.assertTrue(page.locator("#next").is_disabled())
        page.click("#first")
        self.assertEqual(self.step(page), 0)

    def test_the_keys_step(self):
        page = self.stale_frame()
        for key, expected in [("ArrowRight", 1), ("End", 11), ("ArrowLeft", 10), ("PageUp", 0),
                              ("PageDown", 10), ("Home", 0), ("n", 5), ("n", 9), ("n", 9), ("p", 5)]:
            page.keyboard.press(key)
            self.assertEqual(self.step(page), expected, key)

    def test_the_scrubber_is_a_range_that_says_where_it_is(self):
        page = self.stale_frame()
        scrubber = page.get_by_role("slider", name="Step")
        scrubber.fill("9")
        self.wait_for_step(page, 9)
        self.assertEqual(scrubber.get_attribute("aria-valuetext"),
                         "step 9 of 11: grantFrame.map domain 1, frame 0, gfn 0x38010")
        scrubber.focus()
        page.keyboard.press("ArrowLeft")
        self.wait_for_step(page, 8)

    def test_a_link_leads_to_a_step(self):
        page = self.stale_frame(step=8)
        self.assertEqual(self.step(page), 8)
        page.keyboard.press("ArrowRight")
        self.assertTrue(page.url.endswith("#step=9"))
        page.evaluate("location.hash = '#step=3'")
        self.wait_for_step(page, 3)
        page.evaluate("location.hash = '#step=999999'")
        self.wait_for_step(page, 11)

    def test_the_list_leads_to_a_step(self):
        page = self.stale_frame()
        page.locator("#rows a", has_text="foreignPage.map").click()
        self.wait_for_step(page, 8)
        self.assertEqual(page.locator('#rows a[aria-current="step"]').get_attribute("data-step"), "8")

    def test_playing_goes_on_by_itself_and_pauses(self):
        page = self.stale_frame(step=9)
        page.clock.install()
        page.keyboard.press(" ")
        self.assertEqual(page.locator("#play").get_attribute("aria-label"), "Pause")
        page.clock.run_for(300)
        self.assertEqual(self.step(page), 10)
        page.clock.run_for(3000)
        self.assertEqual(self.step(page), 11)
        self.assertEqual(page.locator("#play").get_attribute("aria-label"), "Play")

    def test_a_swipe_steps(self):
        page = self.stale_frame(step=3, viewport=PHONE, has_touch=True, is_mobile=True)
        page.evaluate("""() => {
          const on = document.getElementById("request");
          const touch = (x) => new Touch({identifier: 1, target: on, clientX: x, clientY: 400});
          on.dispatchEvent(new TouchEvent("touchstart", {touches: [touch(300)], bubbles: true}));
          on.dispatchEvent(new TouchEvent("touchend", {changedTouches: [touch(100)], bubbles: true}));
        }""")
        self.assertEqual(self.step(page), 4)
        self.shoot(page, "phone")

    # What is on the page

    def test_what_was_taken_away_cannot_be_missed(self):
        page = self.stale_frame(step=9)
        lost = self.cell(page, "0x38000")
        self.assertIn("is-lost", lost.get_attribute("class"))
        self.assertIn("taken away", lost.inner_text())
        self.assertIn("although the request did not name it", lost.locator(".hidden").text_content())
        self.assertIn("is-new", self.cell(page, "0x38010").get_attribute("class"))
        self.assertIn("stale-tracking", page.locator(".line.is-collateral").inner_text())
        self.assertIn("no-collateral-removal", page.locator(".line.is-violation").inner_text())
        self.assertEqual(page.locator(".arrow.blamed").count(), 1)
        self.assertIn("references 2 → 1", self.cell(page, "0x40004", domain=1).inner_text())
        self.shoot(page, "light")

    def test_a_stale_entry_points_to_where_the_frame_is_not(self):
        page = self.stale_frame(step=8)
        chip = page.locator(".side .chip").first
        self.assertIn("stale: it is nowhere", chip.inner_text())
        self.assertEqual(page.locator(".drawing .arrow.stale").count(), 1)
        self.assertIn("×2", self.cell(page, "0x38000").inner_text())
        page.keyboard.press("ArrowRight")
        self.assertEqual(page.locator(".drawing .arrow.stale").count(), 0)

    def test_going_back_leads_to_the_same_picture(self):
        page = self.stale_frame()
        picture = "() => document.getElementById('sides').innerText"
        forth = []
        for step in range(12):
            forth.append(page.evaluate(picture))
            page.keyboard.press("ArrowRight")
        page.keyboard.press("End")
        for step in reversed(range(12)):
            self.assertEqual(page.evaluate(picture), forth[step], step)
            page.keyboard.press("ArrowLeft")
        jump = self.stale_frame(step=7)
        self.assertEqual(jump.evaluate(picture), forth[7])

    def test_violations_are_pinned(self):
        page = self.stale_frame()
        self.assertEqual(page.locator(".pin.violation").count(), 2)
        self.assertEqual(page.locator("#violation-count").inner_text(), "2 violations")
        page.click("#next-violation")
        self.assertEqual(self.step(page), 5)
        page.click("#next-violation")
        self.assertTrue(page.locator("#next-violation").is_disabled())

    def test_races_superpages_and_deaths_have_pictures(self):
        page = self.open(self.render("examples/xsa-486.x86-4.15.1.ndjson"), step=7)
        self.assertIn("holds the grant lock", page.locator(".vcpu").nth(1).inner_text())
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        freed = self.cell(page, "0x38000")
        self.assertIn("kind-free", freed.get_attribute("class"))
        self.assertIn("still mapped", freed.inner_text())
        self.shoot(page, "race")
        page = self.open(self.render("examples/index-overflow.xen-4.16.ndjson"), step=4)
        self.assertIn("The hypervisor is dead", page.locator(".dead").inner_text())
        self.assertEqual(page.locator("#violation-count").inner_text(), "1 crash")
        page = self.open(self.render("examples/hole-in-superpage.xen-4.16.ndjson"), step=7)
        self.assertIn("507 pages", self.cell(page, "0x40405").inner_text())
        self.assertIn("2 MiB", self.cell(page, "0x40000").inner_text())
        self.shoot(page, "superpage")

    # Beside each other

    def test_two_presets_step_together_and_playing_stops_where_they_part(self):
        page = self.stale_frame("--presets", "xen-4.16,xen-4.17")
        self.assertIn("they part at step 5", page.locator("#subtitle").inner_text())
        page.clock.install()
        page.click("#play")
        page.clock.run_for(30_000)
        self.assertEqual(self.step(page), 5)
        self.assertIn("Here they part: /result/effects/1", page.locator("#parting h2").inner_text())
        page.keyboard.press("d")
        self.assertEqual(self.step(page), 6)
        page.keyboard.press("n")
        self.assertEqual(self.step(page), 9)
        self.assertIn("is-lost", self.cell(page, "0x38000", side=0).get_attribute("class"))
        self.assertIn("kind-foreign", self.cell(page, "0x38000", side=1).get_attribute("class"))
        left, right = (page.locator(".side").nth(side).bounding_box() for side in (0, 1))
        self.assertEqual(left["y"], right["y"])
        self.assertGreater(right["x"], left["x"] + left["width"] - 1)
        self.shoot(page, "compare")

    def test_real_xen_stands_beside_the_model(self):
        page = self.open(self.render(RECORDING, "--override", "remap=busy"))
        self.assertEqual(self.step(page), 1)
        self.assertIn("Xen 4.16.7 (recorded) beside xen-4.16+remap=busy",
                      page.locator("#subtitle").inner_text())
        page.keyboard.press("d")
        self.assertEqual([page.locator(".answer").nth(side).inner_text() for side in (0, 1)],
                         ["✓ ok", "✖ EBUSY"])
        self.assertIn("Here they part: rc", page.locator("#parting").inner_text())
        self.assertIn("operation 7", page.locator("#request").inner_text())
        self.shoot(page, "recording")

    # For everybody

    def test_a_screen_reader_hears_each_step(self):
        page = self.stale_frame(step=8)
        page.keyboard.press("ArrowRight")
        page.locator("#announcer", has_text="Step 9 of 11").wait_for(state="attached")
        said = page.locator("#announcer").text_content()
        self.assertIn("grantFrame.map domain 1, frame 0, gfn 0x38010", said)
        self.assertIn("taken away, stale-tracking: 0x38000", said)
        strip = page.get_by_role("list", name="Guest frames of domain 1")
        self.assertEqual(strip.get_by_role("listitem").count(), 3)

    def test_axe_finds_nothing(self):
        views = [
            self.stale_frame(step=9),
            self.stale_frame(step=9, color_scheme="dark"),
            self.stale_frame(step=8, viewport=ZOOMED),
            self.stale_frame("--presets", "xen-4.16,xen-4.17", step=9),
            self.open(self.render("examples/xsa-486.x86-4.15.1.ndjson"), step=10, color_scheme="dark"),
            self.open(self.render("examples/index-overflow.xen-4.16.ndjson"), step=4),
        ]
        for page in views:
            page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            found = Axe().run(page).response["violations"]
            told = [(each["id"], each["help"], [node["html"][:160] for node in each["nodes"][:3]])
                    for each in found]
            self.assertEqual(told, [])

    def test_it_reflows_at_400_percent(self):
        for viewport, scheme in ((ZOOMED, "light"), ({"width": 320, "height": 800}, "dark")):
            for options in ((), ("--presets", "xen-4.16,xen-4.17")):
                page = self.stale_frame(*options, step=9, viewport=viewport, color_scheme=scheme)
                width = page.evaluate("document.documentElement.scrollWidth")
                self.assertLessEqual(width, 320)
                self.assertIn("taken away", self.cell(page, "0x38000").inner_text())
        self.shoot(page, "narrow")

    def test_buttons_are_large_enough_for_fingers(self):
        page = self.stale_frame(step=5, viewport=PHONE)
        for button in page.locator("button:visible").all():
            box = button.bounding_box()
            self.assertGreaterEqual(min(box["width"], box["height"]), 43.5, button.get_attribute("id"))

    def test_nothing_moves_where_people_want_no_motion(self):
        moving = "() => document.getAnimations().length"
        page = self.stale_frame(step=9, reduced_motion="reduce")
        self.assertEqual(page.evaluate(moving), 0)

    def test_it_is_dark_where_people_want_it_dark(self):
        colour = "() => getComputedStyle(document.documentElement).backgroundColor"
        light, dark = (self.stale_frame(step=9, color_scheme=scheme) for scheme in ("light", "dark"))
        self.assertNotEqual(light.evaluate(colour), dark.evaluate(colour))
        self.shoot(dark, "dark")

    def test_print_shows_the_picture_alone(self):
        page = self.stale_frame(step=9)
        page.emulate_media(media="print")
        self.assertFalse(page.locator(".player").is_visible())
        self.assertFalse(page.locator("#requests").is_visible())
        self.assertTrue(self.cell(page, "0x38000").is_visible())
        self.shoot(page, "print")

    # Hostile and large

    def test_what_a_session_says_is_only_text(self):
        evil = "</script><script>window.evil = 1</script><img src=x onerror='window.evil = 1'>\u2028<b>"
        text = session([
            {"method": "session.note", "params": {"text": evil}},
            {"method": "domain.create", "params": {"domain": 1}},
            {"method": "region.define", "params": {"domain": 1, "name": evil, "gfn": "0x1", "pages": 4,
                                                   "kind": "extended"}},
            {"method": evil[:60]},
        ])
        page = self.open(self.render("-", text=text))
        for _ in range(3):
            page.keyboard.press("ArrowRight")
            self.assertEqual(page.evaluate("typeof window.evil"), "undefined")
            self.assertEqual(page.locator("#picture img, #picture script, nav script, #picture b b").count(), 0)
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        self.assertEqual(page.locator(".note").first.text_content(), evil)

    LONG_STRIP = [0x38000 + place * 389 % 1201 for place in range(400)]

    def long_strip(self):
        """A page whose last two steps change no GFN, and each before them one of many."""
        page = self.open(self.render("-", text=session([
            {"method": "domain.create", "params": {"domain": 1, "privileged": True}},
            {"method": "domain.create", "params": {"domain": 2, "ram": [{"gfn": "0x40000", "pages": 1201}]}},
            *({"method": "foreignPage.map",
               "params": {"domain": 1, "gfn": hex(gfn), "from": {"domain": 2, "gfn": hex(gfn + 0x8000)}}}
              for gfn in self.LONG_STRIP),
            *({"method": "grantTable.setup", "params": {"domain": 1, "frames": frames}} for frames in (1, 2)),
        ])), viewport=PHONE)
        page.keyboard.press("End")
        return page, page.locator(".strip.is-window").first

    def test_a_long_strip_shows_what_changed(self):
        page, strip = self.long_strip()
        page.keyboard.press("ArrowLeft")
        for gfn in reversed(self.LONG_STRIP[-30:]):
            page.keyboard.press("ArrowLeft")
            cell, around = self.cell(page, hex(gfn)).bounding_box(), strip.bounding_box()
            self.assertGreaterEqual(cell["y"], around["y"], hex(gfn))
            self.assertLessEqual(cell["y"] + cell["height"], around["y"] + around["height"], hex(gfn))

    def test_a_long_strip_stays_where_it_was_scrolled_to(self):
        page, strip = self.long_strip()
        strip.evaluate("strip => new Promise(done => { strip.onscroll = done; strip.scrollTop = 1000; })")
        page.keyboard.press("ArrowLeft")
        self.assertEqual(strip.evaluate("strip => strip.scrollTop"), 1000)

    def test_ten_thousand_requests_stay_fluid(self):
        page = self.open(self.render("-", text=long_session(10_000)))
        self.assertLess(page.locator("#rows .row").count(), 100)
        times = []
        dice = random.Random(1)
        for target in [dice.randrange(10_001) for _ in range(30)]:
            page.evaluate(f"location.hash = '#step={target}'")
            self.wait_for_step(page, target)
            times.append(float(page.evaluate("document.body.dataset.milliseconds")))
            self.assertLess(page.locator(".cell").count(), 400)
        steps = []
        for _ in range(60):
            page.keyboard.press("ArrowLeft")
            steps.append(float(page.evaluate("document.body.dataset.milliseconds")))
        middle = lambda values: sorted(values)[len(values) // 2]
        print(f"\n10,000 requests: a step takes {middle(steps):.0f} ms of script, "
              f"a jump {middle(times):.0f} ms (medians)")
        self.shoot(page, "long")


if __name__ == "__main__":
    unittest.main()
