/* Drawing: a panel's rows and places put into its picture of shapes.js. */

const root = document.documentElement;
const DAY = 86400000;
const pen = document.createElement("canvas").getContext("2d");
const widths = new Map();

/* How wide words are: asked of the pen once, since every drawing measures the same names. */
function measure(words, size, weight) {
  const font = (weight || "") + " " + size + "px ";
  if (!widths.has(font)) { widths.set(font, new Map()); }
  const known = widths.get(font);
  if (!known.has(words)) {
    pen.font = font + getComputedStyle(root).getPropertyValue("--sans");
    known.set(words, pen.measureText(words).width);
  }
  return known.get(words);
}

const current = (figure) => figure.data.choices.find((choice) => choice.key === figure.state.choice) || figure.data.choices[0];

function prepared(choice) {
  choice.panels.forEach((panel) => {
    panel.element = document.getElementById(panel.plot);
    if (!panel.drawn) { panel.all = unpack(panel.rows); panel.drawn = drawable(panel.all); }
  });
  return choice;
}

/* All panels of a figure share one time axis. */
function rangeOf(figure, choice) {
  const days = choice.panels.flatMap((panel) => panel.drawn.flatMap((row) => figure.picture.days.map((name) => row[name]))).filter(Boolean);
  if (!days.length) { return [0, DAY]; }
  let first = figure.data.first ? Date.parse(figure.data.first) : days.reduce((least, day) => Math.min(least, day));
  let last = figure.data.last ? Date.parse(figure.data.last) : days.reduce((most, day) => Math.max(most, day));
  if (figure.state.from) { first = Date.UTC(figure.state.from, 0, 1); }
  if (figure.state.to) { last = Math.min(Date.UTC(figure.state.to, 11, 31), Math.max(last, first + DAY)); }
  return first < last ? [first, last] : [first - 200 * DAY, first + 200 * DAY];
}

/* A picture's dataflow, worked out once for all panels of a page; an axis of logarithms is one of its own. */
const flows = {};
function flowOf(shape, isLog) {
  const name = isLog ? shape + " of logarithms" : shape;
  if (!flows[name]) {
    const spec = JSON.parse(JSON.stringify(window.trendsShapes[shape]));
    spec.signals = spec.signals.filter((signal) => signal.name !== "width" && signal.name !== "height");
    if (isLog) { spec.scales.forEach((scale) => { if (scale.name === "y") { scale.type = "log"; } }); }
    const names = (list) => new Set(list.map((one) => one.name));
    flows[name] = { made: window.trendsFlow(spec), data: names(spec.data), signals: names(spec.signals) };
  }
  return flows[name];
}

/* One view for each place of the page: another choice or measure is set on the living one. */
const views = new Map();
function viewOf(element, flow) {
  const held = views.get(element);
  if (held && held.flow === flow && element.querySelector("svg")) { return held.view; }
  if (held) { held.view.finalize(); }
  element.replaceChildren();
  const view = window.trendsView(flow.made, element, readMark);
  views.set(element, { flow: flow, view: view });
  return view;
}

/* A view with the sizes, values and rows of a place. */
function filled(view, flow, place) {
  view.width(place.width).height(place.height).padding({ left: place.left, right: place.right, top: place.top, bottom: place.bottom });
  Object.entries(Object.assign({ at: 0 }, place.values)).forEach(([name, value]) => { if (flow.signals.has(name)) { view.signal(name, value); } });
  Object.entries(place.data).forEach(([name, rows]) => { if (flow.data.has(name)) { view.data(name, rows); } });
  return view;
}

function drawPanel(figure, panel, choice, range) {
  const place = figure.picture.place(figure, panel, choice, range);
  const flow = flowOf(place.shape || figure.data.shape, place.isLog);
  const view = filled(viewOf(panel.element, flow), flow, place);
  Object.assign(panel, { place: place, at: 0, made: view });
  return view.runAsync().then(() => {
    if (figure.picture.day) { readPanel(figure, panel); }
    panel.element.querySelector("svg").setAttribute("aria-hidden", "true");
    panel.element.classList.add("drawn");
  });
}

function draw(figure) {
  const choice = prepared(current(figure));
  const range = rangeOf(figure, choice);
  figure.range = range;
  const began = performance.now();
  return Promise.all(choice.panels.map((panel) => (
    panel.element.clientWidth ? drawPanel(figure, panel, choice, range) : null
  ))).then(() => {
    figure.took = performance.now() - began;
    sayLog(figure);
    figure.element.classList.toggle("numbered", choice.panels[0].element.clientWidth < NUMBERED);
    // The list beside a narrow chart names only what is drawn, by the numbers that stand there.
    let number = 0;
    figure.element.querySelectorAll(".events li").forEach((item, place) => {
      const day = figure.events[place].at;
      item.hidden = day < range[0] || day > range[1];
      if (!item.hidden) { item.value = number += 1; }
    });
  });
}
