"""Results, parameters and calls, as the protocol declares them.

Made by `p2mlab schema python` (`make protocol`); not to be edited.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import (
    Any,
    Callable,
    ClassVar,
    Dict,
    List,
    Literal,
    Mapping,
    Optional,
    Sequence,
    Set,
    Tuple,
    TypeVar,
    Union,
)

from .frames import GFN, MFN, read_gfn, read_mfn, write_gfn, write_index, write_mfn
from .pending import Pending, Progress
from .values import Later, as_is, given, make, nothing

__all__ = [
    "Actor",
    "ActorList",
    "ActorParameter",
    "ActorRun",
    "ActorStep",
    "ActorStop",
    "Allocation",
    "CPU",
    "Cause",
    "ComparedReply",
    "Comparison",
    "ComparisonRow",
    "Cost",
    "Crash",
    "DevicePage",
    "DeviceTree",
    "Difference",
    "DifferingValue",
    "DomainInfo",
    "Domains",
    "Effect",
    "Entries",
    "Entry",
    "Exploration",
    "ExploredActor",
    "ExploredArguments",
    "ExploredMethod",
    "ExtentsOutcome",
    "Fault",
    "FaultSite",
    "Faults",
    "ForeignPage",
    "FoundViolation",
    "FrameInfo",
    "FrameKind",
    "FreePage",
    "GrantFrame",
    "GrantFrameParams",
    "GrantFrames",
    "GrantPage",
    "GrantTable",
    "GrowthEffect",
    "History",
    "HistoryEntry",
    "Hole",
    "HypervisorNode",
    "Knobs",
    "Lock",
    "LostPage",
    "MachineInfo",
    "Machines",
    "OperationInProgress",
    "Outcome",
    "Overrides",
    "P2MType",
    "Page",
    "PageAt",
    "PhysmapEffect",
    "PhysmapLevel",
    "PhysmapStats",
    "PopulatedPage",
    "Preset",
    "PresetInfo",
    "Presets",
    "Properties",
    "Property",
    "PropertyInfo",
    "RAM",
    "RAMPage",
    "Redone",
    "ReferenceEffect",
    "Region",
    "RegionKind",
    "Regions",
    "Resource",
    "ResourceKind",
    "Resources",
    "ScenarioCell",
    "ScenarioMatrix",
    "ScenarioRow",
    "ScenarioSequence",
    "ScenarioStop",
    "ServerInfo",
    "Session",
    "SessionDifference",
    "SessionOutcome",
    "SessionRow",
    "SetupOutcome",
    "SharedInfoPage",
    "Shrunk",
    "Snapshot",
    "Snapshots",
    "StatusPage",
    "Step",
    "StepOutcome",
    "StuckFrame",
    "Symmetry",
    "TemplateFault",
    "TrackingEffect",
    "Undone",
    "UnusableLine",
    "VCPU",
    "VCPUList",
    "VCPUOperation",
    "Verdict",
    "VersionEffect",
    "VersionOutcome",
    "VersionParams",
    "Violation",
    "Violations",
    "WindowSearch",
]

T = TypeVar("T")

Cause = Literal["requested", "stale-tracking", "moved", "version-switch", "replaced", "split"]
P2MType = Literal["p2m_ram_rw", "p2m_map_foreign_rw", "p2m_mmio_direct_dev"]
FrameKind = Literal["ram", "populated", "grant", "status", "sharedInfo", "free"]
Preset = Literal["xen-4.14", "xen-4.16", "xen-4.16-clear-on-put", "xen-5a4a2cef08", "xen-4.17", "xen-4.17.7", "xen-4.20", "xen-4.22", "x86-4.10.0", "x86-4.10.1", "x86-4.15.0", "x86-4.15.1", "x86-4.17.0", "x86-4.17.7", "x86-4.22"]
CPU = Literal["cortex-a57", "cortex-a53", "x86-64"]
RegionKind = Literal["grant-table", "extended", "ram", "mmio"]
Property = Literal["no-collateral-removal", "tracking-agrees", "single-mapping", "references-balance", "no-dangling", "region-discipline"]
ExploredMethod = Literal["foreignPage.map", "grantFrame.map", "physmap.unmap", "page.populate", "page.decrease", "sharedInfo.map", "device.map", "grantTable.setup", "grantTable.setVersion"]
Symmetry = Literal["gfn", "page", "frame", "vcpu"]
Verdict = Literal["holds", "violated", "bounded"]
FaultSite = Literal["table-allocation", "page-allocation", "reference"]
ResourceKind = Literal["machine", "snapshot", "domain", "region", "entry", "grantTable", "grantFrame", "frame"]
Step = Literal["begin", "lookUp", "insert", "end", "detach", "release"]
Lock = Literal["grant", "p2m"]


@dataclass(frozen=True)
class RAM:
    """A range of RAM."""

    gfn: GFN
    """The first GFN."""
    pages: int
    """How many there are."""
    order: Optional[Literal[0, 9, 18]] = None
    """Its largest leaves."""


@dataclass(frozen=True)
class DomainInfo(Later):
    """A domain."""

    domain: int
    """Its identifier."""
    privileged: bool
    """Whether it may act on other domains."""
    direct_mapped: bool
    """Whether its RAM has MFN = GFN."""
    ram: Tuple[RAM, ...]
    """Its RAM."""
    max_pages: int
    """Pages that it may have allocated."""
    pages: int
    """Pages that it has allocated."""
    grant_frames: int
    """Grant frames that exist."""
    shared_info: MFN
    """The MFN of shared_info."""
    regions: Tuple[Region, ...]
    """Its regions, the first one first."""
    crashed: Optional[str]
    """Why Xen crashed it, if it did."""


@dataclass(frozen=True)
class PhysmapEffect:
    """One change that an operation made (`physmap`)."""

    kind: ClassVar[Literal["physmap"]] = "physmap"
    domain: int
    """Whose physmap."""
    gfn: GFN
    """Where."""
    before: Optional[Entry]
    """What was there."""
    after: Optional[Entry]
    """What is there now."""
    cause: Cause
    """Why."""
    uri: str
    """The resource that changed."""


@dataclass(frozen=True)
class TrackingEffect:
    """One change that an operation made (`tracking`)."""

    kind: ClassVar[Literal["tracking"]] = "tracking"
    domain: int
    """Whose grant table."""
    frame: int
    """The index."""
    before: Optional[GFN]
    """Tracked before."""
    after: Optional[GFN]
    """Tracked now."""
    uri: str
    """The resource that changed."""
    status: bool = False
    """True where status frames are meant."""


@dataclass(frozen=True)
class ReferenceEffect:
    """One change that an operation made (`reference`)."""

    kind: ClassVar[Literal["reference"]] = "reference"
    mfn: MFN
    """The page."""
    before: int
    """References before."""
    after: int
    """References now."""
    uri: str
    """The resource that changed."""
    pages: Optional[int] = None
    """How many pages from there on; 1 where it is not said."""


@dataclass(frozen=True)
class GrowthEffect:
    """One change that an operation made (`growth`)."""

    kind: ClassVar[Literal["growth"]] = "growth"
    domain: int
    """Whose grant table."""
    before: int
    """Frames before."""
    after: int
    """Frames now."""
    uri: str
    """The resource that changed."""
    status: bool = False
    """True where status frames are meant."""


@dataclass(frozen=True)
class VersionEffect:
    """One change that an operation made (`version`)."""

    kind: ClassVar[Literal["version"]] = "version"
    domain: int
    """Whose grant table."""
    before: int
    """The version before."""
    after: int
    """The version now."""
    uri: str
    """The resource that changed."""


@dataclass(frozen=True)
class Entry:
    """A P2M entry."""

    gfn: GFN
    """Where it is."""
    mfn: MFN
    """The page that it maps."""
    type: P2MType
    """Xen's p2m_type_t."""
    order: Literal[0, 9, 18]
    """The leaf that it is part of maps 2^order pages."""
    page: Page
    """The page's name."""


@dataclass(frozen=True)
class FrameInfo:
    """What Xen knows of a machine page, its page_info."""

    mfn: MFN
    """The page."""
    owner: Optional[int]
    """The owner, if it has one."""
    references: int
    """References held in all."""
    allocated: bool
    """Whether the allocation's reference is held."""
    type: Literal["xenheap", "domheap"]
    """Whether Xen keeps it for itself."""
    kind: FrameKind
    """What it is."""
    tracked: Optional[GFN]
    """Where Xen believes it mapped, if it is tracked."""
    page: Page
    """Its name."""


@dataclass(frozen=True)
class GrantFrame(Later):
    """Where Xen believes a grant frame mapped, and where it is."""

    frame: int
    """The index."""
    tracked: Optional[GFN]
    """Where Xen believes it mapped."""
    mapped_at: Tuple[GFN, ...]
    """Where it is mapped."""
    stale: bool
    """Whether it is tracked where it is not."""


@dataclass(frozen=True)
class Knobs:
    """The decisions in which releases of Xen differ."""

    tracking: Literal["array", "array-cleared-on-put", "page-info", "m2p"]
    """Where the GFN of a grant frame is kept."""
    remap: Literal["move", "move-unless-same", "busy"]
    """What mapping a frame does that is tracked elsewhere."""
    removal_check: Literal["none", "mfn-match"]
    """What removing a mapping checks first."""
    frame_index: Literal["64-bit", "split", "32-bit"]
    """How wide a frame's index is."""
    invalid_gfn: Literal["late", "early"]
    """When INVALID_GFN is noticed."""
    foreign_errno: Literal["pre-4.20", "4.20", "x86-4.10"]
    """Errnos of foreign maps."""
    status_frame_pinning: Literal["none", "page-ref", "lock-held"]
    """XSA-384, XSA-486."""
    m2p_lookup: Literal["before-lock", "under-lock"]
    """XSA-379."""
    status_freeing: Literal["blind", "checked"]
    """XSA-255."""
    populate_insert: Literal["unchecked", "checked"]
    """Whether populating notices that it cannot map."""
    unmap_first: Literal["yes", "no"]
    """Whether x86 drops the old mapping first."""
    status_growth: Literal["never", "on-demand"]
    """Whether mapping a status frame makes it exist."""
    mmio_replacement: Literal["replaced", "refused"]
    """Whether x86 maps pages over device memory."""
    gmfn_move: Literal["4.10", "4.15", "4.17", "4.22"]
    """How x86 moves a page between GFNs."""
    max_grant_version: int
    """The highest version of a grant table."""


@dataclass(frozen=True)
class MachineInfo:
    """A machine."""

    machine: str
    """Its name."""
    preset: Preset
    """The release that it follows."""
    knobs: Knobs
    """The preset's knobs, with the overrides."""
    cpu: CPU
    """Decides how far a P2M reaches."""
    p2m_limit: GFN
    """The first GFN that no P2M reaches."""
    max_grant_frames: int
    """Frames that a grant table may have."""
    domains: Tuple[int, ...]
    """The domains' identifiers."""
    panic: Optional[str]
    """How the hypervisor died, if it did."""
    vcpus: Optional[int] = None
    """VCPUs of each domain, if more than one."""
    p2m_pool_pages: Optional[int] = None
    """Tables that each P2M may take, if that was said."""
    cost: bool = False
    """True where operations tell what they cost."""


@dataclass(frozen=True)
class GrantPage:
    """The page behind an entry (`grant`)."""

    kind: ClassVar[Literal["grant"]] = "grant"
    domain: int
    """The owner."""
    frame: int
    """The index."""


@dataclass(frozen=True)
class StatusPage:
    """The page behind an entry (`status`)."""

    kind: ClassVar[Literal["status"]] = "status"
    domain: int
    """The owner."""
    frame: int
    """The index."""


@dataclass(frozen=True)
class ForeignPage:
    """The page behind an entry (`foreign`)."""

    kind: ClassVar[Literal["foreign"]] = "foreign"
    domain: int
    """The owner."""
    gfn: GFN
    """The owner's GFN from which it was mapped."""


@dataclass(frozen=True)
class RAMPage:
    """The page behind an entry (`ram`)."""

    kind: ClassVar[Literal["ram"]] = "ram"
    gfn: GFN
    """Where it was first."""


@dataclass(frozen=True)
class PopulatedPage:
    """The page behind an entry (`populated`)."""

    kind: ClassVar[Literal["populated"]] = "populated"
    n: int
    """Its number, from 0."""


@dataclass(frozen=True)
class SharedInfoPage:
    """The page behind an entry (`sharedInfo`)."""

    kind: ClassVar[Literal["sharedInfo"]] = "sharedInfo"


@dataclass(frozen=True)
class DevicePage:
    """The page behind an entry (`device`)."""

    kind: ClassVar[Literal["device"]] = "device"


@dataclass(frozen=True)
class FreePage:
    """The page behind an entry (`free`)."""

    kind: ClassVar[Literal["free"]] = "free"


@dataclass(frozen=True)
class Region:
    """A named range of a domain's frames."""

    name: str
    """Its name."""
    gfn: GFN
    """The first GFN."""
    pages: int
    """How many there are."""
    kind: RegionKind
    """What it is for."""


@dataclass(frozen=True)
class Violation:
    """A property that does not hold, and where."""

    property: Property
    """Which property."""
    message: str
    """What is wrong, for people."""
    domain: int
    """Whose."""
    gfn: Optional[GFN] = None
    """Where."""
    frame: Optional[int] = None
    """Which frame."""
    status: bool = False
    """True where status frames are meant."""
    mfn: Optional[MFN] = None
    """Which page."""


@dataclass(frozen=True)
class ActorParameter:
    """What 'with' may have."""

    name: str
    """Its name."""
    about: str
    """What it is."""
    default: Optional[Union[int, str]] = None
    """What stands for it."""


@dataclass(frozen=True)
class Actor(Later):
    """Those that can be used."""

    actor: str
    """Its name."""
    does: str
    """What it does."""
    why: str
    """Why the component does so."""
    built_in: bool
    """Whether it comes with the program."""
    parameters: Tuple[ActorParameter, ...]
    """What 'with' may have."""


@dataclass(frozen=True)
class TemplateFault:
    """The others."""

    file: str
    """The template."""
    line: int
    """Where."""
    reason: str
    """What is wrong."""


@dataclass(frozen=True)
class ActorList(Later):
    """What `actor.list` answers."""

    actors: Tuple[Actor, ...]
    """Those that can be used."""
    faults: Tuple[TemplateFault, ...]
    """The others."""


@dataclass(frozen=True)
class ActorStop:
    """Where it stopped before."""

    line: int
    """The line of its template."""
    reason: str
    """The error."""


@dataclass(frozen=True)
class LostPage:
    """Pages removed by an operation that did not name their GFN."""

    domain: int
    """Whose physmap."""
    gfn: GFN
    """Where."""
    page: Page
    """Which page."""


@dataclass(frozen=True)
class Hole:
    """A GFN of RAM that is empty."""

    domain: int
    """Whose RAM."""
    gfn: GFN
    """Where."""


@dataclass(frozen=True)
class StuckFrame:
    """Grant frames that can never be mapped again, whatever is unmapped first."""

    domain: int
    """Whose grant table."""
    frame: int
    """The index."""


@dataclass(frozen=True)
class Crash:
    """Domains that Xen crashed."""

    domain: int
    """Which domain."""
    reason: str
    """Why."""


@dataclass(frozen=True)
class ActorStep:
    """What it asked, and was answered."""

    line: int
    """The line of its template."""
    request: Dict[str, Any]
    """Method and params."""
    reply: Dict[str, Any]
    """Result or error."""


@dataclass(frozen=True)
class ActorRun(Later):
    """What `actor.run` answers."""

    actor: str
    """Its name."""
    completed: bool
    """Whether it came to its end."""
    stopped: Optional[ActorStop]
    """Where it stopped before."""
    failures: int
    """Hypercalls that failed."""
    lost_pages: Tuple[LostPage, ...]
    """Pages removed by an operation that did not name their GFN."""
    holes: Tuple[Hole, ...]
    """GFNs of RAM among them that are still empty."""
    stuck_frames: Tuple[StuckFrame, ...]
    """Grant frames that can never be mapped again, whatever is unmapped first."""
    crashes: Tuple[Crash, ...]
    """Domains that Xen crashed."""
    panic: Optional[str]
    """How the hypervisor died, if it did."""
    violations: Tuple[Violation, ...]
    """All that its operations broke."""
    steps: Tuple[ActorStep, ...]
    """What it asked, and was answered."""


@dataclass(frozen=True)
class GrantFrames(Later):
    """What `array.query` answers."""

    frames: Tuple[GrantFrame, ...]
    """Those of the frames that exist."""


@dataclass(frozen=True)
class PropertyInfo:
    """The properties."""

    name: str
    """Its name."""
    sentence: str
    """What should hold."""
    default: bool
    """Whether it is judged without being asked for."""


@dataclass(frozen=True)
class Properties(Later):
    """What `check.properties` answers."""

    properties: Tuple[PropertyInfo, ...]
    """The properties."""


@dataclass(frozen=True)
class Violations(Later):
    """What `check.run` answers."""

    violations: Tuple[Violation, ...]
    """All that stands against them."""


@dataclass(frozen=True)
class Overrides:
    """Knobs to be set otherwise than the preset has them."""

    tracking: Optional[Literal["array", "array-cleared-on-put", "page-info", "m2p"]] = None
    """Where the GFN of a grant frame is kept."""
    remap: Optional[Literal["move", "move-unless-same", "busy"]] = None
    """What mapping a frame does that is tracked elsewhere."""
    removal_check: Optional[Literal["none", "mfn-match"]] = None
    """What removing a mapping checks first."""
    frame_index: Optional[Literal["64-bit", "split", "32-bit"]] = None
    """How wide a frame's index is."""
    invalid_gfn: Optional[Literal["late", "early"]] = None
    """When INVALID_GFN is noticed."""
    foreign_errno: Optional[Literal["pre-4.20", "4.20", "x86-4.10"]] = None
    """Errnos of foreign maps."""
    status_frame_pinning: Optional[Literal["none", "page-ref", "lock-held"]] = None
    """XSA-384, XSA-486."""
    m2p_lookup: Optional[Literal["before-lock", "under-lock"]] = None
    """XSA-379."""
    status_freeing: Optional[Literal["blind", "checked"]] = None
    """XSA-255."""
    populate_insert: Optional[Literal["unchecked", "checked"]] = None
    """Whether populating notices that it cannot map."""
    unmap_first: Optional[Literal["yes", "no"]] = None
    """Whether x86 drops the old mapping first."""
    status_growth: Optional[Literal["never", "on-demand"]] = None
    """Whether mapping a status frame makes it exist."""
    mmio_replacement: Optional[Literal["replaced", "refused"]] = None
    """Whether x86 maps pages over device memory."""
    gmfn_move: Optional[Literal["4.10", "4.15", "4.17", "4.22"]] = None
    """How x86 moves a page between GFNs."""
    max_grant_version: Optional[int] = None
    """The highest version of a grant table."""


