/* Around the parts of the charts' script where there is no browser: a pen that measures, and nothing else to touch. */
"use strict";
const nothing = new Proxy(function () {}, {
  get: (target, name) => (name === Symbol.toPrimitive ? () => "" : name === Symbol.iterator ? [][Symbol.iterator] : name === "length" ? 0 : nothing),
  apply: () => nothing,
  construct: () => nothing,
});
const inkless = {
  font: "",
  measureText(text) {
    const widths = WIDTHS[this.font.includes("bold") ? 1 : 0];
    const size = Number(/([\d.]+)px/.exec(this.font)[1]);
    return { width: Array.from(text).reduce((sum, letter) => sum + (widths[letter.codePointAt(0) - 32] || 600), 0) * size / 1000 };
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
const COLUMN = 304;

/* Several panels side by side, each below its heading, as one picture. */
function besides(panels) {
  const height = panels.reduce((most, panel) => Math.max(most, panel.height), 0) + 20;
  const parts = panels.map((panel, number) => {
    const x = number * (COLUMN + 20);
    return '<text x="' + x + '" y="14" font-size="13" font-weight="bold" fill="var(--ink)">' + escaped(panel.heading) + "</text>"
      + panel.svg.replace("<svg ", '<svg x="' + x + '" y="20" ');
  });
  return { svg: '<svg width="' + panels.length * (COLUMN + 20) + '" height="' + height + '">' + parts.join("") + "</svg>", height: height };
}

/* One figure, as its page shows it first, in a frame of its title and its source. */
globalThis.trendsStill = (text, width) => {
  globalThis.trendsDrawn = {};
  const data = JSON.parse(text);
  const choice = data.choices[0];
  const state = { choice: choice.key, measure: data.measure, named: data.named.slice(), alone: false, from: "", to: "", view: "chart" };
  const figure = { data: data, state: state, picture: pictures[data.shape], element: nothing };
  figure.events = data.events.map((event) => ({ at: Date.parse(event.event_date), words: event.words, number: event.number }));
  choice.panels.forEach((panel) => {
    panel.element = { clientWidth: choice.panels.length > 1 ? COLUMN : width, dataset: {} };
    panel.all = unpack(panel.rows);
    panel.drawn = drawable(panel.all);
  });
  const range = rangeOf(figure, choice);
  figure.range = range;
  const drawn = choice.panels.map((panel, number) => {
    const place = figure.picture.place(figure, panel, choice, range);
    return window.trendsText(filled(data.shape, place)).then((svg) => ({
      heading: data.headings[number], svg: svg, height: place.top + place.height + place.bottom,
    }));
  });
  Promise.all(drawn).then(
    (panels) => { globalThis.trendsDrawn = { text: framed(width, titleOf(figure), subtitleOf(figure), panels.length > 1 ? [besides(panels)] : panels, [data.cited], FACE).text }; },
    (error) => { globalThis.trendsDrawn = { error: String(error) }; },
  );
};
