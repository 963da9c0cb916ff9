#!/usr/bin/env python3
"""Writes docs/findings.md from what the explorer finds; counts and traces only, so that it can be checked.

    docs/make-findings.py                # writes docs/findings.md
    docs/make-findings.py --check        # 0 where the committed document is what would be written, 1 not
"""

import argparse
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
DOCUMENT = HERE / "findings.md"
PROPERTIES = ["no-collateral-removal", "tracking-agrees", "single-mapping", "references-balance",
              "no-dangling"]

# name, property, options, where it is, where it is mended, what to know
BUGS = [
    ("Stale array (2021)", "no-collateral-removal",
     ["--gfns", "6", "--frames", "3", "--foreign-pages", "2"], "xen-4.16", "xen-4.17",
     "Xen on Arm remembers in an array where a frame is mapped, and forgets nothing when the GFN is "
     "used for something else."),
    ("XSA-255 (2018)", "no-dangling",
     ["--gfns", "6", "--frames", "3", "--foreign-pages", "2"], "x86-4.10.0", "x86-4.10.1",
     "Going back to version 1 frees status frames without asking whether they are mapped."),
    ("XSA-379 (2021)", "single-mapping",
     ["--gfns", "3", "--frames", "1", "--foreign-pages", "0", "--vcpus", "2",
      "--ops", "grantFrame.map,physmap.unmap"], "x86-4.15.0", "x86-4.15.1",
     "The M2P is asked before the P2M lock is taken. Version changes are left out: the bug is that a frame "
     "is at two GFNs, and a page that was freed while it was on its way can be so on 4.15.1 too, which is "
     "XSA-486's doing."),
    ("XSA-384 (2021)", "no-dangling",
     ["--gfns", "3", "--frames", "1", "--foreign-pages", "0", "--vcpus", "2"],
     "x86-4.15.0", "x86-4.17.7",
     "The frame is looked up under the grant lock and mapped after its release, without a reference. 4.15.1 "
     "takes one; that the release shown as mended is 4.17.7 is because of XSA-486, which breaks the same "
     "property in between."),
    ("XSA-486 (2026)", "no-dangling",
     ["--gfns", "3", "--frames", "1", "--foreign-pages", "0", "--vcpus", "2"],
     "x86-4.15.1", "x86-4.17.7",
     "Whoever frees a frame asks where it is mapped before the reference is dropped, and looks at the "
     "references after it."),
]

OPERATIONS = ("foreignPage.map,grantFrame.map,physmap.unmap,page.populate,page.decrease,sharedInfo.map,"
              "device.map,grantTable.setVersion")

# What every preset is asked.
BOUNDS = [
    ("one vCPU", ["--gfns", "5", "--frames", "3", "--foreign-pages", "2"]),
    ("one vCPU and more operations",
     ["--gfns", "3", "--frames", "2", "--foreign-pages", "1", "--ops", OPERATIONS]),
    ("two vCPUs", ["--gfns", "3", "--frames", "1", "--foreign-pages", "1", "--vcpus", "2"]),
    ("superpages",
     ["--gfns", "3", "--frames", "1", "--foreign-pages", "1", "--orders", "9", "--ops",
      "foreignPage.map,grantFrame.map,physmap.unmap,page.populate,page.decrease"]),
    ("two domains that map each other's pages",
     ["--gfns", "2", "--frames", "1", "--foreign-pages", "1", "--domains", "2", "--ops",
      "foreignPage.map,grantFrame.map,physmap.unmap,page.decrease"]),
]


class Explorer:
    def __init__(self, program):
        self.program = program

    def explore(self, preset, options):
        """What `p2mlab explore --json` says."""
        command = [self.program, "explore", "--json", "--preset", preset, *options]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode not in (0, 1, 3):
            sys.exit(f"{' '.join(command)}: {done.stderr}")
        return json.loads(done.stdout)

    def presets(self):
        request = '{"jsonrpc":"2.0","id":1,"method":"server.info"}\n'
        done = subprocess.run([self.program, "serve"], input=request, capture_output=True, text=True)
        return json.loads(done.stdout)["result"]["presets"]


def value(thing):
    if isinstance(thing, dict):
        return "(" + arguments(thing) + ")"
    return json.dumps(thing) if isinstance(thing, bool) else str(thing)


def arguments(params):
    return ", ".join(f"{name} {value(thing)}" for name, thing in params.items())


def told(request, domain=""):
    """A request on one line, after whose it is; of a step who does what under which locks."""
    params = {k: v for k, v in request.get("params", {}).items() if k not in ("domain", "vcpu")}
    method = request["method"]
    if "operation" in params:
        method, params = params["operation"]["method"], params["operation"]["params"]
    text = f"{method} {arguments(params)}".strip()
    if "vcpu" not in request:
        return domain + text
    locks = " and ".join(request["locks"])
    step = request["step"] if request["step"] != "whole" else ""
    did = " ".join(part for part in (step if method == "vcpu.step" else f"{step} {text}".strip(),
                                     f"[{locks}]" if locks else "") if part)
    return f"vCPU {request['vcpu']}: {did}"


def trace(requests):
    domains = [request["params"]["domain"] for request in requests]
    whose = [f"domain {domain}: " if len(set(domains)) > 1 else "" for domain in domains]
    return ["```", *[f"{number}. {told(request, domain)}"
                     for number, (request, domain) in enumerate(zip(requests, whose), 1)], "```"]


