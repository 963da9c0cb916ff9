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
