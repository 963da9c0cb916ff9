"""Session files: requests a line, and the replies that are expected of them, as `p2mlab run` takes them."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterable, List, Mapping, Optional

from .errors import ModelError, RPCError
from .lab import P2MLab

Request = Mapping[str, Any]
"""A JSON-RPC request, at least its `method` and `params`."""


def dump(messages: Iterable[Mapping[str, Any]]) -> str:
    """Messages as a session, one a line."""
    return "".join(json.dumps(message, separators=(",", ":")) + "\n" for message in messages)


def numbered(requests: Iterable[Request], note: Optional[str] = None) -> List[Dict[str, Any]]:
    """Requests with an id each, and what they are about in front."""
    first = [{"jsonrpc": "2.0", "method": "session.note", "params": {"text": note}}] if note else []
    return first + [
        {"jsonrpc": "2.0", "id": id, "method": request["method"], "params": request.get("params", {})}
        for id, request in enumerate(requests, 1)
    ]


def answered(lab: P2MLab, requests: Iterable[Request], note: Optional[str] = None) -> str:
    """Carries requests out, and returns the session with the replies, to be checked by `p2mlab run`.

    Args:
        lab: where they are carried out; the machines that they name must be as on a fresh server.
        requests: such as `session_export` tells.
        note: what the session shows.
    """
    messages: List[Mapping[str, Any]] = []
    for message in numbered(requests, note):
        messages.append(message)
        if "id" in message:
            messages.append(_reply(lab, message))
    return dump(messages)


def _reply(lab: P2MLab, request: Mapping[str, Any]) -> Dict[str, Any]:
    head = {"jsonrpc": "2.0", "id": request["id"]}
    try:
        return {**head, "result": lab.call(request["method"], request["params"])}
    except (ModelError, RPCError) as error:
        return {**head, "error": {"code": error.code}}
