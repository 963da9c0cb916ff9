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
