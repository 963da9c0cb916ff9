"""The pytest plugin: a machine for each test, on the presets that it asks for.

    def test_a_page_comes_and_goes(p2m):
        p2m.domain_create(domain=1)

`--p2mlab-preset` chooses the release, the marker `@pytest.mark.p2mlab("xen-4.17")` for one test; with
several, the test runs on each. When a test fails, its report has the session that plays it again.
"""

from __future__ import annotations

from typing import Any, Generator, Iterator, List, Optional, get_args

import pytest

from .errors import P2MLabError
from .lab import Machine, P2MLab
from .sessions import dump
from .types import Preset

DEFAULT = "xen-4.16"
"""The preset of a test that says nothing."""

LINES = 200
"""Requests of a failed test that its report shows; longer sessions are written to a file."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("p2mlab").addoption(
        "--p2mlab-preset",
        action="append",
        default=[],
        metavar="PRESET",
        help="the release that the fixture p2m models; several, or with commas, run tests on each",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "p2mlab(*presets, overrides=None): the releases that the fixture p2m models, "
        "and knobs to be set otherwise",
    )
    _known(_chosen(config), "--p2mlab-preset")


def _chosen(config: pytest.Config) -> List[str]:
    words: List[str] = config.getoption("--p2mlab-preset")
    return [name for word in words for name in word.split(",") if name]


def _known(presets: List[str], where: str) -> None:
    for name in presets:
        if name not in get_args(Preset):
            known = ", ".join(get_args(Preset))
            raise pytest.UsageError(f"{where}: there is no preset {name!r}; there are {known}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "p2mlab_preset" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("p2mlab")
    presets = list(marker.args) if marker else []
    _known(presets, f"the marker p2mlab of {metafunc.definition.nodeid}")
    presets = presets or _chosen(metafunc.config)
    if presets:
        metafunc.parametrize("p2mlab_preset", presets)


@pytest.fixture
def p2mlab_preset() -> str:
    """The preset of the test's machine."""
    return DEFAULT


class Server:
    """The server of all tests, started when the first one needs it, and again if it has died."""

    def __init__(self) -> None:
        self._lab: Optional[P2MLab] = None

    def lab(self) -> P2MLab:
        """The server, without machines."""
        if self._lab is None or not self._lab.is_open:
            self._lab = P2MLab()
        for info in self._lab.machine_list().machines:
            self._lab.machine(info.machine).machine_delete()
        return self._lab

    def close(self) -> None:
        if self._lab is not None:
            self._lab.close()


@pytest.fixture(scope="session")
def _p2mlab_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def p2m(request: pytest.FixtureRequest, p2mlab_preset: Any, _p2mlab_server: Server) -> Machine:
    """A machine of the test's own, of the preset that was chosen; its server is `p2m.lab`."""
    marker = request.node.get_closest_marker("p2mlab")
    overrides = marker.kwargs.get("overrides") if marker else None
    return _p2mlab_server.lab().create("main", preset=p2mlab_preset, overrides=overrides)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    machine = getattr(item, "funcargs", {}).get("p2m")
    if report.when == "call" and report.failed and isinstance(machine, Machine):
        report.sections.append(("p2mlab session", _told(item, machine)))
    return report


def _told(item: pytest.Item, machine: Machine) -> str:
    """What was done to the machine, and how it is played again."""
    try:
        requests = machine.session_export().requests
    except P2MLabError as error:
        return f"The session is lost: {error}"
    text = dump(requests)
    hint = "in a file, `p2mlab run --show FILE` plays it again"
    cache = getattr(item.config, "cache", None)
    if len(requests) <= LINES or cache is None:
        return f"{text}({hint})"
    file = cache.mkdir("p2mlab") / "failed.ndjson"
    file.write_text(text)
    return f"{len(requests)} requests, in {file}: `p2mlab run --show {file}` plays them again"