@dataclass(frozen=True)
class ComparedReply:
    """A summary of each preset's reply."""

    code: int
    """0 for a result, or the error's code."""
    errno: Optional[str]
    """The model's name of the error."""
    violations: Tuple[Property, ...]
    """What it broke."""
    differs: bool
    """Whether it differs from the first preset's reply."""


@dataclass(frozen=True)
class ComparisonRow(Later):
    """The requests, but for notes."""

    number: int
    """Its index among all requests."""
    method: str
    """The method."""
    replies: Tuple[ComparedReply, ...]
    """A summary of each preset's reply."""
    line: Optional[int] = None
    """Its line of the session, if one was given."""
    params: Optional[Union[Dict[str, Any], List[Any]]] = None
    """Its parameters as they came."""


@dataclass(frozen=True)
class DifferingValue:
    """Of the first preset, and of the first one that differs from it."""

    preset: str
    """The preset."""
    value: Optional[Union[Dict[str, Any], List[Any], str, int, bool, None]] = None
    """What is there; absent where nothing is."""


@dataclass(frozen=True)
class Difference(Later):
    """Where they part, if they do."""

    number: int
    """The request's index."""
    path: str
    """A JSON pointer into the replies."""
    values: Tuple[DifferingValue, ...]
    """Of the first preset, and of the first one that differs from it."""
    line: Optional[int] = None
    """Its line of the session, if one was given."""


@dataclass(frozen=True)
class Comparison(Later):
    """What `compare.run` answers."""

    presets: Tuple[str, ...]
    """The presets, as they were named."""
    rows: Tuple[ComparisonRow, ...]
    """The requests, but for notes."""
    first_difference: Optional[Difference]
    """Where they part, if they do."""


@dataclass(frozen=True)
class Cost:
    """What an operation cost the hypervisor."""

    table_walks: int
    """Walks from the root to an entry."""
    entry_writes: int
    """Words of page tables written."""
    tracking_comparisons: int
    """Members of the array compared."""
    tables_allocated: int
    """Tables taken from the pool."""
    tlb_flushes: int
    """Flushes of the TLB."""


@dataclass(frozen=True)
class Outcome(Later):
    """What an operation changed, and which properties it broke."""

    effects: Tuple[Effect, ...]
    """Every change that it made."""
    violations: Tuple[Violation, ...]
    """Properties that held before it and hold no longer."""
    cost: Optional[Cost] = None
    """What it cost, where the machine tells."""


@dataclass(frozen=True)
class Domains(Later):
    """What `domain.list` answers."""

    domains: Tuple[DomainInfo, ...]
    """The domains."""


@dataclass(frozen=True)
class ExploredArguments:
    """Which operations of a method are tried; all where it is not said."""

    method: ExploredMethod
    """The method."""
    gfn: Optional[Sequence[GFN]] = None
    """GFNs at which it is done."""
    frame: Optional[Sequence[int]] = None
    """Indices of grantFrame.map."""
    status: Optional[Sequence[int]] = None
    """0 for grant frames of grantFrame.map, 1 for status frames."""
    owner: Optional[Sequence[int]] = None
    """Domains whose pages foreignPage.map maps."""
    source: Optional[Sequence[GFN]] = None
    """GFNs at which they have them."""
    order: Optional[Sequence[int]] = None
    """Orders of page.populate and page.decrease."""
    frames: Optional[Sequence[int]] = None
    """Counts of grantTable.setup."""
    version: Optional[Sequence[int]] = None
    """Versions of grantTable.setVersion."""


@dataclass(frozen=True)
class ExploredActor:
    """Actors, each of which does all that it does as one transition."""

    actor: str
    """Which actor; 'actor.list' tells which there are."""
    domain: Optional[int] = None
    """Who it is."""
    with_: Optional[Mapping[str, Any]] = None
    """The actor's own parameters by name."""


@dataclass(frozen=True)
class FoundViolation:
    """Of each property that does not hold, with keepGoing."""

    property: Property
    """Which property."""
    trace: Tuple[Dict[str, Any], ...]
    """A shortest history that violates it."""


@dataclass(frozen=True)
class Exploration:
    """What `explore.run` answers."""

    verdict: Verdict
    """What was found."""
    bounded_by: Optional[Literal["depth", "states", "memory", "saturation"]]
    """The limit that ended it early, or a quantity that was cut off (saturation)."""
    property: Optional[Property]
    """What the trace violates."""
    states: int
    """States found."""
    transitions: int
    """Operations, or steps of them, tried in all states."""
    depth: int
    """Transitions to the state that was found last."""
    bytes_per_state: int
    """Memory of all states, divided by their number."""
    symmetry_factor: int
    """How many times fewer states symmetry makes them at most: the size of its group."""
    setup: Tuple[Dict[str, Any], ...]
    """Requests that make the machine on a fresh server."""
    trace: Tuple[Dict[str, Any], ...]
    """The requests of a shortest history that violates the property; with several vCPUs each tells its 'vcpu', the 'step' and the 'locks'."""
    violations: Optional[Tuple[FoundViolation, ...]] = None
    """Of each property that does not hold, with keepGoing."""


@dataclass(frozen=True)
class Fault:
    """What is to fail of the domain."""

    site: FaultSite
    """Where."""
    after: int
    """Attempts before the one that fails."""


@dataclass(frozen=True)
class Faults(Later):
    """What `fault.inject` answers."""

    faults: Tuple[Fault, ...]
    """What is to fail of the domain."""


@dataclass(frozen=True)
class PageAt:
    """A page of a domain."""

    domain: int
    """Whose page; DOMID_SELF, DOMID_IO and DOMID_XEN are understood."""
    gfn: GFN
    """Where its owner has it."""


@dataclass(frozen=True)
class GrantTable:
    """What `grantTable.query` answers."""

    frames: int
    """Frames that exist."""
    max_frames: int
    """Frames that may exist."""
    version: int
    """The version that the guest uses."""


@dataclass(frozen=True)
class VersionOutcome(Later):
    """What `grantTable.setVersion` answers."""

    version: int
    """The version that the guest uses now."""
    effects: Tuple[Effect, ...]
    """Every change that it made."""
    violations: Tuple[Violation, ...]
    """Properties that held before it and hold no longer."""
    cost: Optional[Cost] = None
    """What it cost, where the machine tells."""


@dataclass(frozen=True)
class SetupOutcome(Later):
    """What `grantTable.setup` answers."""

    frames: int
    """Frames that exist now."""
    status: int
    """GNTST_okay (0) or GNTST_general_error (-1)."""
    tracked: Tuple[Optional[GFN], ...]
    """Where the frames asked for are tracked."""
    effects: Tuple[Effect, ...]
    """Every change that it made."""
    violations: Tuple[Violation, ...]
    """Properties that held before it and hold no longer."""
    cost: Optional[Cost] = None
    """What it cost, where the machine tells."""


@dataclass(frozen=True)
class HistoryEntry:
    """The last of them."""

    number: int
    """From 0."""
    method: str
    """The method."""
    params: Optional[Union[Dict[str, Any], List[Any]]] = None
    """Its parameters as they came."""


@dataclass(frozen=True)
class History(Later):
    """What `history.list` answers."""

    position: int
    """Operations that are done, notes included."""
    length: int
    """Operations that are known to have been done or undone."""
    forgotten: int
    """The oldest operations, which can no longer be undone."""
    entries: Tuple[HistoryEntry, ...]
    """The last of them."""


@dataclass(frozen=True)
class Redone:
    """What `history.redo` answers."""

    redone: int
    """How many operations were redone, as many as are known at most."""
    position: int
    """Operations that are done, notes included."""
    length: int
    """Operations that are known to have been done or undone."""


@dataclass(frozen=True)
class Undone:
    """What `history.undo` answers."""

    undone: int
    """How many operations were undone, as many as are known at most."""
    position: int
    """Operations that are done, notes included."""
    length: int
    """Operations that are known to have been done or undone."""


@dataclass(frozen=True)
class Machines(Later):
    """What `machine.list` answers."""

    machines: Tuple[MachineInfo, ...]
    """The machines."""


@dataclass(frozen=True)
class PresetInfo:
    """The presets."""

    name: str
    """Its name."""
    summary: str
    """What it models."""
    knobs: Knobs
    """Its knobs."""


@dataclass(frozen=True)
class Presets(Later):
    """What `machine.presets` answers."""

    presets: Tuple[PresetInfo, ...]
    """The presets."""


@dataclass(frozen=True)
class ExtentsOutcome(Later):
    """What an operation on several pages changed, and how many it came to."""

    extents: int
    """How many were done."""
    effects: Tuple[Effect, ...]
    """Every change that it made."""
    violations: Tuple[Violation, ...]
    """Properties that held before it and hold no longer."""
    cost: Optional[Cost] = None
    """What it cost, where the machine tells."""


@dataclass(frozen=True)
class Entries(Later):
    """What `physmap.query` answers."""

    entries: Tuple[Entry, ...]
    """The entries, in order of GFN; a superpage is one, at the first of its GFNs that was asked for."""


@dataclass(frozen=True)
class PhysmapLevel:
    """From the smallest leaves up."""

    order: Literal[0, 9, 18]
    """Leaves of 2^order pages."""
    mappings: int
    """How many there are, counted now."""
    shattered: int
    """Splits so far."""


@dataclass(frozen=True)
class PhysmapStats(Later):
    """What `physmap.stats` answers."""

    tables: int
    """Tables below the root."""
    pool_pages: int
    """Tables below the root that there may be."""
    levels: Tuple[PhysmapLevel, ...]
    """From the smallest leaves up."""


@dataclass(frozen=True)
class Allocation:
    """What `region.allocate` answers."""

    gfn: GFN
    """The first of them."""


@dataclass(frozen=True)
class HypervisorNode:
    """What `region.export` answers."""

    dts: str
    """The device tree's source, as dtc reads it."""
    dtb: str
    """The same, flattened, in base64, as region.import takes it."""


@dataclass(frozen=True)
class DeviceTree:
    """A flattened device tree: one of its members."""

    path: Optional[str] = None
    """A file below the folder of --allow-read; a relative path begins where the server runs."""
    base64: Optional[str] = None
    """The blob itself."""


@dataclass(frozen=True)
class Regions(Later):
    """Regions of a domain."""

    regions: Tuple[Region, ...]
    """The regions."""


@dataclass(frozen=True)
class Resource:
    """What `resource.get` answers."""

    uri: str
    """The address."""
    kind: ResourceKind
    """What it is."""
    value: Union[MachineInfo, DomainInfo, Region, Entry, GrantFrame, FrameInfo, Dict[str, Any], None]
    """The object; null for a GFN that maps nothing."""


@dataclass(frozen=True)
class Resources:
    """What `resource.list` answers."""

    uri: str
    """The address."""
    resources: Tuple[str, ...]
    """The addresses below it."""
    truncated: bool
    """Whether there are more than could be told."""


@dataclass(frozen=True)
class ScenarioSequence:
    """The columns."""

    name: str
    """Its name."""
    about: str
    """What it is about."""
    actors: Tuple[str, ...]
    """Who plays."""


@dataclass(frozen=True)
class ScenarioStop:
    """Actors that did not come to their end."""

    actor: str
    """Which actor."""
    line: int
    """The line of its template."""
    reason: str
    """The error."""


@dataclass(frozen=True)
class ScenarioCell(Later):
    """What came of each sequence."""

    failures: int
    """Hypercalls that failed."""
    lost_pages: Tuple[LostPage, ...]
    """Pages removed by an operation that did not name their GFN."""
    holes: Tuple[PageAt, ...]
    """GFNs of RAM among them that are still empty."""
    stuck_frames: Tuple[StuckFrame, ...]
    """Grant frames that can never be mapped again, whatever is unmapped first."""
    crashes: Tuple[Crash, ...]
    """Domains that Xen crashed."""
    panic: Optional[str]
    """How the hypervisor died, if it did."""
    stopped: Tuple[ScenarioStop, ...]
    """Actors that did not come to their end."""


@dataclass(frozen=True)
class ScenarioRow(Later):
    """A row for each preset."""

    preset: str
    """The release."""
    cells: Tuple[ScenarioCell, ...]
    """What came of each sequence."""


@dataclass(frozen=True)
class ScenarioMatrix(Later):
    """What `scenario.run` answers."""

    scenario: str
    """Its name."""
    sequences: Tuple[ScenarioSequence, ...]
    """The columns."""
    rows: Tuple[ScenarioRow, ...]
    """A row for each preset."""
    has_damage: bool
    """Whether anything is lost, stuck or dead on any preset."""


@dataclass(frozen=True)
class ServerInfo:
    """What `server.info` answers."""

    name: str
    """The program."""
    version: str
    """Its version."""
    protocol_version: str
    """Changes when a client would have to."""
    presets: Tuple[str, ...]
    """The presets that there are."""
    limits: Dict[str, Any]
    """Named limits."""
    jansson_version: str
    """The JSON library's version."""


@dataclass(frozen=True)
class Session:
    """What `session.export` answers."""

    requests: Tuple[Dict[str, Any], ...]
    """The requests, ready to be sent."""


@dataclass(frozen=True)
class UnusableLine:
    """Why nothing was run, if nothing was."""

    line: int
    """The first line that is not part of a session, from 1."""
    reason: str
    """Why it is not."""


@dataclass(frozen=True)
class SessionRow(Later):
    """The requests that were answered, in order."""

    line: int
    """The request's line, from 1."""
    method: str
    """Its method; of a batch, the first."""
    code: int
    """0 for a result, or the error's code."""
    errno: Optional[str]
    """The model's name of the error."""
    summary: str
    """The reply for people: what changed, or what failed."""
    violations: Tuple[Violation, ...]
    """What it broke."""


@dataclass(frozen=True)
class SessionDifference:
    """Where a reply is not as expected."""

    line: int
    """The line of the expected reply, from 1."""
    id: Optional[Union[int, str]]
    """The request's id."""
    method: str
    """The request's method."""
    path: str
    """A JSON pointer into the reply."""
    expected: Optional[str]
    """The value expected there, as JSON; null for none."""
    actual: Optional[str]
    """The value that is there."""


@dataclass(frozen=True)
class SessionOutcome(Later):
    """What `session.run` answers."""

    unusable: Optional[UnusableLine]
    """Why nothing was run, if nothing was."""
    rows: Tuple[SessionRow, ...]
    """The requests that were answered, in order."""
    compared: int
    """Replies that were compared with those expected."""
    differences: Tuple[SessionDifference, ...]
    """Where a reply is not as expected."""
    state: Optional[Tuple[str, ...]] = None
    """What the machines are at the end, for people: a line each."""


@dataclass(frozen=True)
class WindowSearch:
    """What the search for a shorter one of its requests saw."""

    verdict: Literal["holds", "bounded", "skipped"]
    """Holds: no shorter history of these requests violates the property; bounded: a limit came first; skipped: nothing was searched."""
    reason: Optional[str]
    """Which limit came first, or why nothing was searched."""
    found_shorter: bool
    """Whether it found a history shorter than the one that leaving out led to."""
    requests: int
    """Requests tried in each state: the history's methods with all of its arguments."""
    states: int
    """States that the last search found."""
    transitions: int
    """Requests that it tried in them."""


@dataclass(frozen=True)
class Shrunk:
    """What `shrink.run` answers."""

    requests: Tuple[Dict[str, Any], ...]
    """The history, ready to be sent to a fresh server."""
    violation: Violation
    """What the last request violates."""
    given: int
    """Requests before, notes not counted."""
    operations: int
    """Operations that are left."""
    removed: int
    """How many fewer."""
    runs: int
    """Histories that were tried."""
    minimal: bool
    """Whether nothing more could be left out; otherwise the limit of runs was reached."""
    search: WindowSearch
    """What the search for a shorter one of its requests saw."""


@dataclass(frozen=True)
class Snapshot:
    """A snapshot."""

    name: str
    """Its name."""
    position: int
    """Operations that were done when it was made."""


@dataclass(frozen=True)
class Snapshots(Later):
    """What `snapshot.list` answers."""

    snapshots: Tuple[Snapshot, ...]
    """The snapshots."""


@dataclass(frozen=True)
class GrantFrameParams:
    """Its parameters, without the domain."""

    frame: int
    """The frame's index."""
    gfn: GFN
    """Where to map it."""
    status: bool = False
    """Whether a status frame is meant."""


@dataclass(frozen=True)
class VersionParams:
    """Its parameters, without the domain."""

    version: int
    """The version, 1 or 2."""


@dataclass(frozen=True)
class VCPUOperation:
    """The request, without the domain."""

    method: Literal["grantFrame.map", "grantTable.setVersion"]
    """What is begun."""
    params: Union[GrantFrameParams, VersionParams]
    """Its parameters, without the domain."""


@dataclass(frozen=True)
class StepOutcome(Later):
    """What a step of an operation did, and which locks are held."""

    step: Step
    """What was done."""
    locks: Tuple[Lock, ...]
    """The locks under which it ran."""
    done: bool
    """Whether the operation is done, and the vCPU idle."""
    effects: Tuple[Effect, ...]
    """Every change that it made."""
    violations: Tuple[Violation, ...]
    """Properties that held before it and hold no longer."""
    cost: Optional[Cost] = None
    """What it cost, where the machine tells."""


@dataclass(frozen=True)
class OperationInProgress:
    """What it has begun; null where it is idle."""

    method: Literal["grantFrame.map", "grantTable.setVersion"]
    """The method."""
    params: Dict[str, Any]
    """Its parameters, without the domain."""


@dataclass(frozen=True)
class VCPU:
    """All of them."""

    vcpu: int
    """Its number."""
    operation: Optional[OperationInProgress]
    """What it has begun; null where it is idle."""
    next: Optional[Step]
    """The step that comes next."""
    holds: Tuple[Lock, ...]
    """Locks that it holds until then."""


@dataclass(frozen=True)
class VCPUList(Later):
    """What `vcpu.list` answers."""

    vcpus: Tuple[VCPU, ...]
    """All of them."""


Effect = Union[PhysmapEffect, TrackingEffect, ReferenceEffect, GrowthEffect, VersionEffect]
Page = Union[GrantPage, StatusPage, ForeignPage, RAMPage, PopulatedPage, SharedInfoPage, DevicePage, FreePage]


def read_ram(v: Any) -> RAM:
    return make(RAM, {
        "gfn": read_gfn(v["gfn"]),
        "pages": v["pages"],
        "order": v.get("order"),
    })


def read_domain(v: Any) -> DomainInfo:
    return make(DomainInfo, {
        "domain": v["domain"],
        "privileged": v["privileged"],
        "direct_mapped": v["directMapped"],
        "max_pages": v["maxPages"],
        "pages": v["pages"],
        "grant_frames": v["grantFrames"],
        "shared_info": read_mfn(v["sharedInfo"]),
        "crashed": v["crashed"],
        "_json": v,
    })


