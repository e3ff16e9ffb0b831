/* Reading: the pointer over a time chart, or the arrow keys on its slider, show what all frameworks had at the nearest
   date. */

const MOST = 12;
const watched = new WeakSet();
let bubble;

function box() {
  if (!bubble || !bubble.isConnected) {
    bubble = document.createElement("div");
    bubble.className = "bubble";
    bubble.setAttribute("aria-hidden", "true");
    document.body.append(bubble);
  }
  return bubble;
}

/* Lines of words beside a point of the page; the first is a heading. */
function show(lines, x, y) {
  const made = box();
  made.replaceChildren(...lines.map((words, place) => {
    const line = document.createElement(place ? "div" : "strong");
    line.textContent = words;
    return line;
  }));
  made.hidden = false;
  const most = document.documentElement.clientWidth - made.offsetWidth - 8;
  // Beside the pointer, not under the finger.
  const left = x + 16 > most ? x - made.offsetWidth - 16 : x + 16;
  made.style.left = Math.max(4, Math.min(left, most)) + "px";
  made.style.top = y + 14 + "px";
}

function hide() { if (bubble) { bubble.hidden = true; } }

const nearest = (dates, day) => dates.reduce((best, one) => (Math.abs(one - day) < Math.abs(best - day) ? one : best), dates[0]);

function move(panel, at) {
  if (!panel.made || panel.at === at) { return; }
  panel.at = at;
  panel.made.signal("at", at).runAsync();
}

function between(low, high) {
  return low === null || low === undefined ? "" : " (" + low.toFixed(1) + " to " + high.toFixed(1) + ")";
}

const valueOf = (figure, row) => figure.picture.value(row, figure.state.measure);

/* Rows that a panel can tell of: of the pair both sides, though one line is drawn. */
function told(figure, panel) {
  const range = figure.range;
  return panel.drawn.filter((row) => {
    const day = figure.picture.day(row);
    const value = valueOf(figure, row);
    if (value === null || value === undefined || day < range[0] || day > range[1]) { return false; }
    return figure.data.shape !== "lines" || figure.state.measure === "pair" || !figure.state.alone || figure.state.named.includes(row.framework);
  });
}

function linesAt(figure, panel, day) {
  const rows = told(figure, panel).filter((row) => figure.picture.day(row) === day)
    .sort((a, b) => valueOf(figure, b) - valueOf(figure, a));
  if (!rows.length) { return []; }
  const more = rows.length > MOST ? ["and " + (rows.length - MOST) + " more"] : [];
  return [rows[0].period_label].concat(...rows.slice(0, MOST).map((row) => figure.picture.said(row, figure.state.measure, panel.is_percent)), more,
    partings(figure, panel, day));
}

/* Why a line is cut beside the date: what a double rule means is read as its figures are. */
function partings(figure, panel, day) {
  const dates = datesOf(figure, panel);
  const place = dates.indexOf(day);
  return panel.breaks.flatMap((row) => {
    const at = Date.parse(row.event_date);
    if (at <= day && (!place || dates[place - 1] < at)) { return place ? ["Not comparable with before: " + row.event] : []; }
    return at > day && place + 1 < dates.length && at <= dates[place + 1] ? ["Not comparable with after: " + row.event] : [];
  });
}

const datesOf = (figure, panel) => Array.from(new Set(told(figure, panel).map(figure.picture.day))).sort((a, b) => a - b);

function point(figure, panel, event) {
  const place = panel.place;
  const frame = panel.element.getBoundingClientRect();
  const x = event.clientX - frame.left - place.left;
  const dates = place.width ? datesOf(figure, panel) : [];
  if (!dates.length || x < -12 || x > place.width + 12) { leave(panel); return; }
  const day = nearest(dates, figure.range[0] + (figure.range[1] - figure.range[0]) * x / place.width);
  move(panel, day);
  show(linesAt(figure, panel, day), event.pageX, event.pageY);
}

function leave(panel) {
  move(panel, 0);
  hide();
}

/* The slider steps through every date of the figure; each panel tells of its nearest. */
function slide(figure, slider) {
  const panels = current(figure).panels.filter((panel) => panel.made && panel.element.clientWidth);
  const dates = Array.from(new Set([].concat(...panels.map((panel) => datesOf(figure, panel))))).sort((a, b) => a - b);
  if (!dates.length) { return; }
  slider.max = dates.length - 1;
  const day = dates[Math.min(Number(slider.value), dates.length - 1)];
  const words = [];
  panels.forEach((panel) => {
    const own = datesOf(figure, panel);
    const inside = own.length && own[0] <= day && day <= own[own.length - 1];
    const at = inside ? nearest(own, day) : 0;
    move(panel, at);
    if (!inside) { return; }
    const heading = panel.element.closest(".panel");
    const found = linesAt(figure, panel, at);
    words.push(heading ? heading.querySelector("h3").textContent + ", " + found[0] : found[0], ...found.slice(1));
  });
  slider.setAttribute("aria-valuetext", words.join("; "));
  const frame = (panels.length > 1 ? slider : panels[0].element).getBoundingClientRect();
  const first = panels[0];
  const across = panels.length > 1 ? 0 : first.place.left + first.place.width * (day - figure.range[0]) / (figure.range[1] - figure.range[0]);
  show(words, frame.left + window.scrollX + across, frame.top + window.scrollY + 4);
}

const panelAt = (figure, element) => current(figure).panels.find((panel) => panel.element === element);

/* Listen to the place of a panel, once; another choice of the figure is drawn in the same place. A finger keeps the chart
   while it moves across, and what it read stays until the next tap elsewhere. */
function readPanel(figure, panel) {
  const place = panel.element;
  if (watched.has(place)) { return; }
  watched.add(place);
  const read = (event) => point(figure, panelAt(figure, place), event);
  place.addEventListener("pointermove", read);
  place.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") { place.setPointerCapture(event.pointerId); }
    read(event);
  });
  place.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") { leave(panelAt(figure, place)); } });
  document.addEventListener("pointerdown", (event) => { if (!event.target.closest(".plot")) { leave(panelAt(figure, place)); } });
}

function readSlider(figure, slider) {
  slider.addEventListener("focus", () => {
    slider.max = 100000;
    slider.value = 100000;
    slide(figure, slider);
    slider.value = slider.max;
  });
  slider.addEventListener("input", () => slide(figure, slider));
  slider.addEventListener("blur", () => current(figure).panels.forEach(leave));
}

/* The bubble of a mark that has words of its own. */
function readMark(handler, event, item, value) {
  if (!value || typeof value !== "object") { hide(); return; }
  const names = Object.keys(value).filter((name) => !["null", "NaN", "undefined"].includes(String(value[name])));
  show(names.map((name, place) => (place && name !== "event" ? name + ": " : "") + value[name]), event.pageX, event.pageY);
}
