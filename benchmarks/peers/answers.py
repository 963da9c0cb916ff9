"""What the Python servers answer: made up, as by the C floor. By method, from its parameters."""


def entry(gfn, mfn, kind):
    return {"gfn": gfn, "mfn": mfn, "type": kind}


ANSWERS = {
    "domain.create": lambda p: {"domain": p["domain"]},
    "foreignPage.map": lambda p: entry(p["gfn"], p["from"]["gfn"], "p2m_map_foreign_rw"),
    "grantFrame.map": lambda p: entry(p["gfn"], hex(p["frame"]), "p2m_ram_rw"),
    "physmap.query": lambda p: entry(p["gfn"], p["gfn"], "p2m_map_foreign_rw"),
    "physmap.unmap": lambda p: {"gfn": p["gfn"]},
    "array.query": lambda p: {"frames": [hex(p["first"] + i) for i in range(p["count"])]},
}