DomainInfo.readers = {
    "ram": lambda v: tuple(map(read_ram, v["ram"])),
    "regions": lambda v: tuple(map(read_region, v["regions"])),
}


def read_physmap_effect(v: Any) -> PhysmapEffect:
    return make(PhysmapEffect, {
        "domain": v["domain"],
        "gfn": read_gfn(v["gfn"]),
        "before": None if v["before"] is None else read_entry(v["before"]),
        "after": None if v["after"] is None else read_entry(v["after"]),
        "cause": v["cause"],
        "uri": v["uri"],
    })


def read_tracking_effect(v: Any) -> TrackingEffect:
    return make(TrackingEffect, {
        "domain": v["domain"],
        "frame": v["frame"],
        "status": v.get("status", False),
        "before": None if v["before"] is None else read_gfn(v["before"]),
        "after": None if v["after"] is None else read_gfn(v["after"]),
        "uri": v["uri"],
    })


def read_reference_effect(v: Any) -> ReferenceEffect:
    return make(ReferenceEffect, {
        "mfn": read_mfn(v["mfn"]),
        "pages": v.get("pages"),
        "before": v["before"],
        "after": v["after"],
        "uri": v["uri"],
    })


def read_growth_effect(v: Any) -> GrowthEffect:
    return make(GrowthEffect, {
        "status": v.get("status", False),
        "domain": v["domain"],
        "before": v["before"],
        "after": v["after"],
        "uri": v["uri"],
    })


def read_version_effect(v: Any) -> VersionEffect:
    return make(VersionEffect, {
        "domain": v["domain"],
        "before": v["before"],
        "after": v["after"],
        "uri": v["uri"],
    })


_EFFECT: Dict[str, Callable[[Any], Effect]] = {
    "physmap": read_physmap_effect,
    "tracking": read_tracking_effect,
    "reference": read_reference_effect,
    "growth": read_growth_effect,
    "version": read_version_effect,
}


def read_effect(v: Any) -> Effect:
    return _EFFECT[v["kind"]](v)


def read_entry(v: Any) -> Entry:
    return make(Entry, {
        "gfn": read_gfn(v["gfn"]),
        "mfn": read_mfn(v["mfn"]),
        "type": v["type"],
        "order": v["order"],
        "page": read_page(v["page"]),
    })


def read_frame(v: Any) -> FrameInfo:
    return make(FrameInfo, {
        "mfn": read_mfn(v["mfn"]),
        "owner": v["owner"],
        "references": v["references"],
        "allocated": v["allocated"],
        "type": v["type"],
        "kind": v["kind"],
        "tracked": None if v["tracked"] is None else read_gfn(v["tracked"]),
        "page": read_page(v["page"]),
    })


def read_grant_frame(v: Any) -> GrantFrame:
    return make(GrantFrame, {
        "frame": v["frame"],
        "tracked": None if v["tracked"] is None else read_gfn(v["tracked"]),
        "stale": v["stale"],
        "_json": v,
    })


GrantFrame.readers = {
    "mapped_at": lambda v: tuple(map(read_gfn, v["mappedAt"])),
}


def read_knobs(v: Any) -> Knobs:
    return make(Knobs, {
        "tracking": v["tracking"],
        "remap": v["remap"],
        "removal_check": v["removalCheck"],
        "frame_index": v["frameIndex"],
        "invalid_gfn": v["invalidGfn"],
        "foreign_errno": v["foreignErrno"],
        "status_frame_pinning": v["statusFramePinning"],
        "m2p_lookup": v["m2pLookup"],
        "status_freeing": v["statusFreeing"],
        "populate_insert": v["populateInsert"],
        "unmap_first": v["unmapFirst"],
        "status_growth": v["statusGrowth"],
        "mmio_replacement": v["mmioReplacement"],
        "gmfn_move": v["gmfnMove"],
        "max_grant_version": v["maxGrantVersion"],
    })


def read_machine(v: Any) -> MachineInfo:
    return make(MachineInfo, {
        "machine": v["machine"],
        "preset": v["preset"],
        "knobs": read_knobs(v["knobs"]),
        "cpu": v["cpu"],
        "p2m_limit": read_gfn(v["p2mLimit"]),
        "max_grant_frames": v["maxGrantFrames"],
        "vcpus": v.get("vcpus"),
        "p2m_pool_pages": v.get("p2mPoolPages"),
        "cost": v.get("cost", False),
        "domains": tuple(v["domains"]),
        "panic": v["panic"],
    })


def read_grant_page(v: Any) -> GrantPage:
    return make(GrantPage, {
        "domain": v["domain"],
        "frame": v["frame"],
    })


def read_status_page(v: Any) -> StatusPage:
    return make(StatusPage, {
        "domain": v["domain"],
        "frame": v["frame"],
    })


def read_foreign_page(v: Any) -> ForeignPage:
    return make(ForeignPage, {
        "domain": v["domain"],
        "gfn": read_gfn(v["gfn"]),
    })


def read_ram_page(v: Any) -> RAMPage:
    return make(RAMPage, {
        "gfn": read_gfn(v["gfn"]),
    })


def read_populated_page(v: Any) -> PopulatedPage:
    return make(PopulatedPage, {
        "n": v["n"],
    })


def read_shared_info_page(v: Any) -> SharedInfoPage:
    return make(SharedInfoPage, {})


def read_device_page(v: Any) -> DevicePage:
    return make(DevicePage, {})


def read_free_page(v: Any) -> FreePage:
    return make(FreePage, {})


_PAGE: Dict[str, Callable[[Any], Page]] = {
    "grant": read_grant_page,
    "status": read_status_page,
    "foreign": read_foreign_page,
    "ram": read_ram_page,
    "populated": read_populated_page,
    "sharedInfo": read_shared_info_page,
    "device": read_device_page,
    "free": read_free_page,
}


def read_page(v: Any) -> Page:
    return _PAGE[v["kind"]](v)


def read_region(v: Any) -> Region:
    return make(Region, {
        "name": v["name"],
        "gfn": read_gfn(v["gfn"]),
        "pages": v["pages"],
        "kind": v["kind"],
    })


def read_violation(v: Any) -> Violation:
    return make(Violation, {
        "property": v["property"],
        "message": v["message"],
        "domain": v["domain"],
        "gfn": None if v.get("gfn") is None else read_gfn(v.get("gfn")),
        "frame": v.get("frame"),
        "status": v.get("status", False),
        "mfn": None if v.get("mfn") is None else read_mfn(v.get("mfn")),
    })


def read_actor_parameter(v: Any) -> ActorParameter:
    return make(ActorParameter, {
        "name": v["name"],
        "about": v["about"],
        "default": v.get("default"),
    })


def read_actor(v: Any) -> Actor:
    return make(Actor, {
        "actor": v["actor"],
        "does": v["does"],
        "why": v["why"],
        "built_in": v["builtIn"],
        "_json": v,
    })


Actor.readers = {
    "parameters": lambda v: tuple(map(read_actor_parameter, v["parameters"])),
}


def read_template_fault(v: Any) -> TemplateFault:
    return make(TemplateFault, {
        "file": v["file"],
        "line": v["line"],
        "reason": v["reason"],
    })


def read_actor_list(v: Any) -> ActorList:
    return make(ActorList, {
        "_json": v,
    })


ActorList.readers = {
    "actors": lambda v: tuple(map(read_actor, v["actors"])),
    "faults": lambda v: tuple(map(read_template_fault, v["faults"])),
}


def read_actor_stop(v: Any) -> ActorStop:
    return make(ActorStop, {
        "line": v["line"],
        "reason": v["reason"],
    })


def read_lost_page(v: Any) -> LostPage:
    return make(LostPage, {
        "domain": v["domain"],
        "gfn": read_gfn(v["gfn"]),
        "page": read_page(v["page"]),
    })


def read_hole(v: Any) -> Hole:
    return make(Hole, {
        "domain": v["domain"],
        "gfn": read_gfn(v["gfn"]),
    })


def read_stuck_frame(v: Any) -> StuckFrame:
    return make(StuckFrame, {
        "domain": v["domain"],
        "frame": v["frame"],
    })


def read_crash(v: Any) -> Crash:
    return make(Crash, {
        "domain": v["domain"],
        "reason": v["reason"],
    })


def read_actor_step(v: Any) -> ActorStep:
    return make(ActorStep, {
        "line": v["line"],
        "request": v["request"],
        "reply": v["reply"],
    })


def read_actor_run(v: Any) -> ActorRun:
    return make(ActorRun, {
        "actor": v["actor"],
        "completed": v["completed"],
        "stopped": None if v["stopped"] is None else read_actor_stop(v["stopped"]),
        "failures": v["failures"],
        "panic": v["panic"],
        "_json": v,
    })


ActorRun.readers = {
    "lost_pages": lambda v: tuple(map(read_lost_page, v["lostPages"])),
    "holes": lambda v: tuple(map(read_hole, v["holes"])),
    "stuck_frames": lambda v: tuple(map(read_stuck_frame, v["stuckFrames"])),
    "crashes": lambda v: tuple(map(read_crash, v["crashes"])),
    "violations": lambda v: tuple(map(read_violation, v["violations"])),
    "steps": lambda v: tuple(map(read_actor_step, v["steps"])),
}


def read_grant_frames(v: Any) -> GrantFrames:
    return make(GrantFrames, {
        "_json": v,
    })


GrantFrames.readers = {
    "frames": lambda v: tuple(map(read_grant_frame, v["frames"])),
}


def read_property_info(v: Any) -> PropertyInfo:
    return make(PropertyInfo, {
        "name": v["name"],
        "sentence": v["sentence"],
        "default": v["default"],
    })


def read_properties(v: Any) -> Properties:
    return make(Properties, {
        "_json": v,
    })


Properties.readers = {
    "properties": lambda v: tuple(map(read_property_info, v["properties"])),
}


def read_violations(v: Any) -> Violations:
    return make(Violations, {
        "_json": v,
    })


Violations.readers = {
    "violations": lambda v: tuple(map(read_violation, v["violations"])),
}


def write_overrides(v: Overrides) -> Dict[str, Any]:
    return given({
        "tracking": v.tracking,
        "remap": v.remap,
        "removalCheck": v.removal_check,
        "frameIndex": v.frame_index,
        "invalidGfn": v.invalid_gfn,
        "foreignErrno": v.foreign_errno,
        "statusFramePinning": v.status_frame_pinning,
        "m2pLookup": v.m2p_lookup,
        "statusFreeing": v.status_freeing,
        "populateInsert": v.populate_insert,
        "unmapFirst": v.unmap_first,
        "statusGrowth": v.status_growth,
        "mmioReplacement": v.mmio_replacement,
        "gmfnMove": v.gmfn_move,
        "maxGrantVersion": v.max_grant_version,
    })


def read_compared_reply(v: Any) -> ComparedReply:
    return make(ComparedReply, {
        "code": v["code"],
        "errno": v["errno"],
        "violations": tuple(v["violations"]),
        "differs": v["differs"],
    })


def read_comparison_row(v: Any) -> ComparisonRow:
    return make(ComparisonRow, {
        "line": v.get("line"),
        "number": v["number"],
        "method": v["method"],
        "params": v.get("params"),
        "_json": v,
    })


ComparisonRow.readers = {
    "replies": lambda v: tuple(map(read_compared_reply, v["replies"])),
}


def read_differing_value(v: Any) -> DifferingValue:
    return make(DifferingValue, {
        "preset": v["preset"],
        "value": v.get("value"),
    })


def read_difference(v: Any) -> Difference:
    return make(Difference, {
        "line": v.get("line"),
        "number": v["number"],
        "path": v["path"],
        "_json": v,
    })


Difference.readers = {
    "values": lambda v: tuple(map(read_differing_value, v["values"])),
}


def read_comparison(v: Any) -> Comparison:
    return make(Comparison, {
        "presets": tuple(v["presets"]),
        "first_difference": None if v["firstDifference"] is None else read_difference(v["firstDifference"]),
        "_json": v,
    })


Comparison.readers = {
    "rows": lambda v: tuple(map(read_comparison_row, v["rows"])),
}


def read_cost(v: Any) -> Cost:
    return make(Cost, {
        "table_walks": v["tableWalks"],
        "entry_writes": v["entryWrites"],
        "tracking_comparisons": v["trackingComparisons"],
        "tables_allocated": v["tablesAllocated"],
        "tlb_flushes": v["tlbFlushes"],
    })


def read_outcome(v: Any) -> Outcome:
    return make(Outcome, {
        "cost": None if v.get("cost") is None else read_cost(v.get("cost")),
        "_json": v,
    })


Outcome.readers = {
    "effects": lambda v: tuple(map(read_effect, v["effects"])),
    "violations": lambda v: tuple(map(read_violation, v["violations"])),
}


def write_ram(v: RAM) -> Dict[str, Any]:
    return given({
        "gfn": write_gfn(v.gfn),
        "pages": v.pages,
        "order": v.order,
    })


def read_domains(v: Any) -> Domains:
    return make(Domains, {
        "_json": v,
    })


Domains.readers = {
    "domains": lambda v: tuple(map(read_domain, v["domains"])),
}


def write_explored_arguments(v: ExploredArguments) -> Dict[str, Any]:
    return given({
        "method": v.method,
        "gfn": None if v.gfn is None else list(map(write_gfn, v.gfn)),
        "frame": None if v.frame is None else list(map(write_index, v.frame)),
        "status": None if v.status is None else list(map(write_index, v.status)),
        "owner": None if v.owner is None else list(map(write_index, v.owner)),
        "source": None if v.source is None else list(map(write_gfn, v.source)),
        "order": None if v.order is None else list(map(write_index, v.order)),
        "frames": None if v.frames is None else list(map(write_index, v.frames)),
        "version": None if v.version is None else list(map(write_index, v.version)),
    })


def write_explored_actor(v: ExploredActor) -> Dict[str, Any]:
    return given({
        "actor": v.actor,
        "domain": v.domain,
        "with": None if v.with_ is None else dict(v.with_),
    })


def read_found_violation(v: Any) -> FoundViolation:
    return make(FoundViolation, {
        "property": v["property"],
        "trace": tuple(v["trace"]),
    })


def read_exploration(v: Any) -> Exploration:
    return make(Exploration, {
        "verdict": v["verdict"],
        "bounded_by": v["boundedBy"],
        "property": v["property"],
        "states": v["states"],
        "transitions": v["transitions"],
        "depth": v["depth"],
        "bytes_per_state": v["bytesPerState"],
        "symmetry_factor": v["symmetryFactor"],
        "setup": tuple(v["setup"]),
        "trace": tuple(v["trace"]),
        "violations": None if v.get("violations") is None else tuple(map(read_found_violation, v.get("violations"))),
    })


def read_fault(v: Any) -> Fault:
    return make(Fault, {
        "site": v["site"],
        "after": v["after"],
    })


def read_faults(v: Any) -> Faults:
    return make(Faults, {
        "_json": v,
    })


Faults.readers = {
    "faults": lambda v: tuple(map(read_fault, v["faults"])),
}


def write_page_at(v: PageAt) -> Dict[str, Any]:
    return given({
        "domain": v.domain,
        "gfn": write_gfn(v.gfn),
    })


def read_grant_table(v: Any) -> GrantTable:
    return make(GrantTable, {
        "frames": v["frames"],
        "max_frames": v["maxFrames"],
        "version": v["version"],
    })


def read_version_outcome(v: Any) -> VersionOutcome:
    return make(VersionOutcome, {
        "version": v["version"],
        "cost": None if v.get("cost") is None else read_cost(v.get("cost")),
        "_json": v,
    })


VersionOutcome.readers = {
    "effects": lambda v: tuple(map(read_effect, v["effects"])),
    "violations": lambda v: tuple(map(read_violation, v["violations"])),
}


def read_setup_outcome(v: Any) -> SetupOutcome:
    return make(SetupOutcome, {
        "frames": v["frames"],
        "status": v["status"],
        "tracked": tuple(map(lambda v: None if v is None else read_gfn(v), v["tracked"])),
        "cost": None if v.get("cost") is None else read_cost(v.get("cost")),
        "_json": v,
    })


SetupOutcome.readers = {
    "effects": lambda v: tuple(map(read_effect, v["effects"])),
    "violations": lambda v: tuple(map(read_violation, v["violations"])),
}


def read_history_entry(v: Any) -> HistoryEntry:
    return make(HistoryEntry, {
        "number": v["number"],
        "method": v["method"],
        "params": v.get("params"),
    })


def read_history(v: Any) -> History:
    return make(History, {
        "position": v["position"],
        "length": v["length"],
        "forgotten": v["forgotten"],
        "_json": v,
    })


History.readers = {
    "entries": lambda v: tuple(map(read_history_entry, v["entries"])),
}


def read_redone(v: Any) -> Redone:
    return make(Redone, {
        "redone": v["redone"],
        "position": v["position"],
        "length": v["length"],
    })


def read_undone(v: Any) -> Undone:
    return make(Undone, {
        "undone": v["undone"],
        "position": v["position"],
        "length": v["length"],
    })


def read_machines(v: Any) -> Machines:
    return make(Machines, {
        "_json": v,
    })


Machines.readers = {
    "machines": lambda v: tuple(map(read_machine, v["machines"])),
}


def read_preset_info(v: Any) -> PresetInfo:
    return make(PresetInfo, {
        "name": v["name"],
        "summary": v["summary"],
        "knobs": read_knobs(v["knobs"]),
    })


def read_presets(v: Any) -> Presets:
    return make(Presets, {
        "_json": v,
    })


Presets.readers = {
    "presets": lambda v: tuple(map(read_preset_info, v["presets"])),
}


def read_extents_outcome(v: Any) -> ExtentsOutcome:
    return make(ExtentsOutcome, {
        "extents": v["extents"],
        "cost": None if v.get("cost") is None else read_cost(v.get("cost")),
        "_json": v,
    })


ExtentsOutcome.readers = {
    "effects": lambda v: tuple(map(read_effect, v["effects"])),
    "violations": lambda v: tuple(map(read_violation, v["violations"])),
}


def read_entries(v: Any) -> Entries:
    return make(Entries, {
        "_json": v,
    })


Entries.readers = {
    "entries": lambda v: tuple(map(read_entry, v["entries"])),
}


def read_physmap_level(v: Any) -> PhysmapLevel:
    return make(PhysmapLevel, {
        "order": v["order"],
        "mappings": v["mappings"],
        "shattered": v["shattered"],
    })


def read_physmap_stats(v: Any) -> PhysmapStats:
    return make(PhysmapStats, {
        "tables": v["tables"],
        "pool_pages": v["poolPages"],
        "_json": v,
    })


PhysmapStats.readers = {
    "levels": lambda v: tuple(map(read_physmap_level, v["levels"])),
}


def read_allocation(v: Any) -> Allocation:
    return make(Allocation, {
        "gfn": read_gfn(v["gfn"]),
    })


