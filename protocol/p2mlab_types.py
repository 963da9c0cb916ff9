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
})

EffectPhysmap = TypedDict("EffectPhysmap", {
    "kind": Literal["physmap"],  # which kind
    "domain": int,  # whose physmap
    "gfn": Hex,  # where
    "before": Optional["Entry"],  # what was there
    "after": Optional["Entry"],  # what is there now
    "cause": Literal["requested", "stale-tracking", "moved", "replaced", "split"],  # why
    "uri": str,  # the resource that changed
})

EffectTracking = TypedDict("EffectTracking", {
    "kind": Literal["tracking"],  # which kind
    "domain": int,  # whose grant table
    "frame": int,  # the index
    "before": Optional[Hex],  # tracked before
    "after": Optional[Hex],  # tracked now
    "uri": str,  # the resource that changed
})

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

EffectGrowth = TypedDict("EffectGrowth", {
    "kind": Literal["growth"],  # which kind
    "domain": int,  # whose grant table
    "before": int,  # frames before
    "after": int,  # frames now
    "uri": str,  # the resource that changed
})

Effect = Union[EffectPhysmap, EffectTracking, EffectReference, EffectGrowth]

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
    "kind": Literal["ram", "populated", "grant", "sharedInfo", "free"],  # what it is
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
    "foreignErrno": Literal["pre-4.20", "4.20"],  # errnos of foreign maps
    "statusFramePinning": Literal["none", "page-ref", "lock-held"],  # XSA-384, XSA-486
    "m2pLookup": Literal["before-lock", "under-lock"],  # XSA-379
    "statusFreeing": Literal["blind", "checked"],  # XSA-255
    "populateInsert": Literal["unchecked", "checked"],  # whether populating notices that it cannot map
    "maxGrantVersion": int,  # the highest version of a grant table
})

_MachineRequired = TypedDict("_MachineRequired", {
    "machine": str,  # its name
    "preset": Literal["xen-4.14", "xen-4.16", "xen-4.16-clear-on-put", "xen-5a4a2cef08", "xen-4.17", "xen-4.17.7", "xen-4.20", "xen-4.22"],  # the release that it follows
    "knobs": "Knobs",  # the preset's knobs, with the overrides
    "cpu": Literal["cortex-a57", "cortex-a53"],  # decides how far a P2M reaches
    "p2mLimit": Hex,  # the first GFN that no P2M reaches
    "maxGrantFrames": int,  # frames that a grant table may have
    "domains": List[int],  # the domains' identifiers
    "panic": Optional[str],  # how the hypervisor died, if it did
})
_MachineOptional = TypedDict("_MachineOptional", {
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

Page = Union[PageGrant, PageForeign, PageRam, PagePopulated, PageSharedInfo, PageDevice, PageFree]

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

ViolationOption2 = TypedDict("ViolationOption2", {
    "property": Literal["no-collateral-removal", "tracking-agrees", "single-mapping", "references-balance", "no-dangling", "region-discipline"],  # which property
    "message": str,  # what is wrong, for people
    "domain": int,  # whose
    "frame": int,  # where
})

ViolationOption3 = TypedDict("ViolationOption3", {
    "property": Literal["no-collateral-removal", "tracking-agrees", "single-mapping", "references-balance", "no-dangling", "region-discipline"],  # which property
    "message": str,  # what is wrong, for people
    "domain": int,  # whose
    "mfn": Hex,  # where
})

Violation = Union[ViolationOption1, ViolationOption2, ViolationOption3]

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
    "foreignErrno": Literal["pre-4.20", "4.20"],  # errnos of foreign maps
    "statusFramePinning": Literal["none", "page-ref", "lock-held"],  # XSA-384, XSA-486
    "m2pLookup": Literal["before-lock", "under-lock"],  # XSA-379
    "statusFreeing": Literal["blind", "checked"],  # XSA-255
    "populateInsert": Literal["unchecked", "checked"],  # whether populating notices that it cannot map
    "maxGrantVersion": int,  # the highest version of a grant table
}, total=False)


class MachineCreateParamsOverrides(_MachineCreateParamsOverridesRequired, _MachineCreateParamsOverridesOptional):
    pass

_MachineCreateParamsRequired = TypedDict("_MachineCreateParamsRequired", {
})
_MachineCreateParamsOptional = TypedDict("_MachineCreateParamsOptional", {
    "preset": Literal["xen-4.14", "xen-4.16", "xen-4.16-clear-on-put", "xen-5a4a2cef08", "xen-4.17", "xen-4.17.7", "xen-4.20", "xen-4.22"],  # the release to follow
    "overrides": MachineCreateParamsOverrides,  # knobs that differ from the preset's
    "cpu": Literal["cortex-a57", "cortex-a53"],  # decides how far a P2M reaches
    "maxGrantFrames": int,  # frames that a grant table may have
    "p2mPoolPages": int,  # tables that each P2M but domain 0's may take beyond the root
    "vcpus": int,  # 1 is the only number so far
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
