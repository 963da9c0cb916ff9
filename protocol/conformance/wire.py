"""A JSON-RPC server as a child process, spoken to in either framing, its every byte checked.

What the server writes must be messages in the connection's framing, ASCII, each a JSON-RPC
reply, a batch of replies or a notification: `Server` raises `Fault` at the first byte that is not.
"""

import json
import os
import re
import select
import signal
import subprocess
import time

NDJSON = "ndjson"
HEADERS = "content-length"
FRAMINGS = (NDJSON, HEADERS)

_HEADER = re.compile(rb"Content-Length: (0|[1-9][0-9]*)\r\n\r\n")
_BLOCK = 1 << 16


class Fault(Exception):
    """What the server did that it must not do."""


def frame(text, framing):
    """The bytes that carry one message."""
    if framing == NDJSON:
        return text + b"\n"
    return b"Content-Length: %d\r\n\r\n%s" % (len(text), text)


def request(method, params=None, id=None):
    """A request, or a notification where there is no id, as bytes."""
    message = {"jsonrpc": "2.0", "id": id, "method": method, "params": params}
    return json.dumps({k: v for k, v in message.items() if v is not None}).encode()


class Splitter:
    """Cuts a stream of bytes into messages, and finds fault with what is not one."""

    def __init__(self, framing):
        self.framing = framing
        self.buffer = bytearray()

    def feed(self, data):
        """The messages that are complete with `data`, as bytes."""
        if not data.isascii():
            raise Fault("stdout has bytes that are not ASCII")
        self.buffer += data
        return self._lines() if self.framing == NDJSON else self._bodies()

    def _lines(self):
        *lines, rest = self.buffer.split(b"\n")
        self.buffer = rest
        return [bytes(line) for line in lines]

    def _bodies(self):
        bodies, start = [], 0
        while header := _HEADER.match(self.buffer, start):
            stop = header.end() + int(header[1])
            if stop > len(self.buffer):
                break
            bodies.append(bytes(self.buffer[header.end() : stop]))
            start = stop
        del self.buffer[:start]
        if not header and len(self.buffer) > 40:
            raise Fault(f"stdout has no header at {bytes(self.buffer[:60])!r}")
        return bodies


def parse(text):
    """A message as a value; raises `Fault` where it is no reply, batch or notification."""
    try:
        message = json.loads(text)
    except ValueError as error:
        raise Fault(f"stdout has no JSON: {text[:200]!r} ({error})") from None
    messages = message if isinstance(message, list) else [message]
    if not messages:
        raise Fault("stdout has an empty batch")
    for one in messages:
        _check_envelope(one, text)
    return message


def _check_envelope(message, text):
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        raise Fault(f"stdout has no JSON-RPC message: {text[:200]!r}")
    if "method" in message:
        right = "id" not in message and message["method"].startswith("$/")
    else:
        right = "id" in message and ("result" in message) != ("error" in message)
    if not right:
        raise Fault(f"stdout has neither a reply nor a notification: {text[:200]!r}")


def ids(message):
    """The ids that a message answers; a notification answers none."""
    messages = message if isinstance(message, list) else [message]
    return [one["id"] for one in messages if "method" not in one]


class Server:
    """A server process and one connection to it."""

    def __init__(self, command, framing=NDJSON, timeout=30.0, **options):
        self.framing = framing
        self.timeout = timeout
        self.splitter = Splitter(framing)
        self.inbox = []
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, **options
        )
        for pipe in (self.process.stdin, self.process.stdout):
            os.set_blocking(pipe.fileno(), False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def kill(self):
        """Ends the process at once."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            pipe.close()

    def resident(self):
        """Resident memory, in bytes."""
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")

    def exchange(self, data, is_done):
        """Sends `data` and takes messages until `is_done` says of one, as bytes, that it is the last.

        Returns the messages as bytes. Raises `Fault` where the server ends or falls silent.
        """
        messages, view = self.inbox, memoryview(data)
        self.inbox = []
        deadline = time.monotonic() + self.timeout
        looked = 0
        while True:
            while looked < len(messages):
                looked += 1
                if is_done(messages[looked - 1]):
                    self.inbox = messages[looked:]
                    self._write_all(view, deadline)
                    return messages[:looked]
                deadline = time.monotonic() + self.timeout
            view, more = self._step(view, deadline)
            if more is None:
                raise Fault(f"the server ended with {self.process.wait(5)}")
            messages += more

    def finish(self, data=b""):
        """Sends `data`, ends the input, and returns all that is left to read and the exit code."""
        messages, view = self.inbox, memoryview(data)
        deadline = time.monotonic() + self.timeout
        if not view:
            self.process.stdin.close()
        while True:
            was = len(view)
            view, more = self._step(view, deadline)
            if more is None:
                break
            messages += more
            if was and not view:
                self.process.stdin.close()
        if self.splitter.buffer:
            raise Fault(f"stdout ends within a message: {bytes(self.splitter.buffer[:80])!r}")
        return messages, self.process.wait(self.timeout)

    def _write_all(self, view, deadline):
        while view:
            view, more = self._step(view, deadline)
            self.inbox += more or []

    def _step(self, view, deadline):
        """Writes and reads what can be; returns what is left to write, and the messages read."""
        reading, writing = self.process.stdout, self.process.stdin
        wanted = [writing] if view else []
        readable, writable, _ = select.select(
            [reading], wanted, [], max(0, deadline - time.monotonic())
        )
        if not readable and not writable:
            raise Fault(f"no answer within {self.timeout:.0f} seconds")
        if writable:
            try:
                view = view[os.write(writing.fileno(), view[:_BLOCK]) :]
            except BrokenPipeError:
                view = view[:0]
            except BlockingIOError:
                pass
        if not readable:
            return view, []
        block = os.read(reading.fileno(), _BLOCK)
        return view, self.splitter.feed(block) if block else None

    def ask(self, method, params=None, id="ask"):
        """Sends one request and returns the reply to it; other replies before it are dropped."""
        token = json.dumps(id).encode()

        def is_done(message):
            return token in message and ids(parse(message)) == [id]

        return parse(self.exchange(frame(request(method, params, id), self.framing), is_done)[-1])

    def send(self, data):
        """Sends bytes for which no answer is waited."""
        self._write_all(memoryview(data), time.monotonic() + self.timeout)
