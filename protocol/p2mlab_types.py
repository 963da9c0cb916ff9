"""What goes over p2mlab's wire, as types. Made by `p2mlab schema python`; not to be edited."""
from typing import Any, Dict, List, Literal, Optional, TypedDict, Union

# A frame number or an address, "0x...".
Hex = str
# The same as a parameter, where an integer below 2^53 will do too.
Number = Union[str, int]


_DomainRamItemRequired = TypedDict("_DomainRamItemRequired", {
    "gfn": Hex,  # the first GFN
    "pages": int,  # how many there are
})
_DomainRamItemOptional = TypedDict("_DomainRamItemOptional", {
    "order": int,  # its largest leaves
}, total=False)


class DomainRamItem(_DomainRamItemRequired, _DomainRamItemOptional):
    pass

Domain = TypedDict("Domain", {
    "domain": int,  # its identifier
    "privileged": bool,  # whether it may act on other domains
    "directMapped": bool,  # whether its RAM has MFN = GFN
    "ram": List[DomainRamItem],  # its RAM
    "maxPages": int,  # pages that it may have allocated
    "pages": int,  # pages that it has allocated
    "grantFrames": int,  # grant frames that exist
    "sharedInfo": Hex,  # the MFN of shared_info
    "regions": List["Region"],  # its regions, the first one first
    "crashed": Optional[str],  # why Xen crashed it, if it did
})

EffectPhysmap = TypedDict("EffectPhysmap", {
    "kind": Literal["physmap"],  # which kind
    "domain": int,  # whose physmap
    "gfn": Hex,  # where
    "before": Optional["Entry"],  # what was there
    "after": Optional["Entry"],  # what is there now
    "cause": Literal["requested", "stale-tracking", "moved", "version-switch", "replaced", "split"],  # why
    "uri": str,  # the resource that changed
})

_EffectTrackingRequired = TypedDict("_EffectTrackingRequired", {
    "kind": Literal["tracking"],  # which kind
    "domain": int,  # whose grant table
    "frame": int,  # the index
    "before": Optional[Hex],  # tracked before
    "after": Optional[Hex],  # tracked now
    "uri": str,  # the resource that changed
})
_EffectTrackingOptional = TypedDict("_EffectTrackingOptional", {
    "status": bool,  # true where status frames are meant
}, total=False)


class EffectTracking(_EffectTrackingRequired, _EffectTrackingOptional):
    pass

_EffectReferenceRequired = TypedDict("_EffectReferenceRequired", {
    "kind": Literal["reference"],  # which kind
    "mfn": Hex,  # the page
    "before": int,  # references before
    "after": int,  # references now
    "uri": str,  # the resource that changed
})
_EffectReferenceOptional = TypedDict("_EffectReferenceOptional", {
    "pages": int,  # how many pages from there on; 1 where it is not said
}, total=False)


class EffectReference(_EffectReferenceRequired, _EffectReferenceOptional):
    pass

_EffectGrowthRequired = TypedDict("_EffectGrowthRequired", {
    "kind": Literal["growth"],  # which kind
    "domain": int,  # whose grant table
    "before": int,  # frames before
    "after": int,  # frames now
    "uri": str,  # the resource that changed
})
_EffectGrowthOptional = TypedDict("_EffectGrowthOptional", {
    "status": bool,  # true where status frames are meant
}, total=False)


class EffectGrowth(_EffectGrowthRequired, _EffectGrowthOptional):
    pass

EffectVersion = TypedDict("EffectVersion", {
    "kind": Literal["version"],  # which kind
    "domain": int,  # whose grant table
    "before": int,  # the version before
    "after": int,  # the version now
    "uri": str,  # the resource that changed
})

Effect = Union[EffectPhysmap, EffectTracking, EffectReference, EffectGrowth, EffectVersion]

Entry = TypedDict("Entry", {
    "gfn": Hex,  # where it is
    "mfn": Hex,  # the page that it maps
    "type": Literal["p2m_ram_rw", "p2m_map_foreign_rw", "p2m_mmio_direct_dev"],  # Xen's p2m_type_t
    "order": int,  # the leaf that it is part of maps 2^order pages
    "page": "Page",  # the page's name
})

Frame = TypedDict("Frame", {
    "mfn": Hex,  # the page
    "owner": Optional[int],  # the owner, if it has one
    "references": int,  # references held in all
    "allocated": bool,  # whether the allocation's reference is held
    "type": Literal["xenheap", "domheap"],  # whether Xen keeps it for itself
    "kind": Literal["ram", "populated", "grant", "status", "sharedInfo", "free"],  # what it is
    "tracked": Optional[Hex],  # where Xen believes it mapped, if it is tracked
    "page": "Page",  # its name
})

GrantFrame = TypedDict("GrantFrame", {
    "frame": int,  # the index
    "tracked": Optional[Hex],  # where Xen believes it mapped
    "mappedAt": List[Hex],  # where it is mapped
    "stale": bool,  # whether it is tracked where it is not
})

Knobs = TypedDict("Knobs", {
    "tracking": Literal["array", "array-cleared-on-put", "page-info", "m2p"],  # where the GFN of a grant frame is kept
    "remap": Literal["move", "move-unless-same", "busy"],  # what mapping a frame does that is tracked elsewhere
    "removalCheck": Literal["none", "mfn-match"],  # what removing a mapping checks first
    "frameIndex": Literal["64-bit", "split", "32-bit"],  # how wide a frame's index is
    "invalidGfn": Literal["late", "early"],  # when INVALID_GFN is noticed
    "foreignErrno": Literal["pre-4.20", "4.20", "x86-4.10"],  # errnos of foreign maps
    "statusFramePinning": Literal["none", "page-ref", "lock-held"],  # XSA-384, XSA-486
    "m2pLookup": Literal["before-lock", "under-lock"],  # XSA-379
    "statusFreeing": Literal["blind", "checked"],  # XSA-255
    "populateInsert": Literal["unchecked", "checked"],  # whether populating notices that it cannot map
    "unmapFirst": Literal["yes", "no"],  # whether x86 drops the old mapping first
    "statusGrowth": Literal["never", "on-demand"],  # whether mapping a status frame makes it exist
    "mmioReplacement": Literal["replaced", "refused"],  # whether x86 maps pages over device memory
    "gmfnMove": Literal["4.10", "4.15", "4.17", "4.22"],  # how x86 moves a page between GFNs
    "maxGrantVersion": int,  # the highest version of a grant table
})

_MachineRequired = TypedDict("_MachineRequired", {
    "machine": str,  # its name
    "preset": Literal["xen-4.14", "xen-4.16", "xen-4.16-clear-on-put", "xen-5a4a2cef08", "xen-4.17", "xen-4.17.7", "xen-4.20", "xen-4.22", "x86-4.10.0", "x86-4.10.1", "x86-4.15.0", "x86-4.15.1", "x86-4.17.0", "x86-4.17.7", "x86-4.22"],  # the release that it follows
    "knobs": "Knobs",  # the preset's knobs, with the overrides
    "cpu": Literal["cortex-a57", "cortex-a53", "x86-64"],  # decides how far a P2M reaches
    "p2mLimit": Hex,  # the first GFN that no P2M reaches
    "maxGrantFrames": int,  # frames that a grant table may have
    "domains": List[int],  # the domains' identifiers
    "panic": Optional[str],  # how the hypervisor died, if it did
})
_MachineOptional = TypedDict("_MachineOptional", {
    "vcpus": int,  # vCPUs of each domain, if more than one
    "p2mPoolPages": int,  # tables that each P2M may take, if that was said
    "cost": bool,  # true where operations tell what they cost
}, total=False)


class Machine(_MachineRequired, _MachineOptional):
    pass

PageGrant = TypedDict("PageGrant", {
    "kind": Literal["grant"],  # which kind
    "domain": int,  # the owner
    "frame": int,  # the index
})

PageStatus = TypedDict("PageStatus", {
    "kind": Literal["status"],  # which kind
    "domain": int,  # the owner
    "frame": int,  # the index
})

PageForeign = TypedDict("PageForeign", {
    "kind": Literal["foreign"],  # which kind
    "domain": int,  # the owner
    "gfn": Hex,  # the owner's GFN from which it was mapped
})

PageRam = TypedDict("PageRam", {
    "kind": Literal["ram"],  # which kind
    "gfn": Hex,  # where it was first
})

PagePopulated = TypedDict("PagePopulated", {
    "kind": Literal["populated"],  # which kind
    "n": int,  # its number, from 0
})

PageSharedInfo = TypedDict("PageSharedInfo", {
    "kind": Literal["sharedInfo"],  # which kind
})

PageDevice = TypedDict("PageDevice", {
    "kind": Literal["device"],  # which kind
})

PageFree = TypedDict("PageFree", {
    "kind": Literal["free"],  # which kind
})

Page = Union[PageGrant, PageStatus, PageForeign, PageRam, PagePopulated, PageSharedInfo, PageDevice, PageFree]

Region = TypedDict("Region", {
    "name": str,  # its name
    "gfn": Hex,  # the first GFN
    "pages": int,  # how many there are
    "kind": Literal["grant-table", "extended", "ram", "mmio"],  # what it is for
})

ViolationOption1 = TypedDict("ViolationOption1", {
    "property": Literal["no-collateral-removal", "tracking-agrees", "single-mapping", "references-balance", "no-dangling", "region-discipline"],  # which property
    "message": str,  # what is wrong, for people
    "domain": int,  # whose
    "gfn": Hex,  # where
})

_ViolationOption2Required = TypedDict("_ViolationOption2Required", {
    "property": Literal["no-collateral-removal", "tracking-agrees", "single-mapping", "references-balance", "no-dangling", "region-discipline"],  # which property
    "message": str,  # what is wrong, for people
    "domain": int,  # whose
    "frame": int,  # which frame
})
_ViolationOption2Optional = TypedDict("_ViolationOption2Optional", {
    "status": bool,  # true where status frames are meant
}, total=False)


class ViolationOption2(_ViolationOption2Required, _ViolationOption2Optional):
    pass

ViolationOption3 = TypedDict("ViolationOption3", {
    "property": Literal["no-collateral-removal", "tracking-agrees", "single-mapping", "references-balance", "no-dangling", "region-discipline"],  # which property
    "message": str,  # what is wrong, for people
    "domain": int,  # whose
    "mfn": Hex,  # which page
})

Violation = Union[ViolationOption1, ViolationOption2, ViolationOption3]

