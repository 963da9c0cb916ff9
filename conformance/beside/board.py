"""A QEMU machine that boots Xen with a domain 0 and one domU, and what its console says."""

import os
import re
import select
import subprocess
import time
from dataclasses import dataclass

from .image import scripts

MEMORY_MIB = 1024
_XEN_ARGUMENTS = (
    "console=dtuart dtuart=/pl011@9000000 dom0_mem=64M dom0_max_vcpus=1 guest_loglvl=all"
    " bootscrub=0 noreboot")
# Where the two guests' images are put for Xen to find.
_ADDRESSES = {0: 0x70000000, 1: 0x72000000}
# Memory that Xen keeps away from, so that domain 0's is the first free 64 MiB after it.
_RESERVED = (0x44000000, 0x20000000)
# Wherever Xen has a word to say about its end.
_PANIC = re.compile(r"Panic on CPU|Xen BUG at|Assertion .* failed")
_DOM0_BANK = re.compile(r"BANK\[0\] 0x0*([0-9a-f]+)-0x0*[0-9a-f]+ \(64MB\)")
# The compiler that comes later in this line may be Debian's, too.
_VERSION = re.compile(r"Xen version (\d+\.\d+(?:\.\d+)?)\S* (\(Debian )?")


class CannotRun(Exception):
    """No history was run; the reason, and the end of the console where there is one."""

    def __init__(self, reason, console=""):
        super().__init__(reason)
        self.console = console


@dataclass(frozen=True)
class Limits:
    """Seconds until the guest's first word, between two words, and in all; bytes of console."""

    boot: float = 60
    silence: float = 20
    total: float = 300
    console: int = 2**24


@dataclass(frozen=True)
class Boot:
    """What a boot said: its console, and how it ended: complete, panic, hang, or exit."""

    console: str
    end: str
    seconds: float

    @property
    def tail(self):
        return "\n".join(self.console.splitlines()[-25:])

    @property
    def version(self):
        """The version of Xen as recordings name it, or None."""
        found = _VERSION.search(self.console)
        if not found:
            return None
        return ("deb-" if found[2] else "") + found[1]

    @property
    def dom0_ram(self):
        """The first GFN of domain 0's RAM, or None."""
        found = _DOM0_BANK.search(self.console)
        return int(found[1], 16) >> 12 if found else None


class Board:
    """Boots one Xen image, again and again, each time with another history."""

    def __init__(self, xen, guest, directory, limits=Limits(), qemu="qemu-system-aarch64"):
        self.xen, self.directory, self.limits, self.qemu = xen, directory, limits, qemu
        try:
            with open(guest, "rb") as file:
                self.guest = file.read()
        except OSError as error:
            raise CannotRun(f"the guest is not built: {error}") from None
        if not os.path.isfile(xen):
            raise CannotRun(f"there is no Xen at {xen}")

    def boot(self, machine, operations):
        """Runs a history until the guest's last word, or until there is no hope of it."""
        images = {}
        for domain, script in enumerate(scripts(machine, operations)):
            images[domain] = os.path.join(self.directory, f"guest-{domain}.bin")
            with open(images[domain], "wb") as file:
                file.write(self.guest + script)
        tree = self._device_tree(machine.cpu, images)
        command = self._command(machine.cpu) + [
            "-serial", "stdio", "-kernel", self.xen, "-dtb", tree]
        for domain, image in images.items():
            command += ["-device", f"loader,file={image},addr={_ADDRESSES[domain]:#x}"]
        return self._listen(command)

    def _command(self, cpu, options=""):
        return [
            self.qemu, "-machine", "virt,virtualization=on,gic-version=3" + options,
            "-accel", "tcg", "-cpu", cpu, "-smp", "1", "-m", str(MEMORY_MIB), "-nodefaults",
            "-display", "none", "-no-reboot"]

    def _device_tree(self, cpu, images):
        """QEMU's own device tree with the two guests added to it."""
        blob = os.path.join(self.directory, "board.dtb")
        base = os.path.join(self.directory, f"board-{cpu}.dtb")
        if not os.path.exists(base):
            self._tool(self._command(cpu, f",dumpdtb={base}"))
        source = self._tool(["dtc", "-q", "-I", "dtb", "-O", "dts", base]).decode()
        reserve = "/memreserve/ {:#x} {:#x};".format(*_RESERVED)
        source = source.replace("/dts-v1/;", f"/dts-v1/;\n{reserve}", 1)
        source += self._chosen({domain: os.path.getsize(path) for domain, path in images.items()})
        self._tool(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", blob], source.encode())
        return blob

    @staticmethod
    def _chosen(sizes):
        def module(domain):
            address = _ADDRESSES[domain]
            return f"""module@{address:x} {{
                compatible = "multiboot,kernel", "multiboot,module";
                reg = <0x0 {address:#x} 0x0 {sizes[domain]:#x}>;
                bootargs = "";
            }};"""

        return f"""/ {{ chosen {{
            #address-cells = <2>;
            #size-cells = <2>;
            xen,xen-bootargs = "{_XEN_ARGUMENTS}";
            {module(0)}
            domU {{
                compatible = "xen,domain";
                #address-cells = <2>;
                #size-cells = <2>;
                memory = <0 0x8000>;
                cpus = <1>;
                {module(1)}
            }};
        }}; }};"""

    @staticmethod
    def _tool(command, text=None):
        try:
            done = subprocess.run(command, input=text, capture_output=True, timeout=60)
        except FileNotFoundError:
            raise CannotRun(f"{command[0]} is not installed") from None
        except subprocess.TimeoutExpired:
            raise CannotRun(f"{command[0]} does not end") from None
        if done.returncode:
            raise CannotRun(f"{command[0]} failed", done.stderr.decode(errors="replace"))
        return done.stdout

    def _listen(self, command):
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT)
        except FileNotFoundError:
            raise CannotRun(f"{command[0]} is not installed") from None
        began = time.monotonic()
        try:
            console, end = self._read(process.stdout.fileno(), began)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
        return Boot(console, end, time.monotonic() - began)

    def _read(self, stream, began):
        console = bytearray()
        patience, heard = self.limits.boot, began
        while True:
            now = time.monotonic()
            wait = min(heard + patience, began + self.limits.total) - now
            readable = wait > 0 and select.select([stream], [], [], wait)[0]
            if not readable or len(console) > self.limits.console:
                return self._text(console), "hang"
            chunk = os.read(stream, 65536)
            if not chunk:
                return self._text(console), "exit"
            # Look back a little, for words that two chunks share.
            seen = max(0, len(console) - 100)
            console += chunk
            heard = time.monotonic()
            recent = self._text(console[seen:])
            if "@" in recent:
                patience = self.limits.silence
            if "@end" in recent:
                return self._text(console), "complete"
            if _PANIC.search(recent):
                # The registers and the reason follow; the machine then stands still.
                patience = min(patience, 1)
                return self._text(console + self._rest(stream)), "panic"

    @staticmethod
    def _rest(stream):
        rest = bytearray()
        deadline = time.monotonic() + 2
        while select.select([stream], [], [], max(0, min(0.3, deadline - time.monotonic())))[0]:
            chunk = os.read(stream, 65536)
            if not chunk:
                break
            rest += chunk
        return bytes(rest)

    @staticmethod
    def _text(data):
        return bytes(data).decode("ascii", errors="replace").replace("\r", "")