def read_hypervisor_node(v: Any) -> HypervisorNode:
    return make(HypervisorNode, {
        "dts": v["dts"],
        "dtb": v["dtb"],
    })


def write_device_tree(v: DeviceTree) -> Dict[str, Any]:
    return given({
        "path": v.path,
        "base64": v.base64,
    })


def read_regions(v: Any) -> Regions:
    return make(Regions, {
        "_json": v,
    })


Regions.readers = {
    "regions": lambda v: tuple(map(read_region, v["regions"])),
}


def read_resource_get_result_value(v: Any) -> Any:
    for names, read in _READ_RESOURCE_GET_RESULT_VALUE:
        if v is not None and names <= v.keys():
            return read(v)
    return v


_READ_RESOURCE_GET_RESULT_VALUE: List[Tuple[Set[str], Callable[[Any], Any]]] = [
    ({"machine", "preset", "knobs", "cpu", "p2mLimit", "maxGrantFrames", "domains", "panic"}, read_machine),
    ({"domain", "privileged", "directMapped", "ram", "maxPages", "pages", "grantFrames", "sharedInfo", "regions", "crashed"}, read_domain),
    ({"name", "gfn", "pages", "kind"}, read_region),
    ({"gfn", "mfn", "type", "order", "page"}, read_entry),
    ({"frame", "tracked", "mappedAt", "stale"}, read_grant_frame),
    ({"mfn", "owner", "references", "allocated", "type", "kind", "tracked", "page"}, read_frame),
]


def read_resource(v: Any) -> Resource:
    return make(Resource, {
        "uri": v["uri"],
        "kind": v["kind"],
        "value": read_resource_get_result_value(v["value"]),
    })


def read_resources(v: Any) -> Resources:
    return make(Resources, {
        "uri": v["uri"],
        "resources": tuple(v["resources"]),
        "truncated": v["truncated"],
    })


def read_scenario_sequence(v: Any) -> ScenarioSequence:
    return make(ScenarioSequence, {
        "name": v["name"],
        "about": v["about"],
        "actors": tuple(v["actors"]),
    })


def read_page_at(v: Any) -> PageAt:
    return make(PageAt, {
        "domain": v["domain"],
        "gfn": read_gfn(v["gfn"]),
    })


def read_scenario_stop(v: Any) -> ScenarioStop:
    return make(ScenarioStop, {
        "actor": v["actor"],
        "line": v["line"],
        "reason": v["reason"],
    })


def read_scenario_cell(v: Any) -> ScenarioCell:
    return make(ScenarioCell, {
        "failures": v["failures"],
        "panic": v["panic"],
        "_json": v,
    })


ScenarioCell.readers = {
    "lost_pages": lambda v: tuple(map(read_lost_page, v["lostPages"])),
    "holes": lambda v: tuple(map(read_page_at, v["holes"])),
    "stuck_frames": lambda v: tuple(map(read_stuck_frame, v["stuckFrames"])),
    "crashes": lambda v: tuple(map(read_crash, v["crashes"])),
    "stopped": lambda v: tuple(map(read_scenario_stop, v["stopped"])),
}


def read_scenario_row(v: Any) -> ScenarioRow:
    return make(ScenarioRow, {
        "preset": v["preset"],
        "_json": v,
    })


ScenarioRow.readers = {
    "cells": lambda v: tuple(map(read_scenario_cell, v["cells"])),
}


def read_scenario_matrix(v: Any) -> ScenarioMatrix:
    return make(ScenarioMatrix, {
        "scenario": v["scenario"],
        "has_damage": v["hasDamage"],
        "_json": v,
    })


ScenarioMatrix.readers = {
    "sequences": lambda v: tuple(map(read_scenario_sequence, v["sequences"])),
    "rows": lambda v: tuple(map(read_scenario_row, v["rows"])),
}


def read_server_info(v: Any) -> ServerInfo:
    return make(ServerInfo, {
        "name": v["name"],
        "version": v["version"],
        "protocol_version": v["protocolVersion"],
        "presets": tuple(v["presets"]),
        "limits": v["limits"],
        "jansson_version": v["janssonVersion"],
    })


def read_session(v: Any) -> Session:
    return make(Session, {
        "requests": tuple(v["requests"]),
    })


def read_unusable_line(v: Any) -> UnusableLine:
    return make(UnusableLine, {
        "line": v["line"],
        "reason": v["reason"],
    })


def read_session_row(v: Any) -> SessionRow:
    return make(SessionRow, {
        "line": v["line"],
        "method": v["method"],
        "code": v["code"],
        "errno": v["errno"],
        "summary": v["summary"],
        "_json": v,
    })


SessionRow.readers = {
    "violations": lambda v: tuple(map(read_violation, v["violations"])),
}


def read_session_difference(v: Any) -> SessionDifference:
    return make(SessionDifference, {
        "line": v["line"],
        "id": v["id"],
        "method": v["method"],
        "path": v["path"],
        "expected": v["expected"],
        "actual": v["actual"],
    })


def read_session_outcome(v: Any) -> SessionOutcome:
    return make(SessionOutcome, {
        "unusable": None if v["unusable"] is None else read_unusable_line(v["unusable"]),
        "compared": v["compared"],
        "state": None if v.get("state") is None else tuple(v.get("state")),
        "_json": v,
    })


SessionOutcome.readers = {
    "rows": lambda v: tuple(map(read_session_row, v["rows"])),
    "differences": lambda v: tuple(map(read_session_difference, v["differences"])),
}


def read_window_search(v: Any) -> WindowSearch:
    return make(WindowSearch, {
        "verdict": v["verdict"],
        "reason": v["reason"],
        "found_shorter": v["foundShorter"],
        "requests": v["requests"],
        "states": v["states"],
        "transitions": v["transitions"],
    })


def read_shrunk(v: Any) -> Shrunk:
    return make(Shrunk, {
        "requests": tuple(v["requests"]),
        "violation": read_violation(v["violation"]),
        "given": v["given"],
        "operations": v["operations"],
        "removed": v["removed"],
        "runs": v["runs"],
        "minimal": v["minimal"],
        "search": read_window_search(v["search"]),
    })


def read_snapshot(v: Any) -> Snapshot:
    return make(Snapshot, {
        "name": v["name"],
        "position": v["position"],
    })


def read_snapshots(v: Any) -> Snapshots:
    return make(Snapshots, {
        "_json": v,
    })


Snapshots.readers = {
    "snapshots": lambda v: tuple(map(read_snapshot, v["snapshots"])),
}


def write_grant_frame_params(v: GrantFrameParams) -> Dict[str, Any]:
    return given({
        "frame": write_index(v.frame),
        "gfn": write_gfn(v.gfn),
        "status": v.status,
    })


def write_version_params(v: VersionParams) -> Dict[str, Any]:
    return given({
        "version": v.version,
    })


def write_vcpu_begin_params_operation_params(v: Union[GrantFrameParams, VersionParams]) -> Dict[str, Any]:
    if isinstance(v, GrantFrameParams):
        return write_grant_frame_params(v)
    if isinstance(v, VersionParams):
        return write_version_params(v)
    raise TypeError(f"expected Union[GrantFrameParams, VersionParams], not {v!r}")


def write_vcpu_operation(v: VCPUOperation) -> Dict[str, Any]:
    return given({
        "method": v.method,
        "params": write_vcpu_begin_params_operation_params(v.params),
    })


def read_step_outcome(v: Any) -> StepOutcome:
    return make(StepOutcome, {
        "step": v["step"],
        "locks": tuple(v["locks"]),
        "done": v["done"],
        "cost": None if v.get("cost") is None else read_cost(v.get("cost")),
        "_json": v,
    })


StepOutcome.readers = {
    "effects": lambda v: tuple(map(read_effect, v["effects"])),
    "violations": lambda v: tuple(map(read_violation, v["violations"])),
}


def read_operation_in_progress(v: Any) -> OperationInProgress:
    return make(OperationInProgress, {
        "method": v["method"],
        "params": v["params"],
    })


def read_vcpu(v: Any) -> VCPU:
    return make(VCPU, {
        "vcpu": v["vcpu"],
        "operation": None if v["operation"] is None else read_operation_in_progress(v["operation"]),
        "next": v["next"],
        "holds": tuple(v["holds"]),
    })


def read_vcpu_list(v: Any) -> VCPUList:
    return make(VCPUList, {
        "_json": v,
    })


VCPUList.readers = {
    "vcpus": lambda v: tuple(map(read_vcpu, v["vcpus"])),
}


