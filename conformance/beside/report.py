"""What the commands print: verdicts, shrunk histories, the console's tail."""

import os
import sys
from itertools import zip_longest

from .board import CannotRun
from .operations import on_paper
from .session import session

AGREES, PARTS, CANNOT_RUN = 0, 1, 2
_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def path(*names):
    """A path within conformance/."""
    return os.path.join(_HERE, *names)


def executable():
    """Where p2mlab is: what $P2MLAB says, or this repository's own build."""
    builds = [path("..", ".build", kind, "p2mlab") for kind in ("release", "debug")]
    return os.environ.get("P2MLAB") or next(filter(os.path.exists, builds), builds[0])


def exit_code(main):
    """What `main` returns; or, when nothing could be run, says why and what was said last."""
    try:
        return main()
    except BrokenPipeError:
        # Nobody reads any more. Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CANNOT_RUN
    except (OSError, ValueError) as error:
        return _cannot_run(CannotRun(str(error)))
    except CannotRun as error:
        return _cannot_run(error)


def _cannot_run(error):
    print(f"could not run: {error}", file=sys.stderr)
    if error.console:
        print("what was said last:", file=sys.stderr)
        for line in error.console.splitlines():
            print("  | " + line, file=sys.stderr)
    return CANNOT_RUN


def say_how_to_see(recording, preset):
    """Says how a kept recording is drawn, Xen beside the model; or how to keep it."""
    chosen = f" --presets {preset}" if preset else ""
    kept = recording or "FILE"
    before = "" if recording else "--out FILE keeps the recording; then "
    print(f"see it: {before}p2mlab render {kept}{chosen} -o story.html")


def show(machine, result, lines, preset, text):
    """Prints a shrunk history, an operation a line with what Xen answered, and as a session."""
    print(text)
    minimal = "nothing more can be left out" if result.minimal else "more could be left out"
    print(f"{len(result.history)} operations are left after {result.tries} boots; {minimal}:")
    for number, (operation, line) in enumerate(zip_longest(result.history, lines[2:])):
        arguments = " ".join(f"{name}={value}" for name, value in on_paper(operation).items()
                             if name != "op")
        answers = "Xen died" if line is None else " ".join(
            f"{name} {line[name]}" for name in ("rc", "err", "status") if name in line)
        print(f"  {number}  {operation['op']} {arguments}  ->  {answers}")
    print("as a session:")
    print(session(machine, result.history, preset, text), end="")
