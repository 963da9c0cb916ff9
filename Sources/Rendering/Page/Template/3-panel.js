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