class MachineCalls:
    """The operations of one machine, and the questions about it."""

    def _call(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        timeout: Optional[float],
        progress: Optional[Progress],
    ) -> T:
        raise NotImplementedError

    def actor_run(
        self,
        *,
        actor: str,
        domain: int,
        with_: Optional[Mapping[str, Any]] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> ActorRun:
        """Plays a component of a real system on a machine, request by request: each is one of the machine's history, to be undone by itself. Stops at the first error that the actor does not foresee.

        Args:
            actor: Which actor; 'actor.list' tells which there are.
            domain: Who it is, 0 to 65535.
            with_: The actor's own parameters by name: integers, or strings such as GFNs.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
        """
        params: Dict[str, Any] = {"actor": actor, "domain": domain}
        if with_ is not None:
            params["with"] = dict(with_)
        return self._call(
            "actor.run", params, read_actor_run, timeout, progress
        )

    def array_query(
        self,
        *,
        domain: int,
        first: Optional[int] = None,
        count: Optional[int] = None,
        status: Optional[bool] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> GrantFrames:
        """Tells where Xen believes grant frames mapped, and where they are.

        Args:
            domain: Whose grant frames, 0 to 65535.
            first: The first frame, 0 to 4294967295; `0` where it is not given.
            count: How many frames, 1 to 1024; `1` where it is not given.
            status: Whether status frames are meant; `false` where it is not given.

        Raises:
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain}
        if first is not None:
            params["first"] = first
        if count is not None:
            params["count"] = count
        if status is not None:
            params["status"] = status
        return self._call(
            "array.query", params, read_grant_frames, timeout, progress
        )

    def check_run(
        self,
        *,
        properties: Optional[Sequence[Property]] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Violations:
        """Tells what stands against the properties, on the machine as it is, counting everything anew.

        Args:
            properties: Which properties; all but region-discipline where it is not said, 6 at most.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {}
        if properties is not None:
            params["properties"] = list(properties)
        return self._call(
            "check.run", params, read_violations, timeout, progress
        )

    def compare_run(
        self,
        *,
        presets: Sequence[str],
        requests: Optional[Sequence[Mapping[str, Any]]] = None,
        overrides: Optional[Overrides] = None,
        exact: Optional[bool] = None,
        session: Optional[str] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Comparison:
        """Carries out the same requests on several presets, and tells where their replies part; no machine changes.

        Args:
            presets: 2 to 16 presets; a knob is set otherwise as in "xen-4.16+remap=busy", 16 at most.
            requests: Requests as session.export tells them; what was done to the machine where it is not said, 10000 at most.
            overrides: Knobs to be set otherwise, on every preset.
            exact: Whether numbering, words of messages, and the order of effects are compared too; `false` where it is not given.
            session: Instead of requests: the text of a session file.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            LimitReached: a named limit is reached; nothing has changed.
        """
        params: Dict[str, Any] = {"presets": list(presets)}
        if requests is not None:
            params["requests"] = list(map(dict, requests))
        if overrides is not None:
            params["overrides"] = write_overrides(overrides)
        if exact is not None:
            params["exact"] = exact
        if session is not None:
            params["session"] = session
        return self._call(
            "compare.run", params, read_comparison, timeout, progress
        )

    def device_map(
        self,
        *,
        domain: int,
        gfn: GFN,
        mfn: MFN,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Outcome:
        """Maps a page of device memory at a GFN.

        Args:
            domain: For whom, 0 to 65535.
            gfn: Where to map it.
            mfn: The device's page, below 2^40.

        Raises:
            HypercallError: EINVAL, the index, the GFN or what is there does not fit.
            HypercallError: ENOMEM, no page table is left for the GFN.
            DomainCrashed: Xen crashed the domain, which makes no hypercall any more.
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn), "mfn": write_mfn(mfn)}
        return self._call(
            "device.map", params, read_outcome, timeout, progress
        )

    def domain_create(
        self,
        *,
        domain: int,
        privileged: Optional[bool] = None,
        direct_mapped: Optional[bool] = None,
        ram: Optional[Sequence[RAM]] = None,
        max_pages: Optional[int] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> DomainInfo:
        """Creates a domain, with its RAM mapped, one grant frame and a shared_info page.

        Args:
            domain: Its identifier, 0 to 32751.
            privileged: Whether it may act on other domains and map their pages; `false` where it is not given.
            direct_mapped: Whether its RAM has MFN = GFN, as dom0's has; `false` where it is not given.
            ram: Its RAM, 64 at most; `[]` where it is not given.
            max_pages: Pages that it may have allocated; the RAM given where it is not said, 0 to 68719476736; `0` where it is not given.

        Raises:
            AlreadyExists: the name or identifier is taken.
            LimitReached: a named limit is reached; nothing has changed.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain}
        if privileged is not None:
            params["privileged"] = privileged
        if direct_mapped is not None:
            params["directMapped"] = direct_mapped
        if ram is not None:
            params["ram"] = list(map(write_ram, ram))
        if max_pages is not None:
            params["maxPages"] = max_pages
        return self._call(
            "domain.create", params, read_domain, timeout, progress
        )

    def domain_destroy(
        self,
        *,
        domain: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Outcome:
        """Destroys a domain: its mappings go, and its references to others' pages. Pages of its own that others still map live until they are unmapped.

        Args:
            domain: Which domain, 0 to 65535.

        Raises:
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain}
        return self._call(
            "domain.destroy", params, read_outcome, timeout, progress
        )

    def domain_get(
        self,
        *,
        domain: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> DomainInfo:
        """Tells what a domain is and has.

        Args:
            domain: Which domain, 0 to 65535.

        Raises:
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain}
        return self._call(
            "domain.get", params, read_domain, timeout, progress
        )

    def domain_list(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Domains:
        """Tells which domains there are, in order of their identifiers.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "domain.list", params, read_domains, timeout, progress
        )

    def fault_inject(
        self,
        *,
        domain: int,
        site: FaultSite,
        after: Optional[int] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Faults:
        """Lets one attempt at a site fail, the next but `after`, once: an operation then answers what Xen's does. Takes the place of what was to fail there.

        Args:
            domain: Whose operations, 0 to 65535.
            site: Where they fail.
            after: Attempts before the one that fails, 0 to 4294967296; `0` where it is not given.

        Raises:
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "site": site}
        if after is not None:
            params["after"] = after
        return self._call(
            "fault.inject", params, read_faults, timeout, progress
        )

    def foreign_page_map(
        self,
        *,
        domain: int,
        gfn: GFN,
        from_: PageAt,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Outcome:
        """Maps another domain's page at a GFN, as XENMAPSPACE_gmfn_foreign does.

        Args:
            domain: Who maps it, 0 to 65535.
            gfn: Where to map it.
            from_: The page.

        Raises:
            HypercallError: EINVAL, the index, the GFN or what is there does not fit.
            HypercallError: EPERM, the caller is not privileged, or names itself.
            HypercallError: ENOMEM, no page table is left for the GFN.
            HypercallError: ENOENT, x86: the P2M has no entry for the GFN.
            HypercallError: ENXIO, x86: a foreign page is at the GFN.
            HypercallError: EPERM, x86: device memory is at the GFN.
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn), "from": write_page_at(from_)}
        return self._call(
            "foreignPage.map", params, read_outcome, timeout, progress
        )

    def frame_query(
        self,
        *,
        mfn: MFN,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> FrameInfo:
        """Tells what Xen knows of a machine page.

        Args:
            mfn: The page.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"mfn": write_mfn(mfn)}
        return self._call(
            "frame.query", params, read_frame, timeout, progress
        )

    def grant_frame_map(
        self,
        *,
        domain: int,
        frame: int,
        gfn: GFN,
        status: Optional[bool] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Outcome:
        """Maps a grant or status frame at a GFN, as XENMAPSPACE_grant_table does.

        Args:
            domain: Whose grant frame, and who asks, 0 to 65535.
            frame: The frame's index.
            gfn: Where to map it.
            status: Whether a status frame is meant; `false` where it is not given.

        Raises:
            HypercallError: EINVAL, the index, the GFN or what is there does not fit.
            HypercallError: EBUSY, the frame is mapped elsewhere, or stuck for good.
            HypercallError: EILSEQ, another page is where the frame is tracked.
            HypercallError: ENOMEM, no page table is left for the GFN.
            Locked: a vCPU of the domain holds a lock that this takes; nothing changes.
            HypercallError: ENOENT, x86: the P2M has no entry for the GFN.
            HypercallError: ENXIO, x86: a foreign page is at the GFN.
            HypercallError: EPERM, x86: device memory is at the GFN.
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "frame": write_index(frame), "gfn": write_gfn(gfn)}
        if status is not None:
            params["status"] = status
        return self._call(
            "grantFrame.map", params, read_outcome, timeout, progress
        )

    def grant_table_query(
        self,
        *,
        domain: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> GrantTable:
        """Tells how large a grant table is, as GNTTABOP_query_size does.

        Args:
            domain: Whose grant table, 0 to 65535.

        Raises:
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain}
        return self._call(
            "grantTable.query", params, read_grant_table, timeout, progress
        )

    def grant_table_set_version(
        self,
        *,
        domain: int,
        version: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> VersionOutcome:
        """Chooses the version of a grant table, as GNTTABOP_set_version does; only 2 has status frames.

        Args:
            domain: Whose grant table, and who asks, 0 to 65535.
            version: The version, 1 or 2, 0 to 4294967295.

        Raises:
            HypercallError: EINVAL, there is no such version.
            HypercallError: ENOSYS, the grant table has no version 2 here.
            HypercallError: ENOMEM, no memory is left for the status frames.
            DomainCrashed: Xen crashed the domain, which makes no hypercall any more.
            Locked: a vCPU of the domain holds a lock that this takes; nothing changes.
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "version": version}
        return self._call(
            "grantTable.setVersion", params, read_version_outcome, timeout, progress
        )

    def grant_table_setup(
        self,
        *,
        domain: int,
        frames: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> SetupOutcome:
        """Makes grant frames exist and tells where they are tracked, as GNTTABOP_setup_table does.

        Args:
            domain: Whose grant table, and who asks, 0 to 65535.
            frames: How many there should be, 0 to 4294967295.

        Raises:
            Locked: a vCPU of the domain holds a lock that this takes; nothing changes.
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "frames": frames}
        return self._call(
            "grantTable.setup", params, read_setup_outcome, timeout, progress
        )

    def history_list(
        self,
        *,
        count: Optional[int] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> History:
        """Tells the last operations of a machine, those that were undone included.

        Args:
            count: How many, 1 to 1000; `100` where it is not given.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
        """
        params: Dict[str, Any] = {}
        if count is not None:
            params["count"] = count
        return self._call(
            "history.list", params, read_history, timeout, progress
        )

    def history_redo(
        self,
        *,
        count: Optional[int] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Redone:
        """Does the next operations of a machine again that were taken back; notes are not counted.

        Args:
            count: How many, 1 to 4294967295; `1` where it is not given.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            LimitReached: a named limit is reached; nothing has changed.
        """
        params: Dict[str, Any] = {}
        if count is not None:
            params["count"] = count
        return self._call(
            "history.redo", params, read_redone, timeout, progress
        )

    def history_undo(
        self,
        *,
        count: Optional[int] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Undone:
        """Takes the last operations of a machine back, of a dead one too; notes are not counted.

        Args:
            count: How many, 1 to 4294967295; `1` where it is not given.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            LimitReached: a named limit is reached; nothing has changed.
        """
        params: Dict[str, Any] = {}
        if count is not None:
            params["count"] = count
        return self._call(
            "history.undo", params, read_undone, timeout, progress
        )

    def machine_delete(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> MachineInfo:
        """Deletes a machine, and answers with what it was.

        Raises:
            NotFound: a machine, region, snapshot or page is not there.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "machine.delete", params, read_machine, timeout, progress
        )

    def machine_get(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> MachineInfo:
        """Tells how a machine was created and which domains it has; of a dead one too.

        Raises:
            NotFound: a machine, region, snapshot or page is not there.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "machine.get", params, read_machine, timeout, progress
        )

    def machine_reset(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> MachineInfo:
        """Puts a machine back to how it was created: no domains, alive, nothing done.

        Raises:
            NotFound: a machine, region, snapshot or page is not there.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "machine.reset", params, read_machine, timeout, progress
        )

    def page_decrease(
        self,
        *,
        domain: int,
        gfn: GFN,
        order: Optional[Literal[0, 9, 18]] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> ExtentsOutcome:
        """Takes 2^order pages of the domain's own from a GFN on away, one by one, as XENMEM_decrease_reservation does; the first that is not its own ends it.

        Args:
            domain: Whose page, and who asks, 0 to 65535.
            gfn: Where.
            order: 2^order pages; `0` where it is not given.

        Raises:
            LimitReached: a named limit is reached; nothing has changed.
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn)}
        if order is not None:
            params["order"] = order
        return self._call(
            "page.decrease", params, read_extents_outcome, timeout, progress
        )

    def page_populate(
        self,
        *,
        domain: int,
        gfn: GFN,
        order: Optional[Literal[0, 9, 18]] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> ExtentsOutcome:
        """Gives the domain 2^order pages of its own from a GFN on, as XENMEM_populate_physmap does; leaves are as large as the GFN is aligned.

        Args:
            domain: Whose page, and who asks, 0 to 65535.
            gfn: Where.
            order: 2^order pages; `0` where it is not given.

        Raises:
            LimitReached: a named limit is reached; nothing has changed.
            DomainCrashed: Xen crashed the domain, which makes no hypercall any more.
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn)}
        if order is not None:
            params["order"] = order
        return self._call(
            "page.populate", params, read_extents_outcome, timeout, progress
        )

    def physmap_query(
        self,
        *,
        domain: int,
        gfn: GFN,
        count: Optional[int] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Entries:
        """Tells what is mapped at some GFNs; those that map nothing are left out.

        Args:
            domain: Whose physmap, 0 to 65535.
            gfn: The first GFN.
            count: How many GFNs, 1 to 4096; `1` where it is not given.

        Raises:
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn)}
        if count is not None:
            params["count"] = count
        return self._call(
            "physmap.query", params, read_entries, timeout, progress
        )

    def physmap_stats(
        self,
        *,
        domain: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> PhysmapStats:
        """Tells how large a P2M is, as Xen's p2m_dump_info does: its tables, and its leaves by size.

        Args:
            domain: Whose physmap, 0 to 65535.

        Raises:
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain}
        return self._call(
            "physmap.stats", params, read_physmap_stats, timeout, progress
        )

    def physmap_unmap(
        self,
        *,
        domain: int,
        gfn: GFN,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Outcome:
        """Removes the page that is mapped at a GFN, as XENMEM_remove_from_physmap does.

        Args:
            domain: Whose physmap, and who asks, 0 to 65535.
            gfn: Where.

        Raises:
            HypercallError: ENOENT, no page is mapped there that can be unmapped.
            HypercallError: ENOMEM, no page table is left for the GFN.
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn)}
        return self._call(
            "physmap.unmap", params, read_outcome, timeout, progress
        )

    def region_allocate(
        self,
        *,
        domain: int,
        name: str,
        pages: Optional[int] = None,
        policy: Optional[Literal["first-fit", "next-fit"]] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Allocation:
        """Finds free frames in a region, as a guest's allocator does; maps nothing. With next-fit the region remembers where the search ended: that is an operation, which can be undone.

        Args:
            domain: Whose region, 0 to 65535.
            name: Which region.
            pages: How many, 1 to 68719476736; `1` where it is not given.
            policy: Whether to search from the region's first GFN, or from behind what next-fit found last; `"first-fit"` where it is not given.

        Raises:
            LimitReached: a named limit is reached; nothing has changed.
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "name": name}
        if pages is not None:
            params["pages"] = pages
        if policy is not None:
            params["policy"] = policy
        return self._call(
            "region.allocate", params, read_allocation, timeout, progress
        )

    def region_define(
        self,
        *,
        domain: int,
        name: str,
        gfn: GFN,
        pages: int,
        kind: RegionKind,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Region:
        """Names a range of a domain's frames: a bank of the hypervisor node, RAM, or a device.

        Args:
            domain: Whose region, 0 to 65535.
            name: What to call it.
            gfn: The first GFN.
            pages: How many there are, 1 to 68719476736.
            kind: What it is for.

        Raises:
            AlreadyExists: the name or identifier is taken.
            LimitReached: a named limit is reached; nothing has changed.
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "name": name, "gfn": write_gfn(gfn), "pages": pages, "kind": kind}
        return self._call(
            "region.define", params, read_region, timeout, progress
        )

    def region_delete(
        self,
        *,
        domain: int,
        name: str,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Region:
        """Forgets a region, and answers with what it was; what is mapped in it stays.

        Args:
            domain: Whose region, 0 to 65535.
            name: Which region.

        Raises:
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "name": name}
        return self._call(
            "region.delete", params, read_region, timeout, progress
        )

    def region_export(
        self,
        *,
        domain: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> HypervisorNode:
        """Tells the hypervisor node that gives a domain its regions: bank 0 is the one of kind grant-table, the others are the extended ones in order.

        Args:
            domain: Whose regions, 0 to 65535.

        Raises:
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain}
        return self._call(
            "region.export", params, read_hypervisor_node, timeout, progress
        )

    def region_get(
        self,
        *,
        domain: int,
        name: str,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Region:
        """Tells what a region is.

        Args:
            domain: Whose region, 0 to 65535.
            name: Which region.

        Raises:
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "name": name}
        return self._call(
            "region.get", params, read_region, timeout, progress
        )

    def region_import(
        self,
        *,
        domain: int,
        dtb: DeviceTree,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Regions:
        """Makes regions of the hypervisor node's banks in a flattened device tree: bank0 for the grant table, bank1 and so on as extended regions; all of them or none.

        Args:
            domain: Whose regions, 0 to 65535.
            dtb: A flattened device tree: one of its members.

        Raises:
            AlreadyExists: the name or identifier is taken.
            LimitReached: a named limit is reached; nothing has changed.
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "dtb": write_device_tree(dtb)}
        return self._call(
            "region.import", params, read_regions, timeout, progress
        )

    def region_list(
        self,
        *,
        domain: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Regions:
        """Tells which regions a domain has, in the order of their definition.

        Args:
            domain: Whose region, 0 to 65535.

        Raises:
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain}
        return self._call(
            "region.list", params, read_regions, timeout, progress
        )

    def session_export(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Session:
        """Tells the requests that rebuild a machine on a fresh server, so that it answers identically.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            LimitReached: a named limit is reached; nothing has changed.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "session.export", params, read_session, timeout, progress
        )

    def session_note(
        self,
        *,
        text: str,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> None:
        """A comment that lives in the session; it changes nothing. Mostly sent as a notification.

        Args:
            text: What to say.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"text": text}
        return self._call(
            "session.note", params, nothing, timeout, progress
        )

    def session_run(
        self,
        *,
        session: str,
        state: Optional[bool] = None,
        preset: Optional[Preset] = None,
        overrides: Optional[Overrides] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> SessionOutcome:
        """Runs a session on machines of its own, and tells line by line what came of it and where it differs from what it expects; no machine changes.

        Args:
            session: The text of a session file.
            state: Whether the state at the end is told too; `false` where it is not given.
            preset: The release to follow, whatever the session says.
            overrides: Knobs to be set otherwise.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            LimitReached: a named limit is reached; nothing has changed.
        """
        params: Dict[str, Any] = {"session": session}
        if state is not None:
            params["state"] = state
        if preset is not None:
            params["preset"] = preset
        if overrides is not None:
            params["overrides"] = write_overrides(overrides)
        return self._call(
            "session.run", params, read_session_outcome, timeout, progress
        )

    def shared_info_map(
        self,
        *,
        domain: int,
        gfn: GFN,
        index: Optional[int] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Outcome:
        """Maps the domain's shared_info page at a GFN, as XENMAPSPACE_shared_info does.

        Args:
            domain: Whose shared_info, and who asks, 0 to 65535.
            gfn: Where to map it.
            index: 0 is the only one that there is; `0` where it is not given.

        Raises:
            HypercallError: EINVAL, the index, the GFN or what is there does not fit.
            HypercallError: EBUSY, the frame is mapped elsewhere, or stuck for good.
            HypercallError: ENOMEM, no page table is left for the GFN.
            HypercallError: ENOENT, x86: the P2M has no entry for the GFN.
            HypercallError: ENXIO, x86: a foreign page is at the GFN.
            HypercallError: EPERM, x86: device memory is at the GFN.
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn)}
        if index is not None:
            params["index"] = write_index(index)
        return self._call(
            "sharedInfo.map", params, read_outcome, timeout, progress
        )

    def shrink_run(
        self,
        *,
        property: Property,
        requests: Optional[Sequence[Mapping[str, Any]]] = None,
        preset: Optional[Preset] = None,
        overrides: Optional[Overrides] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Shrunk:
        """Finds a shorter and plainer history that still violates a property; no machine changes.

        Args:
            property: Which property.
            requests: Requests as session.export tells them; what was done to the machine where it is not said, 10000 at most.
            preset: The release to follow, whatever was followed before.
            overrides: Knobs to be set otherwise.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            LimitReached: a named limit is reached; nothing has changed.
        """
        params: Dict[str, Any] = {"property": property}
        if requests is not None:
            params["requests"] = list(map(dict, requests))
        if preset is not None:
            params["preset"] = preset
        if overrides is not None:
            params["overrides"] = write_overrides(overrides)
        return self._call(
            "shrink.run", params, read_shrunk, timeout, progress
        )

    def snapshot_create(
        self,
        *,
        name: Optional[str] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Snapshot:
        """Keeps a machine as it is, with its history, in constant time.

        Args:
            name: What to call it; snapshot-1 and so on if not said.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            AlreadyExists: the name or identifier is taken.
            LimitReached: a named limit is reached; nothing has changed.
        """
        params: Dict[str, Any] = {}
        if name is not None:
            params["name"] = name
        return self._call(
            "snapshot.create", params, read_snapshot, timeout, progress
        )

    def snapshot_delete(
        self,
        *,
        name: Optional[str] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Snapshot:
        """Forgets a snapshot, and answers with what it was.

        Args:
            name: Which one; the latest if not said.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
        """
        params: Dict[str, Any] = {}
        if name is not None:
            params["name"] = name
        return self._call(
            "snapshot.delete", params, read_snapshot, timeout, progress
        )

    def snapshot_list(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Snapshots:
        """Tells which snapshots a machine has, in order of creation.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "snapshot.list", params, read_snapshots, timeout, progress
        )

    def snapshot_restore(
        self,
        *,
        name: Optional[str] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Snapshot:
        """Makes a machine what it was when the snapshot was made, a dead one too, its history with it.

        Args:
            name: Which one; the latest if not said.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
        """
        params: Dict[str, Any] = {}
        if name is not None:
            params["name"] = name
        return self._call(
            "snapshot.restore", params, read_snapshot, timeout, progress
        )

    def vcpu_begin(
        self,
        *,
        domain: int,
        vcpu: int,
        operation: VCPUOperation,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> StepOutcome:
        """Does the first step of an operation on a vCPU; others can run before the next one.

        Args:
            domain: Whose vCPU, and who asks, 0 to 65535.
            vcpu: Which of its vCPUs, from 0, 0 to 7.
            operation: The request, without the domain.

        Raises:
            HypercallError: EINVAL, the index, the GFN or what is there does not fit.
            HypercallError: EBUSY, the frame is mapped elsewhere, or stuck for good.
            HypercallError: EILSEQ, another page is where the frame is tracked.
            HypercallError: ENOMEM, no page table is left for the GFN.
            HypercallError: EINVAL, there is no such version.
            HypercallError: ENOSYS, the grant table has no version 2 here.
            DomainCrashed: Xen crashed the domain, which makes no hypercall any more.
            Locked: a vCPU of the domain holds a lock that this takes; nothing changes.
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "vcpu": vcpu, "operation": write_vcpu_operation(operation)}
        return self._call(
            "vcpu.begin", params, read_step_outcome, timeout, progress
        )

    def vcpu_list(
        self,
        *,
        domain: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> VCPUList:
        """Tells what each vCPU of a domain is in the midst of, and which locks it holds.

        Args:
            domain: Which domain, 0 to 65535.

        Raises:
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain}
        return self._call(
            "vcpu.list", params, read_vcpu_list, timeout, progress
        )

    def vcpu_step(
        self,
        *,
        domain: int,
        vcpu: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> StepOutcome:
        """Does the next step of the operation that a vCPU is in the midst of.

        Args:
            domain: Whose vCPU, and who asks, 0 to 65535.
            vcpu: Which of its vCPUs, from 0, 0 to 7.

        Raises:
            HypercallError: EINVAL, the index, the GFN or what is there does not fit.
            HypercallError: EBUSY, the frame is mapped elsewhere, or stuck for good.
            HypercallError: EILSEQ, another page is where the frame is tracked.
            HypercallError: ENOMEM, no page table is left for the GFN.
            DomainCrashed: Xen crashed the domain, which makes no hypercall any more.
            Locked: a vCPU of the domain holds a lock that this takes; nothing changes.
            HypercallError: ENOENT, x86: the P2M has no entry for the GFN.
            HypercallError: ENXIO, x86: a foreign page is at the GFN.
            HypercallError: EPERM, x86: device memory is at the GFN.
            HypercallError: ESRCH, the domain is unknown.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
        """
        params: Dict[str, Any] = {"domain": domain, "vcpu": vcpu}
        return self._call(
            "vcpu.step", params, read_step_outcome, timeout, progress
        )


class ServerCalls:
    """What is not about one machine."""

    def _call(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        timeout: Optional[float],
        progress: Optional[Progress],
    ) -> T:
        raise NotImplementedError

    def actor_list(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> ActorList:
        """Tells which actors there are, what each does and why, and which templates cannot be used."""
        params: Dict[str, Any] = {}
        return self._call(
            "actor.list", params, read_actor_list, timeout, progress
        )

    def check_properties(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Properties:
        """Tells which properties there are."""
        params: Dict[str, Any] = {}
        return self._call(
            "check.properties", params, read_properties, timeout, progress
        )

    def explore_run(
        self,
        *,
        preset: Preset,
        gfns: int,
        frames: int,
        foreign_pages: int,
        vcpus: Optional[int] = None,
        operations: Optional[Sequence[ExploredMethod]] = None,
        properties: Optional[Sequence[Property]] = None,
        depth: Optional[int] = None,
        max_states: Optional[int] = None,
        max_memory: Optional[int] = None,
        symmetry: Optional[Sequence[Symmetry]] = None,
        overrides: Optional[Overrides] = None,
        keep_going: Optional[bool] = None,
        domains: Optional[int] = None,
        orders: Optional[Sequence[Literal[0, 9, 18]]] = None,
        max_pages: Optional[int] = None,
        invalid_arguments: Optional[bool] = None,
        arguments: Optional[Sequence[ExploredArguments]] = None,
        actors: Optional[Sequence[ExploredActor]] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Exploration:
        """Looks at every state that a small machine can come to, and tells a shortest history that violates a property, or that none does within the bounds; no machine changes.

        Args:
            preset: The release to follow.
            gfns: GFNs at which things are mapped, 1 to 16.
            frames: Grant frames; they exist, 1 to 15.
            foreign_pages: Pages of another domain, 0 to 15.
            vcpus: VCPUs; several do operations step by step, 1 to 3; `1` where it is not given.
            operations: What is tried; absent: mapping grant and foreign pages, unmapping, the table's version, 9 at most.
            properties: What should hold; all but region-discipline where it is not said, 6 at most.
            depth: Transitions, 0 to 1099511627776; `1099511627776` where it is not given.
            max_states: States that are looked at, 1 to 1099511627776; `1099511627776` where it is not given.
            max_memory: Bytes of all states, 1 to 67108864; `67108864` where it is not given.
            symmetry: What may be renamed; all that is sound where it is not said, 4 at most.
            overrides: Knobs to be set otherwise.
            keep_going: Whether every property's first violation is looked for; `false` where it is not given.
            domains: Domains that act, each with GFNs and frames of its own; they map each other's pages too, 1 to 3; `1` where it is not given.
            orders: Orders of page.populate and page.decrease; 0 where it is not said, 3 at most.
            max_pages: Pages that the domain may populate; one extent of each order where it is not said, 0 to 1048576.
            invalid_arguments: Whether GFNs, frames and domains that cannot be are tried too; `false` where it is not given.
            arguments: Which operations of a method are tried; all where it is not said, 32 at most; `[]` where it is not given.
            actors: Actors, each of which does all that it does as one transition, 16 at most; `[]` where it is not given.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            LimitReached: a named limit is reached; nothing has changed.
        """
        params: Dict[str, Any] = {"preset": preset, "gfns": gfns, "frames": frames, "foreignPages": foreign_pages}
        if vcpus is not None:
            params["vcpus"] = vcpus
        if operations is not None:
            params["operations"] = list(operations)
        if properties is not None:
            params["properties"] = list(properties)
        if depth is not None:
            params["depth"] = depth
        if max_states is not None:
            params["maxStates"] = max_states
        if max_memory is not None:
            params["maxMemory"] = max_memory
        if symmetry is not None:
            params["symmetry"] = list(symmetry)
        if overrides is not None:
            params["overrides"] = write_overrides(overrides)
        if keep_going is not None:
            params["keepGoing"] = keep_going
        if domains is not None:
            params["domains"] = domains
        if orders is not None:
            params["orders"] = list(orders)
        if max_pages is not None:
            params["maxPages"] = max_pages
        if invalid_arguments is not None:
            params["invalidArguments"] = invalid_arguments
        if arguments is not None:
            params["arguments"] = list(map(write_explored_arguments, arguments))
        if actors is not None:
            params["actors"] = list(map(write_explored_actor, actors))
        return self._call(
            "explore.run", params, read_exploration, timeout, progress
        )

    def machine_create(
        self,
        *,
        preset: Optional[Preset] = None,
        overrides: Optional[Overrides] = None,
        cpu: Optional[CPU] = None,
        max_grant_frames: Optional[int] = None,
        p2m_pool_pages: Optional[int] = None,
        vcpus: Optional[int] = None,
        cost: Optional[bool] = None,
        machine: Optional[str] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> MachineInfo:
        """Creates a machine: a hypervisor of some release, without domains.

        Args:
            preset: The release to follow; `"xen-4.16"` where it is not given.
            overrides: Knobs that differ from the preset's.
            cpu: Decides how far a P2M reaches; cortex-a57 where it is not said, on x86 x86-64.
            max_grant_frames: Frames that a grant table may have, 1 to 65536; `64` where it is not given.
            p2m_pool_pages: Tables that each P2M but domain 0's may take beyond the root, 0 to 65536.
            vcpus: VCPUs of each domain, for vcpu.begin, 1 to 8; `1` where it is not given.
            cost: Whether operations tell what they cost; `false` where it is not given.
            machine: The machine; `"main"` where it is not given.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            AlreadyExists: the name or identifier is taken.
            LimitReached: a named limit is reached; nothing has changed.
        """
        params: Dict[str, Any] = {}
        if preset is not None:
            params["preset"] = preset
        if overrides is not None:
            params["overrides"] = write_overrides(overrides)
        if cpu is not None:
            params["cpu"] = cpu
        if max_grant_frames is not None:
            params["maxGrantFrames"] = max_grant_frames
        if p2m_pool_pages is not None:
            params["p2mPoolPages"] = p2m_pool_pages
        if vcpus is not None:
            params["vcpus"] = vcpus
        if cost is not None:
            params["cost"] = cost
        if machine is not None:
            params["machine"] = machine
        return self._call(
            "machine.create", params, read_machine, timeout, progress
        )

    def machine_list(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Machines:
        """Tells which machines there are, in order of creation."""
        params: Dict[str, Any] = {}
        return self._call(
            "machine.list", params, read_machines, timeout, progress
        )

    def machine_presets(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Presets:
        """Tells which presets there are, oldest release first."""
        params: Dict[str, Any] = {}
        return self._call(
            "machine.presets", params, read_presets, timeout, progress
        )

    def resource_get(
        self,
        *,
        uri: str,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Resource:
        """Tells what an address leads to: the same objects that the other methods tell.

        Args:
            uri: The address, such as /machines/main.

        Raises:
            NotFound: a machine, region, snapshot or page is not there.
            HypercallError: ESRCH, the domain is unknown.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
        """
        params: Dict[str, Any] = {"uri": uri}
        return self._call(
            "resource.get", params, read_resource, timeout, progress
        )

    def resource_list(
        self,
        *,
        uri: str,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Resources:
        """Tells the addresses just below an address.

        Args:
            uri: The address, such as /machines/main.

        Raises:
            NotFound: a machine, region, snapshot or page is not there.
            HypercallError: ESRCH, the domain is unknown.
            HypervisorPanic: the modelled hypervisor is dead, until the machine is reset or restored.
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
        """
        params: Dict[str, Any] = {"uri": uri}
        return self._call(
            "resource.list", params, read_resources, timeout, progress
        )

    def rpc_discover(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Dict[str, Any]:
        """Tells every method with its parameters, result, errors and an example, as OpenRPC has it."""
        params: Dict[str, Any] = {}
        return self._call(
            "rpc.discover", params, as_is, timeout, progress
        )

    def scenario_run(
        self,
        *,
        scenario: Mapping[str, Any],
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> ScenarioMatrix:
        """Plays sequences of actors on several presets, each on a machine of its own, and tells what each lost. No machine of the server's changes.

        Args:
            scenario: The scenario, as its file has it.

        Raises:
            InvalidParams: a parameter is missing, unknown, of the wrong kind or out of range.
            NotFound: a machine, region, snapshot or page is not there.
            LimitReached: a named limit is reached; nothing has changed.
        """
        params: Dict[str, Any] = {"scenario": dict(scenario)}
        return self._call(
            "scenario.run", params, read_scenario_matrix, timeout, progress
        )

    def server_info(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> ServerInfo:
        """Tells what serves here, and its limits."""
        params: Dict[str, Any] = {}
        return self._call(
            "server.info", params, read_server_info, timeout, progress
        )


class AsyncMachineCalls:
    """The operations of one machine, and the questions about it."""

    async def _call(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        timeout: Optional[float],
        progress: Optional[Progress],
    ) -> T:
        raise NotImplementedError

    async def actor_run(
        self,
        *,
        actor: str,
        domain: int,
        with_: Optional[Mapping[str, Any]] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> ActorRun:
        """Plays a component of a real system on a machine, request by request: each is one of the machine's history, to be undone by itself. Stops at the first error that the actor does not foresee.

        See `MachineCalls.actor_run`.
        """
        params: Dict[str, Any] = {"actor": actor, "domain": domain}
        if with_ is not None:
            params["with"] = dict(with_)
        return await self._call(
            "actor.run", params, read_actor_run, timeout, progress
        )

    async def array_query(
        self,
        *,
        domain: int,
        first: Optional[int] = None,
        count: Optional[int] = None,
        status: Optional[bool] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> GrantFrames:
        """Tells where Xen believes grant frames mapped, and where they are.

        See `MachineCalls.array_query`.
        """
        params: Dict[str, Any] = {"domain": domain}
        if first is not None:
            params["first"] = first
        if count is not None:
            params["count"] = count
        if status is not None:
            params["status"] = status
        return await self._call(
            "array.query", params, read_grant_frames, timeout, progress
        )

    async def check_run(
        self,
        *,
        properties: Optional[Sequence[Property]] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Violations:
        """Tells what stands against the properties, on the machine as it is, counting everything anew.

        See `MachineCalls.check_run`.
        """
        params: Dict[str, Any] = {}
        if properties is not None:
            params["properties"] = list(properties)
        return await self._call(
            "check.run", params, read_violations, timeout, progress
        )

    async def compare_run(
        self,
        *,
        presets: Sequence[str],
        requests: Optional[Sequence[Mapping[str, Any]]] = None,
        overrides: Optional[Overrides] = None,
        exact: Optional[bool] = None,
        session: Optional[str] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Comparison:
        """Carries out the same requests on several presets, and tells where their replies part; no machine changes.

        See `MachineCalls.compare_run`.
        """
        params: Dict[str, Any] = {"presets": list(presets)}
        if requests is not None:
            params["requests"] = list(map(dict, requests))
        if overrides is not None:
            params["overrides"] = write_overrides(overrides)
        if exact is not None:
            params["exact"] = exact
        if session is not None:
            params["session"] = session
        return await self._call(
            "compare.run", params, read_comparison, timeout, progress
        )

    async def device_map(
        self,
        *,
        domain: int,
        gfn: GFN,
        mfn: MFN,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Outcome:
        """Maps a page of device memory at a GFN.

        See `MachineCalls.device_map`.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn), "mfn": write_mfn(mfn)}
        return await self._call(
            "device.map", params, read_outcome, timeout, progress
        )

    async def domain_create(
        self,
        *,
        domain: int,
        privileged: Optional[bool] = None,
        direct_mapped: Optional[bool] = None,
        ram: Optional[Sequence[RAM]] = None,
        max_pages: Optional[int] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> DomainInfo:
        """Creates a domain, with its RAM mapped, one grant frame and a shared_info page.

        See `MachineCalls.domain_create`.
        """
        params: Dict[str, Any] = {"domain": domain}
        if privileged is not None:
            params["privileged"] = privileged
        if direct_mapped is not None:
            params["directMapped"] = direct_mapped
        if ram is not None:
            params["ram"] = list(map(write_ram, ram))
        if max_pages is not None:
            params["maxPages"] = max_pages
        return await self._call(
            "domain.create", params, read_domain, timeout, progress
        )

    async def domain_destroy(
        self,
        *,
        domain: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Outcome:
        """Destroys a domain: its mappings go, and its references to others' pages. Pages of its own that others still map live until they are unmapped.

        See `MachineCalls.domain_destroy`.
        """
        params: Dict[str, Any] = {"domain": domain}
        return await self._call(
            "domain.destroy", params, read_outcome, timeout, progress
        )

    async def domain_get(
        self,
        *,
        domain: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> DomainInfo:
        """Tells what a domain is and has.

        See `MachineCalls.domain_get`.
        """
        params: Dict[str, Any] = {"domain": domain}
        return await self._call(
            "domain.get", params, read_domain, timeout, progress
        )

    async def domain_list(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Domains:
        """Tells which domains there are, in order of their identifiers.

        See `MachineCalls.domain_list`.
        """
        params: Dict[str, Any] = {}
        return await self._call(
            "domain.list", params, read_domains, timeout, progress
        )

    async def fault_inject(
        self,
        *,
        domain: int,
        site: FaultSite,
        after: Optional[int] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Faults:
        """Lets one attempt at a site fail, the next but `after`, once: an operation then answers what Xen's does. Takes the place of what was to fail there.

        See `MachineCalls.fault_inject`.
        """
        params: Dict[str, Any] = {"domain": domain, "site": site}
        if after is not None:
            params["after"] = after
        return await self._call(
            "fault.inject", params, read_faults, timeout, progress
        )

    async def foreign_page_map(
        self,
        *,
        domain: int,
        gfn: GFN,
        from_: PageAt,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Outcome:
        """Maps another domain's page at a GFN, as XENMAPSPACE_gmfn_foreign does.

        See `MachineCalls.foreign_page_map`.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn), "from": write_page_at(from_)}
        return await self._call(
            "foreignPage.map", params, read_outcome, timeout, progress
        )

    async def frame_query(
        self,
        *,
        mfn: MFN,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> FrameInfo:
        """Tells what Xen knows of a machine page.

        See `MachineCalls.frame_query`.
        """
        params: Dict[str, Any] = {"mfn": write_mfn(mfn)}
        return await self._call(
            "frame.query", params, read_frame, timeout, progress
        )

    async def grant_frame_map(
        self,
        *,
        domain: int,
        frame: int,
        gfn: GFN,
        status: Optional[bool] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Outcome:
        """Maps a grant or status frame at a GFN, as XENMAPSPACE_grant_table does.

        See `MachineCalls.grant_frame_map`.
        """
        params: Dict[str, Any] = {"domain": domain, "frame": write_index(frame), "gfn": write_gfn(gfn)}
        if status is not None:
            params["status"] = status
        return await self._call(
            "grantFrame.map", params, read_outcome, timeout, progress
        )

    async def grant_table_query(
        self,
        *,
        domain: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> GrantTable:
        """Tells how large a grant table is, as GNTTABOP_query_size does.

        See `MachineCalls.grant_table_query`.
        """
        params: Dict[str, Any] = {"domain": domain}
        return await self._call(
            "grantTable.query", params, read_grant_table, timeout, progress
        )

    async def grant_table_set_version(
        self,
        *,
        domain: int,
        version: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> VersionOutcome:
        """Chooses the version of a grant table, as GNTTABOP_set_version does; only 2 has status frames.

        See `MachineCalls.grant_table_set_version`.
        """
        params: Dict[str, Any] = {"domain": domain, "version": version}
        return await self._call(
            "grantTable.setVersion", params, read_version_outcome, timeout, progress
        )

    async def grant_table_setup(
        self,
        *,
        domain: int,
        frames: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> SetupOutcome:
        """Makes grant frames exist and tells where they are tracked, as GNTTABOP_setup_table does.

        See `MachineCalls.grant_table_setup`.
        """
        params: Dict[str, Any] = {"domain": domain, "frames": frames}
        return await self._call(
            "grantTable.setup", params, read_setup_outcome, timeout, progress
        )

    async def history_list(
        self,
        *,
        count: Optional[int] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> History:
        """Tells the last operations of a machine, those that were undone included.

        See `MachineCalls.history_list`.
        """
        params: Dict[str, Any] = {}
        if count is not None:
            params["count"] = count
        return await self._call(
            "history.list", params, read_history, timeout, progress
        )

    async def history_redo(
        self,
        *,
        count: Optional[int] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Redone:
        """Does the next operations of a machine again that were taken back; notes are not counted.

        See `MachineCalls.history_redo`.
        """
        params: Dict[str, Any] = {}
        if count is not None:
            params["count"] = count
        return await self._call(
            "history.redo", params, read_redone, timeout, progress
        )

    async def history_undo(
        self,
        *,
        count: Optional[int] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Undone:
        """Takes the last operations of a machine back, of a dead one too; notes are not counted.

        See `MachineCalls.history_undo`.
        """
        params: Dict[str, Any] = {}
        if count is not None:
            params["count"] = count
        return await self._call(
            "history.undo", params, read_undone, timeout, progress
        )

    async def machine_delete(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> MachineInfo:
        """Deletes a machine, and answers with what it was.

        See `MachineCalls.machine_delete`.
        """
        params: Dict[str, Any] = {}
        return await self._call(
            "machine.delete", params, read_machine, timeout, progress
        )

    async def machine_get(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> MachineInfo:
        """Tells how a machine was created and which domains it has; of a dead one too.

        See `MachineCalls.machine_get`.
        """
        params: Dict[str, Any] = {}
        return await self._call(
            "machine.get", params, read_machine, timeout, progress
        )

    async def machine_reset(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> MachineInfo:
        """Puts a machine back to how it was created: no domains, alive, nothing done.

        See `MachineCalls.machine_reset`.
        """
        params: Dict[str, Any] = {}
        return await self._call(
            "machine.reset", params, read_machine, timeout, progress
        )

    async def page_decrease(
        self,
        *,
        domain: int,
        gfn: GFN,
        order: Optional[Literal[0, 9, 18]] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> ExtentsOutcome:
        """Takes 2^order pages of the domain's own from a GFN on away, one by one, as XENMEM_decrease_reservation does; the first that is not its own ends it.

        See `MachineCalls.page_decrease`.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn)}
        if order is not None:
            params["order"] = order
        return await self._call(
            "page.decrease", params, read_extents_outcome, timeout, progress
        )

    async def page_populate(
        self,
        *,
        domain: int,
        gfn: GFN,
        order: Optional[Literal[0, 9, 18]] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> ExtentsOutcome:
        """Gives the domain 2^order pages of its own from a GFN on, as XENMEM_populate_physmap does; leaves are as large as the GFN is aligned.

        See `MachineCalls.page_populate`.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn)}
        if order is not None:
            params["order"] = order
        return await self._call(
            "page.populate", params, read_extents_outcome, timeout, progress
        )

    async def physmap_query(
        self,
        *,
        domain: int,
        gfn: GFN,
        count: Optional[int] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Entries:
        """Tells what is mapped at some GFNs; those that map nothing are left out.

        See `MachineCalls.physmap_query`.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn)}
        if count is not None:
            params["count"] = count
        return await self._call(
            "physmap.query", params, read_entries, timeout, progress
        )

    async def physmap_stats(
        self,
        *,
        domain: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> PhysmapStats:
        """Tells how large a P2M is, as Xen's p2m_dump_info does: its tables, and its leaves by size.

        See `MachineCalls.physmap_stats`.
        """
        params: Dict[str, Any] = {"domain": domain}
        return await self._call(
            "physmap.stats", params, read_physmap_stats, timeout, progress
        )

    async def physmap_unmap(
        self,
        *,
        domain: int,
        gfn: GFN,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Outcome:
        """Removes the page that is mapped at a GFN, as XENMEM_remove_from_physmap does.

        See `MachineCalls.physmap_unmap`.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn)}
        return await self._call(
            "physmap.unmap", params, read_outcome, timeout, progress
        )

    async def region_allocate(
        self,
        *,
        domain: int,
        name: str,
        pages: Optional[int] = None,
        policy: Optional[Literal["first-fit", "next-fit"]] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Allocation:
        """Finds free frames in a region, as a guest's allocator does; maps nothing. With next-fit the region remembers where the search ended: that is an operation, which can be undone.

        See `MachineCalls.region_allocate`.
        """
        params: Dict[str, Any] = {"domain": domain, "name": name}
        if pages is not None:
            params["pages"] = pages
        if policy is not None:
            params["policy"] = policy
        return await self._call(
            "region.allocate", params, read_allocation, timeout, progress
        )

    async def region_define(
        self,
        *,
        domain: int,
        name: str,
        gfn: GFN,
        pages: int,
        kind: RegionKind,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Region:
        """Names a range of a domain's frames: a bank of the hypervisor node, RAM, or a device.

        See `MachineCalls.region_define`.
        """
        params: Dict[str, Any] = {"domain": domain, "name": name, "gfn": write_gfn(gfn), "pages": pages, "kind": kind}
        return await self._call(
            "region.define", params, read_region, timeout, progress
        )

    async def region_delete(
        self,
        *,
        domain: int,
        name: str,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Region:
        """Forgets a region, and answers with what it was; what is mapped in it stays.

        See `MachineCalls.region_delete`.
        """
        params: Dict[str, Any] = {"domain": domain, "name": name}
        return await self._call(
            "region.delete", params, read_region, timeout, progress
        )

    async def region_export(
        self,
        *,
        domain: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> HypervisorNode:
        """Tells the hypervisor node that gives a domain its regions: bank 0 is the one of kind grant-table, the others are the extended ones in order.

        See `MachineCalls.region_export`.
        """
        params: Dict[str, Any] = {"domain": domain}
        return await self._call(
            "region.export", params, read_hypervisor_node, timeout, progress
        )

    async def region_get(
        self,
        *,
        domain: int,
        name: str,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Region:
        """Tells what a region is.

        See `MachineCalls.region_get`.
        """
        params: Dict[str, Any] = {"domain": domain, "name": name}
        return await self._call(
            "region.get", params, read_region, timeout, progress
        )

    async def region_import(
        self,
        *,
        domain: int,
        dtb: DeviceTree,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Regions:
        """Makes regions of the hypervisor node's banks in a flattened device tree: bank0 for the grant table, bank1 and so on as extended regions; all of them or none.

        See `MachineCalls.region_import`.
        """
        params: Dict[str, Any] = {"domain": domain, "dtb": write_device_tree(dtb)}
        return await self._call(
            "region.import", params, read_regions, timeout, progress
        )

    async def region_list(
        self,
        *,
        domain: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Regions:
        """Tells which regions a domain has, in the order of their definition.

        See `MachineCalls.region_list`.
        """
        params: Dict[str, Any] = {"domain": domain}
        return await self._call(
            "region.list", params, read_regions, timeout, progress
        )

    async def session_export(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Session:
        """Tells the requests that rebuild a machine on a fresh server, so that it answers identically.

        See `MachineCalls.session_export`.
        """
        params: Dict[str, Any] = {}
        return await self._call(
            "session.export", params, read_session, timeout, progress
        )

    async def session_note(
        self,
        *,
        text: str,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> None:
        """A comment that lives in the session; it changes nothing. Mostly sent as a notification.

        See `MachineCalls.session_note`.
        """
        params: Dict[str, Any] = {"text": text}
        return await self._call(
            "session.note", params, nothing, timeout, progress
        )

    async def session_run(
        self,
        *,
        session: str,
        state: Optional[bool] = None,
        preset: Optional[Preset] = None,
        overrides: Optional[Overrides] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> SessionOutcome:
        """Runs a session on machines of its own, and tells line by line what came of it and where it differs from what it expects; no machine changes.

        See `MachineCalls.session_run`.
        """
        params: Dict[str, Any] = {"session": session}
        if state is not None:
            params["state"] = state
        if preset is not None:
            params["preset"] = preset
        if overrides is not None:
            params["overrides"] = write_overrides(overrides)
        return await self._call(
            "session.run", params, read_session_outcome, timeout, progress
        )

    async def shared_info_map(
        self,
        *,
        domain: int,
        gfn: GFN,
        index: Optional[int] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Outcome:
        """Maps the domain's shared_info page at a GFN, as XENMAPSPACE_shared_info does.

        See `MachineCalls.shared_info_map`.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn)}
        if index is not None:
            params["index"] = write_index(index)
        return await self._call(
            "sharedInfo.map", params, read_outcome, timeout, progress
        )

    async def shrink_run(
        self,
        *,
        property: Property,
        requests: Optional[Sequence[Mapping[str, Any]]] = None,
        preset: Optional[Preset] = None,
        overrides: Optional[Overrides] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Shrunk:
        """Finds a shorter and plainer history that still violates a property; no machine changes.

        See `MachineCalls.shrink_run`.
        """
        params: Dict[str, Any] = {"property": property}
        if requests is not None:
            params["requests"] = list(map(dict, requests))
        if preset is not None:
            params["preset"] = preset
        if overrides is not None:
            params["overrides"] = write_overrides(overrides)
        return await self._call(
            "shrink.run", params, read_shrunk, timeout, progress
        )

    async def snapshot_create(
        self,
        *,
        name: Optional[str] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Snapshot:
        """Keeps a machine as it is, with its history, in constant time.

        See `MachineCalls.snapshot_create`.
        """
        params: Dict[str, Any] = {}
        if name is not None:
            params["name"] = name
        return await self._call(
            "snapshot.create", params, read_snapshot, timeout, progress
        )

    async def snapshot_delete(
        self,
        *,
        name: Optional[str] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Snapshot:
        """Forgets a snapshot, and answers with what it was.

        See `MachineCalls.snapshot_delete`.
        """
        params: Dict[str, Any] = {}
        if name is not None:
            params["name"] = name
        return await self._call(
            "snapshot.delete", params, read_snapshot, timeout, progress
        )

    async def snapshot_list(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Snapshots:
        """Tells which snapshots a machine has, in order of creation.

        See `MachineCalls.snapshot_list`.
        """
        params: Dict[str, Any] = {}
        return await self._call(
            "snapshot.list", params, read_snapshots, timeout, progress
        )

    async def snapshot_restore(
        self,
        *,
        name: Optional[str] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Snapshot:
        """Makes a machine what it was when the snapshot was made, a dead one too, its history with it.

        See `MachineCalls.snapshot_restore`.
        """
        params: Dict[str, Any] = {}
        if name is not None:
            params["name"] = name
        return await self._call(
            "snapshot.restore", params, read_snapshot, timeout, progress
        )

    async def vcpu_begin(
        self,
        *,
        domain: int,
        vcpu: int,
        operation: VCPUOperation,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> StepOutcome:
        """Does the first step of an operation on a vCPU; others can run before the next one.

        See `MachineCalls.vcpu_begin`.
        """
        params: Dict[str, Any] = {"domain": domain, "vcpu": vcpu, "operation": write_vcpu_operation(operation)}
        return await self._call(
            "vcpu.begin", params, read_step_outcome, timeout, progress
        )

    async def vcpu_list(
        self,
        *,
        domain: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> VCPUList:
        """Tells what each vCPU of a domain is in the midst of, and which locks it holds.

        See `MachineCalls.vcpu_list`.
        """
        params: Dict[str, Any] = {"domain": domain}
        return await self._call(
            "vcpu.list", params, read_vcpu_list, timeout, progress
        )

    async def vcpu_step(
        self,
        *,
        domain: int,
        vcpu: int,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> StepOutcome:
        """Does the next step of the operation that a vCPU is in the midst of.

        See `MachineCalls.vcpu_step`.
        """
        params: Dict[str, Any] = {"domain": domain, "vcpu": vcpu}
        return await self._call(
            "vcpu.step", params, read_step_outcome, timeout, progress
        )


class AsyncServerCalls:
    """What is not about one machine."""

    async def _call(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        timeout: Optional[float],
        progress: Optional[Progress],
    ) -> T:
        raise NotImplementedError

    async def actor_list(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> ActorList:
        """Tells which actors there are, what each does and why, and which templates cannot be used.

        See `ServerCalls.actor_list`.
        """
        params: Dict[str, Any] = {}
        return await self._call(
            "actor.list", params, read_actor_list, timeout, progress
        )

    async def check_properties(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Properties:
        """Tells which properties there are.

        See `ServerCalls.check_properties`.
        """
        params: Dict[str, Any] = {}
        return await self._call(
            "check.properties", params, read_properties, timeout, progress
        )

    async def explore_run(
        self,
        *,
        preset: Preset,
        gfns: int,
        frames: int,
        foreign_pages: int,
        vcpus: Optional[int] = None,
        operations: Optional[Sequence[ExploredMethod]] = None,
        properties: Optional[Sequence[Property]] = None,
        depth: Optional[int] = None,
        max_states: Optional[int] = None,
        max_memory: Optional[int] = None,
        symmetry: Optional[Sequence[Symmetry]] = None,
        overrides: Optional[Overrides] = None,
        keep_going: Optional[bool] = None,
        domains: Optional[int] = None,
        orders: Optional[Sequence[Literal[0, 9, 18]]] = None,
        max_pages: Optional[int] = None,
        invalid_arguments: Optional[bool] = None,
        arguments: Optional[Sequence[ExploredArguments]] = None,
        actors: Optional[Sequence[ExploredActor]] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Exploration:
        """Looks at every state that a small machine can come to, and tells a shortest history that violates a property, or that none does within the bounds; no machine changes.

        See `ServerCalls.explore_run`.
        """
        params: Dict[str, Any] = {"preset": preset, "gfns": gfns, "frames": frames, "foreignPages": foreign_pages}
        if vcpus is not None:
            params["vcpus"] = vcpus
        if operations is not None:
            params["operations"] = list(operations)
        if properties is not None:
            params["properties"] = list(properties)
        if depth is not None:
            params["depth"] = depth
        if max_states is not None:
            params["maxStates"] = max_states
        if max_memory is not None:
            params["maxMemory"] = max_memory
        if symmetry is not None:
            params["symmetry"] = list(symmetry)
        if overrides is not None:
            params["overrides"] = write_overrides(overrides)
        if keep_going is not None:
            params["keepGoing"] = keep_going
        if domains is not None:
            params["domains"] = domains
        if orders is not None:
            params["orders"] = list(orders)
        if max_pages is not None:
            params["maxPages"] = max_pages
        if invalid_arguments is not None:
            params["invalidArguments"] = invalid_arguments
        if arguments is not None:
            params["arguments"] = list(map(write_explored_arguments, arguments))
        if actors is not None:
            params["actors"] = list(map(write_explored_actor, actors))
        return await self._call(
            "explore.run", params, read_exploration, timeout, progress
        )

    async def machine_create(
        self,
        *,
        preset: Optional[Preset] = None,
        overrides: Optional[Overrides] = None,
        cpu: Optional[CPU] = None,
        max_grant_frames: Optional[int] = None,
        p2m_pool_pages: Optional[int] = None,
        vcpus: Optional[int] = None,
        cost: Optional[bool] = None,
        machine: Optional[str] = None,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> MachineInfo:
        """Creates a machine: a hypervisor of some release, without domains.

        See `ServerCalls.machine_create`.
        """
        params: Dict[str, Any] = {}
        if preset is not None:
            params["preset"] = preset
        if overrides is not None:
            params["overrides"] = write_overrides(overrides)
        if cpu is not None:
            params["cpu"] = cpu
        if max_grant_frames is not None:
            params["maxGrantFrames"] = max_grant_frames
        if p2m_pool_pages is not None:
            params["p2mPoolPages"] = p2m_pool_pages
        if vcpus is not None:
            params["vcpus"] = vcpus
        if cost is not None:
            params["cost"] = cost
        if machine is not None:
            params["machine"] = machine
        return await self._call(
            "machine.create", params, read_machine, timeout, progress
        )

    async def machine_list(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Machines:
        """Tells which machines there are, in order of creation.

        See `ServerCalls.machine_list`.
        """
        params: Dict[str, Any] = {}
        return await self._call(
            "machine.list", params, read_machines, timeout, progress
        )

    async def machine_presets(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Presets:
        """Tells which presets there are, oldest release first.

        See `ServerCalls.machine_presets`.
        """
        params: Dict[str, Any] = {}
        return await self._call(
            "machine.presets", params, read_presets, timeout, progress
        )

    async def resource_get(
        self,
        *,
        uri: str,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Resource:
        """Tells what an address leads to: the same objects that the other methods tell.

        See `ServerCalls.resource_get`.
        """
        params: Dict[str, Any] = {"uri": uri}
        return await self._call(
            "resource.get", params, read_resource, timeout, progress
        )

    async def resource_list(
        self,
        *,
        uri: str,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Resources:
        """Tells the addresses just below an address.

        See `ServerCalls.resource_list`.
        """
        params: Dict[str, Any] = {"uri": uri}
        return await self._call(
            "resource.list", params, read_resources, timeout, progress
        )

    async def rpc_discover(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Dict[str, Any]:
        """Tells every method with its parameters, result, errors and an example, as OpenRPC has it.

        See `ServerCalls.rpc_discover`.
        """
        params: Dict[str, Any] = {}
        return await self._call(
            "rpc.discover", params, as_is, timeout, progress
        )

    async def scenario_run(
        self,
        *,
        scenario: Mapping[str, Any],
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> ScenarioMatrix:
        """Plays sequences of actors on several presets, each on a machine of its own, and tells what each lost. No machine of the server's changes.

        See `ServerCalls.scenario_run`.
        """
        params: Dict[str, Any] = {"scenario": dict(scenario)}
        return await self._call(
            "scenario.run", params, read_scenario_matrix, timeout, progress
        )

    async def server_info(
        self,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> ServerInfo:
        """Tells what serves here, and its limits.

        See `ServerCalls.server_info`.
        """
        params: Dict[str, Any] = {}
        return await self._call(
            "server.info", params, read_server_info, timeout, progress
        )


class BatchMachineCalls:
    """The operations of one machine, and the questions about it."""

    def _call(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        progress: Optional[Progress],
    ) -> Pending[T]:
        raise NotImplementedError

    def actor_run(
        self,
        *,
        actor: str,
        domain: int,
        with_: Optional[Mapping[str, Any]] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[ActorRun]:
        """Plays a component of a real system on a machine, request by request: each is one of the machine's history, to be undone by itself. Stops at the first error that the actor does not foresee.

        See `MachineCalls.actor_run`.
        """
        params: Dict[str, Any] = {"actor": actor, "domain": domain}
        if with_ is not None:
            params["with"] = dict(with_)
        return self._call(
            "actor.run", params, read_actor_run, progress
        )

    def array_query(
        self,
        *,
        domain: int,
        first: Optional[int] = None,
        count: Optional[int] = None,
        status: Optional[bool] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[GrantFrames]:
        """Tells where Xen believes grant frames mapped, and where they are.

        See `MachineCalls.array_query`.
        """
        params: Dict[str, Any] = {"domain": domain}
        if first is not None:
            params["first"] = first
        if count is not None:
            params["count"] = count
        if status is not None:
            params["status"] = status
        return self._call(
            "array.query", params, read_grant_frames, progress
        )

    def check_run(
        self,
        *,
        properties: Optional[Sequence[Property]] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[Violations]:
        """Tells what stands against the properties, on the machine as it is, counting everything anew.

        See `MachineCalls.check_run`.
        """
        params: Dict[str, Any] = {}
        if properties is not None:
            params["properties"] = list(properties)
        return self._call(
            "check.run", params, read_violations, progress
        )

    def compare_run(
        self,
        *,
        presets: Sequence[str],
        requests: Optional[Sequence[Mapping[str, Any]]] = None,
        overrides: Optional[Overrides] = None,
        exact: Optional[bool] = None,
        session: Optional[str] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[Comparison]:
        """Carries out the same requests on several presets, and tells where their replies part; no machine changes.

        See `MachineCalls.compare_run`.
        """
        params: Dict[str, Any] = {"presets": list(presets)}
        if requests is not None:
            params["requests"] = list(map(dict, requests))
        if overrides is not None:
            params["overrides"] = write_overrides(overrides)
        if exact is not None:
            params["exact"] = exact
        if session is not None:
            params["session"] = session
        return self._call(
            "compare.run", params, read_comparison, progress
        )

    def device_map(
        self,
        *,
        domain: int,
        gfn: GFN,
        mfn: MFN,
        progress: Optional[Progress] = None,
    ) -> Pending[Outcome]:
        """Maps a page of device memory at a GFN.

        See `MachineCalls.device_map`.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn), "mfn": write_mfn(mfn)}
        return self._call(
            "device.map", params, read_outcome, progress
        )

    def domain_create(
        self,
        *,
        domain: int,
        privileged: Optional[bool] = None,
        direct_mapped: Optional[bool] = None,
        ram: Optional[Sequence[RAM]] = None,
        max_pages: Optional[int] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[DomainInfo]:
        """Creates a domain, with its RAM mapped, one grant frame and a shared_info page.

        See `MachineCalls.domain_create`.
        """
        params: Dict[str, Any] = {"domain": domain}
        if privileged is not None:
            params["privileged"] = privileged
        if direct_mapped is not None:
            params["directMapped"] = direct_mapped
        if ram is not None:
            params["ram"] = list(map(write_ram, ram))
        if max_pages is not None:
            params["maxPages"] = max_pages
        return self._call(
            "domain.create", params, read_domain, progress
        )

    def domain_destroy(
        self,
        *,
        domain: int,
        progress: Optional[Progress] = None,
    ) -> Pending[Outcome]:
        """Destroys a domain: its mappings go, and its references to others' pages. Pages of its own that others still map live until they are unmapped.

        See `MachineCalls.domain_destroy`.
        """
        params: Dict[str, Any] = {"domain": domain}
        return self._call(
            "domain.destroy", params, read_outcome, progress
        )

    def domain_get(
        self,
        *,
        domain: int,
        progress: Optional[Progress] = None,
    ) -> Pending[DomainInfo]:
        """Tells what a domain is and has.

        See `MachineCalls.domain_get`.
        """
        params: Dict[str, Any] = {"domain": domain}
        return self._call(
            "domain.get", params, read_domain, progress
        )

    def domain_list(
        self,
        *,
        progress: Optional[Progress] = None,
    ) -> Pending[Domains]:
        """Tells which domains there are, in order of their identifiers.

        See `MachineCalls.domain_list`.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "domain.list", params, read_domains, progress
        )

    def fault_inject(
        self,
        *,
        domain: int,
        site: FaultSite,
        after: Optional[int] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[Faults]:
        """Lets one attempt at a site fail, the next but `after`, once: an operation then answers what Xen's does. Takes the place of what was to fail there.

        See `MachineCalls.fault_inject`.
        """
        params: Dict[str, Any] = {"domain": domain, "site": site}
        if after is not None:
            params["after"] = after
        return self._call(
            "fault.inject", params, read_faults, progress
        )

    def foreign_page_map(
        self,
        *,
        domain: int,
        gfn: GFN,
        from_: PageAt,
        progress: Optional[Progress] = None,
    ) -> Pending[Outcome]:
        """Maps another domain's page at a GFN, as XENMAPSPACE_gmfn_foreign does.

        See `MachineCalls.foreign_page_map`.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn), "from": write_page_at(from_)}
        return self._call(
            "foreignPage.map", params, read_outcome, progress
        )

    def frame_query(
        self,
        *,
        mfn: MFN,
        progress: Optional[Progress] = None,
    ) -> Pending[FrameInfo]:
        """Tells what Xen knows of a machine page.

        See `MachineCalls.frame_query`.
        """
        params: Dict[str, Any] = {"mfn": write_mfn(mfn)}
        return self._call(
            "frame.query", params, read_frame, progress
        )

    def grant_frame_map(
        self,
        *,
        domain: int,
        frame: int,
        gfn: GFN,
        status: Optional[bool] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[Outcome]:
        """Maps a grant or status frame at a GFN, as XENMAPSPACE_grant_table does.

        See `MachineCalls.grant_frame_map`.
        """
        params: Dict[str, Any] = {"domain": domain, "frame": write_index(frame), "gfn": write_gfn(gfn)}
        if status is not None:
            params["status"] = status
        return self._call(
            "grantFrame.map", params, read_outcome, progress
        )

    def grant_table_query(
        self,
        *,
        domain: int,
        progress: Optional[Progress] = None,
    ) -> Pending[GrantTable]:
        """Tells how large a grant table is, as GNTTABOP_query_size does.

        See `MachineCalls.grant_table_query`.
        """
        params: Dict[str, Any] = {"domain": domain}
        return self._call(
            "grantTable.query", params, read_grant_table, progress
        )

    def grant_table_set_version(
        self,
        *,
        domain: int,
        version: int,
        progress: Optional[Progress] = None,
    ) -> Pending[VersionOutcome]:
        """Chooses the version of a grant table, as GNTTABOP_set_version does; only 2 has status frames.

        See `MachineCalls.grant_table_set_version`.
        """
        params: Dict[str, Any] = {"domain": domain, "version": version}
        return self._call(
            "grantTable.setVersion", params, read_version_outcome, progress
        )

    def grant_table_setup(
        self,
        *,
        domain: int,
        frames: int,
        progress: Optional[Progress] = None,
    ) -> Pending[SetupOutcome]:
        """Makes grant frames exist and tells where they are tracked, as GNTTABOP_setup_table does.

        See `MachineCalls.grant_table_setup`.
        """
        params: Dict[str, Any] = {"domain": domain, "frames": frames}
        return self._call(
            "grantTable.setup", params, read_setup_outcome, progress
        )

    def history_list(
        self,
        *,
        count: Optional[int] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[History]:
        """Tells the last operations of a machine, those that were undone included.

        See `MachineCalls.history_list`.
        """
        params: Dict[str, Any] = {}
        if count is not None:
            params["count"] = count
        return self._call(
            "history.list", params, read_history, progress
        )

    def history_redo(
        self,
        *,
        count: Optional[int] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[Redone]:
        """Does the next operations of a machine again that were taken back; notes are not counted.

        See `MachineCalls.history_redo`.
        """
        params: Dict[str, Any] = {}
        if count is not None:
            params["count"] = count
        return self._call(
            "history.redo", params, read_redone, progress
        )

    def history_undo(
        self,
        *,
        count: Optional[int] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[Undone]:
        """Takes the last operations of a machine back, of a dead one too; notes are not counted.

        See `MachineCalls.history_undo`.
        """
        params: Dict[str, Any] = {}
        if count is not None:
            params["count"] = count
        return self._call(
            "history.undo", params, read_undone, progress
        )

    def machine_delete(
        self,
        *,
        progress: Optional[Progress] = None,
    ) -> Pending[MachineInfo]:
        """Deletes a machine, and answers with what it was.

        See `MachineCalls.machine_delete`.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "machine.delete", params, read_machine, progress
        )

    def machine_get(
        self,
        *,
        progress: Optional[Progress] = None,
    ) -> Pending[MachineInfo]:
        """Tells how a machine was created and which domains it has; of a dead one too.

        See `MachineCalls.machine_get`.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "machine.get", params, read_machine, progress
        )

    def machine_reset(
        self,
        *,
        progress: Optional[Progress] = None,
    ) -> Pending[MachineInfo]:
        """Puts a machine back to how it was created: no domains, alive, nothing done.

        See `MachineCalls.machine_reset`.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "machine.reset", params, read_machine, progress
        )

    def page_decrease(
        self,
        *,
        domain: int,
        gfn: GFN,
        order: Optional[Literal[0, 9, 18]] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[ExtentsOutcome]:
        """Takes 2^order pages of the domain's own from a GFN on away, one by one, as XENMEM_decrease_reservation does; the first that is not its own ends it.

        See `MachineCalls.page_decrease`.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn)}
        if order is not None:
            params["order"] = order
        return self._call(
            "page.decrease", params, read_extents_outcome, progress
        )

    def page_populate(
        self,
        *,
        domain: int,
        gfn: GFN,
        order: Optional[Literal[0, 9, 18]] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[ExtentsOutcome]:
        """Gives the domain 2^order pages of its own from a GFN on, as XENMEM_populate_physmap does; leaves are as large as the GFN is aligned.

        See `MachineCalls.page_populate`.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn)}
        if order is not None:
            params["order"] = order
        return self._call(
            "page.populate", params, read_extents_outcome, progress
        )

    def physmap_query(
        self,
        *,
        domain: int,
        gfn: GFN,
        count: Optional[int] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[Entries]:
        """Tells what is mapped at some GFNs; those that map nothing are left out.

        See `MachineCalls.physmap_query`.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn)}
        if count is not None:
            params["count"] = count
        return self._call(
            "physmap.query", params, read_entries, progress
        )

    def physmap_stats(
        self,
        *,
        domain: int,
        progress: Optional[Progress] = None,
    ) -> Pending[PhysmapStats]:
        """Tells how large a P2M is, as Xen's p2m_dump_info does: its tables, and its leaves by size.

        See `MachineCalls.physmap_stats`.
        """
        params: Dict[str, Any] = {"domain": domain}
        return self._call(
            "physmap.stats", params, read_physmap_stats, progress
        )

    def physmap_unmap(
        self,
        *,
        domain: int,
        gfn: GFN,
        progress: Optional[Progress] = None,
    ) -> Pending[Outcome]:
        """Removes the page that is mapped at a GFN, as XENMEM_remove_from_physmap does.

        See `MachineCalls.physmap_unmap`.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn)}
        return self._call(
            "physmap.unmap", params, read_outcome, progress
        )

    def region_allocate(
        self,
        *,
        domain: int,
        name: str,
        pages: Optional[int] = None,
        policy: Optional[Literal["first-fit", "next-fit"]] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[Allocation]:
        """Finds free frames in a region, as a guest's allocator does; maps nothing. With next-fit the region remembers where the search ended: that is an operation, which can be undone.

        See `MachineCalls.region_allocate`.
        """
        params: Dict[str, Any] = {"domain": domain, "name": name}
        if pages is not None:
            params["pages"] = pages
        if policy is not None:
            params["policy"] = policy
        return self._call(
            "region.allocate", params, read_allocation, progress
        )

    def region_define(
        self,
        *,
        domain: int,
        name: str,
        gfn: GFN,
        pages: int,
        kind: RegionKind,
        progress: Optional[Progress] = None,
    ) -> Pending[Region]:
        """Names a range of a domain's frames: a bank of the hypervisor node, RAM, or a device.

        See `MachineCalls.region_define`.
        """
        params: Dict[str, Any] = {"domain": domain, "name": name, "gfn": write_gfn(gfn), "pages": pages, "kind": kind}
        return self._call(
            "region.define", params, read_region, progress
        )

    def region_delete(
        self,
        *,
        domain: int,
        name: str,
        progress: Optional[Progress] = None,
    ) -> Pending[Region]:
        """Forgets a region, and answers with what it was; what is mapped in it stays.

        See `MachineCalls.region_delete`.
        """
        params: Dict[str, Any] = {"domain": domain, "name": name}
        return self._call(
            "region.delete", params, read_region, progress
        )

    def region_export(
        self,
        *,
        domain: int,
        progress: Optional[Progress] = None,
    ) -> Pending[HypervisorNode]:
        """Tells the hypervisor node that gives a domain its regions: bank 0 is the one of kind grant-table, the others are the extended ones in order.

        See `MachineCalls.region_export`.
        """
        params: Dict[str, Any] = {"domain": domain}
        return self._call(
            "region.export", params, read_hypervisor_node, progress
        )

    def region_get(
        self,
        *,
        domain: int,
        name: str,
        progress: Optional[Progress] = None,
    ) -> Pending[Region]:
        """Tells what a region is.

        See `MachineCalls.region_get`.
        """
        params: Dict[str, Any] = {"domain": domain, "name": name}
        return self._call(
            "region.get", params, read_region, progress
        )

    def region_import(
        self,
        *,
        domain: int,
        dtb: DeviceTree,
        progress: Optional[Progress] = None,
    ) -> Pending[Regions]:
        """Makes regions of the hypervisor node's banks in a flattened device tree: bank0 for the grant table, bank1 and so on as extended regions; all of them or none.

        See `MachineCalls.region_import`.
        """
        params: Dict[str, Any] = {"domain": domain, "dtb": write_device_tree(dtb)}
        return self._call(
            "region.import", params, read_regions, progress
        )

    def region_list(
        self,
        *,
        domain: int,
        progress: Optional[Progress] = None,
    ) -> Pending[Regions]:
        """Tells which regions a domain has, in the order of their definition.

        See `MachineCalls.region_list`.
        """
        params: Dict[str, Any] = {"domain": domain}
        return self._call(
            "region.list", params, read_regions, progress
        )

    def session_export(
        self,
        *,
        progress: Optional[Progress] = None,
    ) -> Pending[Session]:
        """Tells the requests that rebuild a machine on a fresh server, so that it answers identically.

        See `MachineCalls.session_export`.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "session.export", params, read_session, progress
        )

    def session_note(
        self,
        *,
        text: str,
        progress: Optional[Progress] = None,
    ) -> Pending[None]:
        """A comment that lives in the session; it changes nothing. Mostly sent as a notification.

        See `MachineCalls.session_note`.
        """
        params: Dict[str, Any] = {"text": text}
        return self._call(
            "session.note", params, nothing, progress
        )

    def session_run(
        self,
        *,
        session: str,
        state: Optional[bool] = None,
        preset: Optional[Preset] = None,
        overrides: Optional[Overrides] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[SessionOutcome]:
        """Runs a session on machines of its own, and tells line by line what came of it and where it differs from what it expects; no machine changes.

        See `MachineCalls.session_run`.
        """
        params: Dict[str, Any] = {"session": session}
        if state is not None:
            params["state"] = state
        if preset is not None:
            params["preset"] = preset
        if overrides is not None:
            params["overrides"] = write_overrides(overrides)
        return self._call(
            "session.run", params, read_session_outcome, progress
        )

    def shared_info_map(
        self,
        *,
        domain: int,
        gfn: GFN,
        index: Optional[int] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[Outcome]:
        """Maps the domain's shared_info page at a GFN, as XENMAPSPACE_shared_info does.

        See `MachineCalls.shared_info_map`.
        """
        params: Dict[str, Any] = {"domain": domain, "gfn": write_gfn(gfn)}
        if index is not None:
            params["index"] = write_index(index)
        return self._call(
            "sharedInfo.map", params, read_outcome, progress
        )

    def shrink_run(
        self,
        *,
        property: Property,
        requests: Optional[Sequence[Mapping[str, Any]]] = None,
        preset: Optional[Preset] = None,
        overrides: Optional[Overrides] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[Shrunk]:
        """Finds a shorter and plainer history that still violates a property; no machine changes.

        See `MachineCalls.shrink_run`.
        """
        params: Dict[str, Any] = {"property": property}
        if requests is not None:
            params["requests"] = list(map(dict, requests))
        if preset is not None:
            params["preset"] = preset
        if overrides is not None:
            params["overrides"] = write_overrides(overrides)
        return self._call(
            "shrink.run", params, read_shrunk, progress
        )

    def snapshot_create(
        self,
        *,
        name: Optional[str] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[Snapshot]:
        """Keeps a machine as it is, with its history, in constant time.

        See `MachineCalls.snapshot_create`.
        """
        params: Dict[str, Any] = {}
        if name is not None:
            params["name"] = name
        return self._call(
            "snapshot.create", params, read_snapshot, progress
        )

    def snapshot_delete(
        self,
        *,
        name: Optional[str] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[Snapshot]:
        """Forgets a snapshot, and answers with what it was.

        See `MachineCalls.snapshot_delete`.
        """
        params: Dict[str, Any] = {}
        if name is not None:
            params["name"] = name
        return self._call(
            "snapshot.delete", params, read_snapshot, progress
        )

    def snapshot_list(
        self,
        *,
        progress: Optional[Progress] = None,
    ) -> Pending[Snapshots]:
        """Tells which snapshots a machine has, in order of creation.

        See `MachineCalls.snapshot_list`.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "snapshot.list", params, read_snapshots, progress
        )

    def snapshot_restore(
        self,
        *,
        name: Optional[str] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[Snapshot]:
        """Makes a machine what it was when the snapshot was made, a dead one too, its history with it.

        See `MachineCalls.snapshot_restore`.
        """
        params: Dict[str, Any] = {}
        if name is not None:
            params["name"] = name
        return self._call(
            "snapshot.restore", params, read_snapshot, progress
        )

    def vcpu_begin(
        self,
        *,
        domain: int,
        vcpu: int,
        operation: VCPUOperation,
        progress: Optional[Progress] = None,
    ) -> Pending[StepOutcome]:
        """Does the first step of an operation on a vCPU; others can run before the next one.

        See `MachineCalls.vcpu_begin`.
        """
        params: Dict[str, Any] = {"domain": domain, "vcpu": vcpu, "operation": write_vcpu_operation(operation)}
        return self._call(
            "vcpu.begin", params, read_step_outcome, progress
        )

    def vcpu_list(
        self,
        *,
        domain: int,
        progress: Optional[Progress] = None,
    ) -> Pending[VCPUList]:
        """Tells what each vCPU of a domain is in the midst of, and which locks it holds.

        See `MachineCalls.vcpu_list`.
        """
        params: Dict[str, Any] = {"domain": domain}
        return self._call(
            "vcpu.list", params, read_vcpu_list, progress
        )

    def vcpu_step(
        self,
        *,
        domain: int,
        vcpu: int,
        progress: Optional[Progress] = None,
    ) -> Pending[StepOutcome]:
        """Does the next step of the operation that a vCPU is in the midst of.

        See `MachineCalls.vcpu_step`.
        """
        params: Dict[str, Any] = {"domain": domain, "vcpu": vcpu}
        return self._call(
            "vcpu.step", params, read_step_outcome, progress
        )


class BatchServerCalls:
    """What is not about one machine."""

    def _call(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        progress: Optional[Progress],
    ) -> Pending[T]:
        raise NotImplementedError

    def actor_list(
        self,
        *,
        progress: Optional[Progress] = None,
    ) -> Pending[ActorList]:
        """Tells which actors there are, what each does and why, and which templates cannot be used.

        See `ServerCalls.actor_list`.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "actor.list", params, read_actor_list, progress
        )

    def check_properties(
        self,
        *,
        progress: Optional[Progress] = None,
    ) -> Pending[Properties]:
        """Tells which properties there are.

        See `ServerCalls.check_properties`.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "check.properties", params, read_properties, progress
        )

    def explore_run(
        self,
        *,
        preset: Preset,
        gfns: int,
        frames: int,
        foreign_pages: int,
        vcpus: Optional[int] = None,
        operations: Optional[Sequence[ExploredMethod]] = None,
        properties: Optional[Sequence[Property]] = None,
        depth: Optional[int] = None,
        max_states: Optional[int] = None,
        max_memory: Optional[int] = None,
        symmetry: Optional[Sequence[Symmetry]] = None,
        overrides: Optional[Overrides] = None,
        keep_going: Optional[bool] = None,
        domains: Optional[int] = None,
        orders: Optional[Sequence[Literal[0, 9, 18]]] = None,
        max_pages: Optional[int] = None,
        invalid_arguments: Optional[bool] = None,
        arguments: Optional[Sequence[ExploredArguments]] = None,
        actors: Optional[Sequence[ExploredActor]] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[Exploration]:
        """Looks at every state that a small machine can come to, and tells a shortest history that violates a property, or that none does within the bounds; no machine changes.

        See `ServerCalls.explore_run`.
        """
        params: Dict[str, Any] = {"preset": preset, "gfns": gfns, "frames": frames, "foreignPages": foreign_pages}
        if vcpus is not None:
            params["vcpus"] = vcpus
        if operations is not None:
            params["operations"] = list(operations)
        if properties is not None:
            params["properties"] = list(properties)
        if depth is not None:
            params["depth"] = depth
        if max_states is not None:
            params["maxStates"] = max_states
        if max_memory is not None:
            params["maxMemory"] = max_memory
        if symmetry is not None:
            params["symmetry"] = list(symmetry)
        if overrides is not None:
            params["overrides"] = write_overrides(overrides)
        if keep_going is not None:
            params["keepGoing"] = keep_going
        if domains is not None:
            params["domains"] = domains
        if orders is not None:
            params["orders"] = list(orders)
        if max_pages is not None:
            params["maxPages"] = max_pages
        if invalid_arguments is not None:
            params["invalidArguments"] = invalid_arguments
        if arguments is not None:
            params["arguments"] = list(map(write_explored_arguments, arguments))
        if actors is not None:
            params["actors"] = list(map(write_explored_actor, actors))
        return self._call(
            "explore.run", params, read_exploration, progress
        )

    def machine_create(
        self,
        *,
        preset: Optional[Preset] = None,
        overrides: Optional[Overrides] = None,
        cpu: Optional[CPU] = None,
        max_grant_frames: Optional[int] = None,
        p2m_pool_pages: Optional[int] = None,
        vcpus: Optional[int] = None,
        cost: Optional[bool] = None,
        machine: Optional[str] = None,
        progress: Optional[Progress] = None,
    ) -> Pending[MachineInfo]:
        """Creates a machine: a hypervisor of some release, without domains.

        See `ServerCalls.machine_create`.
        """
        params: Dict[str, Any] = {}
        if preset is not None:
            params["preset"] = preset
        if overrides is not None:
            params["overrides"] = write_overrides(overrides)
        if cpu is not None:
            params["cpu"] = cpu
        if max_grant_frames is not None:
            params["maxGrantFrames"] = max_grant_frames
        if p2m_pool_pages is not None:
            params["p2mPoolPages"] = p2m_pool_pages
        if vcpus is not None:
            params["vcpus"] = vcpus
        if cost is not None:
            params["cost"] = cost
        if machine is not None:
            params["machine"] = machine
        return self._call(
            "machine.create", params, read_machine, progress
        )

    def machine_list(
        self,
        *,
        progress: Optional[Progress] = None,
    ) -> Pending[Machines]:
        """Tells which machines there are, in order of creation.

        See `ServerCalls.machine_list`.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "machine.list", params, read_machines, progress
        )

    def machine_presets(
        self,
        *,
        progress: Optional[Progress] = None,
    ) -> Pending[Presets]:
        """Tells which presets there are, oldest release first.

        See `ServerCalls.machine_presets`.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "machine.presets", params, read_presets, progress
        )

    def resource_get(
        self,
        *,
        uri: str,
        progress: Optional[Progress] = None,
    ) -> Pending[Resource]:
        """Tells what an address leads to: the same objects that the other methods tell.

        See `ServerCalls.resource_get`.
        """
        params: Dict[str, Any] = {"uri": uri}
        return self._call(
            "resource.get", params, read_resource, progress
        )

    def resource_list(
        self,
        *,
        uri: str,
        progress: Optional[Progress] = None,
    ) -> Pending[Resources]:
        """Tells the addresses just below an address.

        See `ServerCalls.resource_list`.
        """
        params: Dict[str, Any] = {"uri": uri}
        return self._call(
            "resource.list", params, read_resources, progress
        )

    def rpc_discover(
        self,
        *,
        progress: Optional[Progress] = None,
    ) -> Pending[Dict[str, Any]]:
        """Tells every method with its parameters, result, errors and an example, as OpenRPC has it.

        See `ServerCalls.rpc_discover`.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "rpc.discover", params, as_is, progress
        )

    def scenario_run(
        self,
        *,
        scenario: Mapping[str, Any],
        progress: Optional[Progress] = None,
    ) -> Pending[ScenarioMatrix]:
        """Plays sequences of actors on several presets, each on a machine of its own, and tells what each lost. No machine of the server's changes.

        See `ServerCalls.scenario_run`.
        """
        params: Dict[str, Any] = {"scenario": dict(scenario)}
        return self._call(
            "scenario.run", params, read_scenario_matrix, progress
        )

    def server_info(
        self,
        *,
        progress: Optional[Progress] = None,
    ) -> Pending[ServerInfo]:
        """Tells what serves here, and its limits.

        See `ServerCalls.server_info`.
        """
        params: Dict[str, Any] = {}
        return self._call(
            "server.info", params, read_server_info, progress
        )
