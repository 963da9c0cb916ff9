"""Whether a page of the guest was lost: an operation emptied a GFN that it did not name."""


def first_loss(lines):
    """The number of the first operation of a recording that lost a page, and the GFN, or None.

    Moving a frame's own mapping, or shared_info's, is no loss.
    """
    before = lines[1]["p2m"]
    for line in lines[2:]:
        moved = {"mapGrant": f"grant:{line.get('frame')}", "mapSharedInfo": "shared_info"}
        for gfn, page in before.items():
            named = gfn == line.get("gfn") or page == moved.get(line["op"])
            if gfn not in line["p2m"] and not named:
                return line["i"], gfn
        before = line["p2m"]
    return None


def is_model_loss(divergence):
    """Whether the model lost a page that Xen kept."""
    return divergence["field"].startswith("p2m ") and divergence["modelled"] == "nothing"


def effective(lines, operations):
    """The operations that changed something, as a recording tells."""
    kept, before = [], lines[1]
    for operation, line in zip(operations, lines[2:]):
        if any(line[member] != before[member] for member in ("p2m", "frames", "tracked")):
            kept.append(operation)
        before = line
    return kept
