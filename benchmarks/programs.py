"""The programs that are measured: p2mlab, the floors in C, and peers as their users start them."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import requests as workload

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BUILD = ROOT / ".build" / "benchmarks"
VENV = BUILD / "venv"
P2MLAB = ROOT / ".build" / "release" / "p2mlab"
PYTHON_PEERS = ["pygls==2.1.1", "python-lsp-jsonrpc==1.1.2", "jsonrpcserver==5.0.9"]
# Debian's packages, by a command of theirs.
PACKAGES = {"qemu-system-aarch64": "qemu-system-arm", "node": "nodejs", "spin": "spin"}
EXPLORED = {"GFNS": 7, "FRAMES": 3, "PAGES": 2}
SPIN_SIZE = {"G": 6, "F": 3, "P": 2}


@dataclass
class Server:
    """A program that answers requests, and how to talk to it."""

    name: str
    command: list
    content_length: bool = False
    greeting: bool = False
    # Messages that are answered before the clock runs.
    prologue: list = field(default_factory=list)
    # Messages of one run: fewer for those that take long.
    share: float = 1.0
    own_message: str = ""

    def messages(self, count):
        """A file of messages to send; `prologue` first."""
        path = BUILD / f"{re.sub(r'[^a-z0-9]+', '-', self.name.lower())}-{count}.ndjson"
        if self.own_message:
            lines = [*self.prologue, *[self.own_message] * count]
        else:
            lines = [*self.prologue, *workload.messages(count)]
        path.write_text("\n".join(lines) + "\n")
        return path

    @property
    def first(self):
        """Messages that are answered first: the prologue, and the requests that create domains."""
        return len(self.prologue) + (0 if self.own_message else 2)

    def options(self):
        return ["--first", str(self.first), *["--content-length"] * self.content_length,
                *["--greeting"] * self.greeting]


def run(*command, **options):
    subprocess.run([str(part) for part in command], check=True, **options)


def install(missing):
    """Installs Debian's packages; says so where that is not possible."""
    print(f"installing {', '.join(missing)}", file=sys.stderr)
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    apt = [*sudo, "apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq"]
    try:
        run(*apt, "update", stdout=subprocess.DEVNULL)
        run(*apt, "install", "-y", "--no-install-recommends", *missing, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"cannot install them ({error}); peers that are missing are left out", file=sys.stderr)


def set_up():
    """Builds the floors, and installs the peers."""
    BUILD.mkdir(parents=True, exist_ok=True)
    missing = [package for command, package in PACKAGES.items() if shutil.which(command) is None]
    if missing:
        install(missing)
    floors = HERE / "floors"
    flags = ["-O3", "-std=gnu11", "-Wall", "-Wextra"]
    for name, libraries in [("driver", []), ("echo", []), ("requests", ["-ljansson"])]:
        run("cc", *flags, "-o", BUILD / name, floors / f"{name}.c", *libraries)
    sizes = [f"-D{name}={value}" for name, value in EXPLORED.items()]
    run("cc", *flags, *sizes, "-o", BUILD / "search", floors / "search.c")
    if not (VENV / "bin" / "python").exists():
        run(sys.executable, "-m", "venv", VENV)
        run(VENV / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", *PYTHON_PEERS)
    if shutil.which("spin"):
        folder = BUILD / "spin"
        folder.mkdir(exist_ok=True)
        sizes = [f"-D{name}={value}" for name, value in SPIN_SIZE.items()]
        run("spin", *sizes, "-a", HERE / "peers" / "model.pml", cwd=folder, stdout=subprocess.DEVNULL)
        run("cc", "-O3", "-DSAFETY", "-DBFS", "-o", "pan", "pan.c", cwd=folder)


INITIALIZE = '{"jsonrpc":"2.0","id":"initialize","method":"initialize","params":{"processId":null,' \
    '"rootUri":null,"capabilities":{}}}'


def servers():
    """p2mlab in both framings, the C floor, and the peers that are there."""
    python, peers = VENV / "bin" / "python", HERE / "peers"
    known = [
        Server("p2mlab", [P2MLAB, "serve"]),
        Server("p2mlab, Content-Length", [P2MLAB, "serve"], content_length=True),
        Server("C with jansson", [BUILD / "requests"]),
        Server("Node.js, JSON.parse", ["node", peers / "node.js"]),
        Server("QEMU's QMP", ["qemu-system-aarch64", "-M", "none", "-nodefaults", "-nographic", "-qmp", "stdio"],
               greeting=True, prologue=['{"execute":"qmp_capabilities"}'], share=0.1,
               own_message='{"execute":"query-status","id":1}'),
        Server("jsonrpcserver", [python, peers / "json_rpc_server.py"], share=0.02),
        Server("python-lsp-jsonrpc", [python, peers / "lsp_jsonrpc.py"], content_length=True, share=0.05),
        Server("pygls", [python, peers / "pygls_server.py"], content_length=True, prologue=[INITIALIZE], share=0.02),
    ]
    return [server for server in known if shutil.which(str(server.command[0]))]


def version(*command, pattern=r"(\d+\.\d[\w.+~-]*)"):
    try:
        said = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    except OSError:
        return "not there"
    found = re.search(pattern, said.stdout + said.stderr)
    return found.group(1) if found else "unknown"


def versions():
    return {
        "p2mlab": version(P2MLAB, "--version"),
        "Swift": version("swift", "--version"),
        "C compiler": version("cc", "--version"),
        "jansson": version("pkg-config", "--modversion", "jansson"),
        "Node.js": version("node", "--version"),
        "QEMU": version("qemu-system-aarch64", "--version"),
        "Spin": version("spin", "-V"),
        "Python": version(VENV / "bin" / "python", "--version"),
        "Python's peers": ", ".join(PYTHON_PEERS),
    }
