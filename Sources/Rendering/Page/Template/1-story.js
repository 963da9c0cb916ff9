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
