// swift-format-ignore-file
// Made of Sources/Rendering/Page/Template by `make page`.

/// The template of a story's page; `StoryPage` fills it in.
package enum PageTemplate {
  package static let page = ##"""
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-r6WsGU4sl0iuaWzLBEjoF/GFWnSzrpAYO0043zCPcBQ='; style-src 'sha256-3oEcqISPEnT46wcGsn6STlMm1jlOmGsgRJ0kDmq9XW4='; base-uri 'none'; form-action 'none'">
    <meta name="color-scheme" content="light dark">
    <meta name="generator" content="p2mlab render">
    <title>{{title}}</title>
    <style>{{style}}</style>
    </head>
    <body>
    <a class="skip" href="#picture">Skip to the picture</a>
    <header class="top">
      <h1 id="title"></h1>
      <p id="subtitle"></p>
    </header>
    <section class="player" aria-label="Steps">
      <div class="buttons">
        <button type="button" id="first" aria-label="First step" title="First (Home)"><svg viewBox="0 0 20 20" aria-hidden="true"><path d="M4 4v12M16 4l-9 6 9 6z"/></svg></button>
        <button type="button" id="previous" aria-label="Previous step" title="Previous (&larr;)"><svg viewBox="0 0 20 20" aria-hidden="true"><path d="M13 4l-8 6 8 6z"/></svg></button>
        <button type="button" id="play" class="primary" aria-label="Play" title="Play (space)"><svg viewBox="0 0 20 20" aria-hidden="true"><path class="when-paused" d="M6 3l11 7-11 7z"/><path class="when-playing" d="M6 4v12M13 4v12"/></svg></button>
        <button type="button" id="next" aria-label="Next step" title="Next (&rarr;)"><svg viewBox="0 0 20 20" aria-hidden="true"><path d="M7 4l8 6-8 6z"/></svg></button>
        <button type="button" id="last" aria-label="Last step" title="Last (End)"><svg viewBox="0 0 20 20" aria-hidden="true"><path d="M16 4v12M4 4l9 6-9 6z"/></svg></button>
      </div>
      <div class="timeline">
        <div id="pins" aria-hidden="true"></div>
        <input id="scrubber" type="range" min="0" value="0" step="1" aria-label="Step">
      </div>
      <output id="position" for="scrubber"></output>
      <div class="jumps">
        <span class="jump" id="violation-jump" hidden>
          <button type="button" id="previous-violation" aria-label="Previous violation" title="Previous violation (p)">&lsaquo;</button>
          <span class="pin-label violation"><span aria-hidden="true">&#9650;</span> <span id="violation-count"></span></span>
          <button type="button" id="next-violation" aria-label="Next violation" title="Next violation (n)">&rsaquo;</button>
        </span>
        <span class="jump" id="difference-jump" hidden>
          <button type="button" id="previous-difference" aria-label="Previous difference" title="Previous difference (c)">&lsaquo;</button>
          <span class="pin-label difference"><span aria-hidden="true">&ne;</span> <span id="difference-count"></span></span>
          <button type="button" id="next-difference" aria-label="Next difference" title="Next difference (d)">&rsaquo;</button>
        </span>
      </div>
    </section>
    <div id="announcer" class="hidden" role="status" aria-live="polite"></div>
    <div class="body">
      <main id="picture" tabindex="-1">
        <div id="notes"></div>
        <div id="request"></div>
        <div id="parting" hidden></div>
        <div id="sides"></div>
      </main>
      <nav id="requests" aria-label="Requests">
        <h2>Requests</h2>
        <div id="list" tabindex="0" role="group" aria-label="List of requests"><ol id="rows"></ol></div>
      </nav>
    </div>
    <footer>
      <details id="legend">
        <summary>Legend and keys</summary>
        <div class="legend-body">
          <ul class="kinds" id="kinds"></ul>
          <dl class="signs">
            <dt><svg viewBox="0 0 48 14" aria-hidden="true"><path class="arrow" d="M2 7h40"/><path class="head" d="M40 3l6 4-6 4z"/></svg></dt><dd>where Xen tracks a frame, and it is there</dd>
            <dt><svg viewBox="0 0 48 14" aria-hidden="true"><path class="arrow stale" d="M2 7h40"/><path class="head stale" d="M40 3l6 4-6 4z"/></svg></dt><dd>stale: Xen believes the frame there, and it is not</dd>
            <dt><svg viewBox="0 0 48 14" aria-hidden="true"><path class="arrow untracked" d="M2 7h40"/></svg></dt><dd>mapped there, but tracked nowhere or elsewhere</dd>
            <dt>&times;2</dt><dd>references that are held of the page</dd>
            <dt>&ctdot; 15</dt><dd>guest frames in between, at which nothing ever is</dd>
          </dl>
          <table class="keys">
            <caption>Keys</caption>
            <tr><td><kbd>&larr;</kbd> <kbd>&rarr;</kbd></td><td>a step back, a step on</td></tr>
            <tr><td><kbd>Home</kbd> <kbd>End</kbd></td><td>first, last</td></tr>
            <tr><td><kbd>PgUp</kbd> <kbd>PgDn</kbd></td><td>ten steps</td></tr>
            <tr><td><kbd>space</kbd></td><td>play, pause</td></tr>
            <tr><td><kbd>p</kbd> <kbd>n</kbd></td><td>previous, next violation</td></tr>
            <tr><td><kbd>c</kbd> <kbd>d</kbd></td><td>previous, next difference</td></tr>
          </table>
        </div>
      </details>
      <p class="made">Made by <code>p2mlab render</code>. Works without a network.</p>
    </footer>
    <noscript><p class="noscript">This page draws its pictures with a script; let it run, or make SVG pictures: <code>p2mlab render SESSION -o story.svg --all</code>.</p></noscript>
    <script type="application/json" id="story">{{story}}</script>
    <script>{{script}}</script>
    </body>
    </html>
    """##

  package static let style = ##"""
    :root {
      color-scheme: light dark;
      --paper: #fbfaf7; --card: #ffffff; --ink: #1c1b19; --soft: #5c5952; --line: #dcd8cf; --edge: #86817580;
      --focus: #0b57d0; --alarm: #b3261e; --alarm-soft: #fbe4e1; --good: #1a6b3c; --differ: #6b3fa0; --differ-soft: #efe6fa;
      --grant: #cfe4f7; --grant-edge: #1f6fb2; --status: #f3d9ea; --status-edge: #a2437e;
      --foreign: #fde6b8; --foreign-edge: #a86a00; --ram: #ebe9e4; --ram-edge: #a19c91;
      --populated: #cdebdf; --populated-edge: #0f7a58; --shared: #d5eef9; --shared-edge: #2b86ad;
      --device: #e9e2c3; --device-edge: #857630; --free: #fbd9cd; --free-edge: #b3421a;
      --new: #1a6b3c; --arrow: #54677a;
      --mono: ui-monospace, "SF Mono", "Cascadia Code", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
      --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #16171a; --card: #1e2024; --ink: #ecebe7; --soft: #a9a69d; --line: #36383e; --edge: #8a868066;
        --focus: #8ab4f8; --alarm: #ff8a7a; --alarm-soft: #43201c; --good: #7fd6a0; --differ: #cbaaf5; --differ-soft: #33264a;
        --grant: #1d3c59; --grant-edge: #6fb1ea; --status: #4a2540; --status-edge: #e292c2;
        --foreign: #4c3a12; --foreign-edge: #f0b64a; --ram: #2b2d32; --ram-edge: #767a82;
        --populated: #153f33; --populated-edge: #52c79c; --shared: #1b3f4f; --shared-edge: #72c8ec;
        --device: #3b371f; --device-edge: #c5b464; --free: #4d2417; --free-edge: #ff9367;
        --new: #7fd6a0; --arrow: #9fb1c4;
      }
    }
    *, *::before, *::after { box-sizing: border-box; }
    html { font: 100%/1.45 var(--sans); background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; }
    body { margin: 0 auto; padding: 0 clamp(0.6rem, 2vw, 2rem) 2rem; max-width: 112rem; overflow-wrap: anywhere; }
    h1, h2, h3, h4, p, ul, ol, dl { margin: 0; padding: 0; }
    ul, ol { list-style: none; }
    code, kbd, .gfn, .detail { font-family: var(--mono); }
    [hidden] { display: none !important; }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .skip { position: absolute; left: -99rem; }
    .skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: 0.5rem 1rem; z-index: 9; }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
    #picture:focus { outline: none; }

    .top { padding: 1.1rem 0 0.5rem; }
    .top h1 { font-size: 1.35rem; font-weight: 650; letter-spacing: -0.01em; line-height: 1.2; }
    .top p { color: var(--soft); font-size: 0.95rem; margin-top: 0.15rem; }

    .player { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 0.9rem; padding: 0.6rem 0.8rem; background: var(--card);
      border: 1px solid var(--line); border-radius: 12px; position: sticky; top: 0.4rem; z-index: 5; box-shadow: 0 2px 10px #0000000f; }
    .buttons { display: flex; gap: 0.25rem; }
    button { font: inherit; color: inherit; min-width: 2.75rem; min-height: 2.75rem; padding: 0; border: 1px solid transparent; border-radius: 9px; background: transparent; cursor: pointer; }
    button:hover:not(:disabled) { background: color-mix(in srgb, var(--ink) 8%, transparent); }
    button:disabled { opacity: 0.32; cursor: default; }
    button svg { width: 1.15rem; height: 1.15rem; display: block; margin: auto; fill: currentColor; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
    button.primary { background: var(--ink); color: var(--paper); border-radius: 50%; }
    button.primary:hover:not(:disabled) { background: color-mix(in srgb, var(--ink) 82%, var(--paper)); }
    .when-playing { display: none; }
    .is-playing .when-playing { display: inline; }
    .is-playing .when-paused { display: none; }
    .timeline { flex: 1 1 14rem; position: relative; min-width: 0; padding-top: 0.9rem; }
    #scrubber { width: 100%; height: 1.7rem; margin: 0; accent-color: var(--ink); display: block; cursor: pointer; }
    #pins { position: absolute; left: 8px; right: 8px; top: 0; height: 1rem; pointer-events: none; }
    .pin { position: absolute; transform: translateX(-50%); font-size: 0.8rem; line-height: 1; bottom: 0; }
    .pin.violation { color: var(--alarm); }
    .pin.parting { color: var(--differ); font-weight: 800; font-size: 1.05rem; bottom: 0.55rem; }
    .pin.difference { width: 2px; height: 0.5rem; background: var(--differ); bottom: -0.15rem; }
    .pin.noted { width: 4px; height: 4px; border-radius: 50%; background: var(--soft); bottom: -0.3rem; }
    #position { font-variant-numeric: tabular-nums; min-width: 5.5rem; text-align: right; font-weight: 600; }
    .jumps { display: flex; flex-wrap: wrap; gap: 0.5rem; }
    .jump { display: inline-flex; align-items: center; border: 1px solid var(--line); border-radius: 10px; }
    .jump button { font-size: 1.35rem; line-height: 1; min-width: 2.75rem; }
    .pin-label { font-size: 0.9rem; white-space: nowrap; }
    .violation { color: var(--alarm); }
    .difference { color: var(--differ); }
    .failed { color: var(--soft); }

    .body { display: grid; grid-template-columns: minmax(0, 1fr) minmax(15rem, 23rem); gap: 1.6rem; margin-top: 1.1rem; align-items: start; }
    #notes { max-width: 70ch; }
    .note { font-size: 1.22rem; line-height: 1.4; font-weight: 500; margin-bottom: 0.5rem; text-wrap: pretty; }
    .note.is-earlier { color: var(--soft); }
    .call { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.2rem 0.7rem; margin-bottom: 0.9rem; color: var(--soft); }
    .call .method { font-weight: 700; font-size: 1.02rem; color: var(--ink); }
    .call .args { color: var(--ink); }
    .line-number { font-size: 0.85rem; }
    .within { color: var(--soft); font-size: 0.9rem; margin: -0.6rem 0 0.9rem; }
    #parting { border: 2px solid var(--differ); background: var(--differ-soft); border-radius: 10px; padding: 0.7rem 0.9rem; margin-bottom: 1rem; }
    #parting h2 { font-size: 1.02rem; color: var(--differ); }
    #parting summary { padding: 0.2rem 0 0; min-height: 0; }
    #parting dl { display: grid; grid-template-columns: fit-content(18rem) minmax(0, 1fr); gap: 0.25rem 0.9rem; margin-top: 0.4rem; }
    #parting dt { font-weight: 650; }
    #parting dd { margin: 0; font-family: var(--mono); font-size: 0.88rem; }

    #sides { display: grid; gap: 1.2rem; }
    @media (min-width: 64rem) {
      .has-sides #sides { grid-template-columns: repeat(2, minmax(0, 1fr)); grid-template-rows: auto auto auto; row-gap: 0; }
      .has-sides .side { display: grid; grid-row: span 3; grid-template-rows: subgrid; align-content: start; }
    }
    .side > h2 { font-size: 1.05rem; display: flex; flex-wrap: wrap; gap: 0.3rem 0.8rem; align-items: center; margin-bottom: 0.5rem; }
    .answer { font-size: 0.92rem; font-weight: 650; padding: 0.1rem 0.65rem; border-radius: 99px; border: 1.5px solid currentColor; }
    .answer.is-ok { color: var(--good); }
    .answer.is-failed { color: var(--alarm); }
    .machine-name, .nothing { color: var(--soft); font-size: 0.92rem; margin-bottom: 0.4rem; }
    .dead { color: var(--alarm); background: var(--alarm-soft); border: 2px solid currentColor; border-radius: 10px; padding: 0.6rem 0.9rem; font-weight: 650; margin-bottom: 0.7rem; }
    .machine.is-dead .drawing { filter: grayscale(1); }
    .domain { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 0.75rem 0.9rem 0.9rem; margin-bottom: 0.9rem; }
    .domain h3 { font-size: 0.98rem; display: flex; flex-wrap: wrap; gap: 0.3rem 0.7rem; align-items: center; }
    .badges { display: inline-flex; flex-wrap: wrap; gap: 0.3rem; }
    .badge { font-size: 0.78rem; font-weight: 500; color: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 0.05rem 0.45rem; }
    .vcpus { display: grid; gap: 0.3rem; margin: 0.5rem 0 0; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); }
    .vcpu { border: 1px dashed var(--edge); border-radius: 8px; padding: 0.3rem 0.6rem; font-size: 0.9rem; color: var(--soft); }
    .vcpu.is-busy { border-style: solid; color: var(--ink); border-left: 5px solid var(--status-edge); }
    .lock { display: inline-block; margin-left: 0.5rem; padding: 0 0.4rem; border: 1.5px solid var(--status-edge); border-radius: 6px; font-weight: 600; font-size: 0.85rem; }

    .drawing { position: relative; margin-top: 0.5rem; }
    .strip { display: grid; grid-template-columns: repeat(auto-fill, minmax(7.4rem, 1fr)); gap: 0.5rem 0; }
    .strip.is-window { display: block; position: relative; height: min(21rem, 55vh); overflow-y: auto; border: 1px solid var(--line); border-radius: 8px; }
    .strip.is-window .cell { position: absolute; width: 8.4rem; }
    .cell { position: relative; padding: 0.15rem 0.2rem 0.15rem 1.2rem; min-width: 0; max-width: 9.8rem; }
    .gap { position: absolute; left: 0; top: 2.7rem; color: var(--soft); font-size: 1rem; line-height: 1; width: 1.2rem; text-align: center; }
    .gap small { display: block; font-size: 0.6rem; font-variant-numeric: tabular-nums; }
    .gfn { display: block; font-size: 0.78rem; color: var(--soft); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; border-top: 3px solid transparent; padding-top: 0.1rem; }
    .in-region .gfn { border-top-color: var(--edge); }
    .gfn .more { opacity: 0.75; }
    .region { position: absolute; right: 0.4rem; top: -0.42rem; font-size: 0.66rem; color: var(--soft); background: var(--card); padding: 0 0.2rem; max-width: 5rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; line-height: 1.2; }
    .box { position: relative; }
    .face { position: relative; min-height: 3.9rem; border: 2px solid var(--ram-edge); border-radius: 8px; background: var(--ram); padding: 0.3rem 0.45rem; display: flex; flex-direction: column; line-height: 1.25; overflow: hidden; }
    .name { font-weight: 650; font-size: 0.86rem; padding-right: 1rem; overflow-wrap: normal; }
    .name.is-long { font-size: 0.7rem; letter-spacing: -0.03em; line-height: 1.6; }
    .detail { font-size: 0.76rem; }
    .face:has(.references) .detail { padding-right: 1.5rem; }
    .leaf { font-size: 0.7rem; color: var(--soft); }
    .sign { position: absolute; right: 0.3rem; top: 0.25rem; font: 700 0.68rem/1.25rem var(--mono); width: 1.25rem; text-align: center; border-radius: 50%; background: color-mix(in srgb, var(--card) 70%, transparent); }
    .references { position: absolute; right: 0.35rem; bottom: 0.2rem; font: 600 0.74rem/1.2 var(--mono); }
    .kind-grant .face { background: var(--grant); border-color: var(--grant-edge); }
    .kind-status .face { background: var(--status); border-color: var(--status-edge); }
    .kind-foreign .face { background: var(--foreign); border-color: var(--foreign-edge); }
    .kind-populated .face { background: var(--populated); border-color: var(--populated-edge); }
    .kind-sharedInfo .face { background: var(--shared); border-color: var(--shared-edge); }
    .kind-device .face { border-color: var(--device-edge); background: repeating-linear-gradient(90deg, var(--device) 0 7px, color-mix(in srgb, var(--device) 78%, var(--device-edge)) 7px 9px); }
    .kind-free .face { border-color: var(--free-edge); background: repeating-linear-gradient(135deg, var(--free) 0 8px, color-mix(in srgb, var(--free) 80%, var(--free-edge)) 8px 10px); }
    .kind-hole .face, .kind-empty .face { background: transparent; border-style: dashed; border-color: var(--edge); color: var(--soft); }
    .kind-empty .name { font-weight: 400; }
    .tag { display: block; font-size: 0.74rem; font-weight: 650; line-height: 1.25; margin-top: 0.15rem; color: var(--soft); }
    .is-new .face { box-shadow: 0 0 0 3px color-mix(in srgb, var(--new) 75%, transparent); }
    .is-new .tag { color: var(--new); }
    .is-new .tag::before { content: "+ "; }
    .is-changed .face { box-shadow: 0 0 0 2px var(--edge); }
    .is-gone .face { border-style: dashed; background: transparent; color: var(--soft); }
    .is-gone .name, .is-gone .detail { text-decoration: line-through; }
    .is-gone .tag::before { content: "\2212  "; }
    .is-lost .face { border: 3px solid var(--alarm); background: repeating-linear-gradient(135deg, var(--alarm-soft) 0 7px, color-mix(in srgb, var(--alarm-soft) 76%, var(--alarm)) 7px 9px); color: var(--ink); }
    .is-lost .face::after { content: ""; position: absolute; inset: 0; background: linear-gradient(to top right, transparent calc(50% - 1.5px), var(--alarm) calc(50% - 1.5px) calc(50% + 1.5px), transparent calc(50% + 1.5px)), linear-gradient(to bottom right, transparent calc(50% - 1.5px), var(--alarm) calc(50% - 1.5px) calc(50% + 1.5px), transparent calc(50% + 1.5px)); opacity: 0.75; }
    .is-lost .name, .is-lost .detail { position: relative; z-index: 1; align-self: flex-start; background: color-mix(in srgb, var(--card) 85%, transparent); border-radius: 4px; padding: 0 0.2rem; }
    .is-lost .sign { visibility: hidden; }
    .is-lost .tag { white-space: nowrap; font-size: 0.72rem; color: #fff; background: #b3261e; border-radius: 5px; padding: 0.12rem 0; text-align: center; }
    .is-lost .tag::before { content: "\2715  "; }
    .is-dangling .tag, .tag.broken, .is-broken .tag.broken { color: var(--alarm); }
    .tag.broken::before { content: ""; }

    .has-arrows .strip { margin-bottom: 2.4rem; }
    .array { margin-top: 0.7rem; display: grid; grid-template-columns: 4.6rem minmax(0, 1fr); gap: 0.6rem; align-items: center; }
    .array h4 { font-size: 0.78rem; line-height: 1.2; font-weight: 600; color: var(--soft); }
    .chips { display: flex; flex-wrap: wrap; gap: 0.4rem 0.6rem; }
    .chip { border: 2px solid var(--grant-edge); border-radius: 8px; padding: 0.2rem 0.6rem; font-size: 0.88rem; background: var(--card); position: relative; z-index: 2; }
    .chip.kind-status { border-color: var(--status-edge); }
    .chip.is-idle { border: 1px dashed var(--edge); color: var(--soft); }
    .chip.is-stale, .chip.is-untracked { border: 2px dashed var(--alarm); background: var(--alarm-soft); }
    .chip.is-touched { box-shadow: 0 0 0 3px color-mix(in srgb, var(--ink) 14%, transparent); }
    .chip-name { font-weight: 650; }
    .chip-arrow { color: var(--soft); margin: 0 0.35rem; }
    .chip-place { font-family: var(--mono); font-size: 0.82rem; }
    .chip-state { display: block; font-size: 0.78rem; color: var(--soft); }
    .is-stale .chip-state, .is-untracked .chip-state { color: var(--alarm); font-weight: 650; }
    .arrows { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; overflow: visible; z-index: 1; }
    .arrow { fill: none; stroke: var(--arrow); stroke-width: 2; }
    .arrow.stale { stroke: var(--alarm); stroke-width: 3; stroke-dasharray: 7 5; }
    .arrow.blamed { stroke: var(--alarm); stroke-width: 2.5; stroke-dasharray: 7 5; opacity: 0.75; }
    .head.blamed { fill: var(--alarm); }
    .arrow.untracked { stroke: var(--alarm); stroke-width: 2; stroke-dasharray: 2 4; }
    .head { fill: var(--arrow); }
    .head.stale { fill: var(--alarm); }

    .narration { font-size: 0.95rem; display: grid; gap: 0.15rem; align-content: start; margin-bottom: 0.8rem; }
    @media (min-width: 40rem) { .narration { min-height: 6.2rem; } }
    .line { display: grid; grid-template-columns: 1.3rem minmax(0, 1fr); column-gap: 0.35rem; align-items: baseline; }
    .line-sign { text-align: center; font-family: var(--mono); font-weight: 700; color: var(--soft); }
    .line-aside { color: var(--soft); }
    .line.is-added .line-sign, .line.is-peace .line-sign { color: var(--good); }
    .line.is-collateral, .line.is-collateral .line-sign, .line.is-collateral .line-aside,
    .line.is-failure, .line.is-violation, .line.is-violation .line-sign, .line.is-stale .line-aside { color: var(--alarm); }
    .line.is-collateral, .line.is-violation { font-weight: 600; }

    nav h2 { font-size: 0.98rem; margin-bottom: 0.4rem; }
    nav { position: sticky; top: 6.2rem; }
    #list { position: relative; overflow-y: auto; height: calc(100vh - 12rem); min-height: 14rem; border: 1px solid var(--line); border-radius: 12px; background: var(--card); }
    #rows { position: relative; }
    .row { position: absolute; left: 0; right: 0; height: 36px; }
    .row a { display: flex; gap: 0.6rem; align-items: center; height: 36px; padding: 0 0.7rem; color: inherit; text-decoration: none; font-size: 0.88rem; border-left: 4px solid transparent; }
    .row a:focus-visible { outline-offset: -3px; }
    .row a:hover { background: color-mix(in srgb, var(--ink) 6%, transparent); }
    .row a[aria-current] { background: color-mix(in srgb, var(--focus) 14%, transparent); border-left-color: var(--focus); }
    .row-number { color: var(--soft); font-variant-numeric: tabular-nums; min-width: 1.6rem; text-align: right; }
    .row-text { flex: 1; min-width: 0; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
    .row-text b { font-weight: 600; }
    .row-signs { display: inline-flex; gap: 0.25rem; font-weight: 700; }

    footer { margin-top: 1.4rem; color: var(--soft); font-size: 0.9rem; }
    summary { cursor: pointer; padding: 0.6rem 0; min-height: 2.75rem; }
    .legend-body { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 1rem 2rem; color: var(--ink); padding: 0.4rem 0 1rem; }
    .kinds { display: grid; gap: 0.35rem; }
    .kinds li { display: flex; align-items: center; gap: 0.6rem; }
    .swatch { min-height: 0; width: 2rem; height: 1.5rem; padding: 0; text-align: center; font: 700 0.75rem/1.3rem var(--mono); display: inline-block; flex: none; }
    .signs { display: grid; grid-template-columns: 3.5rem 1fr; gap: 0.35rem 0.6rem; align-items: center; align-content: start; }
    .signs dd { margin: 0; }
    .signs svg { width: 3rem; height: 0.9rem; display: block; }
    .keys { border-collapse: collapse; align-self: start; justify-self: start; }
    .keys caption { text-align: left; font-weight: 650; }
    .keys td { padding: 0.12rem 1rem 0.12rem 0; }
    kbd { border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 5px; padding: 0 0.35rem; font-size: 0.85em; }
    .made { margin-top: 0.4rem; }

    @media (max-width: 64rem) {
      .body { grid-template-columns: minmax(0, 1fr); }
      nav { position: static; }
      #list { height: 20rem; }
    }
    @media (max-width: 40rem) {
      .player { position: static; gap: 0.4rem; padding: 0.5rem; }
      .buttons { flex: 1 1 100%; justify-content: space-between; }
      #position { min-width: 0; }
      .strip { grid-template-columns: repeat(auto-fill, minmax(6.6rem, 1fr)); }
      .domain { padding: 0.6rem; }
      .note { font-size: 1.1rem; }
      #parting dl { grid-template-columns: minmax(0, 1fr); }
    }
    @media (max-height: 32rem) { .player { position: static; } }
    @media (prefers-reduced-motion: no-preference) {
      .is-new .face { animation: arrive 0.35s ease-out; }
      .is-lost .face { animation: lose 0.5s ease-out; }
      @keyframes arrive { from { transform: translateY(-6px); opacity: 0.3; } }
      @keyframes lose { 30% { transform: translateX(-4px); } 60% { transform: translateX(4px); } }
    }
    @media (forced-colors: active) {
      .face, .chip { forced-color-adjust: none; }
    }
    @media print {
      :root { color-scheme: light; }
      html, body { background: #fff; }
      .player, nav, footer, .skip { display: none; }
      .body { display: block; }
      .domain { break-inside: avoid; }
      .face { animation: none !important; }
      .face, .tag, .chip { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }
    """##

  package static let script = ##"""
    "use strict";
    (() => {
    // The story: what is at each moment, from changes that are done and undone.
    const story = JSON.parse(document.getElementById("story").textContent);
    const texts = story.texts;
    const count = story.steps.length;
    const hex = (frame) => "0x" + frame.toString(16);

    /** The slots of a domain: [first frame, how many], in order. */
    const slotsOf = (machine, domain) => {
      const found = story.slots.find((m) => m.machine === machine);
      const ranges = found && found.domains.find((d) => d.id === domain);
      return ranges ? ranges.ranges : [];
    };

    /** The index of the slot that begins at a frame, or of the first behind it. */
    const slotAt = (slots, frame) => {
      let low = 0;
      let high = slots.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (slots[middle][0] < frame) low = middle + 1; else high = middle;
      }
      return low;
    };

    /** The domain's own RAM, of which nothing is said, has the reference of its allocation. */
    const makeBlock = (b) => ({
      first: b[0], count: b[1], kind: texts[b[2]], title: texts[b[3]], detail: texts[b[4]],
      references: b[5] === null && texts[b[2]] === "ram" ? 1 : b[5], leaf: b[6] === null ? null : texts[b[6]], mfn: b[7],
    });

    /** The frames of a grant table: how many, and those that are tracked or mapped. */
    class Frames {
      constructor() {
        this.count = 0;
        this.marks = new Map();
      }

      /** Does a change, and answers what undoes it. */
      apply(change) {
        const undo = { count: this.count, marks: [] };
        if (change.count !== undefined) this.count = change.count;
        for (const [frame, tracked, mapped] of change.marks || []) {
          undo.marks.push([frame, this.marks.get(frame)]);
          if (tracked === null && !mapped.length) this.marks.delete(frame);
          else this.marks.set(frame, { tracked, mapped });
        }
        return () => {
          this.count = undo.count;
          for (const [frame, mark] of undo.marks.reverse()) {
            if (mark) this.marks.set(frame, mark); else this.marks.delete(frame);
          }
        };
      }
    }

    /** A domain at one moment: `cover` has the block at each slot. */
    class Domain {
      constructor(machine, id) {
        this.id = id;
        this.slots = slotsOf(machine, id);
        this.cover = new Array(this.slots.length).fill(null);
        this.facts = { version: 1 };
        this.grant = new Frames();
        this.status = new Frames();
        /** How often it changed, there and back. */
        this.version = 0;
      }

      slotRange(block) {
        return [slotAt(this.slots, block.first), slotAt(this.slots, block.first + block.count)];
      }

      put(block, value, old) {
        const [from, to] = this.slotRange(block);
        for (let slot = from; slot < to; slot++) {
          if (this.slots[slot][0] >= block.first + block.count) break;
          old.push([slot, this.cover[slot]]);
          this.cover[slot] = value;
        }
      }

      apply(change) {
        this.version += 1;
        const old = [];
        const facts = this.facts;
        if (change.facts) this.facts = change.facts;
        for (const first of change.off || []) {
          const block = this.cover[slotAt(this.slots, first)];
          if (block) this.put(block, null, old);
        }
        for (const raw of change.on || []) {
          const block = makeBlock(raw);
          this.put(block, block, old);
        }
        const frames = [];
        if (change.grant) frames.push(this.grant.apply(change.grant));
        if (change.status) frames.push(this.status.apply(change.status));
        return () => {
          this.version += 1;
          for (const undo of frames.reverse()) undo();
          for (let i = old.length - 1; i >= 0; i--) this.cover[old[i][0]] = old[i][1];
          this.facts = facts;
        };
      }
    }

    class Machine {
      constructor(name) {
        this.name = name;
        this.variant = "";
        this.panic = undefined;
        this.domains = new Map();
      }

      apply(change) {
        const before = { variant: this.variant, panic: this.panic, domains: new Map(this.domains) };
        const undo = [];
        if (change.variant !== undefined) {
          this.variant = texts[change.variant];
          this.panic = change.panic;
        }
        for (const each of change.domains || []) {
          if (each.gone) {
            this.domains.delete(each.id);
            continue;
          }
          let domain = this.domains.get(each.id);
          if (!domain) {
            domain = new Domain(this.name, each.id);
            this.domains.set(each.id, domain);
          }
          undo.push(domain.apply(each));
        }
        return () => {
          for (const each of undo.reverse()) each();
          Object.assign(this, before);
        };
      }
    }

    /** One hypervisor, at the moment that was gone to last. */
    class Side {
      constructor(number) {
        this.number = number;
        this.name = story.sides[number].name;
        this.isRecorded = !!story.sides[number].recorded;
        const window = story.sides[number].window;
        this.window = window ? new Set(window) : null;
        this.machines = new Map();
        this.position = 0;
        this.undo = [];
      }

      outcome(step) { return story.steps[step - 1].sides[this.number]; }

      /** Goes to where `step` requests are done. */
      go(step) {
        while (this.position < step) {
          this.position += 1;
          this.undo[this.position] = this.apply(this.outcome(this.position).change || []);
        }
        while (this.position > step) {
          this.undo[this.position]();
          this.position -= 1;
        }
      }

      apply(changes) {
        const machines = new Map(this.machines);
        const undo = [];
        for (const change of changes) {
          const name = texts[change.name];
          if (change.gone) {
            this.machines.delete(name);
            continue;
          }
          let machine = this.machines.get(name);
          if (!machine) {
            machine = new Machine(name);
            this.machines.set(name, machine);
          }
          undo.push(machine.apply(change));
        }
        return () => {
          for (const each of undo.reverse()) each();
          this.machines = machines;
        };
      }

      /** What was at slots and frames before the step that touched them, by machine and domain. */
      before(step) {
        const before = new Map();
        const changes = this.outcome(step).change || [];
        this.go(step - 1);
        for (const change of changes) {
          const machine = this.machines.get(texts[change.name]);
          for (const each of change.domains || []) {
            const domain = machine && machine.domains.get(each.id);
            if (!domain) continue;
            const slots = new Map();
            const marks = new Map();
            for (const kind of ["grant", "status"]) {
              for (const [frame] of (each[kind] && each[kind].marks) || []) {
                marks.set(kind + frame, domain[kind].marks.get(frame));
              }
            }
            const note = (first, end) => {
              for (let slot = slotAt(domain.slots, first);
                slot < domain.slots.length && domain.slots[slot][0] < end; slot++) {
                slots.set(slot, domain.cover[slot]);
              }
            };
            for (const first of each.off || []) {
              const block = domain.cover[slotAt(domain.slots, first)];
              if (block) note(block.first, block.first + block.count);
            }
            for (const block of each.on || []) note(block[0], block[0] + block[1]);
            before.set(texts[change.name] + "/" + each.id, { slots, marks });
          }
        }
        this.go(step);
        return before;
      }
    }

    const sides = story.sides.map((_, number) => new Side(number));

    // What is pinned on the timeline. A hypervisor that dies breaks no property, and is worse.
    const deaths = [];
    const violations = [];
    const differences = [];
    const noted = [];
    story.steps.forEach((step, index) => {
      if (step.sides.some((side) => side.died)) deaths.push(index + 1);
      if (step.sides.some((side) => side.broke || side.lost || side.died)) violations.push(index + 1);
      if (step.difference) differences.push(index + 1);
      if (step.notes) noted.push(index + 1);
    });
    // The picture of one domain: its guest frames as a strip, its grant table below, arrows in between.
    const make = (tag, className, text) => {
      const element = document.createElement(tag);
      if (className) element.className = className;
      if (text !== undefined) element.textContent = text;
      return element;
    };
    const svg = (tag, attributes) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const name in attributes) element.setAttribute(name, attributes[name]);
      return element;
    };
    const plural = (number, word) => number + " " + word + (number === 1 ? "" : "s");

    /** Signs of the kinds, beside their colours. */
    const SIGNS = {
      grant: "G", status: "S", foreign: "F", ram: "R", populated: "P", sharedInfo: "I", device: "D",
      free: "!", hole: "", unknown: "?",
    };
    /** Strips with more slots than this are drawn only where one looks. */
    const WINDOW = 240;

    const isRun = (kind) => kind === "ram" || kind === "device" || kind === "hole" || kind === "unknown";
    const looksLike = (a, b) => a === b || (a && b && a.kind === b.kind && a.detail === b.detail
      && a.references === b.references && a.leaf === b.leaf && a.mfn === b.mfn);

    /** What one slot says, and why it stands out. */
    const slotState = (domain, slot, context) => {
      const [first, size] = domain.slots[slot];
      const now = domain.cover[slot];
      const was = context.before.has(slot) ? context.before.get(slot) : now;
      const state = { first, size, block: now, ghost: null, mark: "", tags: [] };
      if (context.lost.has(first)) {
        state.mark = "lost";
        state.ghost = was;
        state.tags.push("taken away");
      } else if (!looksLike(was, now)) {
        if (now && was && now.kind === was.kind && now.detail === was.detail) {
          state.mark = "changed";
          if (now.references !== was.references) {
            state.tags.push("references " + was.references + " → " + now.references);
          } else if (now.leaf !== was.leaf) state.tags.push("split");
        } else if (now && now.kind === "free") {
          state.mark = "dangling";
          state.tags.push("was " + label(was, size));
        } else if (now && now.kind !== "hole") {
          state.mark = "new";
          state.tags.push(was && was.kind !== "hole" ? "replaced " + label(was, size) : "new");
        } else {
          state.mark = "gone";
          state.ghost = was;
          state.tags.push(hasMoved(domain, was) ? "moved" : "unmapped");
        }
      }
      if (now && now.kind === "free" && state.mark === "") state.mark = "dangling";
      if (context.broken.gfns.has(first) || (now && context.broken.mfns.has(now.mfn))) {
        state.broken = true;
      }
      const region = (domain.facts.regions || []).find(
        (r) => first >= r.first && first < r.first + r.count);
      state.region = region;
      state.regionStart = region && (slot === 0 || domain.slots[slot - 1][0] < region.first);
      return state;
    };

    /** Whether a frame of the grant table is elsewhere now. */
    const hasMoved = (domain, was) => {
      const frames = was && (was.kind === "grant" || was.kind === "status") ? domain[was.kind] : null;
      const mark = frames && frames.marks.get(Number(was.detail.replace("frame ", "")));
      return !!mark && mark.mapped.length > 0;
    };

    const label = (block, size) => {
      if (!block) return "nothing";
      const parts = [block.title];
      if (block.detail) parts.push(block.detail);
      if (isRun(block.kind) || size > 1) parts.push(plural(size, "page"));
      if (block.leaf) parts.push("in leaves of " + block.leaf);
      return parts.join(" ");
    };

    const spoken = (state, context) => {
      const place = state.size > 1
        ? hex(state.first) + " to " + hex(state.first + state.size - 1) : hex(state.first);
      const isKnown = state.block || context.knows(state.first);
      const parts = [place + ": " + (isKnown ? label(state.block, state.size) : "not recorded")];
      if (state.block && state.block.references !== null) {
        parts.push(plural(state.block.references, "reference"));
      }
      if (state.mark === "lost") {
        parts.push(label(state.ghost, state.size) + " was taken away, although the request did not name it");
      } else if (state.mark === "gone") parts.push(label(state.ghost, state.size) + " " + state.tags[0]);
      else parts.push(...state.tags);
      if (state.broken) parts.push("violation");
      if (state.region) parts.push("region " + text(state.region.name));
      return parts.join(", ");
    };
    const text = (value) => (typeof value === "number" ? texts[value] : value);

    /** The cell of one slot. */
    const makeCell = (domain, slot, context) => {
      const state = slotState(domain, slot, context);
      const shown = state.mark === "lost" || state.mark === "gone" ? state.ghost : state.block;
      const kind = shown ? shown.kind : "empty";
      const cell = make("li", "cell kind-" + kind + (state.mark ? " is-" + state.mark : ""));
      if (state.broken) cell.classList.add("is-broken");
      if (state.region) cell.classList.add("in-region");
      cell.setAttribute("aria-posinset", slot + 1);
      cell.setAttribute("aria-setsize", domain.slots.length);
      cell.dataset.slot = slot;
      cell.dataset.gfn = hex(state.first);
      cell.append(make("span", "hidden", spoken(state, context)));
      const seen = make("div", "seen");
      seen.setAttribute("aria-hidden", "true");
      const gap = slot > 0
        ? state.first - domain.slots[slot - 1][0] - domain.slots[slot - 1][1] : state.first;
      if (gap > 0 && slot > 0) {
        const sign = make("span", "gap", "⋯");
        sign.title = plural(gap, "guest frame") + " in between, at which nothing ever is";
        if (gap < 10000) sign.append(make("small", "", gap));
        seen.append(sign);
      }
      const head = make("span", "gfn", hex(state.first));
      if (state.size > 1) head.append(make("span", "more", "+" + hex(state.size)));
      seen.append(head);
      const box = make("div", "box");
      const body = make("div", "face");
      if (shown) {
        if (SIGNS[kind]) body.append(make("span", "sign", SIGNS[kind]));
        // A long name keeps clear of the sign beside it; at an underscore it may go on below.
        const name = make("span", shown.title.length > 8 ? "name is-long" : "name");
        name.textContent = shown.title.replace("_", "_\u200b");
        body.append(name);
        const pages = isRun(kind) || state.size > 1 ? plural(state.size, "page") : "";
        const detail = [shown.detail, pages].filter(Boolean).join(", ");
        if (detail) body.append(make("span", "detail", detail));
        if (shown.leaf) body.append(make("span", "leaf", shown.leaf));
        if (shown.references !== null && !(isRun(kind) && shown.references === 1) && state.mark !== "gone" && state.mark !== "lost") {
          const badge = make("span", "references", "×" + shown.references);
          badge.title = plural(shown.references, "reference");
          body.append(badge);
        }
      } else {
        body.append(make("span", "name", context.knows(state.first) ? "empty" : "not recorded"));
      }
      box.append(body);
      for (const tag of state.tags) box.append(make("span", "tag", tag));
      if (state.broken && state.mark !== "lost") box.append(make("span", "tag broken", "▲ violation"));
      seen.append(box);
      if (state.regionStart) seen.append(make("span", "region", text(state.region.name)));
      cell.append(seen);
      return cell;
    };

    /** The chips of the frames that a grant table has. */
    const frameChips = (domain, kind, context) => {
      const frames = domain[kind];
      const chips = [];
      const idle = [];
      for (let frame = 0; frame < frames.count; frame++) {
        const mark = frames.marks.get(frame);
        if (!mark) {
          if (!(context.frames.has(kind + frame))) {
            idle.push(frame);
            continue;
          }
        }
        chips.push({ frame, kind, ...(mark || { tracked: null, mapped: [] }) });
      }
      return { chips, idle };
    };

    const chipState = (chip) => {
      if (chip.tracked !== null && !chip.mapped.includes(chip.tracked)) return "stale";
      if (chip.mapped.some((gfn) => gfn !== chip.tracked)) return "untracked";
      return chip.tracked === null ? "idle" : "right";
    };

    const chipText = (chip) => {
      switch (chipState(chip)) {
        case "stale": return chip.mapped.length
          ? "stale: it is at " + chip.mapped.map(hex).join(", ") : "stale: it is nowhere";
        case "untracked": return "but it is at "
          + chip.mapped.filter((gfn) => gfn !== chip.tracked).map(hex).join(", ");
        case "idle": return "nowhere";
        default: return "it is there";
      }
    };

    const makeChip = (chip, context) => {
      const state = chipState(chip);
      const item = make("li", "chip is-" + state + " kind-" + chip.kind);
      item.dataset.frame = chip.kind + chip.frame;
      if (context.frames.has(chip.kind + chip.frame)) item.classList.add("is-touched");
      const name = (chip.kind === "status" ? "status " : "frame ") + chip.frame;
      const place = chip.tracked === null ? "nowhere" : hex(chip.tracked);
      item.append(make("span", "chip-name", name));
      item.append(make("span", "hidden", " is tracked at "));
      const arrow = make("span", "chip-arrow", "→");
      arrow.setAttribute("aria-hidden", "true");
      item.append(arrow);
      item.append(make("span", "chip-place", place));
      const sign = make("span", "chip-state",
        (state === "right" ? "✓ " : state === "idle" ? "" : "⚠ ") + (chip.tracked === null && state === "idle" ? "" : chipText(chip)));
      item.append(sign);
      if (context.broken.frames.has(chip.kind + chip.frame)) item.classList.add("is-broken");
      return item;
    };
    // A domain's panel, drawn anew at each step; of a long strip only what is visible.
    const CELL_WIDTH = 136;
    const CELL_HEIGHT = 116;

    const panelMemory = new Map();

    /** Draws one domain. `key` names the panel from step to step. */
    const makePanel = (side, machine, domain, key, context) => {
      const memory = panelMemory.get(key) || { scroll: 0 };
      panelMemory.set(key, memory);
      // Of a domain in which nothing happens the panel stays.
      const state = context.isPlain ? domain.version : -1;
      if (memory.panel && state >= 0 && memory.domain === domain && memory.state === state) return memory.panel;
      const panel = make("section", "domain");
      Object.assign(memory, { panel, domain, state });
      const facts = domain.facts;
      const heading = make("h3", "", "Domain " + domain.id);
      const badges = make("span", "badges");
      if (facts.privileged) badges.append(make("span", "badge", "privileged"));
      if (facts.version > 1) badges.append(make("span", "badge", "grant table version " + facts.version));
      for (const region of facts.regions || []) {
        badges.append(make("span", "badge region-badge", text(region.name) + " " + hex(region.first)
          + "+" + hex(region.count) + " (" + texts[region.kind] + ")"));
      }
      heading.append(badges);
      panel.append(heading);
      if (facts.crash) panel.append(make("p", "dead", "✖ Xen crashed this domain: " + facts.crash));
      if (facts.vcpus) panel.append(makeVCPUs(facts.vcpus));
      const drawing = make("div", "drawing");
      const strip = make("ol", "strip");
      strip.setAttribute("aria-label", "Guest frames of domain " + domain.id);
      drawing.append(strip);
      if (domain.slots.length > WINDOW) drawWindow(strip, domain, context, memory, () => drawArrows(panel, domain, context));
      else domain.slots.forEach((_, slot) => strip.append(makeCell(domain, slot, context)));
      if (!domain.slots.length) strip.append(make("li", "nothing", "nothing mapped"));
      for (const kind of ["grant", "status"]) {
        const { chips, idle } = frameChips(domain, kind, context);
        if (!chips.length && !idle.length) continue;
        if (!chips.length) {
          badges.append(make("span", "badge", idleText(kind, idle)));
          continue;
        }
        drawing.classList.add("has-arrows");
        const row = make("div", "array");
        row.append(make("h4", "", kind === "grant" ? "Tracking array" : "Status frames"));
        const list = make("ul", "chips");
        list.setAttribute("aria-label", kind === "grant"
          ? "Where Xen tracks the grant frames" : "Where Xen tracks the status frames");
        for (const chip of chips) list.append(makeChip(chip, context));
        if (idle.length) list.append(make("li", "chip is-idle", idleText(kind, idle)));
        row.append(list);
        drawing.append(row);
      }
      const arrows = svg("svg", { class: "arrows", "aria-hidden": "true" });
      drawing.append(arrows);
      panel.append(drawing);
      panel.redraw = () => drawArrows(panel, domain, context);
      return panel;
    };

    const idleText = (kind, idle) => {
      const name = kind + " frame";
      if (idle.length === 1) return name + " " + idle[0] + " nowhere";
      const isRow = idle[idle.length - 1] - idle[0] === idle.length - 1;
      return isRow ? name + "s " + idle[0] + " to " + idle[idle.length - 1] + " nowhere"
        : idle.length + " other " + name + "s nowhere";
    };

    const makeVCPUs = (vcpus) => {
      const list = make("ul", "vcpus");
      list.setAttribute("aria-label", "vCPUs");
      vcpus.forEach((doing, number) => {
        const item = make("li", doing ? "vcpu is-busy" : "vcpu");
        item.append(make("b", "", "vCPU " + number));
        const [before, lock] = (doing || "idle").split(", holds ");
        item.append(make("span", "", " " + before));
        if (lock) item.append(make("span", "lock", "holds " + lock));
        list.append(item);
      });
      return list;
    };

    /** Draws the rows of a long strip that are visible, and those again when it is scrolled. */
    const drawWindow = (strip, domain, context, memory, after) => {
      strip.classList.add("is-window");
      strip.tabIndex = 0;
      const space = make("li", "space");
      space.setAttribute("aria-hidden", "true");
      strip.append(space);
      let columns = 0;
      let rows = 0;
      let shown = "";
      // What is no higher than what is seen of it cannot be scrolled.
      const measure = () => {
        columns = Math.max(1, Math.floor(strip.clientWidth / CELL_WIDTH));
        rows = Math.ceil(domain.slots.length / columns);
        space.style.height = rows * CELL_HEIGHT + "px";
      };
      const draw = () => {
        const width = strip.clientWidth;
        if (!width) return;
        measure();
        const from = Math.max(0, Math.floor(strip.scrollTop / CELL_HEIGHT) - 1);
        const to = Math.min(rows, Math.ceil((strip.scrollTop + strip.clientHeight) / CELL_HEIGHT) + 1);
        const range = columns + "/" + from + "/" + to;
        if (range === shown) return;
        shown = range;
        for (const old of strip.querySelectorAll(".cell")) old.remove();
        const cells = document.createDocumentFragment();
        for (let slot = from * columns; slot < Math.min(to * columns, domain.slots.length); slot++) {
          const cell = makeCell(domain, slot, context);
          cell.style.left = (slot % columns) * (width / columns) + "px";
          cell.style.top = Math.floor(slot / columns) * CELL_HEIGHT + "px";
          cells.append(cell);
        }
        strip.append(cells);
        after();
      };
      strip.addEventListener("scroll", () => {
        memory.scroll = strip.scrollTop;
        draw();
      }, { passive: true });
      strip.show = () => {
        measure();
        strip.scrollTop = memory.scroll;
        const focus = context.focus;
        if (focus !== undefined) {
          const top = Math.floor(focus / columns) * CELL_HEIGHT;
          if (top < strip.scrollTop || top + CELL_HEIGHT > strip.scrollTop + strip.clientHeight) {
            strip.scrollTop = top - CELL_HEIGHT / 2;
          }
        }
        draw();
      };
    };

    /** The arrows from the frames to where Xen believes them. */
    const drawArrows = (panel, domain, context) => {
      const drawing = panel.querySelector(".drawing");
      const arrows = panel.querySelector(".arrows");
      if (!drawing || !arrows) return;
      const around = drawing.getBoundingClientRect();
      arrows.replaceChildren();
      const strip = drawing.querySelector(".strip");
      const clip = strip.classList.contains("is-window") ? strip.getBoundingClientRect() : null;
      const bottomOf = (gfn) => {
        const cell = strip.querySelector('[data-gfn="' + hex(gfn) + '"] .box');
        if (!cell) return null;
        const box = cell.getBoundingClientRect();
        if (clip && (box.bottom > clip.bottom + 2 || box.bottom < clip.top)) return null;
        return { x: box.left + box.width / 2 - around.left, y: box.bottom - around.top };
      };
      for (const kind of ["grant", "status"]) {
        for (const [number, mark] of domain[kind].marks) {
          const chip = drawing.querySelector('[data-frame="' + kind + number + '"]');
          if (!chip) continue;
          const box = chip.getBoundingClientRect();
          const start = { x: box.left + box.width / 2 - around.left, y: box.top - around.top };
          const isStale = mark.tracked !== null && !mark.mapped.includes(mark.tracked);
          if (mark.tracked !== null) drawArrow(arrows, start, bottomOf(mark.tracked), isStale ? "stale" : "");
          for (const gfn of mark.mapped) {
            if (gfn !== mark.tracked) drawArrow(arrows, start, bottomOf(gfn), "untracked");
          }
        }
      }
      // What was taken away was taken where a frame was believed.
      for (const [frame, mark] of context.marks) {
        if (!mark || !context.lost.has(mark.tracked)) continue;
        const chip = drawing.querySelector('[data-frame="' + frame + '"]');
        const box = chip && chip.getBoundingClientRect();
        if (box) {
          drawArrow(arrows, { x: box.left + box.width / 2 - around.left, y: box.top - around.top },
            bottomOf(mark.tracked), "blamed");
        }
      }
    };

    const drawArrow = (arrows, from, to, kind) => {
      if (!to) return;
      const reach = Math.max(18, (from.y - to.y) / 2);
      const end = to.y + (kind === "untracked" ? 2 : 8);
      arrows.append(svg("path", {
        class: "arrow " + kind,
        d: "M" + from.x + " " + from.y + "C" + from.x + " " + (from.y - reach) + " " + to.x + " "
          + (end + reach) + " " + to.x + " " + end,
      }));
      if (kind !== "untracked") {
        arrows.append(svg("path", {
          class: "head " + kind,
          d: "M" + (to.x - 5) + " " + (end + 1) + "L" + to.x + " " + (to.y + 1) + "L" + (to.x + 5) + " " + (end + 1) + "z",
        }));
      }
    };
    // The page: the step that is shown, and the ways to another.
    const byId = (id) => document.getElementById(id);
    const scrubber = byId("scrubber");
    let current = 0;
    let timer = 0;
    const PAUSE = 1400;

    const stepText = (step) => texts[step.method] + (step.args ? " " + step.args : "");
    const answerOf = (outcome) => (outcome.answer === undefined ? "ok" : texts[outcome.answer]);

    /** What stands out in a side's picture at a step, by machine and domain. */
    const contextsOf = (side, step) => {
      const outcome = step > 0 ? side.outcome(step) : {};
      const before = step > 0 ? side.before(step) : new Map();
      return (machine, domain) => {
        const was = before.get(machine.name + "/" + domain.id);
        const context = {
          before: was ? was.slots : new Map(), marks: was ? was.marks : new Map(), lost: new Set(),
          frames: new Set(), knows: (first) => !side.window || side.window.has(first),
          broken: { gfns: new Set(), mfns: new Set(), frames: new Set() }, focus: undefined,
        };
        for (const [name, id, gfn] of outcome.lost || []) {
          if (name === machine.name && id === domain.id) context.lost.add(gfn);
        }
        for (const change of outcome.change || []) {
          if (texts[change.name] !== machine.name) continue;
          for (const each of change.domains || []) {
            if (each.id !== domain.id) continue;
            for (const kind of ["grant", "status"]) {
              for (const mark of (each[kind] && each[kind].marks) || []) context.frames.add(kind + mark[0]);
            }
          }
        }
        for (const finding of outcome.broke || []) {
          if (texts[finding.machine] !== machine.name) continue;
          if (finding.mfn !== undefined) context.broken.mfns.add(finding.mfn);
          if (finding.domain !== domain.id) continue;
          if (finding.gfn !== undefined) context.broken.gfns.add(finding.gfn);
          if (finding.frame !== undefined) {
            context.broken.frames.add((finding.status ? "status" : "grant") + finding.frame);
          }
        }
        const touched = [...context.before.keys()].filter(
          (slot) => !looksLike(context.before.get(slot), domain.cover[slot]));
        const lost = [...context.lost].map((gfn) => slotAt(domain.slots, gfn));
        context.isPlain = !was && !lost.length && !context.broken.gfns.size && !context.broken.mfns.size
          && !context.broken.frames.size;
        context.focus = lost.length ? Math.min(...lost) : touched.length ? Math.min(...touched) : undefined;
        return context;
      };
    };

    const ROLE_SIGNS = {
      step: "·", removed: "−", moved: "−", collateral: "✕", added: "+", tracking: "~", growth: "~", version: "~",
      violation: "▲", failure: "", finding: "=", stale: "=", peace: "✓", request: "",
    };

    const makeNarration = (lines) => {
      const list = make("ul", "narration");
      const limit = 200;
      for (const [role, line, aside] of lines.slice(0, limit)) {
        const item = make("li", "line is-" + role);
        const sign = make("span", "line-sign", ROLE_SIGNS[role] || "");
        sign.setAttribute("aria-hidden", "true");
        item.append(sign);
        const words = make("span", "line-text", line);
        if (aside) {
          const arrow = role === "collateral" || role === "moved" ? "← " : "";
          words.append(" ", make("span", "line-aside", arrow + aside));
        }
        item.append(words);
        list.append(item);
      }
      if (lines.length > limit) list.append(make("li", "line", "and " + (lines.length - limit) + " more"));
      return list;
    };

    const makeSide = (side) => {
      const step = current;
      const article = make("article", "side");
      const outcome = step > 0 ? side.outcome(step) : null;
      const heading = make("h2", "", side.isRecorded ? side.name + ", recorded" : side.name);
      if (outcome) {
        const answer = make("span", "answer " + (outcome.failed ? "is-failed" : "is-ok"),
          (outcome.failed ? "✖ " : "✓ ") + answerOf(outcome));
        heading.append(answer);
      }
      article.append(heading);
      const context = contextsOf(side, step);
      article.append(makeNarration(outcome && outcome.lines ? outcome.lines : []));
      const machines = make("div", "machines");
      article.append(machines);
      for (const machine of side.machines.values()) {
        const box = make("div", "machine");
        if (machine.panic) {
          box.classList.add("is-dead");
          box.append(make("p", "dead", "✖ The hypervisor is dead: " + machine.panic));
        }
        if (side.machines.size > 1 || machine.name !== "main") {
          box.append(make("p", "machine-name", "machine " + machine.name + ", " + machine.variant));
        } else if (machine.variant !== side.name && !side.isRecorded) {
          box.append(make("p", "machine-name", machine.variant));
        }
        if (!machine.domains.size) box.append(make("p", "nothing", "no domains yet"));
        for (const domain of machine.domains.values()) {
          const key = side.number + "/" + machine.name + "/" + domain.id;
          box.append(makePanel(side, machine, domain, key, context(machine, domain)));
        }
        machines.append(box);
      }
      if (!side.machines.size) machines.append(make("p", "nothing", "nothing there yet"));
      return article;
    };

    const announcement = () => {
      if (current === 0) return "Start, before the first of " + plural(count, "step");
      const step = story.steps[current - 1];
      const parts = ["Step " + current + " of " + count + ": " + stepText(step)];
      step.sides.forEach((outcome, number) => {
        const name = sides.length > 1 ? sides[number].name + ": " : "";
        const said = [answerOf(outcome)];
        for (const [role, line, aside] of (outcome.lines || []).slice(0, 12)) {
          if (role === "removed") said.push("unmapped " + line);
          else if (role === "collateral") said.push("taken away, " + aside + ": " + line);
          else if (role === "moved") said.push("gone, " + aside + ": " + line);
          else if (role === "added") said.push("mapped " + line);
          else if (role === "violation") said.push("violation, " + line);
          else said.push(line);
        }
        parts.push(name + said.join("; "));
      });
      if (step.difference) parts.push("The sides part here, at " + step.difference.place);
      return parts.join(". ");
    };

    let announceTimer = 0;
    const announce = () => {
      clearTimeout(announceTimer);
      // While somebody drags, only where it ends is said.
      announceTimer = setTimeout(() => { byId("announcer").textContent = announcement(); }, 350);
    };

    /** Whether the replies are shown where the sides differ. */
    let isOpen = false;

    const drawHead = () => {
      const notes = byId("notes");
      notes.replaceChildren();
      const step = current > 0 ? story.steps[current - 1] : null;
      const said = step ? step.notes || [] : [];
      const after = current === count ? story.epilogue : [];
      for (const note of said) notes.append(make("p", "note", note));
      if (step && !said.length && !after.length) {
        // What was said last still holds.
        const last = noted.filter((place) => place < current).pop();
        const earlier = last ? story.steps[last - 1].notes : [];
        if (last) notes.append(make("p", "note is-earlier", earlier[earlier.length - 1]));
      }
      const request = byId("request");
      request.replaceChildren();
      if (step) {
        const line = make("p", "call");
        line.append(make("code", "method", texts[step.method]));
        if (step.args) line.append(make("code", "args", step.args));
        line.append(make("span", "line-number", (step.operation === undefined ? "" : "operation " + step.operation + ", ") + "line " + step.line));
        request.append(line);
        if (step.within !== undefined) request.append(make("p", "within", "a step of " + texts[step.within]));
      } else {
        request.append(make("p", "call", "Before the first request. Press play, or → to step."));
      }
      for (const note of after) notes.append(make("p", "note", note));
      const parting = byId("parting");
      parting.hidden = !(step && step.difference);
      parting.replaceChildren();
      if (step && step.difference) {
        const isFirst = differences[0] === current;
        parting.append(make("h2", "", (isFirst ? "≠ Here they part: " : "≠ They differ: ") + step.difference.place));
        const list = make("dl", "");
        step.difference.values.forEach((value, number) => {
          list.append(make("dt", "", sides[number].isRecorded ? sides[number].name + " answered" : sides[number].name));
          list.append(make("dd", "", value === null ? "nothing" : value));
        });
        if (step.difference.values.every((value) => value === null || value.length < 80)) {
          parting.append(list);
        } else {
          const details = make("details", "");
          details.open = isOpen;
          details.ontoggle = () => { isOpen = details.open; };
          details.append(make("summary", "", "What the replies say there"), list);
          parting.append(details);
        }
      }
    };

    const draw = () => {
      drawHead();
      const box = byId("sides");
      box.replaceChildren(...sides.map(makeSide));
      finishPanels();
    };

    /** What needs the panels' places: long strips and arrows. */
    const finishPanels = () => {
      for (const strip of document.querySelectorAll(".strip.is-window")) strip.show();
      for (const panel of document.querySelectorAll(".domain")) panel.redraw();
    };

    let lastMilliseconds = 0;
    const go = (step, options = {}) => {
      const target = Math.max(0, Math.min(count, Math.round(step)));
      if (target === current && !options.force) return;
      const start = performance.now();
      current = target;
      for (const side of sides) side.go(current);
      draw();
      scrubber.value = current;
      const where = current === 0 ? "start" : current + " of " + count;
      byId("position").textContent = where;
      scrubber.setAttribute("aria-valuetext", current === 0 ? "start"
        : "step " + current + " of " + count + ": " + stepText(story.steps[current - 1]));
      for (const id of ["first", "previous"]) byId(id).disabled = current === 0;
      for (const id of ["next", "last"]) byId(id).disabled = current === count;
      enableJump("violation", violations);
      enableJump("difference", differences);
      showRow();
      if (!options.isLoading) {
        history.replaceState(null, "", "#step=" + current);
        announce();
      }
      document.body.dataset.step = current;
      lastMilliseconds = performance.now() - start;
      document.body.dataset.milliseconds = lastMilliseconds.toFixed(2);
    };

    const enableJump = (name, places) => {
      byId("previous-" + name).disabled = !places.length || places[0] >= current;
      byId("next-" + name).disabled = !places.length || places[places.length - 1] <= current;
    };

    const jump = (places, direction) => {
      const found = direction > 0
        ? places.find((place) => place > current) : places.filter((place) => place < current).pop();
      if (found !== undefined) go(found);
    };

    // Playing stops where the sides part, so that nobody misses it.
    const isPlaying = () => timer !== 0;
    const pause = () => {
      clearTimeout(timer);
      timer = 0;
      document.body.classList.remove("is-playing");
      byId("play").setAttribute("aria-label", "Play");
    };
    const tick = () => {
      if (current >= count) return pause();
      go(current + 1);
      if (current >= count || story.steps[current - 1].difference) return pause();
      timer = setTimeout(tick, PAUSE);
    };
    const play = () => {
      if (isPlaying()) return pause();
      if (current >= count) go(0);
      document.body.classList.add("is-playing");
      byId("play").setAttribute("aria-label", "Pause");
      timer = setTimeout(tick, 250);
    };

    const stepOn = (by) => {
      pause();
      go(current + by);
    };
    const stepTo = (step) => {
      pause();
      go(step);
    };

    const KEYS = {
      ArrowLeft: () => stepOn(-1), ArrowRight: () => stepOn(1), Home: () => stepTo(0),
      End: () => stepTo(count), PageUp: () => stepOn(-10), PageDown: () => stepOn(10),
      " ": play, n: () => jump(violations, 1), p: () => jump(violations, -1),
      d: () => jump(differences, 1), c: () => jump(differences, -1),
    };

    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const on = event.target;
      // Space presses what has the focus; what scrolls takes its own keys.
      if (event.key === " " && on.closest("button, summary, a")) return;
      const scrolls = on.closest("#list, .strip.is-window");
      if (scrolls && ["Home", "End", "PageUp", "PageDown", " "].includes(event.key)) return;
      const action = KEYS[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    });
    // The list of requests, of which only what is visible exists; the timeline's pins; the start.
    const ROW = 36;
    const list = byId("list");
    const rows = byId("rows");
    let rowsShown = "";

    const makeRow = (number) => {
      const step = story.steps[number - 1];
      const item = make("li", "row");
      item.style.top = (number - 1) * ROW + "px";
      item.setAttribute("aria-posinset", number);
      item.setAttribute("aria-setsize", count);
      const link = make("a", "");
      link.href = "#step=" + number;
      link.dataset.step = number;
      if (number === current) link.setAttribute("aria-current", "step");
      link.append(make("span", "row-number", number));
      const signs = make("span", "row-signs");
      const sign = (mark, name, kind) => {
        const each = make("span", kind, mark);
        each.title = name;
        each.append(make("span", "hidden", name));
        signs.append(each);
      };
      if (step.sides.some((side) => side.lost)) sign("✕", "collateral change", "violation");
      if (step.sides.some((side) => side.broke)) sign("▲", "violation", "violation");
      if (step.sides.some((side) => side.died)) sign("☠", "died", "violation");
      if (step.difference) sign("≠", "the sides differ", "difference");
      if (step.sides.some((side) => side.failed)) sign("✖", "failed", "failed");
      const name = make("span", "row-text");
      name.append(make("b", "", texts[step.method]), " " + step.args);
      link.append(name, signs);
      item.append(link);
      return item;
    };

    const drawRows = (force) => {
      const from = Math.max(1, Math.floor(list.scrollTop / ROW) - 3);
      const to = Math.min(count, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + 4);
      const range = from + "/" + to + "/" + current;
      if (!force && range === rowsShown) return;
      rowsShown = range;
      const fragment = document.createDocumentFragment();
      for (let number = from; number <= to; number++) fragment.append(makeRow(number));
      // Whoever walks the list with the keyboard keeps the focus.
      const focused = rows.contains(document.activeElement) ? document.activeElement.dataset.step : null;
      rows.replaceChildren(fragment);
      if (focused) {
        const again = rows.querySelector('[data-step="' + focused + '"]');
        if (again) again.focus({ preventScroll: true });
      }
    };

    const showRow = () => {
      const top = (current - 1) * ROW;
      if (top < list.scrollTop || top + ROW > list.scrollTop + list.clientHeight) {
        list.scrollTop = Math.max(0, top - list.clientHeight / 2);
      }
      drawRows();
    };

    /** Pins that would lie on each other are one. */
    const drawPins = () => {
      const pins = byId("pins");
      const places = new Map();
      const pin = (kind, sign) => (step) => {
        const place = Math.round(step / count * 400);
        const key = kind + place;
        if (!places.has(key)) places.set(key, { kind, sign, step });
      };
      deaths.forEach(pin("violation", "☠"));
      violations.filter((step) => !deaths.includes(step)).forEach(pin("violation", "▲"));
      differences.slice(0, 1).forEach(pin("parting", "≠"));
      differences.slice(1).forEach(pin("difference", ""));
      noted.forEach(pin("noted", ""));
      for (const { kind, sign, step } of places.values()) {
        const mark = make("span", "pin " + kind, sign);
        mark.style.left = step / count * 100 + "%";
        pins.append(mark);
      }
    };

    const stepOfAddress = () => {
      const found = /^#step=(\d+)$/.exec(location.hash);
      return found ? Number(found[1]) : null;
    };

    const start = () => {
      byId("title").textContent = story.title;
      const names = sides.map((side) => (side.isRecorded ? side.name + " (recorded)" : side.name));
      byId("subtitle").textContent = names.join(" beside ") + " · " + plural(count, "request")
        + (differences.length ? " · they part at step " + differences[0]
          : sides.length > 1 ? " · they answer alike" : "");
      document.body.classList.toggle("has-sides", sides.length > 1);
      scrubber.max = count;
      rows.style.height = count * ROW + "px";
      if (violations.length) byId("violation-jump").hidden = false;
      byId("violation-count").textContent = [
        violations.length > deaths.length ? plural(violations.length - deaths.length, "violation") : "",
        deaths.length ? plural(deaths.length, "crash").replace("crashs", "crashes") : "",
      ].filter(Boolean).join(", ");
      if (differences.length) byId("difference-jump").hidden = false;
      byId("difference-count").textContent = plural(differences.length, "difference");
      drawPins();
      const kinds = byId("kinds");
      for (const [kind, name] of [["grant", "grant frame"], ["status", "status frame"], ["foreign", "page of another domain"],
        ["ram", "the domain's RAM"], ["populated", "page populated later"], ["sharedInfo", "shared_info"],
        ["device", "device memory"], ["hole", "hole in the RAM"], ["free", "freed page, still mapped"]]) {
        const item = make("li", "kind-" + kind);
        const face = make("span", "face swatch", SIGNS[kind]);
        face.setAttribute("aria-hidden", "true");
        item.append(face, name);
        kinds.append(item);
      }
      byId("first").onclick = () => stepTo(0);
      byId("previous").onclick = () => stepOn(-1);
      byId("next").onclick = () => stepOn(1);
      byId("last").onclick = () => stepTo(count);
      byId("play").onclick = play;
      byId("previous-violation").onclick = () => { pause(); jump(violations, -1); };
      byId("next-violation").onclick = () => { pause(); jump(violations, 1); };
      byId("previous-difference").onclick = () => { pause(); jump(differences, -1); };
      byId("next-difference").onclick = () => { pause(); jump(differences, 1); };
      // A drag asks for more places than there are frames to draw them in.
      let wanted = null;
      scrubber.addEventListener("input", () => {
        pause();
        if (wanted === null) {
          requestAnimationFrame(() => {
            const step = wanted;
            wanted = null;
            go(step);
          });
        }
        wanted = Number(scrubber.value);
      });
      list.addEventListener("scroll", () => drawRows(), { passive: true });
      window.addEventListener("hashchange", () => {
        const step = stepOfAddress();
        if (step !== null) stepTo(step);
      });
      let width = 0;
      new ResizeObserver(() => {
        if (document.body.clientWidth === width) return;
        width = document.body.clientWidth;
        finishPanels();
        drawRows(true);
      }).observe(document.body);
      let touch = null;
      byId("picture").addEventListener("touchstart", (event) => {
        touch = event.touches.length === 1 ? event.touches[0] : null;
      }, { passive: true });
      byId("picture").addEventListener("touchend", (event) => {
        if (!touch || event.target.closest(".is-window")) return;
        const [x, y] = [event.changedTouches[0].clientX - touch.clientX, event.changedTouches[0].clientY - touch.clientY];
        touch = null;
        if (Math.abs(x) > 60 && Math.abs(x) > 2 * Math.abs(y)) stepOn(x < 0 ? 1 : -1);
      }, { passive: true });
      window.addEventListener("beforeprint", finishPanels);
      // A recording begins with what it finds.
      go(stepOfAddress() ?? (sides[0].isRecorded ? 1 : 0), { force: true, isLoading: true });
    };
    start();
    })();
    """##
}
