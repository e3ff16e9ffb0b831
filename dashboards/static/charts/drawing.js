/* Drawing: a panel's rows and places put into its picture of shapes.js. */

const root = document.documentElement;
const DAY = 86400000;
// Narrower, a list tells the events that the chart numbers.
const NUMBERED = 720;
const pen = document.createElement("canvas").getContext("2d");

function measure(words, size, weight) {
  pen.font = (weight || "") + " " + size + "px " + getComputedStyle(root).getPropertyValue("--sans");
  return pen.measureText(words).width;
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

/* The picture with its figures; data sets and signals that a panel does not fill stay as they were drawn. */
function filled(shape, place) {
  const spec = JSON.parse(JSON.stringify(window.trendsShapes[shape]));
  spec.data.forEach((set) => { if (set.name in place.data) { set.values = place.data[set.name]; } });
  spec.signals.forEach((signal) => { if (signal.name in place.values) { signal.value = place.values[signal.name]; delete signal.init; } });
  spec.signals = spec.signals.filter((signal) => signal.name !== "width" && signal.name !== "height");
  spec.width = place.width;
  spec.height = place.height;
  spec.padding = { left: place.left, right: place.right, top: place.top, bottom: place.bottom };
  return spec;
}

function drawPanel(figure, panel, choice, range) {
  panel.place = figure.picture.place(figure, panel, choice, range);
  panel.at = 0;
  // A view writes into the picture that it finds; the old one may still be at work on it.
  panel.element.replaceChildren();
  return window.trendsView(filled(figure.data.shape, panel.place), panel.element, readMark).then((made) => {
    if (panel.made) { panel.made.finalize(); }
    panel.made = made;
    if (figure.picture.day) { readPanel(figure, panel); }
    panel.element.querySelector("svg").setAttribute("aria-hidden", "true");
    panel.element.classList.add("drawn");
  });
}

function draw(figure) {
  const choice = prepared(current(figure));
  const range = rangeOf(figure, choice);
  figure.range = range;
  return Promise.all(choice.panels.map((panel) => (
    panel.element.clientWidth ? drawPanel(figure, panel, choice, range) : null
  ))).then(() => {
    figure.element.classList.toggle("numbered", choice.panels[0].element.clientWidth < NUMBERED);
    // The list beside a narrow chart names only what is drawn.
    figure.element.querySelectorAll(".events li").forEach((item, place) => {
      const day = figure.events[place].at;
      item.hidden = day < range[0] || day > range[1];
    });
  });
}
