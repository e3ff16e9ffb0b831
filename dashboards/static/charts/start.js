/* The start: every figure of the page, one after the other. */

const figures = [];
let weighers = [];

function start(element) {
  const data = JSON.parse(document.getElementById(element.id + "-data").textContent);
  const figure = { element: element, data: data, state: initial(data), picture: pictures[data.shape] };
  figure.events = data.events.map((event) => ({ at: Date.parse(event.event_date), words: event.words, number: event.number }));
  figures.push(figure);
  listen(figure);
  const slider = find(figure, ".reader");
  if (slider) { readSlider(figure, slider); }
  if (find(figure, ".title")) { say(figure); }
  return figure;
}

/* A pause between figures lets the first one appear before the last is made. */
function drawAll(left) {
  if (!left.length) {
    root.classList.add("all-drawn");
    performance.mark("all-drawn");
    return;
  }
  draw(left[0]).then(() => {
    if (!performance.getEntriesByName("first-drawn").length) { performance.mark("first-drawn"); }
    setTimeout(() => drawAll(left.slice(1)), 0);
  });
}

/* Draw what the page holds; the single file calls it again for each page. */
window.trendsCharts = () => {
  figures.splice(0);
  views.forEach((held) => held.view.finalize());
  views.clear();
  root.classList.remove("all-drawn");
  ours = "";
  document.querySelectorAll("[data-figure]").forEach(start);
  weighers = Array.from(document.querySelectorAll("form.weighing"), weigher);
  restore();
  drawAll(figures.slice());
};

document.addEventListener("DOMContentLoaded", () => {
  if (!document.querySelector("template[data-page]")) { window.trendsCharts(); }
  window.addEventListener("hashchange", () => {
    if (location.hash !== ours) { weighers.forEach((one) => one.read()); }
    restore();
  });
  let waiting;
  let width = root.clientWidth;
  window.addEventListener("resize", () => {
    if (root.clientWidth === width) { return; }
    width = root.clientWidth;
    clearTimeout(waiting);
    waiting = setTimeout(() => figures.forEach((figure) => {
      if (isEmbedded()) { fitHeight(figure); }
      if (figure.state.view === "chart") { draw(figure); }
    }), 120);
  });
  /* While the window still shows it, all is laid out as wide as paper: scaled from the window, letters were too small. */
  const paper = (isPaper) => () => {
    root.classList.toggle("paper", isPaper);
    figures.forEach((figure) => {
      const pane = find(figure, ".pane.table");
      if (pane && (isPaper || figure.state.view === "table")) { table(figure, isPaper && pane.dataset.print === "newest"); }
      draw(figure);
    });
  };
  window.addEventListener("beforeprint", paper(true));
  window.addEventListener("afterprint", paper(false));
});
