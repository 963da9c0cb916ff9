"""Drive p2mlab, the executable model of Xen's P2M and grant-table frame tracking.

>>> from p2mlab import GFN, P2MLab
>>> with P2MLab(preset="xen-4.16") as lab:
...     guest = lab.main.domain_create(domain=1)
...     outcome = lab.main.grant_frame_map(domain=1, frame=0, gfn=GFN(0x38000))
>>> [effect.kind for effect in outcome.effects]
['tracking', 'physmap']

The classes of results and parameters are in `p2mlab.types`, the exceptions in `p2mlab.errors`; what is
needed most is here.
"""

from .aio import AsyncBatch, AsyncMachine, AsyncP2MLab
from .errors import (
    AlreadyExists,
    CallTimeout,
    Cancelled,
    Closed,
    DomainCrashed,
    HypercallError,
    HypervisorPanic,
    InvalidParams,
    InvalidRequest,
    LimitReached,
    Locked,
    MethodNotFound,
    ModelError,
    NotFound,
    P2MLabError,
    ParseError,
    ProtocolError,
    RPCError,
    ServerDied,
    ServerError,
    ServerNotFound,
)
from .frames import GFN, INVALID_GFN, MFN
from .lab import Batch, Machine, P2MLab
from .pending import Pending
from .types import RAM, DeviceTree, Overrides, PageAt

__all__ = [
    "GFN",
    "INVALID_GFN",
    "MFN",
    "RAM",
    "AlreadyExists",
    "AsyncBatch",
    "AsyncMachine",
    "AsyncP2MLab",
    "Batch",
    "CallTimeout",
    "Cancelled",
    "Closed",
    "DeviceTree",
    "DomainCrashed",
    "HypercallError",
    "HypervisorPanic",
    "InvalidParams",
    "InvalidRequest",
    "LimitReached",
    "Locked",
    "Machine",
    "MethodNotFound",
    "ModelError",
    "NotFound",
    "Overrides",
    "P2MLab",
    "P2MLabError",
    "PageAt",
    "ParseError",
    "Pending",
    "ProtocolError",
    "RPCError",
    "ServerDied",
    "ServerError",
    "ServerNotFound",
]
