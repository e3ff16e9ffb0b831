/* Taking it away: files, pictures, links and words to copy. */

function save(figure, ending, blob) {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = figure.data.file + "." + ending;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
}

function coloured(text) {
  const style = getComputedStyle(root);
  return text.replace(/var\(--([\w-]+)\)/g, (_, name) => style.getPropertyValue("--" + name).trim());
}

/* A picture at a place of another one, which does not cut it: to cut takes programs longer than to draw. */
const within = (svg, x, y) => svg.replace("<svg ", '<svg x="' + x + '" y="' + y + '" overflow="visible" ');

/* Pictures, each with its size, between their title and their source, so that they can stand alone: as many side by side as
   there is room for, each below its heading and what is said of it. */
function framed(width, title, subtitle, panels, notes, face) {
  const parts = [];
  let y = 16;
  const write = (words, size, weight, token, x = 16, room = width - 40) => wrapped(words, size, weight, room).forEach((line) => {
    y += size * 1.3;
    parts.push('<text x="' + x + '" y="' + y + '" font-size="' + size + '" font-weight="' + weight + '" fill="var(--' + token + ')">' + escaped(line) + "</text>");
  });
  write(title, 20, "bold", "ink");
  write(subtitle, 13, "normal", "muted");
  const beside = Math.max(1, Math.floor((width + 20) / (panels[0].width + 20)));
  for (let first = 0; first < panels.length; first += beside) {
    const top = y + 10;
    const row = panels.slice(first, first + beside).map((panel, place) => {
      const x = 16 + place * (panel.width + 20);
      y = panel.heading ? top : top - 10;
      if (panel.heading) { write(panel.heading, 13, "bold", "ink", x, panel.width); }
      panel.lines.forEach((words) => write(words, 11, "normal", "muted", x, panel.width));
      return { panel: panel, x: x, y: y + 10 };
    });
    const from = Math.max(...row.map((one) => one.y));
    row.forEach((one) => parts.push(within(one.panel.svg, one.x, from)));
    y = from + Math.max(...row.map((one) => one.panel.height));
  }
  notes.forEach((words) => write(words, 11, "normal", "muted"));
  y += 14;
  const size = ' width="' + (width + 32) + '" height="' + y + '" viewBox="0 0 ' + (width + 32) + " " + y + '"';
  return {
    width: width + 32, height: y,
    text: '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"' + size + ' font-family="' + escaped(face)
      + '" paint-order="stroke" stroke-linejoin="round"><rect width="100%" height="100%" fill="var(--surface)"/>' + parts.join("") + "</svg>",
  };
}

/* What the reader sees, as a picture in a frame. */
function alone(figure) {
  const panels = current(figure).panels.filter((panel) => panel.made).map((panel) => {
    const svg = panel.element.querySelector("svg");
    const heading = panel.element.closest(".panel");
    return {
      heading: heading ? heading.querySelector("h3").textContent : "", svg: new XMLSerializer().serializeToString(svg),
      lines: heading ? Array.from(heading.querySelectorAll(".population, .sentence"), (line) => line.textContent) : [],
      width: Number(svg.getAttribute("width")), height: Number(svg.getAttribute("height")),
    };
  });
  const events = Array.from(figure.element.querySelectorAll(".events li:not([hidden])"), (item) => item.value + " " + item.textContent);
  const notes = figure.element.classList.contains("numbered") && events.length ? [events.join("; ")] : [];
  const width = Math.max(360, find(figure, ".pane.chart").clientWidth || 960);
  const face = getComputedStyle(root).getPropertyValue("--sans").trim();
  const cited = find(figure, ".cite-words").textContent.trim().replace(/\s+/g, " ");
  const drawn = framed(width, titleOf(figure), subtitleOf(figure), panels, [...notes, cited], face);
  return Object.assign(drawn, { text: coloured(drawn.text) });
}