def bounds(options):
    names = {"--gfns": "GFNs", "--frames": "frames", "--foreign-pages": "foreign pages",
             "--vcpus": "vCPUs", "--domains": "domains"}
    pairs = list(zip(options[::2], options[1::2]))
    sizes = ", ".join(f"{number} {names[name]}" for name, number in pairs if name in names)
    ops = [number for name, number in pairs if name == "--ops"]
    sizes += "".join(f", order {number}" for name, number in pairs if name == "--orders")
    return sizes + (f"; only {ops[0].replace(',', ', ')}" if ops else "")


def counts(result):
    return f"{result['states']:,} states, {result['transitions']:,} transitions, depth {result['depth']}"


def bugs(explorer):
    """The published bugs: a row each for the table at the top, and a section each."""
    rows, sections = [], []
    for name, property, options, broken, mended, why in BUGS:
        asked = [*options, "--property", property]
        bad, good = explorer.explore(broken, asked), explorer.explore(mended, asked)
        if bad["verdict"] != "violated" or good["verdict"] != "holds":
            sys.exit(f"{name}: {bad['verdict']} on {broken}, {good['verdict']} on {mended}")
        rows.append(f"| {name} | `{broken}` | {len(bad['trace'])} | `{mended}` | {counts(good)} |")
        sections += [f"### {name}", "", why, "", f"`{property}` on `{broken}`; {bounds(options)}:", "",
                     *trace(bad["trace"]), "",
                     f"On `{mended}` the same bounds are exhausted: {counts(good)}.", ""]
    return rows, sections


def everything(explorer, options):
    """All that is found on any preset: rows of a table, and the distinct shortest histories."""
    rows, histories = [], {}
    for preset in explorer.presets():
        result = explorer.explore(preset, [*options, "--keep-going"])
        lengths = {}
        for violation in result["violations"]:
            lengths[violation["property"]] = len(violation["trace"])
            lines = tuple(trace(violation["trace"]))
            histories.setdefault((violation["property"], lines), []).append(preset)
        cells = [str(lengths.get(property, "-")) for property in PROPERTIES]
        # Where everything is violated the search ends early.
        bound = result["boundedBy"] or ""
        rows.append(f"| `{preset}` | " + " | ".join(cells) + f" | {result['states']:,} | {bound} |")
    sections = []
    for (property, lines), presets in sorted(
            histories.items(), key=lambda item: PROPERTIES.index(item[0][0])):
        names = ", ".join(f"`{preset}`" for preset in presets)
        sections += [f"**{property}** on {names}:", "", *lines, ""]
    return rows, sections


HEADER = """# What the explorer finds

Made by `docs/make-findings.py` (`make findings`); do not edit. How to read a verdict:
[exploration.md](exploration.md).

All five published bugs of this one function are found, each as a shortest history; the release that mended
it exhausts the same bounds without one:

| bug | found on | steps | mended in | looked at there |
|---|---|---|---|---|
"""

ELSE = """What else is found, in the tables below:

- **The newest x86 releases (`x86-4.17.7`, `x86-4.22`) violate nothing** within these bounds.
- **Every Arm release, the newest included, leaks a reference** (`references-balance`) where a foreign page is
  mapped again at the GFN where it already is: the mapping takes a reference, and the old entry is put only if
  its page differs. No unmap drops it. This is read from the source, not recorded on a running Xen.
- **Arm up to 4.16 has a race beside the stale array, and the proposed fix has it too**: the array is written
  under the grant lock, the frame is mapped under the P2M lock afterwards. Two vCPUs map a frame at two GFNs,
  or take a foreign page away. Clearing the array on put does not help, as nothing is put in between. The
  order of the steps is read from the source.
- **`xen-5a4a2cef08` still takes device memory away**: the check that keeps other RAM where a frame is
  tracked does not look at device mappings.
- Histories on `x86-4.10.0`, `x86-4.15.1` and `x86-4.17.0` that violate `tracking-agrees` or `single-mapping`
  follow from XSA-255 and XSA-486: the page that was freed while mapped comes back as a status frame.
- `tracking-agrees` after one step on Arm up to 4.16 with two vCPUs is a state in the midst of an operation,
  and no bug by itself."""


def document(explorer):
    rows, sections = bugs(explorer)
    lines = [HEADER + "\n".join(rows), "", ELSE, "", "## The five bugs", "", *sections]
    for title, options in BOUNDS:
        rows, sections = everything(explorer, options)
        lines += [f"## Every property on every preset, {title}", "",
                  f"{bounds(options)}. A number is the length of the shortest history that violates the "
                  "property; - means that none does within these bounds.", "",
                  "| preset | " + " | ".join(PROPERTIES) + " | states | bounded by |",
                  "|---" * (len(PROPERTIES) + 3) + "|", *rows, "", *sections]
    return "\n".join(lines).rstrip() + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    parser.add_argument("--program", default=str(HERE.parent / ".build/release/p2mlab"))
    options = parser.parse_args()
    text = document(Explorer(options.program))
    if not options.check:
        DOCUMENT.write_text(text)
    elif DOCUMENT.read_text() != text:
        sys.exit("docs/findings.md is not what the explorer finds; 'make findings' writes it")


if __name__ == "__main__":
    main()
