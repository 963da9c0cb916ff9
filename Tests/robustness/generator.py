"""Makes inputs for the fuzzer: requests, mutated at the level of values, structure, tokens and bytes.

The same seed makes the same inputs. An input knows the ids that must be answered, each once, where
its construction tells them.
"""

from __future__ import annotations

import copy
import json
import random
import typing

import corpus
import wire

NUMBERS = [-1, 0, 1, 2, 3, 8, 63, 64, 65, 255, 256, 512, 1000, 1001, 1024, 1025, 4096, 4097, 32751,
           32752, 32753, 32754, 65535, 65536, 2**20, 2**24, 2**31, 2**32 - 1, 2**32, 2**36 - 1,
           2**36, 2**40, 2**53 - 1, 2**53, 2**63 - 1, -(2**63), -(2**53)]
TEXTS = ["", "main", "a", "x" * 64, "x" * 65, "é" * 40, "\U0001f4a9", "/", "%", "%2f", "%zz", "\n\r\t",
         "0x", "0X38000", "0x38000 ", "0x00000000000000000000000038000", "0x10000000000000000",
         "-0x1", "true", "snapshot-1", "/machines", "/machines/main", "/machines/main/domains/1",
         "/machines/main/domains/1/physmap/0x38000", "/machines/main/frames/0x1000000000", "$/x"]
OTHERS = [None, True, False, 1.5, -0.0, 1e300, [], {}, [[]], {"a": 1}, ["0x38000"], {"gfn": 1, "domain": 1}]
# What jansson refuses to read, or reads in a way of its own: no id is known then.
WILD = [b"NaN", b"-Infinity", b"1e999", b"9223372036854775808", b"-9223372036854775809", b"01",
        b'"\\u0000"', b'"\\ud800"', b'"\\udc00\\ud800"', b'"\xff"', b'"\xc0\x80"', b'"\x01"', b"'a'",
        b"{,}", b"[1,]", b'{"a":1,"a":2}', b"\\", b'"', b"{", b"}", b"[", b"]", b":", b",", b"\x00",
        b"\xef\xbb\xbf", b"/*x*/", b"1e", b"-", b"nul", b"TRUE", b"\r", b"\n", b"1" * 400]
BROKEN_HEADERS = [b"", b"\r\n", b"\r\n\r\n", b"C", b"Content-Length", b"Content-Length:", b"X: 1\r\n\r\n",
                  b"Content-Length: -1\r\n\r\n", b"Content-Length: x\r\n\r\n", b"Content-Length: 1.0\r\n\r\n",
                  b"Content-Length: 99999999999999999999\r\n\r\n", b"Content-Length: 0\r\n\r\n",
                  b"Content-Length: 5\r\n\r\n", b"content-length: 2\n\n{}", b"Content-Length: 2\r\r\n{}",
                  b"Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}", b"Content-Type: a\r\n\r\n",
                  b"no colon here\r\n", b"A" * 5000, b": : :\r\n\r\n", b"Content-Length: 70000000\r\n\r\n",
                  b"Content-Length: 1000000000000\r\n\r\n{}", b"\xef\xbb\xbf", b"\x00\x00"]


class Input(typing.NamedTuple):
    """Bytes for the server, already framed."""

    data: bytes
    # Method by id, of the requests that must be answered, each once; None where nobody knows.
    ids: dict | None