function png(figure) {
  const drawn = alone(figure);
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = drawn.width * 2;
    canvas.height = drawn.height * 2;
    const context = canvas.getContext("2d");
    context.scale(2, 2);
    context.drawImage(image, 0, 0, drawn.width, drawn.height);
    canvas.toBlob((blob) => save(figure, "png", blob), "image/png");
  };
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(drawn.text);
}

/* The words stand in a field, so that they can be copied also where the clipboard is out of reach. */
function give(figure, what, words) {
  const box = find(figure, ".give");
  const field = box.querySelector("textarea");
  box.hidden = false;
  field.value = words;
  field.setAttribute("aria-label", what);
  field.select();
  const told = box.querySelector("output");
  const where = published() || what === "Citation" ? "" : " These pages lie on this disk: put before it the address at which others find them.";
  const tell = (done) => { told.textContent = (done ? what + " copied." : what + ": copy it from this field.") + where; };
  if (navigator.clipboard) { navigator.clipboard.writeText(words).then(() => tell(true), () => tell(false)); } else { tell(false); }
}

/* A figure is quoted with its base, how sure it is and its date: those of the newest period that is shown. */
function figuresOf(figure) {
  const choice = current(figure);
  if (figure.data.shape !== "lines") { return choice.alternative.replace(/^One small chart [^.]*\.\s*/, ""); }
  const range = rangeOf(figure, prepared(choice));
  // Named first, then the greatest.
  const atEnds = (panel) => labelled(figure.picture.rows(figure, panel, range), figure.data.small).sort((a, b) => b.loud - a.loud || b.v - a.v)
    .map((row) => row.framework);
  return choice.panels.map((panel) => cited(panel.all, figure.state, panel.unit, atEnds(panel))).concat(choice.error).filter(Boolean).join(" ");
}

/* What is counted; how a chart tells it is nothing to quote. */
const unlegended = (words) => words.split(/\. (?=[A-Z])/).filter((part) => !/^(Bands?|Bar|Dots?|Dashes|Line and band|The fullest part)\b/.test(part)).join(". ").replace(/([^.])$/, "$1.");

/* What is counted is not told twice where the figures begin with it. */
const once = (what, figures) => (what && figures.startsWith(what.slice(0, -1)) ? [figures] : [what, figures]);

/* Where others find this page; empty where it lies on the reader's disk and nothing says that it is published. */
function published() {
  const canonical = document.querySelector("link[rel=canonical]");
  return location.protocol !== "file:" ? location.href.split("#")[0] : canonical ? canonical.href : "";
}

/* A path on the reader's disk is nobody else's: there an address names the page alone. */
function shared(figure, more) {
  const [page, state] = link(figure, more).split("#");
  return (published() || page.split("/").pop()) + "#" + state;
}

function whenDrawn(figure, act) {
  if (figure.state.view === "table") { view(figure, "chart"); address(figure); }
  draw(figure).then(() => act(figure));
}

const acts = {
  csv: (figure) => save(figure, "csv", new Blob(["\ufeff", csvOf(allRows(figure), columnsOf(allRows(figure), figure.data.table), figure.data.sources, figure.data.withheld)], { type: "text/csv;charset=utf-8" })),
  svg: (figure) => whenDrawn(figure, () => save(figure, "svg", new Blob([alone(figure).text], { type: "image/svg+xml" }))),
  png: (figure) => whenDrawn(figure, png),
  link: (figure) => give(figure, "Link to this view", shared(figure)),
  cite: (figure) => give(figure, "Citation", [titleOf(figure) + ".", ...once(unlegended(subtitleOf(figure)), figuresOf(figure)), find(figure, ".cite-words").textContent.trim().replace(/\s+/g, " "), shared(figure)].filter(Boolean).join(" ")),
  embed: (figure) => give(figure, "Embed code", '<iframe src="' + escaped(shared(figure, { embed: "1" })) + '" title="' + escaped(titleOf(figure)) + '" width="640" height="' + figure.data.height + '" style="border:0;max-width:100%"></iframe>'),
};
