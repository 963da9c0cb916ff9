extension StoryDrawing {
  /// The colours of the page, which people tell apart whatever they see of colour; each kind has its
  /// name beside it all the same.
  static let style = """
    :root{--paper:#fbfaf7;--card:#fff;--ink:#1c1b19;--soft:#5c5952;--line:#dcd8cf;--edge:#a19c91;--alarm:#b3261e;--alarm-soft:#fbe4e1;--good:#1a6b3c;--differ:#6b3fa0;--arrow:#54677a;--grant:#cfe4f7;--grant-edge:#1f6fb2;--status:#f3d9ea;--status-edge:#a2437e;--foreign:#fde6b8;--foreign-edge:#a86a00;--ram:#ebe9e4;--populated:#cdebdf;--populated-edge:#0f7a58;--shared:#d5eef9;--shared-edge:#2b86ad;--device:#e9e2c3;--device-edge:#857630;--free:#fbd9cd;--free-edge:#b3421a}
    @media(prefers-color-scheme:dark){:root{--paper:#16171a;--card:#1e2024;--ink:#ecebe7;--soft:#a9a69d;--line:#36383e;--edge:#767a82;--alarm:#ff8a7a;--alarm-soft:#43201c;--good:#7fd6a0;--differ:#cbaaf5;--arrow:#9fb1c4;--grant:#1d3c59;--grant-edge:#6fb1ea;--status:#4a2540;--status-edge:#e292c2;--foreign:#4c3a12;--foreign-edge:#f0b64a;--ram:#2b2d32;--populated:#153f33;--populated-edge:#52c79c;--shared:#1b3f4f;--shared-edge:#72c8ec;--device:#3b371f;--device-edge:#c5b464;--free:#4d2417;--free-edge:#ff9367}}
    text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-size:13px;fill:var(--ink)}
    .paper{fill:var(--paper)}.card{fill:var(--card);stroke:var(--line)}
    .note{font-size:17px;font-weight:500}.call{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:13.5px;font-weight:700}
    .differ{fill:var(--differ);font-weight:700;font-size:14px}
    .side{font-size:15px;font-weight:700}.answer{font-weight:700}.domain{font-weight:700}.soft,.region,.gap,.tiny{fill:var(--soft)}.region,.tiny{font-size:10px}.gap{font-size:16px}
    .gfn,.detail{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:11.5px}.gfn{fill:var(--soft)}.name{font-weight:700}.struck{text-decoration:line-through;fill:var(--soft)}
    .tag{font-size:11.5px;font-weight:700;fill:var(--soft)}.tag.new,.good{fill:var(--good)}.alarm,.tag.alarm,.tag.freed{fill:var(--alarm)}.line.alarm{font-weight:700}
    .cell{fill:var(--ram);stroke:var(--edge);stroke-width:2}.grant{fill:var(--grant);stroke:var(--grant-edge)}.cell.status{fill:var(--status);stroke:var(--status-edge)}.foreign{fill:var(--foreign);stroke:var(--foreign-edge)}.populated{fill:var(--populated);stroke:var(--populated-edge)}.sharedInfo{fill:var(--shared);stroke:var(--shared-edge)}.device{fill:var(--device);stroke:var(--device-edge)}.free{fill:var(--free);stroke:var(--free-edge);stroke-width:3}
    .empty,.hole,.cell.gone{fill:none;stroke-dasharray:5 4}.cell.new{stroke-width:4}.cell.lost{fill:var(--alarm-soft);stroke:var(--alarm);stroke-width:3}.cross{stroke:var(--alarm);stroke-width:2;opacity:.45}.flag{fill:#b3261e}.flagged{fill:#fff;font-size:11.5px;font-weight:700}.dead{fill:var(--alarm-soft);stroke:var(--alarm);stroke-width:2}
    .vcpu{fill:var(--status-edge)}.vcpu.idle{fill:none;stroke:var(--edge)}.chip{fill:var(--card);stroke:var(--grant-edge);stroke-width:2}.chip.status{stroke:var(--status-edge)}.chip.stale{fill:var(--alarm-soft);stroke:var(--alarm);stroke-dasharray:5 4}
    .arrow{fill:none;stroke:var(--arrow);stroke-width:2}.arrow.stale,.arrow.blamed{stroke:var(--alarm);stroke-width:3;stroke-dasharray:7 5}.arrow.untracked{stroke:var(--alarm);stroke-dasharray:2 4}.head{fill:var(--arrow)}.head.stale,.head.blamed{fill:var(--alarm)}
    """
}