class Generator:
    """Endless inputs for one framing."""

    def __init__(self, seed, framing):
        self.random = random.Random(seed)
        self.framing = framing
        self.methods = corpus.methods()
        self.sessions = [messages for _, messages in corpus.sessions()]
        self.frames = [hex(0x38000 + k) for k in range(6)] + ["0x40000", "0x40004", "0x1000000000",
                       "0xfffffffff", "0xffffffffffffffff", "0x100000000", "0x2000000000"]
        self.queue = []
        self.number = 0

    def next(self):
        """The next input."""
        weights = {self.calm: 10, self.mutated_value: 8, self.mutated_structure: 6, self.envelope: 3,
                   self.batch: 2, self.token: 4, self.bytes: 5, self.glued: 1, self.framing_junk: 2,
                   self.deep: 0.3, self.long: 0.2, self.cancel: 0.5}
        kind = self.random.choices(list(weights), list(weights.values()))[0]
        made = kind()
        # These end the server, as they should.
        return made if not any(word in made.data for word in (b"exit", b"shutdown")) else self.next()

    # Requests that are in order.

    def calm(self):
        return self._known(self._message())

    def _message(self):
        """A request: the next one of a session, or one made from a method's declaration."""
        if not self.queue and self.random.random() < 0.1:
            self.queue = copy.deepcopy(self.random.choice(self.sessions))
        if self.queue and self.random.random() < 0.8:
            message = self.queue.pop(0)
        else:
            method = self.random.choice(list(self.methods))
            message = {"jsonrpc": "2.0", "method": method, "params": self._params(method)}
        self.number += 1
        message["id"] = self.number if self.random.random() < 0.9 else f"id \u00e9 {self.number}"
        if self.random.random() < 0.03:
            del message["id"]
        return message

    def _params(self, method):
        params = {}
        for param in self.methods[method]["params"]:
            if param["required"] or self.random.random() < 0.25:
                params[param["name"]] = self._value(param["schema"], param["name"])
        if self.random.random() < 0.1:
            return list(params.values())
        return params

    def _request(self):
        """A request for an experiment, which must not nest."""
        if self.random.random() < 0.3:
            return copy.deepcopy(self.random.choice(self.random.choice(self.sessions)))
        method = self.random.choice([name for name in self.methods if not name.endswith(".run")])
        return {"method": method, "params": self._params(method)}

    def _value(self, schema, name=""):
        """A value that a schema allows, mostly one that leads somewhere."""
        pick = self.random.choice
        if "enum" in schema:
            return pick(schema["enum"])
        if "oneOf" in schema:
            return pick(self.frames) if self.random.random() < 0.9 else pick(NUMBERS[1:30])
        kind = schema.get("type")
        if name == "machine":
            return pick(["main"] * 6 + ["a", "b"])
        if kind == "integer":
            low, high = schema.get("minimum", 0), schema.get("maximum", 64)
            near = [n for n in (0, 1, 1, 1, 2, 2, 3, 16, 64) if low <= n <= high] or [low]
            return pick(near) if self.random.random() < 0.95 else pick([low, high])
        if kind == "boolean":
            return pick([True, False])
        if name == "requests":
            return [self._request() for _ in range(self.random.randrange(40))]
        if name == "presets":
            return [pick(["xen-4.14", "xen-4.16", "xen-4.17", "xen-4.22+remap=move"])
                    for _ in range(self.random.randrange(2, 5))]
        if kind == "array":
            return [self._value(schema["items"]) for _ in range(self.random.randrange(3))]
        if kind == "object":
            required = schema.get("required", [])
            return {k: self._value(v, k) for k, v in schema.get("properties", {}).items()
                    if k in required or self.random.random() < 0.2}
        return pick(["a", "b", "bank0", *TEXTS]) if kind == "string" else None

    # Requests that are not, whose ids are known all the same.

    def mutated_value(self):
        message = self._message()
        places = [(c, k) for c, k in _places(message.get("params")) if not isinstance(c[k], (dict, list))]
        if places:
            container, key = self.random.choice(places)
            container[key] = self.random.choice(self.random.choice([NUMBERS, TEXTS, OTHERS]))
        return self._known(message)

    def mutated_structure(self):
        message = self._message()
        places = list(_places(message.get("params")))
        container, key = self.random.choice(places) if places else (message, "params")
        way = self.random.randrange(5)
        if way == 0 and places:
            del container[key]
        elif way == 1 and isinstance(container, dict):
            container[self.random.choice(TEXTS[1:] + ["machine", "gfn"])] = 1
        elif way == 2:
            container[key] = copy.deepcopy(self.random.choice(OTHERS))
        elif way == 3:
            container[key] = [container.get(key)] if isinstance(container, dict) else {"a": 1}
        else:
            message["params"] = copy.deepcopy(self.random.choice([*OTHERS, 7, "text"]))
        return self._known(message)

    def envelope(self):
        message = self._message()
        member, value = self.random.choice([
            ("jsonrpc", "1.0"), ("jsonrpc", 2.0), ("jsonrpc", None), ("method", 7), ("method", None),
            ("method", ""), ("method", "domain.creat"), ("method", "x" * 300), ("method", "$/x"),
            ("method", []), ("result", 1), ("error", {}), ("extra", {"deep": [1]}), ("id", 2**63 - 1 - self.number),
            ("id", f"\u20ac\n\"\\ {self.number}"), ("id", None), ("id", 1.5), ("id", {}), ("id", True)])
        message[member] = value
        return self._known(message)

    def batch(self):
        size = self.random.choice([0, 1, 2, 2, 3, 5, 20, 200])
        messages = [self._message() for _ in range(size)]
        known = {}
        for message in messages:
            known.update(_id(message))
        if self.random.random() < 0.3:
            messages.insert(self.random.randrange(size + 1), self.random.choice([1, [], None, {}, "a", [[]]]))
        return self._framed(json.dumps(messages).encode(), known)

    def cancel(self):
        target = self.random.choice([self.number, 0, None, "a", {}, 1.5])
        message = {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": target}}
        return self._known(message)

    # What nobody can tell the ids of.

    def token(self):
        text = bytearray(json.dumps(self._message()).encode())
        stops = [i for i, byte in enumerate(text) if byte in b'{}[]:,"'] + [len(text)]
        first = self.random.randrange(len(stops))
        second = min(len(stops) - 1, first + self.random.randrange(3))
        text[stops[first] : stops[second]] = self.random.choice(WILD)
        return self._framed(bytes(text), None)

    def bytes(self):
        data = bytearray(self._known(self._message()).data)
        for _ in range(self.random.choice([1, 1, 1, 2, 4, 16])):
            place = self.random.randrange(len(data) + 1)
            way = self.random.randrange(5)
            if way == 0:
                data[place : place + 1] = bytes([self.random.randrange(256)])
            elif way == 1:
                data[place:place] = bytes([self.random.randrange(256)])
            elif way == 2:
                del data[place : place + self.random.choice([1, 2, 8, 64])]
            elif way == 3:
                data[place:place] = data[place : place + self.random.choice([1, 4, 32])]
            else:
                data[place:] = b""
        return self._closed(bytes(data))

    def glued(self):
        texts = [json.dumps(self._message()).encode() for _ in range(2)]
        return self._framed(self.random.choice([b"", b" ", b"\r", b"\n", b","]).join(texts), None)

    def framing_junk(self):
        if self.framing == wire.NDJSON:
            junk = self.random.choice([b"\n", b"\r\n", b" \t\n", b"\r", b"\xef\xbb\xbf", *BROKEN_HEADERS])
            return self._closed(junk + json.dumps(self._message()).encode())
        text = json.dumps(self._message()).encode()
        length = len(text) + self.random.choice([-len(text), -1, 1, 2, 3, 5, 17, 40, 100, 10**6])
        wrong = b"Content-Length: %d\r\n\r\n" % length + text
        return self._closed(self.random.choice([wrong, self.random.choice(BROKEN_HEADERS) + wrong,
                                                self.random.choice(BROKEN_HEADERS)]))

    def deep(self):
        depth = self.random.choice([60, 62, 63, 64, 65, 66, 1000, 100_000])
        left, right = self.random.choice([(b"[", b"]"), (b'{"a":', b"}"), (b"[[],", b"]")])
        inner = left * depth + b"1" + right * (depth if self.random.random() < 0.7 else 0)
        text = b'{"jsonrpc":"2.0","id":1,"method":"session.note","params":' + inner + b"}"
        return self._framed(self.random.choice([text, inner]), None)

    def long(self):
        times = self.random.choice([100, 4096, 65536, 300_000])
        unit = self.random.choice([b"a", b"\\u00e9", b"\xc3\xa9", b"\\n", b" "])
        member = self.random.choice([b"id", b"method", b"params", b"x", b"jsonrpc"])
        return self._framed(b'{"jsonrpc":"2.0","id":1,"method":"server.info","%s":"%s"}' % (member, unit * times), None)

    # Bytes.

    def _known(self, message):
        """A message whose ids are those of the requests within."""
        return self._framed(json.dumps(message).encode(), _id(message))

    def _framed(self, text, known):
        if known is None and self.framing == wire.HEADERS:
            return self._closed(wire.frame(text, self.framing))
        return Input(wire.frame(text, self.framing), known)

    def _closed(self, data):
        """Bytes of which nobody knows the ids, and that leave no line open."""
        return Input(data if self.framing == wire.HEADERS else data + b"\n", None)


def _id(message):
    """The id, with the method, that must be answered; none for what nobody answers."""
    id = message.get("id")
    is_reply = "method" not in message and ("result" in message or "error" in message)
    if is_reply or isinstance(id, bool) or not isinstance(id, (int, str)):
        return {}
    return {id: message.get("method")}


def _places(value):
    """Every place in a value, as its container and the key there."""
    if isinstance(value, (dict, list)):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])
