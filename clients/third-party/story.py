"""What each Python client here is asked to do, and what it has to see; the others do the same in their languages."""

import json
import os
import pathlib

SERVER = os.environ["P2MLAB_SERVER"]
REQUESTS = [
    (step["method"], step["params"])
    for step in json.loads(pathlib.Path(__file__).with_name("story.json").read_text())
]
# Escaped on the wire, where there is ASCII only; the second takes a surrogate pair.
NOTE = "żółw \U0001f422"
COMPARISON = {"presets": ["xen-4.16", "xen-4.17"], "workDoneToken": "t"}
UNKNOWN_DOMAIN = {"domain": 9}


def check_last(result):
    """The last step of the story takes a foreign page away."""
    lost = [effect for effect in result["effects"] if effect.get("cause") == "stale-tracking"]
    assert len(lost) == 1, result
    assert lost[0]["gfn"] == "0x38000" and lost[0]["after"] is None, lost
    assert lost[0]["before"]["page"] == {"kind": "foreign", "domain": 2, "gfn": "0x40004"}, lost
    assert [v["property"] for v in result["violations"]] == ["no-collateral-removal"], result


def check_error(error):
    """No domain 9: Xen's errno is the code."""
    assert error["code"] == -3 and error["data"]["errno"] == "ESRCH", error


def check_history(result):
    """The note is there as it was sent."""
    assert result["entries"][-1]["params"] == {"text": NOTE}, result


def check_comparison(result, progress):
    """The presets part; progress was told on the way."""
    assert result["firstDifference"]["path"].startswith("/result/effects"), result
    assert progress and all(one["token"] == "t" for one in progress), progress
