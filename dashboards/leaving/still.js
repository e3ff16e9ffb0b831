/* Around the parts of the charts' script where there is no browser: a pen that measures, and nothing else to touch. */
"use strict";
const nothing = new Proxy(function () {}, {
  get: (target, name) => (name === Symbol.toPrimitive ? () => "" : name === Symbol.iterator ? [][Symbol.iterator] : name === "length" ? 0 : nothing),
  apply: () => nothing,
  construct: () => nothing,
});
const inkless = {
  set font(words) { this.widths = WIDTHS[words.includes("bold") ? 1 : 0]; this.size = Number(/([\d.]+)px/.exec(words)[1]); },
  measureText(text) {
    let sum = 0;
    for (let place = 0; place < text.length; place += 1) { sum += this.widths[text.charCodeAt(place) - 32] || 600; }
    return { width: sum * this.size / 1000 };
  },
};
const window = globalThis;
window.window = window;
const document = new Proxy(nothing, { get: (target, name) => (name === "createElement" ? () => ({ getContext: () => inkless }) : nothing) });
// Vega too asks a canvas how wide words are.
window.document = { createElement: document.createElement };
const location = { hash: "", href: "" };
const getComputedStyle = () => ({ getPropertyValue: () => "" });
["setTimeout", "setInterval", "clearTimeout", "clearInterval"].forEach((name) => { window[name] = window[name] || (() => 0); });
window.console = window.console || { log() {}, warn() {}, error() {} };

/* The parts stand here. */

globalThis.trendsDrawn = {};

const FACE = "Arial, Liberation Sans, sans-serif";
const COLUMN = 470;

/* One view for each kind of picture: making it takes longer than drawing. Nothing of the last picture may be seen in the
   next: lines are those of new names, and ticks that both have stand where they would if they were new. */
const held = new Map();
let drawnBefore = 0;
function stood(flow, place) {
  if (!held.has(flow)) { held.set(flow, window.trendsView(flow.made)); }
  drawnBefore += 1000;
  place.data.rows.forEach((row) => { if ("segment" in row) { row.segment += drawnBefore; } });
  const view = filled(held.get(flow), flow, place);
  return view.runAsync().then(() => {
    inOrder(view.scenegraph().root);
    return view.toSVG().then(plain);
  });
}

/* What nobody sees takes as long to draw as the rest, and the frame names the face of all letters. */
const plain = (svg) => svg.replace(/<(text|line|path|rect)\b[^>]* opacity="0"[^>]*(?:\/>|>[^<]*<\/\1>)/g, "").replace(/ font-family="[^"]*"/g, "");

function inOrder(mark) {
  if (/^axis-(grid|tick|label)$/.test(mark.role)) { mark.items.sort((a, b) => a.datum.index - b.datum.index); }
  mark.items.forEach((item) => (item.items || []).forEach(inOrder));
}

/* Parts that others name have a number that counts all that were drawn: here by their order in the picture. */
function renumbered(text) {
  const known = new Map();
  // Where they are defined or referred to, not in words.
  return text.replace(/( id="|url\(#)(clip|gradient_)(\d+)(?=["\)])/g, (found, before, kind, number) => {
    const name = kind + number;
    if (!known.has(name)) { known.set(name, kind + known.size); }
    return before + known.get(name);
  });
}

/* One figure, as its page shows it first, in a frame of its title and its source; bare, it is what the page's script draws. */
globalThis.trendsStill = (text, width, isBare) => {
  globalThis.trendsDrawn = {};
  const data = JSON.parse(text);
  const choice = data.choices[0];
  const state = { choice: choice.key, measure: data.measure, named: data.named.slice(), alone: false, from: "", to: "", view: "chart" };
  const figure = { data: data, state: state, picture: pictures[data.shape], element: nothing };
  figure.events = data.events.map((event) => ({ at: Date.parse(event.event_date), words: event.words, number: event.number }));
  const isAlone = choice.panels.length === 1;
  choice.panels.forEach((panel) => {
    panel.element = { clientWidth: isAlone ? width : COLUMN, dataset: {} };
    panel.all = unpack(panel.rows);
    panel.drawn = drawable(panel.all);
  });
  const range = rangeOf(figure, choice);
  figure.range = range;
  choice.panels.reduce((before, panel, number) => before.then((panels) => {
    const place = figure.picture.place(figure, panel, choice, range);
    return stood(flowOf(place.shape || data.shape, place.isLog), place).then((svg) => panels.concat({
      heading: isAlone ? "" : data.headings[number], lines: isAlone ? [] : [data.populations[number] || ""], svg: svg,
      width: panel.element.clientWidth, height: place.top + place.height + place.bottom,
    }));
  }), Promise.resolve([])).then(
    (panels) => {
      const words = [titleOf(figure), subtitleOf(figure)];
      const text = isBare ? panels[0].svg : framed(width, ...words, panels, [data.cited], FACE).text;
      globalThis.trendsDrawn = { text: renumbered(text) };
    },
    (error) => { globalThis.trendsDrawn = { error: String(error) }; },
  );
};