_ActorListParamsRequired = TypedDict("_ActorListParamsRequired", {
})
_ActorListParamsOptional = TypedDict("_ActorListParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class ActorListParams(_ActorListParamsRequired, _ActorListParamsOptional):
    pass

_ActorListResultActorsItemParametersItemRequired = TypedDict("_ActorListResultActorsItemParametersItemRequired", {
    "name": str,  # its name
    "about": str,  # what it is
})
_ActorListResultActorsItemParametersItemOptional = TypedDict("_ActorListResultActorsItemParametersItemOptional", {
    "default": Union[int, str],  # what stands for it
}, total=False)


class ActorListResultActorsItemParametersItem(_ActorListResultActorsItemParametersItemRequired, _ActorListResultActorsItemParametersItemOptional):
    pass

ActorListResultActorsItem = TypedDict("ActorListResultActorsItem", {
    "actor": str,  # its name
    "does": str,  # what it does
    "why": str,  # why the component does so
    "builtIn": bool,  # whether it comes with the program
    "parameters": List[ActorListResultActorsItemParametersItem],  # what 'with' may have
})

ActorListResultFaultsItem = TypedDict("ActorListResultFaultsItem", {
    "file": str,  # the template
    "line": int,  # where
    "reason": str,  # what is wrong
})

ActorListResult = TypedDict("ActorListResult", {
    "actors": List[ActorListResultActorsItem],  # those that can be used
    "faults": List[ActorListResultFaultsItem],  # the others
})

_ActorRunParamsRequired = TypedDict("_ActorRunParamsRequired", {
    "actor": str,  # which actor; 'actor.list' tells which there are
    "domain": int,  # who it is
})
_ActorRunParamsOptional = TypedDict("_ActorRunParamsOptional", {
    "with": Dict[str, Any],  # the actor's own parameters by name: integers, or strings such as GFNs
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class ActorRunParams(_ActorRunParamsRequired, _ActorRunParamsOptional):
    pass

ActorRunResultStopped = TypedDict("ActorRunResultStopped", {
    "line": int,  # the line of its template
    "reason": str,  # the error
})

ActorRunResultLostPagesItem = TypedDict("ActorRunResultLostPagesItem", {
    "domain": int,  # whose physmap
    "gfn": Hex,  # where
    "page": "Page",  # which page
})

ActorRunResultHolesItem = TypedDict("ActorRunResultHolesItem", {
    "domain": int,  # whose RAM
    "gfn": Hex,  # where
})

ActorRunResultStuckFramesItem = TypedDict("ActorRunResultStuckFramesItem", {
    "domain": int,  # whose grant table
    "frame": int,  # the index
})

ActorRunResultCrashesItem = TypedDict("ActorRunResultCrashesItem", {
    "domain": int,  # which domain
    "reason": str,  # why
})

ActorRunResultStepsItem = TypedDict("ActorRunResultStepsItem", {
    "line": int,  # the line of its template
    "request": Dict[str, Any],  # method and params
    "reply": Dict[str, Any],  # result or error
})

ActorRunResult = TypedDict("ActorRunResult", {
    "actor": str,  # its name
    "completed": bool,  # whether it came to its end
    "stopped": Optional[ActorRunResultStopped],  # where it stopped before
    "failures": int,  # hypercalls that failed
    "lostPages": List[ActorRunResultLostPagesItem],  # pages removed by an operation that did not name their GFN
    "holes": List[ActorRunResultHolesItem],  # GFNs of RAM among them that are still empty
    "stuckFrames": List[ActorRunResultStuckFramesItem],  # grant frames that can never be mapped again, whatever is unmapped first
    "crashes": List[ActorRunResultCrashesItem],  # domains that Xen crashed
    "panic": Optional[str],  # how the hypervisor died, if it did
    "violations": List["Violation"],  # all that its operations broke
    "steps": List[ActorRunResultStepsItem],  # what it asked, and was answered
})

_ArrayQueryParamsRequired = TypedDict("_ArrayQueryParamsRequired", {
    "domain": int,  # whose grant frames
})
_ArrayQueryParamsOptional = TypedDict("_ArrayQueryParamsOptional", {
    "first": int,  # the first frame
    "count": int,  # how many frames
    "status": bool,  # whether status frames are meant
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class ArrayQueryParams(_ArrayQueryParamsRequired, _ArrayQueryParamsOptional):
    pass

ArrayQueryResult = TypedDict("ArrayQueryResult", {
    "frames": List["GrantFrame"],  # those of the frames that exist
})

_CheckPropertiesParamsRequired = TypedDict("_CheckPropertiesParamsRequired", {
})
_CheckPropertiesParamsOptional = TypedDict("_CheckPropertiesParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class CheckPropertiesParams(_CheckPropertiesParamsRequired, _CheckPropertiesParamsOptional):
    pass

CheckPropertiesResultPropertiesItem = TypedDict("CheckPropertiesResultPropertiesItem", {
    "name": str,  # its name
    "sentence": str,  # what should hold
    "default": bool,  # whether it is judged without being asked for
})

CheckPropertiesResult = TypedDict("CheckPropertiesResult", {
    "properties": List[CheckPropertiesResultPropertiesItem],  # the properties
})

_CheckRunParamsRequired = TypedDict("_CheckRunParamsRequired", {
})
_CheckRunParamsOptional = TypedDict("_CheckRunParamsOptional", {
    "properties": List[Literal["no-collateral-removal", "tracking-agrees", "single-mapping", "references-balance", "no-dangling", "region-discipline"]],  # which properties; all but region-discipline where it is not said
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class CheckRunParams(_CheckRunParamsRequired, _CheckRunParamsOptional):
    pass

CheckRunResult = TypedDict("CheckRunResult", {
    "violations": List["Violation"],  # all that stands against them
})

_CompareRunParamsOverridesRequired = TypedDict("_CompareRunParamsOverridesRequired", {
})
_CompareRunParamsOverridesOptional = TypedDict("_CompareRunParamsOverridesOptional", {
    "tracking": Literal["array", "array-cleared-on-put", "page-info", "m2p"],  # where the GFN of a grant frame is kept
    "remap": Literal["move", "move-unless-same", "busy"],  # what mapping a frame does that is tracked elsewhere
    "removalCheck": Literal["none", "mfn-match"],  # what removing a mapping checks first
    "frameIndex": Literal["64-bit", "split", "32-bit"],  # how wide a frame's index is
    "invalidGfn": Literal["late", "early"],  # when INVALID_GFN is noticed
    "foreignErrno": Literal["pre-4.20", "4.20", "x86-4.10"],  # errnos of foreign maps
    "statusFramePinning": Literal["none", "page-ref", "lock-held"],  # XSA-384, XSA-486
    "m2pLookup": Literal["before-lock", "under-lock"],  # XSA-379
    "statusFreeing": Literal["blind", "checked"],  # XSA-255
    "populateInsert": Literal["unchecked", "checked"],  # whether populating notices that it cannot map
    "unmapFirst": Literal["yes", "no"],  # whether x86 drops the old mapping first
    "statusGrowth": Literal["never", "on-demand"],  # whether mapping a status frame makes it exist
    "mmioReplacement": Literal["replaced", "refused"],  # whether x86 maps pages over device memory
    "gmfnMove": Literal["4.10", "4.15", "4.17", "4.22"],  # how x86 moves a page between GFNs
    "maxGrantVersion": int,  # the highest version of a grant table
}, total=False)


class CompareRunParamsOverrides(_CompareRunParamsOverridesRequired, _CompareRunParamsOverridesOptional):
    pass

_CompareRunParamsRequired = TypedDict("_CompareRunParamsRequired", {
    "presets": List[str],  # 2 to 16 presets; a knob is set otherwise as in "xen-4.16+remap=busy"
})
_CompareRunParamsOptional = TypedDict("_CompareRunParamsOptional", {
    "requests": List[Dict[str, Any]],  # requests as session.export tells them; what was done to the machine where it is not said
    "overrides": CompareRunParamsOverrides,  # knobs to be set otherwise, on every preset
    "exact": bool,  # whether numbering, words of messages, and the order of effects are compared too
    "session": str,  # instead of requests: the text of a session file
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class CompareRunParams(_CompareRunParamsRequired, _CompareRunParamsOptional):
    pass

CompareRunResultRowsItemRepliesItem = TypedDict("CompareRunResultRowsItemRepliesItem", {
    "code": int,  # 0 for a result, or the error's code
    "errno": Optional[str],  # the model's name of the error
    "violations": List[Literal["no-collateral-removal", "tracking-agrees", "single-mapping", "references-balance", "no-dangling", "region-discipline"]],  # what it broke
    "differs": bool,  # whether it differs from the first preset's reply
})

_CompareRunResultRowsItemRequired = TypedDict("_CompareRunResultRowsItemRequired", {
    "number": int,  # its index among all requests
    "method": str,  # the method
    "replies": List[CompareRunResultRowsItemRepliesItem],  # a summary of each preset's reply
})
_CompareRunResultRowsItemOptional = TypedDict("_CompareRunResultRowsItemOptional", {
    "line": int,  # its line of the session, if one was given
    "params": Union[Dict[str, Any], List[Any]],  # its parameters as they came
}, total=False)


class CompareRunResultRowsItem(_CompareRunResultRowsItemRequired, _CompareRunResultRowsItemOptional):
    pass

_CompareRunResultFirstDifferenceValuesItemRequired = TypedDict("_CompareRunResultFirstDifferenceValuesItemRequired", {
    "preset": str,  # the preset
})
_CompareRunResultFirstDifferenceValuesItemOptional = TypedDict("_CompareRunResultFirstDifferenceValuesItemOptional", {
    "value": Union[Dict[str, Any], List[Any], str, int, bool, None],  # what is there; absent where nothing is
}, total=False)


class CompareRunResultFirstDifferenceValuesItem(_CompareRunResultFirstDifferenceValuesItemRequired, _CompareRunResultFirstDifferenceValuesItemOptional):
    pass

_CompareRunResultFirstDifferenceRequired = TypedDict("_CompareRunResultFirstDifferenceRequired", {
    "number": int,  # the request's index
    "path": str,  # a JSON pointer into the replies
    "values": List[CompareRunResultFirstDifferenceValuesItem],  # of the first preset, and of the first one that differs from it
})
_CompareRunResultFirstDifferenceOptional = TypedDict("_CompareRunResultFirstDifferenceOptional", {
    "line": int,  # its line of the session, if one was given
}, total=False)


class CompareRunResultFirstDifference(_CompareRunResultFirstDifferenceRequired, _CompareRunResultFirstDifferenceOptional):
    pass

CompareRunResult = TypedDict("CompareRunResult", {
    "presets": List[str],  # the presets, as they were named
    "rows": List[CompareRunResultRowsItem],  # the requests, but for notes
    "firstDifference": Optional[CompareRunResultFirstDifference],  # where they part, if they do
})

_DeviceMapParamsRequired = TypedDict("_DeviceMapParamsRequired", {
    "domain": int,  # for whom
    "gfn": Number,  # where to map it
    "mfn": Number,  # the device's page, below 2^40
})
_DeviceMapParamsOptional = TypedDict("_DeviceMapParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class DeviceMapParams(_DeviceMapParamsRequired, _DeviceMapParamsOptional):
    pass

DeviceMapResultCost = TypedDict("DeviceMapResultCost", {
    "tableWalks": int,  # walks from the root to an entry
    "entryWrites": int,  # words of page tables written
    "trackingComparisons": int,  # members of the array compared
    "tablesAllocated": int,  # tables taken from the pool
    "tlbFlushes": int,  # flushes of the TLB
})

_DeviceMapResultRequired = TypedDict("_DeviceMapResultRequired", {
    "effects": List["Effect"],  # every change that it made
    "violations": List["Violation"],  # properties that held before it and hold no longer
})
_DeviceMapResultOptional = TypedDict("_DeviceMapResultOptional", {
    "cost": DeviceMapResultCost,  # what it cost, where the machine tells
}, total=False)


class DeviceMapResult(_DeviceMapResultRequired, _DeviceMapResultOptional):
    pass

_DomainCreateParamsRamItemRequired = TypedDict("_DomainCreateParamsRamItemRequired", {
    "gfn": Number,  # the first GFN
    "pages": int,  # how many there are
})
_DomainCreateParamsRamItemOptional = TypedDict("_DomainCreateParamsRamItemOptional", {
    "order": int,  # the largest leaves that map it, where it is aligned
}, total=False)


class DomainCreateParamsRamItem(_DomainCreateParamsRamItemRequired, _DomainCreateParamsRamItemOptional):
    pass

_DomainCreateParamsRequired = TypedDict("_DomainCreateParamsRequired", {
    "domain": int,  # its identifier
})
_DomainCreateParamsOptional = TypedDict("_DomainCreateParamsOptional", {
    "privileged": bool,  # whether it may act on other domains and map their pages
    "directMapped": bool,  # whether its RAM has MFN = GFN, as dom0's has
    "ram": List[DomainCreateParamsRamItem],  # its RAM
    "maxPages": int,  # pages that it may have allocated; the RAM given where it is not said
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class DomainCreateParams(_DomainCreateParamsRequired, _DomainCreateParamsOptional):
    pass

DomainCreateResult = "Domain"

_DomainDestroyParamsRequired = TypedDict("_DomainDestroyParamsRequired", {
    "domain": int,  # which domain
})
_DomainDestroyParamsOptional = TypedDict("_DomainDestroyParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class DomainDestroyParams(_DomainDestroyParamsRequired, _DomainDestroyParamsOptional):
    pass

DomainDestroyResultCost = TypedDict("DomainDestroyResultCost", {
    "tableWalks": int,  # walks from the root to an entry
    "entryWrites": int,  # words of page tables written
    "trackingComparisons": int,  # members of the array compared
    "tablesAllocated": int,  # tables taken from the pool
    "tlbFlushes": int,  # flushes of the TLB
})

_DomainDestroyResultRequired = TypedDict("_DomainDestroyResultRequired", {
    "effects": List["Effect"],  # every change that it made
    "violations": List["Violation"],  # properties that held before it and hold no longer
})
_DomainDestroyResultOptional = TypedDict("_DomainDestroyResultOptional", {
    "cost": DomainDestroyResultCost,  # what it cost, where the machine tells
}, total=False)


class DomainDestroyResult(_DomainDestroyResultRequired, _DomainDestroyResultOptional):
    pass

_DomainGetParamsRequired = TypedDict("_DomainGetParamsRequired", {
    "domain": int,  # which domain
})
_DomainGetParamsOptional = TypedDict("_DomainGetParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class DomainGetParams(_DomainGetParamsRequired, _DomainGetParamsOptional):
    pass

DomainGetResult = "Domain"

_DomainListParamsRequired = TypedDict("_DomainListParamsRequired", {
})
_DomainListParamsOptional = TypedDict("_DomainListParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class DomainListParams(_DomainListParamsRequired, _DomainListParamsOptional):
    pass

DomainListResult = TypedDict("DomainListResult", {
    "domains": List["Domain"],  # the domains
})

_ExploreRunParamsOverridesRequired = TypedDict("_ExploreRunParamsOverridesRequired", {
})
_ExploreRunParamsOverridesOptional = TypedDict("_ExploreRunParamsOverridesOptional", {
    "tracking": Literal["array", "array-cleared-on-put", "page-info", "m2p"],  # where the GFN of a grant frame is kept
    "remap": Literal["move", "move-unless-same", "busy"],  # what mapping a frame does that is tracked elsewhere
    "removalCheck": Literal["none", "mfn-match"],  # what removing a mapping checks first
    "frameIndex": Literal["64-bit", "split", "32-bit"],  # how wide a frame's index is
    "invalidGfn": Literal["late", "early"],  # when INVALID_GFN is noticed
    "foreignErrno": Literal["pre-4.20", "4.20", "x86-4.10"],  # errnos of foreign maps
    "statusFramePinning": Literal["none", "page-ref", "lock-held"],  # XSA-384, XSA-486
    "m2pLookup": Literal["before-lock", "under-lock"],  # XSA-379
    "statusFreeing": Literal["blind", "checked"],  # XSA-255
    "populateInsert": Literal["unchecked", "checked"],  # whether populating notices that it cannot map
    "unmapFirst": Literal["yes", "no"],  # whether x86 drops the old mapping first
    "statusGrowth": Literal["never", "on-demand"],  # whether mapping a status frame makes it exist
    "mmioReplacement": Literal["replaced", "refused"],  # whether x86 maps pages over device memory
    "gmfnMove": Literal["4.10", "4.15", "4.17", "4.22"],  # how x86 moves a page between GFNs
    "maxGrantVersion": int,  # the highest version of a grant table
}, total=False)


class ExploreRunParamsOverrides(_ExploreRunParamsOverridesRequired, _ExploreRunParamsOverridesOptional):
    pass

_ExploreRunParamsRequired = TypedDict("_ExploreRunParamsRequired", {
    "preset": Literal["xen-4.14", "xen-4.16", "xen-4.16-clear-on-put", "xen-5a4a2cef08", "xen-4.17", "xen-4.17.7", "xen-4.20", "xen-4.22", "x86-4.10.0", "x86-4.10.1", "x86-4.15.0", "x86-4.15.1", "x86-4.17.0", "x86-4.17.7", "x86-4.22"],  # the release to follow
    "gfns": int,  # GFNs at which things are mapped
    "frames": int,  # grant frames; they exist
    "foreignPages": int,  # pages of another domain
})
_ExploreRunParamsOptional = TypedDict("_ExploreRunParamsOptional", {
    "vcpus": int,  # vCPUs; several do operations step by step
    "operations": List[Literal["foreignPage.map", "grantFrame.map", "physmap.unmap", "page.populate", "page.decrease", "sharedInfo.map", "device.map", "grantTable.setup", "grantTable.setVersion"]],  # what is tried; absent: mapping grant and foreign pages, unmapping, the table's version
    "properties": List[Literal["no-collateral-removal", "tracking-agrees", "single-mapping", "references-balance", "no-dangling", "region-discipline"]],  # what should hold; all but region-discipline where it is not said
    "depth": int,  # transitions
    "maxStates": int,  # states that are looked at
    "maxMemory": int,  # bytes of all states
    "symmetry": List[Literal["gfn", "page", "frame", "vcpu"]],  # what may be renamed; all that is sound where it is not said
    "overrides": ExploreRunParamsOverrides,  # knobs to be set otherwise
    "keepGoing": bool,  # whether every property's first violation is looked for
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class ExploreRunParams(_ExploreRunParamsRequired, _ExploreRunParamsOptional):
    pass

ExploreRunResultViolationsItem = TypedDict("ExploreRunResultViolationsItem", {
    "property": Literal["no-collateral-removal", "tracking-agrees", "single-mapping", "references-balance", "no-dangling", "region-discipline"],  # which property
    "trace": List[Dict[str, Any]],  # a shortest history that violates it
})

_ExploreRunResultRequired = TypedDict("_ExploreRunResultRequired", {
    "verdict": Literal["holds", "violated", "bounded"],  # what was found
    "boundedBy": Optional[Literal["depth", "states", "memory", "saturation"]],  # the limit that ended it early, or a quantity that was cut off (saturation)
    "property": Optional[Literal["no-collateral-removal", "tracking-agrees", "single-mapping", "references-balance", "no-dangling", "region-discipline"]],  # what the trace violates
    "states": int,  # states found
    "transitions": int,  # operations, or steps of them, tried in all states
    "depth": int,  # transitions to the state that was found last
    "bytesPerState": int,  # memory of all states, divided by their number
    "symmetryFactor": int,  # how many times fewer states symmetry makes them at most: the size of its group
    "setup": List[Dict[str, Any]],  # requests that make the machine on a fresh server
    "trace": List[Dict[str, Any]],  # the requests of a shortest history that violates the property; with several vCPUs each tells its 'vcpu', the 'step' and the 'locks'
})
_ExploreRunResultOptional = TypedDict("_ExploreRunResultOptional", {
    "violations": List[ExploreRunResultViolationsItem],  # of each property that does not hold, with keepGoing
}, total=False)


class ExploreRunResult(_ExploreRunResultRequired, _ExploreRunResultOptional):
    pass

_FaultInjectParamsRequired = TypedDict("_FaultInjectParamsRequired", {
    "domain": int,  # whose operations
    "site": Literal["table-allocation", "page-allocation", "reference"],  # where they fail
})
_FaultInjectParamsOptional = TypedDict("_FaultInjectParamsOptional", {
    "after": int,  # attempts before the one that fails
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class FaultInjectParams(_FaultInjectParamsRequired, _FaultInjectParamsOptional):
    pass

FaultInjectResultFaultsItem = TypedDict("FaultInjectResultFaultsItem", {
    "site": Literal["table-allocation", "page-allocation", "reference"],  # where
    "after": int,  # attempts before the one that fails
})

FaultInjectResult = TypedDict("FaultInjectResult", {
    "faults": List[FaultInjectResultFaultsItem],  # what is to fail of the domain
})

ForeignPageMapParamsFrom = TypedDict("ForeignPageMapParamsFrom", {
    "domain": int,  # whose page; DOMID_SELF, DOMID_IO and DOMID_XEN are understood
    "gfn": Number,  # where its owner has it
})

_ForeignPageMapParamsRequired = TypedDict("_ForeignPageMapParamsRequired", {
    "domain": int,  # who maps it
    "gfn": Number,  # where to map it
    "from": ForeignPageMapParamsFrom,  # the page
})
_ForeignPageMapParamsOptional = TypedDict("_ForeignPageMapParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class ForeignPageMapParams(_ForeignPageMapParamsRequired, _ForeignPageMapParamsOptional):
    pass

ForeignPageMapResultCost = TypedDict("ForeignPageMapResultCost", {
    "tableWalks": int,  # walks from the root to an entry
    "entryWrites": int,  # words of page tables written
    "trackingComparisons": int,  # members of the array compared
    "tablesAllocated": int,  # tables taken from the pool
    "tlbFlushes": int,  # flushes of the TLB
})

_ForeignPageMapResultRequired = TypedDict("_ForeignPageMapResultRequired", {
    "effects": List["Effect"],  # every change that it made
    "violations": List["Violation"],  # properties that held before it and hold no longer
})
_ForeignPageMapResultOptional = TypedDict("_ForeignPageMapResultOptional", {
    "cost": ForeignPageMapResultCost,  # what it cost, where the machine tells
}, total=False)


class ForeignPageMapResult(_ForeignPageMapResultRequired, _ForeignPageMapResultOptional):
    pass

_FrameQueryParamsRequired = TypedDict("_FrameQueryParamsRequired", {
    "mfn": Number,  # the page
})
_FrameQueryParamsOptional = TypedDict("_FrameQueryParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class FrameQueryParams(_FrameQueryParamsRequired, _FrameQueryParamsOptional):
    pass

FrameQueryResult = "Frame"

_GrantFrameMapParamsRequired = TypedDict("_GrantFrameMapParamsRequired", {
    "domain": int,  # whose grant frame, and who asks
    "frame": Number,  # the frame's index
    "gfn": Number,  # where to map it
})
_GrantFrameMapParamsOptional = TypedDict("_GrantFrameMapParamsOptional", {
    "status": bool,  # whether a status frame is meant
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class GrantFrameMapParams(_GrantFrameMapParamsRequired, _GrantFrameMapParamsOptional):
    pass

GrantFrameMapResultCost = TypedDict("GrantFrameMapResultCost", {
    "tableWalks": int,  # walks from the root to an entry
    "entryWrites": int,  # words of page tables written
    "trackingComparisons": int,  # members of the array compared
    "tablesAllocated": int,  # tables taken from the pool
    "tlbFlushes": int,  # flushes of the TLB
})

_GrantFrameMapResultRequired = TypedDict("_GrantFrameMapResultRequired", {
    "effects": List["Effect"],  # every change that it made
    "violations": List["Violation"],  # properties that held before it and hold no longer
})
_GrantFrameMapResultOptional = TypedDict("_GrantFrameMapResultOptional", {
    "cost": GrantFrameMapResultCost,  # what it cost, where the machine tells
}, total=False)


class GrantFrameMapResult(_GrantFrameMapResultRequired, _GrantFrameMapResultOptional):
    pass

_GrantTableQueryParamsRequired = TypedDict("_GrantTableQueryParamsRequired", {
    "domain": int,  # whose grant table
})
_GrantTableQueryParamsOptional = TypedDict("_GrantTableQueryParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class GrantTableQueryParams(_GrantTableQueryParamsRequired, _GrantTableQueryParamsOptional):
    pass

GrantTableQueryResult = TypedDict("GrantTableQueryResult", {
    "frames": int,  # frames that exist
    "maxFrames": int,  # frames that may exist
    "version": int,  # the version that the guest uses
})

_GrantTableSetVersionParamsRequired = TypedDict("_GrantTableSetVersionParamsRequired", {
    "domain": int,  # whose grant table, and who asks
    "version": int,  # the version, 1 or 2
})
_GrantTableSetVersionParamsOptional = TypedDict("_GrantTableSetVersionParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class GrantTableSetVersionParams(_GrantTableSetVersionParamsRequired, _GrantTableSetVersionParamsOptional):
    pass

GrantTableSetVersionResultCost = TypedDict("GrantTableSetVersionResultCost", {
    "tableWalks": int,  # walks from the root to an entry
    "entryWrites": int,  # words of page tables written
    "trackingComparisons": int,  # members of the array compared
    "tablesAllocated": int,  # tables taken from the pool
    "tlbFlushes": int,  # flushes of the TLB
})

_GrantTableSetVersionResultRequired = TypedDict("_GrantTableSetVersionResultRequired", {
    "version": int,  # the version that the guest uses now
    "effects": List["Effect"],  # every change that it made
    "violations": List["Violation"],  # properties that held before it and hold no longer
})
_GrantTableSetVersionResultOptional = TypedDict("_GrantTableSetVersionResultOptional", {
    "cost": GrantTableSetVersionResultCost,  # what it cost, where the machine tells
}, total=False)


class GrantTableSetVersionResult(_GrantTableSetVersionResultRequired, _GrantTableSetVersionResultOptional):
    pass

_GrantTableSetupParamsRequired = TypedDict("_GrantTableSetupParamsRequired", {
    "domain": int,  # whose grant table, and who asks
    "frames": int,  # how many there should be
})
_GrantTableSetupParamsOptional = TypedDict("_GrantTableSetupParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class GrantTableSetupParams(_GrantTableSetupParamsRequired, _GrantTableSetupParamsOptional):
    pass

GrantTableSetupResultCost = TypedDict("GrantTableSetupResultCost", {
    "tableWalks": int,  # walks from the root to an entry
    "entryWrites": int,  # words of page tables written
    "trackingComparisons": int,  # members of the array compared
    "tablesAllocated": int,  # tables taken from the pool
    "tlbFlushes": int,  # flushes of the TLB
})

_GrantTableSetupResultRequired = TypedDict("_GrantTableSetupResultRequired", {
    "frames": int,  # frames that exist now
    "status": int,  # GNTST_okay (0) or GNTST_general_error (-1)
    "tracked": List[Optional[Hex]],  # where the frames asked for are tracked
    "effects": List["Effect"],  # every change that it made
    "violations": List["Violation"],  # properties that held before it and hold no longer
})
_GrantTableSetupResultOptional = TypedDict("_GrantTableSetupResultOptional", {
    "cost": GrantTableSetupResultCost,  # what it cost, where the machine tells
}, total=False)


class GrantTableSetupResult(_GrantTableSetupResultRequired, _GrantTableSetupResultOptional):
    pass

_HistoryListParamsRequired = TypedDict("_HistoryListParamsRequired", {
})
_HistoryListParamsOptional = TypedDict("_HistoryListParamsOptional", {
    "count": int,  # how many
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class HistoryListParams(_HistoryListParamsRequired, _HistoryListParamsOptional):
    pass

_HistoryListResultEntriesItemRequired = TypedDict("_HistoryListResultEntriesItemRequired", {
    "number": int,  # from 0
    "method": str,  # the method
})
_HistoryListResultEntriesItemOptional = TypedDict("_HistoryListResultEntriesItemOptional", {
    "params": Union[Dict[str, Any], List[Any]],  # its parameters as they came
}, total=False)


class HistoryListResultEntriesItem(_HistoryListResultEntriesItemRequired, _HistoryListResultEntriesItemOptional):
    pass

HistoryListResult = TypedDict("HistoryListResult", {
    "position": int,  # operations that are done, notes included
    "length": int,  # operations that are known to have been done or undone
    "forgotten": int,  # the oldest operations, which can no longer be undone
    "entries": List[HistoryListResultEntriesItem],  # the last of them
})

_HistoryRedoParamsRequired = TypedDict("_HistoryRedoParamsRequired", {
})
_HistoryRedoParamsOptional = TypedDict("_HistoryRedoParamsOptional", {
    "count": int,  # how many
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class HistoryRedoParams(_HistoryRedoParamsRequired, _HistoryRedoParamsOptional):
    pass

HistoryRedoResult = TypedDict("HistoryRedoResult", {
    "redone": int,  # how many operations were redone, as many as are known at most
    "position": int,  # operations that are done, notes included
    "length": int,  # operations that are known to have been done or undone
})

_HistoryUndoParamsRequired = TypedDict("_HistoryUndoParamsRequired", {
})
_HistoryUndoParamsOptional = TypedDict("_HistoryUndoParamsOptional", {
    "count": int,  # how many
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class HistoryUndoParams(_HistoryUndoParamsRequired, _HistoryUndoParamsOptional):
    pass

HistoryUndoResult = TypedDict("HistoryUndoResult", {
    "undone": int,  # how many operations were undone, as many as are known at most
    "position": int,  # operations that are done, notes included
    "length": int,  # operations that are known to have been done or undone
})

_MachineCreateParamsOverridesRequired = TypedDict("_MachineCreateParamsOverridesRequired", {
})
_MachineCreateParamsOverridesOptional = TypedDict("_MachineCreateParamsOverridesOptional", {
    "tracking": Literal["array", "array-cleared-on-put", "page-info", "m2p"],  # where the GFN of a grant frame is kept
    "remap": Literal["move", "move-unless-same", "busy"],  # what mapping a frame does that is tracked elsewhere
    "removalCheck": Literal["none", "mfn-match"],  # what removing a mapping checks first
    "frameIndex": Literal["64-bit", "split", "32-bit"],  # how wide a frame's index is
    "invalidGfn": Literal["late", "early"],  # when INVALID_GFN is noticed
    "foreignErrno": Literal["pre-4.20", "4.20", "x86-4.10"],  # errnos of foreign maps
    "statusFramePinning": Literal["none", "page-ref", "lock-held"],  # XSA-384, XSA-486
    "m2pLookup": Literal["before-lock", "under-lock"],  # XSA-379
    "statusFreeing": Literal["blind", "checked"],  # XSA-255
    "populateInsert": Literal["unchecked", "checked"],  # whether populating notices that it cannot map
    "unmapFirst": Literal["yes", "no"],  # whether x86 drops the old mapping first
    "statusGrowth": Literal["never", "on-demand"],  # whether mapping a status frame makes it exist
    "mmioReplacement": Literal["replaced", "refused"],  # whether x86 maps pages over device memory
    "gmfnMove": Literal["4.10", "4.15", "4.17", "4.22"],  # how x86 moves a page between GFNs
    "maxGrantVersion": int,  # the highest version of a grant table
}, total=False)


class MachineCreateParamsOverrides(_MachineCreateParamsOverridesRequired, _MachineCreateParamsOverridesOptional):
    pass

_MachineCreateParamsRequired = TypedDict("_MachineCreateParamsRequired", {
})
_MachineCreateParamsOptional = TypedDict("_MachineCreateParamsOptional", {
    "preset": Literal["xen-4.14", "xen-4.16", "xen-4.16-clear-on-put", "xen-5a4a2cef08", "xen-4.17", "xen-4.17.7", "xen-4.20", "xen-4.22", "x86-4.10.0", "x86-4.10.1", "x86-4.15.0", "x86-4.15.1", "x86-4.17.0", "x86-4.17.7", "x86-4.22"],  # the release to follow
    "overrides": MachineCreateParamsOverrides,  # knobs that differ from the preset's
    "cpu": Literal["cortex-a57", "cortex-a53", "x86-64"],  # decides how far a P2M reaches; cortex-a57 where it is not said, on x86 x86-64
    "maxGrantFrames": int,  # frames that a grant table may have
    "p2mPoolPages": int,  # tables that each P2M but domain 0's may take beyond the root
    "vcpus": int,  # vCPUs of each domain, for vcpu.begin
    "cost": bool,  # whether operations tell what they cost
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class MachineCreateParams(_MachineCreateParamsRequired, _MachineCreateParamsOptional):
    pass

MachineCreateResult = "Machine"

_MachineDeleteParamsRequired = TypedDict("_MachineDeleteParamsRequired", {
})
_MachineDeleteParamsOptional = TypedDict("_MachineDeleteParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class MachineDeleteParams(_MachineDeleteParamsRequired, _MachineDeleteParamsOptional):
    pass

MachineDeleteResult = "Machine"

_MachineGetParamsRequired = TypedDict("_MachineGetParamsRequired", {
})
_MachineGetParamsOptional = TypedDict("_MachineGetParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class MachineGetParams(_MachineGetParamsRequired, _MachineGetParamsOptional):
    pass

MachineGetResult = "Machine"

_MachineListParamsRequired = TypedDict("_MachineListParamsRequired", {
})
_MachineListParamsOptional = TypedDict("_MachineListParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class MachineListParams(_MachineListParamsRequired, _MachineListParamsOptional):
    pass

MachineListResult = TypedDict("MachineListResult", {
    "machines": List["Machine"],  # the machines
})

_MachinePresetsParamsRequired = TypedDict("_MachinePresetsParamsRequired", {
})
_MachinePresetsParamsOptional = TypedDict("_MachinePresetsParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class MachinePresetsParams(_MachinePresetsParamsRequired, _MachinePresetsParamsOptional):
    pass

MachinePresetsResultPresetsItem = TypedDict("MachinePresetsResultPresetsItem", {
    "name": str,  # its name
    "summary": str,  # what it models
    "knobs": "Knobs",  # its knobs
})

MachinePresetsResult = TypedDict("MachinePresetsResult", {
    "presets": List[MachinePresetsResultPresetsItem],  # the presets
})

_MachineResetParamsRequired = TypedDict("_MachineResetParamsRequired", {
})
_MachineResetParamsOptional = TypedDict("_MachineResetParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class MachineResetParams(_MachineResetParamsRequired, _MachineResetParamsOptional):
    pass

MachineResetResult = "Machine"

_PageDecreaseParamsRequired = TypedDict("_PageDecreaseParamsRequired", {
    "domain": int,  # whose page, and who asks
    "gfn": Number,  # where
})
_PageDecreaseParamsOptional = TypedDict("_PageDecreaseParamsOptional", {
    "order": int,  # 2^order pages
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class PageDecreaseParams(_PageDecreaseParamsRequired, _PageDecreaseParamsOptional):
    pass

PageDecreaseResultCost = TypedDict("PageDecreaseResultCost", {
    "tableWalks": int,  # walks from the root to an entry
    "entryWrites": int,  # words of page tables written
    "trackingComparisons": int,  # members of the array compared
    "tablesAllocated": int,  # tables taken from the pool
    "tlbFlushes": int,  # flushes of the TLB
})

_PageDecreaseResultRequired = TypedDict("_PageDecreaseResultRequired", {
    "extents": int,  # how many were done
    "effects": List["Effect"],  # every change that it made
    "violations": List["Violation"],  # properties that held before it and hold no longer
})
_PageDecreaseResultOptional = TypedDict("_PageDecreaseResultOptional", {
    "cost": PageDecreaseResultCost,  # what it cost, where the machine tells
}, total=False)


class PageDecreaseResult(_PageDecreaseResultRequired, _PageDecreaseResultOptional):
    pass

_PagePopulateParamsRequired = TypedDict("_PagePopulateParamsRequired", {
    "domain": int,  # whose page, and who asks
    "gfn": Number,  # where
})
_PagePopulateParamsOptional = TypedDict("_PagePopulateParamsOptional", {
    "order": int,  # 2^order pages
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class PagePopulateParams(_PagePopulateParamsRequired, _PagePopulateParamsOptional):
    pass

PagePopulateResultCost = TypedDict("PagePopulateResultCost", {
    "tableWalks": int,  # walks from the root to an entry
    "entryWrites": int,  # words of page tables written
    "trackingComparisons": int,  # members of the array compared
    "tablesAllocated": int,  # tables taken from the pool
    "tlbFlushes": int,  # flushes of the TLB
})

_PagePopulateResultRequired = TypedDict("_PagePopulateResultRequired", {
    "extents": int,  # how many were done
    "effects": List["Effect"],  # every change that it made
    "violations": List["Violation"],  # properties that held before it and hold no longer
})
_PagePopulateResultOptional = TypedDict("_PagePopulateResultOptional", {
    "cost": PagePopulateResultCost,  # what it cost, where the machine tells
}, total=False)


class PagePopulateResult(_PagePopulateResultRequired, _PagePopulateResultOptional):
    pass

_PhysmapQueryParamsRequired = TypedDict("_PhysmapQueryParamsRequired", {
    "domain": int,  # whose physmap
    "gfn": Number,  # the first GFN
})
_PhysmapQueryParamsOptional = TypedDict("_PhysmapQueryParamsOptional", {
    "count": int,  # how many GFNs
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class PhysmapQueryParams(_PhysmapQueryParamsRequired, _PhysmapQueryParamsOptional):
    pass

PhysmapQueryResult = TypedDict("PhysmapQueryResult", {
    "entries": List["Entry"],  # the entries, in order of GFN; a superpage is one, at the first of its GFNs that was asked for
})

_PhysmapStatsParamsRequired = TypedDict("_PhysmapStatsParamsRequired", {
    "domain": int,  # whose physmap
})
_PhysmapStatsParamsOptional = TypedDict("_PhysmapStatsParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class PhysmapStatsParams(_PhysmapStatsParamsRequired, _PhysmapStatsParamsOptional):
    pass

PhysmapStatsResultLevelsItem = TypedDict("PhysmapStatsResultLevelsItem", {
    "order": int,  # leaves of 2^order pages
    "mappings": int,  # how many there are, counted now
    "shattered": int,  # splits so far
})

PhysmapStatsResult = TypedDict("PhysmapStatsResult", {
    "tables": int,  # tables below the root
    "poolPages": int,  # tables below the root that there may be
    "levels": List[PhysmapStatsResultLevelsItem],  # from the smallest leaves up
})

_PhysmapUnmapParamsRequired = TypedDict("_PhysmapUnmapParamsRequired", {
    "domain": int,  # whose physmap, and who asks
    "gfn": Number,  # where
})
_PhysmapUnmapParamsOptional = TypedDict("_PhysmapUnmapParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class PhysmapUnmapParams(_PhysmapUnmapParamsRequired, _PhysmapUnmapParamsOptional):
    pass

PhysmapUnmapResultCost = TypedDict("PhysmapUnmapResultCost", {
    "tableWalks": int,  # walks from the root to an entry
    "entryWrites": int,  # words of page tables written
    "trackingComparisons": int,  # members of the array compared
    "tablesAllocated": int,  # tables taken from the pool
    "tlbFlushes": int,  # flushes of the TLB
})

_PhysmapUnmapResultRequired = TypedDict("_PhysmapUnmapResultRequired", {
    "effects": List["Effect"],  # every change that it made
    "violations": List["Violation"],  # properties that held before it and hold no longer
})
_PhysmapUnmapResultOptional = TypedDict("_PhysmapUnmapResultOptional", {
    "cost": PhysmapUnmapResultCost,  # what it cost, where the machine tells
}, total=False)


class PhysmapUnmapResult(_PhysmapUnmapResultRequired, _PhysmapUnmapResultOptional):
    pass

_RegionAllocateParamsRequired = TypedDict("_RegionAllocateParamsRequired", {
    "domain": int,  # whose region
    "name": str,  # which region
})
_RegionAllocateParamsOptional = TypedDict("_RegionAllocateParamsOptional", {
    "pages": int,  # how many
    "policy": Literal["first-fit", "next-fit"],  # whether to search from the region's first GFN, or from behind what next-fit found last
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class RegionAllocateParams(_RegionAllocateParamsRequired, _RegionAllocateParamsOptional):
    pass

RegionAllocateResult = TypedDict("RegionAllocateResult", {
    "gfn": Hex,  # the first of them
})

_RegionDefineParamsRequired = TypedDict("_RegionDefineParamsRequired", {
    "domain": int,  # whose region
    "name": str,  # what to call it
    "gfn": Number,  # the first GFN
    "pages": int,  # how many there are
    "kind": Literal["grant-table", "extended", "ram", "mmio"],  # what it is for
})
_RegionDefineParamsOptional = TypedDict("_RegionDefineParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class RegionDefineParams(_RegionDefineParamsRequired, _RegionDefineParamsOptional):
    pass

RegionDefineResult = "Region"

_RegionDeleteParamsRequired = TypedDict("_RegionDeleteParamsRequired", {
    "domain": int,  # whose region
    "name": str,  # which region
})
_RegionDeleteParamsOptional = TypedDict("_RegionDeleteParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class RegionDeleteParams(_RegionDeleteParamsRequired, _RegionDeleteParamsOptional):
    pass

RegionDeleteResult = "Region"

_RegionExportParamsRequired = TypedDict("_RegionExportParamsRequired", {
    "domain": int,  # whose regions
})
_RegionExportParamsOptional = TypedDict("_RegionExportParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class RegionExportParams(_RegionExportParamsRequired, _RegionExportParamsOptional):
    pass

RegionExportResult = TypedDict("RegionExportResult", {
    "dts": str,  # the device tree's source, as dtc reads it
    "dtb": str,  # the same, flattened, in base64, as region.import takes it
})

_RegionGetParamsRequired = TypedDict("_RegionGetParamsRequired", {
    "domain": int,  # whose region
    "name": str,  # which region
})
_RegionGetParamsOptional = TypedDict("_RegionGetParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class RegionGetParams(_RegionGetParamsRequired, _RegionGetParamsOptional):
    pass

RegionGetResult = "Region"

_RegionImportParamsDtbRequired = TypedDict("_RegionImportParamsDtbRequired", {
})
_RegionImportParamsDtbOptional = TypedDict("_RegionImportParamsDtbOptional", {
    "path": str,  # a file below the folder of --allow-read; a relative path begins where the server runs
    "base64": str,  # the blob itself
}, total=False)


class RegionImportParamsDtb(_RegionImportParamsDtbRequired, _RegionImportParamsDtbOptional):
    pass

_RegionImportParamsRequired = TypedDict("_RegionImportParamsRequired", {
    "domain": int,  # whose regions
    "dtb": RegionImportParamsDtb,  # a flattened device tree: one of its members
})
_RegionImportParamsOptional = TypedDict("_RegionImportParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class RegionImportParams(_RegionImportParamsRequired, _RegionImportParamsOptional):
    pass

RegionImportResult = TypedDict("RegionImportResult", {
    "regions": List["Region"],  # the regions
})

_RegionListParamsRequired = TypedDict("_RegionListParamsRequired", {
    "domain": int,  # whose region
})
_RegionListParamsOptional = TypedDict("_RegionListParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class RegionListParams(_RegionListParamsRequired, _RegionListParamsOptional):
    pass

RegionListResult = TypedDict("RegionListResult", {
    "regions": List["Region"],  # the regions
})

_ResourceGetParamsRequired = TypedDict("_ResourceGetParamsRequired", {
    "uri": str,  # the address, such as /machines/main
})
_ResourceGetParamsOptional = TypedDict("_ResourceGetParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class ResourceGetParams(_ResourceGetParamsRequired, _ResourceGetParamsOptional):
    pass

ResourceGetResult = TypedDict("ResourceGetResult", {
    "uri": str,  # the address
    "kind": Literal["machine", "snapshot", "domain", "region", "entry", "grantTable", "grantFrame", "frame"],  # what it is
    "value": Union["Machine", "Domain", "Region", "Entry", "GrantFrame", "Frame", Dict[str, Any], None],  # the object; null for a GFN that maps nothing
})

_ResourceListParamsRequired = TypedDict("_ResourceListParamsRequired", {
    "uri": str,  # the address, such as /machines/main
})
_ResourceListParamsOptional = TypedDict("_ResourceListParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class ResourceListParams(_ResourceListParamsRequired, _ResourceListParamsOptional):
    pass

ResourceListResult = TypedDict("ResourceListResult", {
    "uri": str,  # the address
    "resources": List[str],  # the addresses below it
    "truncated": bool,  # whether there are more than could be told
})

_RpcDiscoverParamsRequired = TypedDict("_RpcDiscoverParamsRequired", {
})
_RpcDiscoverParamsOptional = TypedDict("_RpcDiscoverParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class RpcDiscoverParams(_RpcDiscoverParamsRequired, _RpcDiscoverParamsOptional):
    pass

RpcDiscoverResult = Dict[str, Any]

_ScenarioRunParamsScenarioMachineOverridesRequired = TypedDict("_ScenarioRunParamsScenarioMachineOverridesRequired", {
})
_ScenarioRunParamsScenarioMachineOverridesOptional = TypedDict("_ScenarioRunParamsScenarioMachineOverridesOptional", {
    "tracking": Literal["array", "array-cleared-on-put", "page-info", "m2p"],  # where the GFN of a grant frame is kept
    "remap": Literal["move", "move-unless-same", "busy"],  # what mapping a frame does that is tracked elsewhere
    "removalCheck": Literal["none", "mfn-match"],  # what removing a mapping checks first
    "frameIndex": Literal["64-bit", "split", "32-bit"],  # how wide a frame's index is
    "invalidGfn": Literal["late", "early"],  # when INVALID_GFN is noticed
    "foreignErrno": Literal["pre-4.20", "4.20", "x86-4.10"],  # errnos of foreign maps
    "statusFramePinning": Literal["none", "page-ref", "lock-held"],  # XSA-384, XSA-486
    "m2pLookup": Literal["before-lock", "under-lock"],  # XSA-379
    "statusFreeing": Literal["blind", "checked"],  # XSA-255
    "populateInsert": Literal["unchecked", "checked"],  # whether populating notices that it cannot map
    "unmapFirst": Literal["yes", "no"],  # whether x86 drops the old mapping first
    "statusGrowth": Literal["never", "on-demand"],  # whether mapping a status frame makes it exist
    "mmioReplacement": Literal["replaced", "refused"],  # whether x86 maps pages over device memory
    "gmfnMove": Literal["4.10", "4.15", "4.17", "4.22"],  # how x86 moves a page between GFNs
    "maxGrantVersion": int,  # the highest version of a grant table
}, total=False)


class ScenarioRunParamsScenarioMachineOverrides(_ScenarioRunParamsScenarioMachineOverridesRequired, _ScenarioRunParamsScenarioMachineOverridesOptional):
    pass

_ScenarioRunParamsScenarioMachineRequired = TypedDict("_ScenarioRunParamsScenarioMachineRequired", {
})
_ScenarioRunParamsScenarioMachineOptional = TypedDict("_ScenarioRunParamsScenarioMachineOptional", {
    "cpu": Literal["cortex-a57", "cortex-a53", "x86-64"],  # decides how far a P2M reaches on presets of its architecture; their own elsewhere
    "maxGrantFrames": int,  # frames that a grant table may have
    "overrides": ScenarioRunParamsScenarioMachineOverrides,  # knobs that differ from the presets'
}, total=False)


class ScenarioRunParamsScenarioMachine(_ScenarioRunParamsScenarioMachineRequired, _ScenarioRunParamsScenarioMachineOptional):
    pass

_ScenarioRunParamsScenarioSetUpItemRequired = TypedDict("_ScenarioRunParamsScenarioSetUpItemRequired", {
    "method": str,  # an operation on a machine
})
_ScenarioRunParamsScenarioSetUpItemOptional = TypedDict("_ScenarioRunParamsScenarioSetUpItemOptional", {
    "params": Dict[str, Any],  # its parameters, without 'machine'
}, total=False)


class ScenarioRunParamsScenarioSetUpItem(_ScenarioRunParamsScenarioSetUpItemRequired, _ScenarioRunParamsScenarioSetUpItemOptional):
    pass

_ScenarioRunParamsScenarioSequencesItemActorsItemRequired = TypedDict("_ScenarioRunParamsScenarioSequencesItemActorsItemRequired", {
    "actor": str,  # which actor
    "domain": int,  # who it is
})
_ScenarioRunParamsScenarioSequencesItemActorsItemOptional = TypedDict("_ScenarioRunParamsScenarioSequencesItemActorsItemOptional", {
    "with": Dict[str, Any],  # the actor's own parameters by name
}, total=False)


class ScenarioRunParamsScenarioSequencesItemActorsItem(_ScenarioRunParamsScenarioSequencesItemActorsItemRequired, _ScenarioRunParamsScenarioSequencesItemActorsItemOptional):
    pass

_ScenarioRunParamsScenarioSequencesItemRequired = TypedDict("_ScenarioRunParamsScenarioSequencesItemRequired", {
    "name": str,  # what to call it
})
_ScenarioRunParamsScenarioSequencesItemOptional = TypedDict("_ScenarioRunParamsScenarioSequencesItemOptional", {
    "about": str,  # what it is about
    "actors": List[ScenarioRunParamsScenarioSequencesItemActorsItem],  # who plays, one after another
}, total=False)


class ScenarioRunParamsScenarioSequencesItem(_ScenarioRunParamsScenarioSequencesItemRequired, _ScenarioRunParamsScenarioSequencesItemOptional):
    pass

_ScenarioRunParamsScenarioRequired = TypedDict("_ScenarioRunParamsScenarioRequired", {
    "scenario": str,  # what it is called
})
_ScenarioRunParamsScenarioOptional = TypedDict("_ScenarioRunParamsScenarioOptional", {
    "about": str,  # what it is about
    "machine": ScenarioRunParamsScenarioMachine,  # what its machines have in common
    "presets": List[str],  # the rows of the matrix, such as xen-4.17 or xen-4.17+remap=move; all presets where it is not said
    "setUp": List[ScenarioRunParamsScenarioSetUpItem],  # requests before every sequence
    "sequences": List[ScenarioRunParamsScenarioSequencesItem],  # the columns of the matrix
}, total=False)


class ScenarioRunParamsScenario(_ScenarioRunParamsScenarioRequired, _ScenarioRunParamsScenarioOptional):
    pass

_ScenarioRunParamsRequired = TypedDict("_ScenarioRunParamsRequired", {
    "scenario": ScenarioRunParamsScenario,  # the scenario, as its file has it
})
_ScenarioRunParamsOptional = TypedDict("_ScenarioRunParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class ScenarioRunParams(_ScenarioRunParamsRequired, _ScenarioRunParamsOptional):
    pass

ScenarioRunResultSequencesItem = TypedDict("ScenarioRunResultSequencesItem", {
    "name": str,  # its name
    "about": str,  # what it is about
    "actors": List[str],  # who plays
})

ScenarioRunResultRowsItemCellsItemLostPagesItem = TypedDict("ScenarioRunResultRowsItemCellsItemLostPagesItem", {
    "domain": int,  # whose physmap
    "gfn": Hex,  # where
    "page": "Page",  # which page
})

ScenarioRunResultRowsItemCellsItemHolesItem = TypedDict("ScenarioRunResultRowsItemCellsItemHolesItem", {
    "domain": int,  # whose RAM
    "gfn": Hex,  # where
})

ScenarioRunResultRowsItemCellsItemStuckFramesItem = TypedDict("ScenarioRunResultRowsItemCellsItemStuckFramesItem", {
    "domain": int,  # whose grant table
    "frame": int,  # the index
})

ScenarioRunResultRowsItemCellsItemCrashesItem = TypedDict("ScenarioRunResultRowsItemCellsItemCrashesItem", {
    "domain": int,  # which domain
    "reason": str,  # why
})

ScenarioRunResultRowsItemCellsItemStoppedItem = TypedDict("ScenarioRunResultRowsItemCellsItemStoppedItem", {
    "actor": str,  # which actor
    "line": int,  # the line of its template
    "reason": str,  # the error
})

ScenarioRunResultRowsItemCellsItem = TypedDict("ScenarioRunResultRowsItemCellsItem", {
    "failures": int,  # hypercalls that failed
    "lostPages": List[ScenarioRunResultRowsItemCellsItemLostPagesItem],  # pages removed by an operation that did not name their GFN
    "holes": List[ScenarioRunResultRowsItemCellsItemHolesItem],  # GFNs of RAM among them that are still empty
    "stuckFrames": List[ScenarioRunResultRowsItemCellsItemStuckFramesItem],  # grant frames that can never be mapped again, whatever is unmapped first
    "crashes": List[ScenarioRunResultRowsItemCellsItemCrashesItem],  # domains that Xen crashed
    "panic": Optional[str],  # how the hypervisor died, if it did
    "stopped": List[ScenarioRunResultRowsItemCellsItemStoppedItem],  # actors that did not come to their end
})

ScenarioRunResultRowsItem = TypedDict("ScenarioRunResultRowsItem", {
    "preset": str,  # the release
    "cells": List[ScenarioRunResultRowsItemCellsItem],  # what came of each sequence
})

ScenarioRunResult = TypedDict("ScenarioRunResult", {
    "scenario": str,  # its name
    "sequences": List[ScenarioRunResultSequencesItem],  # the columns
    "rows": List[ScenarioRunResultRowsItem],  # a row for each preset
    "hasDamage": bool,  # whether anything is lost, stuck or dead on any preset
})

_ServerInfoParamsRequired = TypedDict("_ServerInfoParamsRequired", {
})
_ServerInfoParamsOptional = TypedDict("_ServerInfoParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class ServerInfoParams(_ServerInfoParamsRequired, _ServerInfoParamsOptional):
    pass

ServerInfoResult = TypedDict("ServerInfoResult", {
    "name": str,  # the program
    "version": str,  # its version
    "protocolVersion": str,  # changes when a client would have to
    "presets": List[str],  # the presets that there are
    "limits": Dict[str, Any],  # named limits
    "janssonVersion": str,  # the JSON library's version
})

_SessionExportParamsRequired = TypedDict("_SessionExportParamsRequired", {
})
_SessionExportParamsOptional = TypedDict("_SessionExportParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class SessionExportParams(_SessionExportParamsRequired, _SessionExportParamsOptional):
    pass

SessionExportResult = TypedDict("SessionExportResult", {
    "requests": List[Dict[str, Any]],  # the requests, ready to be sent
})

_SessionNoteParamsRequired = TypedDict("_SessionNoteParamsRequired", {
    "text": str,  # what to say
})
_SessionNoteParamsOptional = TypedDict("_SessionNoteParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class SessionNoteParams(_SessionNoteParamsRequired, _SessionNoteParamsOptional):
    pass

SessionNoteResult = TypedDict("SessionNoteResult", {
})

_SessionRunParamsOverridesRequired = TypedDict("_SessionRunParamsOverridesRequired", {
})
_SessionRunParamsOverridesOptional = TypedDict("_SessionRunParamsOverridesOptional", {
    "tracking": Literal["array", "array-cleared-on-put", "page-info", "m2p"],  # where the GFN of a grant frame is kept
    "remap": Literal["move", "move-unless-same", "busy"],  # what mapping a frame does that is tracked elsewhere
    "removalCheck": Literal["none", "mfn-match"],  # what removing a mapping checks first
    "frameIndex": Literal["64-bit", "split", "32-bit"],  # how wide a frame's index is
    "invalidGfn": Literal["late", "early"],  # when INVALID_GFN is noticed
    "foreignErrno": Literal["pre-4.20", "4.20", "x86-4.10"],  # errnos of foreign maps
    "statusFramePinning": Literal["none", "page-ref", "lock-held"],  # XSA-384, XSA-486
    "m2pLookup": Literal["before-lock", "under-lock"],  # XSA-379
    "statusFreeing": Literal["blind", "checked"],  # XSA-255
    "populateInsert": Literal["unchecked", "checked"],  # whether populating notices that it cannot map
    "unmapFirst": Literal["yes", "no"],  # whether x86 drops the old mapping first
    "statusGrowth": Literal["never", "on-demand"],  # whether mapping a status frame makes it exist
    "mmioReplacement": Literal["replaced", "refused"],  # whether x86 maps pages over device memory
    "gmfnMove": Literal["4.10", "4.15", "4.17", "4.22"],  # how x86 moves a page between GFNs
    "maxGrantVersion": int,  # the highest version of a grant table
}, total=False)


class SessionRunParamsOverrides(_SessionRunParamsOverridesRequired, _SessionRunParamsOverridesOptional):
    pass

_SessionRunParamsRequired = TypedDict("_SessionRunParamsRequired", {
    "session": str,  # the text of a session file
})
_SessionRunParamsOptional = TypedDict("_SessionRunParamsOptional", {
    "state": bool,  # whether the state at the end is told too
    "preset": Literal["xen-4.14", "xen-4.16", "xen-4.16-clear-on-put", "xen-5a4a2cef08", "xen-4.17", "xen-4.17.7", "xen-4.20", "xen-4.22", "x86-4.10.0", "x86-4.10.1", "x86-4.15.0", "x86-4.15.1", "x86-4.17.0", "x86-4.17.7", "x86-4.22"],  # the release to follow, whatever the session says
    "overrides": SessionRunParamsOverrides,  # knobs to be set otherwise
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class SessionRunParams(_SessionRunParamsRequired, _SessionRunParamsOptional):
    pass

SessionRunResultUnusable = TypedDict("SessionRunResultUnusable", {
    "line": int,  # the first line that is not part of a session, from 1
    "reason": str,  # why it is not
})

SessionRunResultRowsItem = TypedDict("SessionRunResultRowsItem", {
    "line": int,  # the request's line, from 1
    "method": str,  # its method; of a batch, the first
    "code": int,  # 0 for a result, or the error's code
    "errno": Optional[str],  # the model's name of the error
    "summary": str,  # the reply for people: what changed, or what failed
    "violations": List["Violation"],  # what it broke
})

SessionRunResultDifferencesItem = TypedDict("SessionRunResultDifferencesItem", {
    "line": int,  # the line of the expected reply, from 1
    "id": Optional[Union[int, str]],  # the request's id
    "method": str,  # the request's method
    "path": str,  # a JSON pointer into the reply
    "expected": Optional[str],  # the value expected there, as JSON; null for none
    "actual": Optional[str],  # the value that is there
})

_SessionRunResultRequired = TypedDict("_SessionRunResultRequired", {
    "unusable": Optional[SessionRunResultUnusable],  # why nothing was run, if nothing was
    "rows": List[SessionRunResultRowsItem],  # the requests that were answered, in order
    "compared": int,  # replies that were compared with those expected
    "differences": List[SessionRunResultDifferencesItem],  # where a reply is not as expected
})
_SessionRunResultOptional = TypedDict("_SessionRunResultOptional", {
    "state": List[str],  # what the machines are at the end, for people: a line each
}, total=False)


class SessionRunResult(_SessionRunResultRequired, _SessionRunResultOptional):
    pass

_SharedInfoMapParamsRequired = TypedDict("_SharedInfoMapParamsRequired", {
    "domain": int,  # whose shared_info, and who asks
    "gfn": Number,  # where to map it
})
_SharedInfoMapParamsOptional = TypedDict("_SharedInfoMapParamsOptional", {
    "index": Number,  # 0 is the only one that there is
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class SharedInfoMapParams(_SharedInfoMapParamsRequired, _SharedInfoMapParamsOptional):
    pass

SharedInfoMapResultCost = TypedDict("SharedInfoMapResultCost", {
    "tableWalks": int,  # walks from the root to an entry
    "entryWrites": int,  # words of page tables written
    "trackingComparisons": int,  # members of the array compared
    "tablesAllocated": int,  # tables taken from the pool
    "tlbFlushes": int,  # flushes of the TLB
})

_SharedInfoMapResultRequired = TypedDict("_SharedInfoMapResultRequired", {
    "effects": List["Effect"],  # every change that it made
    "violations": List["Violation"],  # properties that held before it and hold no longer
})
_SharedInfoMapResultOptional = TypedDict("_SharedInfoMapResultOptional", {
    "cost": SharedInfoMapResultCost,  # what it cost, where the machine tells
}, total=False)


class SharedInfoMapResult(_SharedInfoMapResultRequired, _SharedInfoMapResultOptional):
    pass

_ShrinkRunParamsOverridesRequired = TypedDict("_ShrinkRunParamsOverridesRequired", {
})
_ShrinkRunParamsOverridesOptional = TypedDict("_ShrinkRunParamsOverridesOptional", {
    "tracking": Literal["array", "array-cleared-on-put", "page-info", "m2p"],  # where the GFN of a grant frame is kept
    "remap": Literal["move", "move-unless-same", "busy"],  # what mapping a frame does that is tracked elsewhere
    "removalCheck": Literal["none", "mfn-match"],  # what removing a mapping checks first
    "frameIndex": Literal["64-bit", "split", "32-bit"],  # how wide a frame's index is
    "invalidGfn": Literal["late", "early"],  # when INVALID_GFN is noticed
    "foreignErrno": Literal["pre-4.20", "4.20", "x86-4.10"],  # errnos of foreign maps
    "statusFramePinning": Literal["none", "page-ref", "lock-held"],  # XSA-384, XSA-486
    "m2pLookup": Literal["before-lock", "under-lock"],  # XSA-379
    "statusFreeing": Literal["blind", "checked"],  # XSA-255
    "populateInsert": Literal["unchecked", "checked"],  # whether populating notices that it cannot map
    "unmapFirst": Literal["yes", "no"],  # whether x86 drops the old mapping first
    "statusGrowth": Literal["never", "on-demand"],  # whether mapping a status frame makes it exist
    "mmioReplacement": Literal["replaced", "refused"],  # whether x86 maps pages over device memory
    "gmfnMove": Literal["4.10", "4.15", "4.17", "4.22"],  # how x86 moves a page between GFNs
    "maxGrantVersion": int,  # the highest version of a grant table
}, total=False)


class ShrinkRunParamsOverrides(_ShrinkRunParamsOverridesRequired, _ShrinkRunParamsOverridesOptional):
    pass

_ShrinkRunParamsRequired = TypedDict("_ShrinkRunParamsRequired", {
    "property": Literal["no-collateral-removal", "tracking-agrees", "single-mapping", "references-balance", "no-dangling", "region-discipline"],  # which property
})
_ShrinkRunParamsOptional = TypedDict("_ShrinkRunParamsOptional", {
    "requests": List[Dict[str, Any]],  # requests as session.export tells them; what was done to the machine where it is not said
    "preset": Literal["xen-4.14", "xen-4.16", "xen-4.16-clear-on-put", "xen-5a4a2cef08", "xen-4.17", "xen-4.17.7", "xen-4.20", "xen-4.22", "x86-4.10.0", "x86-4.10.1", "x86-4.15.0", "x86-4.15.1", "x86-4.17.0", "x86-4.17.7", "x86-4.22"],  # the release to follow, whatever was followed before
    "overrides": ShrinkRunParamsOverrides,  # knobs to be set otherwise
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class ShrinkRunParams(_ShrinkRunParamsRequired, _ShrinkRunParamsOptional):
    pass

ShrinkRunResultSearch = TypedDict("ShrinkRunResultSearch", {
    "verdict": Literal["holds", "bounded", "skipped"],  # holds: no shorter history of these requests violates the property; bounded: a limit came first; skipped: nothing was searched
    "reason": Optional[str],  # which limit came first, or why nothing was searched
    "foundShorter": bool,  # whether it found a history shorter than the one that leaving out led to
    "requests": int,  # requests tried in each state: the history's methods with all of its arguments
    "states": int,  # states that the last search found
    "transitions": int,  # requests that it tried in them
})

ShrinkRunResult = TypedDict("ShrinkRunResult", {
    "requests": List[Dict[str, Any]],  # the history, ready to be sent to a fresh server
    "violation": "Violation",  # what the last request violates
    "given": int,  # requests before, notes not counted
    "operations": int,  # operations that are left
    "removed": int,  # how many fewer
    "runs": int,  # histories that were tried
    "minimal": bool,  # whether nothing more could be left out; otherwise the limit of runs was reached
    "search": ShrinkRunResultSearch,  # what the search for a shorter one of its requests saw
})

_SnapshotCreateParamsRequired = TypedDict("_SnapshotCreateParamsRequired", {
})
_SnapshotCreateParamsOptional = TypedDict("_SnapshotCreateParamsOptional", {
    "name": str,  # what to call it; snapshot-1 and so on if not said
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class SnapshotCreateParams(_SnapshotCreateParamsRequired, _SnapshotCreateParamsOptional):
    pass

SnapshotCreateResult = TypedDict("SnapshotCreateResult", {
    "name": str,  # its name
    "position": int,  # operations that were done when it was made
})

_SnapshotDeleteParamsRequired = TypedDict("_SnapshotDeleteParamsRequired", {
})
_SnapshotDeleteParamsOptional = TypedDict("_SnapshotDeleteParamsOptional", {
    "name": str,  # which one; the latest if not said
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class SnapshotDeleteParams(_SnapshotDeleteParamsRequired, _SnapshotDeleteParamsOptional):
    pass

SnapshotDeleteResult = TypedDict("SnapshotDeleteResult", {
    "name": str,  # its name
    "position": int,  # operations that were done when it was made
})

_SnapshotListParamsRequired = TypedDict("_SnapshotListParamsRequired", {
})
_SnapshotListParamsOptional = TypedDict("_SnapshotListParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class SnapshotListParams(_SnapshotListParamsRequired, _SnapshotListParamsOptional):
    pass

SnapshotListResultSnapshotsItem = TypedDict("SnapshotListResultSnapshotsItem", {
    "name": str,  # its name
    "position": int,  # operations that were done when it was made
})

SnapshotListResult = TypedDict("SnapshotListResult", {
    "snapshots": List[SnapshotListResultSnapshotsItem],  # the snapshots
})

_SnapshotRestoreParamsRequired = TypedDict("_SnapshotRestoreParamsRequired", {
})
_SnapshotRestoreParamsOptional = TypedDict("_SnapshotRestoreParamsOptional", {
    "name": str,  # which one; the latest if not said
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class SnapshotRestoreParams(_SnapshotRestoreParamsRequired, _SnapshotRestoreParamsOptional):
    pass

SnapshotRestoreResult = TypedDict("SnapshotRestoreResult", {
    "name": str,  # its name
    "position": int,  # operations that were done when it was made
})

_VcpuBeginParamsOperationParamsOption1Required = TypedDict("_VcpuBeginParamsOperationParamsOption1Required", {
    "frame": Number,  # the frame's index
    "gfn": Number,  # where to map it
})
_VcpuBeginParamsOperationParamsOption1Optional = TypedDict("_VcpuBeginParamsOperationParamsOption1Optional", {
    "status": bool,  # whether a status frame is meant
}, total=False)


class VcpuBeginParamsOperationParamsOption1(_VcpuBeginParamsOperationParamsOption1Required, _VcpuBeginParamsOperationParamsOption1Optional):
    pass

VcpuBeginParamsOperationParamsOption2 = TypedDict("VcpuBeginParamsOperationParamsOption2", {
    "version": int,  # the version, 1 or 2
})

VcpuBeginParamsOperation = TypedDict("VcpuBeginParamsOperation", {
    "method": Literal["grantFrame.map", "grantTable.setVersion"],  # what is begun
    "params": Union[VcpuBeginParamsOperationParamsOption1, VcpuBeginParamsOperationParamsOption2],  # its parameters, without the domain
})

_VcpuBeginParamsRequired = TypedDict("_VcpuBeginParamsRequired", {
    "domain": int,  # whose vCPU, and who asks
    "vcpu": int,  # which of its vCPUs, from 0
    "operation": VcpuBeginParamsOperation,  # the request, without the domain
})
_VcpuBeginParamsOptional = TypedDict("_VcpuBeginParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class VcpuBeginParams(_VcpuBeginParamsRequired, _VcpuBeginParamsOptional):
    pass

VcpuBeginResultCost = TypedDict("VcpuBeginResultCost", {
    "tableWalks": int,  # walks from the root to an entry
    "entryWrites": int,  # words of page tables written
    "trackingComparisons": int,  # members of the array compared
    "tablesAllocated": int,  # tables taken from the pool
    "tlbFlushes": int,  # flushes of the TLB
})

_VcpuBeginResultRequired = TypedDict("_VcpuBeginResultRequired", {
    "step": Literal["begin", "lookUp", "insert", "end", "detach", "release"],  # what was done
    "locks": List[Literal["grant", "p2m"]],  # the locks under which it ran
    "done": bool,  # whether the operation is done, and the vCPU idle
    "effects": List["Effect"],  # every change that it made
    "violations": List["Violation"],  # properties that held before it and hold no longer
})
_VcpuBeginResultOptional = TypedDict("_VcpuBeginResultOptional", {
    "cost": VcpuBeginResultCost,  # what it cost, where the machine tells
}, total=False)


class VcpuBeginResult(_VcpuBeginResultRequired, _VcpuBeginResultOptional):
    pass

_VcpuListParamsRequired = TypedDict("_VcpuListParamsRequired", {
    "domain": int,  # which domain
})
_VcpuListParamsOptional = TypedDict("_VcpuListParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class VcpuListParams(_VcpuListParamsRequired, _VcpuListParamsOptional):
    pass

VcpuListResultVcpusItemOperation = TypedDict("VcpuListResultVcpusItemOperation", {
    "method": Literal["grantFrame.map", "grantTable.setVersion"],  # the method
    "params": Dict[str, Any],  # its parameters, without the domain
})

VcpuListResultVcpusItem = TypedDict("VcpuListResultVcpusItem", {
    "vcpu": int,  # its number
    "operation": Optional[VcpuListResultVcpusItemOperation],  # what it has begun; null where it is idle
    "next": Optional[Literal["begin", "lookUp", "insert", "end", "detach", "release"]],  # the step that comes next
    "holds": List[Literal["grant", "p2m"]],  # locks that it holds until then
})

VcpuListResult = TypedDict("VcpuListResult", {
    "vcpus": List[VcpuListResultVcpusItem],  # all of them
})

_VcpuStepParamsRequired = TypedDict("_VcpuStepParamsRequired", {
    "domain": int,  # whose vCPU, and who asks
    "vcpu": int,  # which of its vCPUs, from 0
})
_VcpuStepParamsOptional = TypedDict("_VcpuStepParamsOptional", {
    "machine": str,  # the machine
    "workDoneToken": Union[int, str],  # LSP's token: work that takes long reports $/progress to it
}, total=False)


class VcpuStepParams(_VcpuStepParamsRequired, _VcpuStepParamsOptional):
    pass

VcpuStepResultCost = TypedDict("VcpuStepResultCost", {
    "tableWalks": int,  # walks from the root to an entry
    "entryWrites": int,  # words of page tables written
    "trackingComparisons": int,  # members of the array compared
    "tablesAllocated": int,  # tables taken from the pool
    "tlbFlushes": int,  # flushes of the TLB
})

_VcpuStepResultRequired = TypedDict("_VcpuStepResultRequired", {
    "step": Literal["begin", "lookUp", "insert", "end", "detach", "release"],  # what was done
    "locks": List[Literal["grant", "p2m"]],  # the locks under which it ran
    "done": bool,  # whether the operation is done, and the vCPU idle
    "effects": List["Effect"],  # every change that it made
    "violations": List["Violation"],  # properties that held before it and hold no longer
})
_VcpuStepResultOptional = TypedDict("_VcpuStepResultOptional", {
    "cost": VcpuStepResultCost,  # what it cost, where the machine tells
}, total=False)


class VcpuStepResult(_VcpuStepResultRequired, _VcpuStepResultOptional):
    pass
