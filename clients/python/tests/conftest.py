"""What the tests have in common. The server is the real one, from `P2MLAB_SERVER`."""

from __future__ import annotations

import asyncio
import inspect
import pathlib
import sys
from typing import Any, Iterator, List, Optional

import pytest

from p2mlab import AsyncP2MLab, P2MLab

pytest_plugins = ["pytester"]

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
FAKE = pathlib.Path(__file__).with_name("fake_server.py")


class Blocking:
    """An object of asyncio, used as if its methods waited: so that one test does for both clients."""

    def __init__(self, loop: asyncio.AbstractEventLoop, wrapped: Any) -> None:
        self._loop, self._wrapped = loop, wrapped

    def __getattr__(self, name: str) -> Any:
        return self._blocking(getattr(self._wrapped, name))

    def _blocking(self, value: Any) -> Any:
        if callable(value):

            def call(*args: Any, **keywords: Any) -> Any:
                async def within() -> Any:
                    result = value(*args, **keywords)
                    return await result if inspect.isawaitable(result) else result

                result = self._loop.run_until_complete(within())
                return self._blocking(result) if hasattr(result, "lab") else result

            return call
        return Blocking(self._loop, value) if hasattr(value, "lab") else value


class Client:
    """One of the two clients, and how it is started."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._labs: List[Any] = []
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        if name == "asyncio":
            self._loop = asyncio.new_event_loop()

    def start(self, *args: Any, **keywords: Any) -> Any:
        """A lab, which is closed with the test."""
        if self._loop is None:
            lab: Any = P2MLab(*args, **keywords)
        else:
            lab = Blocking(self._loop, AsyncP2MLab(*args, **keywords))
            self._labs.append(lab)
            lab.start()
            return lab
        self._labs.append(lab)
        return lab

    def fake(self, behaviour: str, **keywords: Any) -> Any:
        """A lab on a server that misbehaves; see `fake_server.py`."""
        return self.start([sys.executable, str(FAKE), behaviour], **keywords)

    def end(self) -> None:
        for lab in self._labs:
            lab.close()
        if self._loop is not None:
            self._loop.close()


@pytest.fixture(params=["sync", "asyncio"])
def client(request: pytest.FixtureRequest) -> Iterator[Client]:
    """Both clients, one after the other."""
    client = Client(request.param)
    yield client
    client.end()


@pytest.fixture
def lab() -> Iterator[P2MLab]:
    with P2MLab() as lab:
        yield lab
