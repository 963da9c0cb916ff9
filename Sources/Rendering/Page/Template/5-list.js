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
