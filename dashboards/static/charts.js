/* Charts: drawing, the reader's choices, tables, downloads and links. A classic script: it opens from disk.
   Figures come from the page, pictures from shapes.js; nothing here computes a figure. */
(function () {
  "use strict";
  const root = document.documentElement;
  const DAY = 86400000;
  const figures = [];
  const pen = document.createElement("canvas").getContext("2d");

  /* ---- rows ------------------------------------------------------------------------------------------------ */

  function unpack(packed) {
    const names = Object.keys(packed.columns);
    return Array.from({ length: packed.count }, (_, place) => {
      const row = {};
      names.forEach((name) => { const held = packed.columns[name]; row[name] = Array.isArray(held) ? held[place] : held; });
      return row;
    });
  }

  const timed = (figure) => figure.data.shape === "lines" || figure.data.shape === "substitution";
  const isDate = (name) => name.endsWith("_date") || name === "period_middle" || /^crossed_(low|high)$/.test(name);

  /* Rows for a picture: days as numbers, and only what may be drawn. */
  function drawable(rows) {
    return rows.filter((row) => row.is_drawn !== false).map((row) => {
      const copy = {};
      Object.keys(row).forEach((name) => { copy[name] = isDate(name) && row[name] ? Date.parse(row[name]) : row[name]; });
      return copy;
    });
  }

  function shown(value, kind) {
    if (value === null || value === undefined) { return "\u2013"; }
    if (kind === "pct") { return value.toFixed(1); }
    if (kind === "date") { return value; }
    if (kind === "number") {
      return value.toLocaleString("en-GB", Number.isInteger(value) ? {} : { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    }
    return String(value);
  }

  /* ---- drawing --------------------------------------------------------------------------------------------- */

  function specification(shape) {
    return JSON.parse(JSON.stringify(window.trendsShapes[shape]));
  }

  function textWidth(words, size, weight) {
    pen.font = (weight || "") + " " + size + "px " + getComputedStyle(root).getPropertyValue("--sans");
    return pen.measureText(words).width;
  }

  /* Each event gets a lane above the plot where its words meet no other's; where there is little room, its number. */
  function placed(events, range, width) {
    const words = width >= 620;
    const lanes = [];
    return events.filter((event) => range[0] <= event.at && event.at <= range[1]).map((event) => {
      const x = width * (event.at - range[0]) / (range[1] - range[0]);
      const text = words ? event.words : String(event.number);
      const room = textWidth(text, 11.5) + 9;
      const flip = words && x + room > width + 60;
      const from = words ? (flip ? x - room : x) : x - room / 2;
      let lane = lanes.findIndex((taken) => from >= taken);
      if (lane < 0) { lane = lanes.length; }
      lanes[lane] = from + room;
      return { event_date: event.at, words: text, lane: lane, flip: flip, middle: !words };
    });
  }

  function visible(figure, rows, range) {
    const loud = figure.state.measure === "pair" ? [figure.data.pair[0]] : figure.state.named;
    return rows.filter((row) => row.period_middle >= range[0] && row.period_middle <= range[1]
      && (loud.includes(row.framework) || !(figure.state.alone || figure.state.measure === "pair")));
  }

  /* The top of the axis, so that everything visible fits. */
  function top(figure, rows, choice) {
    const measure = figure.state.measure;
    if (measure === "pair") { return 100; }
    const named = figure.state.named;
    const highest = rows.reduce((most, row) => Math.max(most,
      measure === "count" ? row.value || 0 : row.share_pct || 0,
      measure === "share" && named.includes(row.framework) ? row.share_high_pct || 0 : 0), 0) || 1;
    if ((measure === "share" || choice.is_percent) && highest > 55) { return 100; }
    return highest * 1.06;
  }

  /* Where the names of the two sides cover no line: heights to try, at the left and then at the right. */
  function sides(figure, rows, range, width, height) {
    const x = (row) => width * (row.period_middle - range[0]) / (range[1] - range[0]);
    const points = rows.filter((row) => row.pair_pct !== null && row.framework === figure.data.pair[0])
      .map((row) => [x(row), height * (1 - row.pair_pct / 100), height * (1 - (row.pair_low_pct === null ? row.pair_pct : row.pair_low_pct) / 100)]);
    const distance = (place, right, room) => {
      const from = right ? width - room - 8 : 0;
      const y = height * place - 4;
      let least = height;
      points.forEach((point, number) => {
        const next = points[number + 1] || point;
        for (let part = 0; part <= 1; part += 0.1) {
          const at = point[0] + part * (next[0] - point[0]);
          if (at >= from && at <= from + room + 8) { least = Math.min(least, Math.abs(y - point[1] - part * (next[1] - point[1]))); }
        }
      });
      return least;
    };
    const free = (places, words) => {
      const room = textWidth((words || "") + " ahead", 11.5) + 10;
      const tried = [0, 1].flatMap((right) => places.map((place) => [place, right, distance(place, right, room)]));
      const best = tried.find((one) => one[2] > 14) || tried.sort((a, b) => b[2] - a[2])[0];
      // Words on the line say less than none: the sentence below a small chart names who is ahead.
      return [best[0], best[1], figure.data.small && best[2] < 7 ? 0 : 1];
    };
    return [free([0.3, 0.2, 0.4, 0.13], figure.data.pair_labels[0]), free([0.7, 0.8, 0.63, 0.94], figure.data.pair_labels[1])];
  }

  function linesValues(figure, panel, choice, range, place) {
    const rows = visible(figure, panel.drawn, range);
    return {
      measure: figure.state.measure, named: figure.state.named, alone: figure.state.alone,
      pair: figure.data.pair, pair_labels: figure.data.pair_labels, is_percent: Boolean(choice.is_percent),
      ymax: top(figure, rows, choice), x0: range[0], x1: range[1], small: figure.data.small,
      sides: sides(figure, rows, range, place.width, height(figure, panel, place)),
    };
  }

  function layout(figure, panel, choice) {
    const space = panel.element.clientWidth;
    const narrow = space < 620;
    if (figure.data.shape === "tiles") { return { left: 2, right: 2, bottom: 4, width: Math.max(80, space - 4), narrow: narrow }; }
    if (!timed(figure)) {
      // Half a year's label has room on both sides.
      const left = narrow ? 14 : figure.data.shape === "readings" ? Math.round(space * 0.4) : 212;
      return { left: left, right: narrow ? 14 : 24, bottom: 26, width: Math.max(80, space - left - (narrow ? 14 : 24)), narrow: narrow };
    }
    const small = figure.data.small;
    let room = 0;
    if (small) {
      room = 44;
    } else {
      panel.drawn.forEach((row) => { room = Math.max(room, textWidth(row.label, 12, "bold")); });
      room = Math.min(room + 6, narrow ? 84 : 170);
      // A long name takes two lines: the picture parts them at the bar.
      panel.drawn.forEach((row) => { row.tag = wrapped(row.label.replace(/\|/g, " "), 12, "bold", room).join("|"); });
    }
    const left = small ? 40 : 46;
    const right = room + (small ? 12 : 20);
    return { left: left, right: right, room: room, bottom: 26, width: Math.max(80, space - left - right), narrow: narrow };
  }

  /* Words of the timeline stand right of their mark, else left of it, else above it. */
  function besides(rows, range, width) {
    const x = (day) => width * (day - range[0]) / (range[1] - range[0]);
    rows.forEach((row) => {
      const last = row.crossed_date ? row.crossed_high || row.crossed_date : row.end_date;
      const first = row.crossed_date ? row.crossed_low || row.crossed_date : row.first_date;
      const room = textWidth(row.words, 13) + 16;
      row.side = x(last) + room < width + 20 ? "right" : x(first) > room ? "left" : "over";
      row.clear = row.side === "left" ? first : last;
    });
  }

  function values(figure, panel, choice, range, place) {
    if (figure.data.shape === "tiles") {
      return { cell: place.world.cell, pair: figure.data.pair, pair_labels: figure.data.pair_labels, step: Math.min(92, place.width / 6) };
    }
    if (figure.data.shape === "substitution") { return { x0: range[0], x1: range[1] }; }
    if (figure.data.shape === "readings") {
      const most = panel.drawn.reduce((top, row) => Math.max(top, row.published, row.measured, row.high || 0), 0);
      const room = place.narrow ? place.width : place.left - 24;
      panel.drawn.forEach((row) => { row.words = wrapped(row.statement, 13, "normal", room); });
      return { labels: panel.drawn.map((row) => row.claim_id), narrow: place.narrow, room: place.left - 8, ymax: most > 55 ? 100 : most * 1.1 };
    }
    if (figure.data.shape === "lines") {
      return Object.assign(linesValues(figure, panel, choice, range, place), { room: place.room });
    }
    besides(panel.drawn, range, place.width);
    return { labels: panel.drawn.map((row) => row.source_label), narrow: place.narrow, x0: range[0], x1: range[1] };
  }

  /* Tiles of countries: those with figures, those without, and where the parts of the world begin. */
  function world(figure, panel, place) {
    const side = place.narrow ? "narrow" : "wide";
    if (!figure.places) { figure.places = unpack(figure.data.places); }
    const at = {};
    figure.places.forEach((one) => { at[one.country] = { column: one[side][0], row: one[side][1], region: one.region }; });
    const rows = panel.drawn.filter((row) => at[row.country]).map((row) => Object.assign({}, row, at[row.country]));
    const held = new Set(rows.map((row) => row.country));
    const others = figure.places.filter((one) => !held.has(one.country) && !one.is_small).map((one) => Object.assign({ country: one.country }, at[one.country]));
    const shown = rows.concat(others);
    const regions = {};
    shown.forEach((one) => {
      const known = regions[one.region] || one;
      regions[one.region] = { region: one.region, column: Math.min(known.column, one.column), row: Math.min(known.row, one.row) };
    });
    const most = (name) => shown.reduce((top, one) => Math.max(top, one[name] + 1), 0);
    return { rows: rows, places: others, regions: Object.values(regions), cell: place.width / most("column"), lines: most("row") };
  }

  function height(figure, panel, place) {
    if (figure.data.shape === "tiles") { return Math.ceil(place.world.cell * place.world.lines); }
    if (!timed(figure)) { return panel.drawn.length * (place.narrow ? figure.data.shape === "readings" ? 64 : 44 : 40); }
    return Number(panel.element.dataset.height) || (figure.data.small ? 120 : 340);
  }

  /* First days of years, as many as have room. */
  function ticks(range, width) {
    const first = new Date(range[0]).getUTCFullYear();
    const last = new Date(range[1]).getUTCFullYear() + 1;
    const step = Math.ceil((last - first + 1) / Math.max(2, width / 56));
    const days = [];
    for (let year = last; year >= first; year -= 1) {
      const day = Date.UTC(year, 0, 1);
      if (year % step === 0 && range[0] <= day && day <= range[1]) { days.push(day); }
    }
    // Within one year no first day may lie inside.
    return days.length ? days : [range[0]];
  }

  function drawPanel(figure, panel, choice, range) {
    const spec = specification(figure.data.shape);
    const place = layout(figure, panel, choice);
    if (figure.data.shape === "tiles") { place.world = world(figure, panel, place); }
    panel.place = place;
    panel.at = 0;
    const marks = placed(figure.data.small ? [] : figure.events, range, place.width);
    const lanes = marks.reduce((most, mark) => Math.max(most, mark.lane + 1), 0);
    const datasets = {
      rows: panel.drawn, places: [], regions: [], events: marks,
      breaks: panel.breaks.map((row) => ({ event_date: Date.parse(row.event_date) })).filter((row) => range[0] < row.event_date && row.event_date < range[1]),
    };
    Object.assign(datasets, place.world);
    const given = Object.assign(values(figure, panel, choice, range, place), { ticks: ticks(range, place.width) });
    spec.data.forEach((set) => { if (datasets[set.name]) { set.values = datasets[set.name]; } });
    spec.signals.forEach((signal) => { if (signal.name in given) { signal.value = given[signal.name]; delete signal.init; } });
    spec.width = place.width;
    spec.height = height(figure, panel, place);
    spec.signals = spec.signals.filter((signal) => signal.name !== "width" && signal.name !== "height");
    spec.padding = { left: place.left, right: place.right, top: place.world ? 84 : figure.data.small ? 8 : 12 + 15 * lanes, bottom: place.bottom };
    const options = { mode: "vega", renderer: "svg", actions: false, tooltip: window.trendsReadout.mark };
    return window.vegaEmbed(panel.element, spec, options).then((made) => {
      if (panel.made) { panel.made.finalize(); }
      panel.made = made;
      if (timed(figure)) { window.trendsReadout.panel(figure, panel); }
      panel.element.querySelector("svg").setAttribute("aria-hidden", "true");
      panel.element.classList.add("drawn");
    });
  }

  function rangeOf(figure, choice) {
    const days = [];
    choice.panels.forEach((panel) => panel.drawn.forEach((row) => {
      ["period_middle", "point_date", "first_date", "end_date", "crossed_low", "crossed_high"].forEach((name) => { if (row[name]) { days.push(row[name]); } });
    }));
    let first = Math.min.apply(null, days);
    let last = Math.max.apply(null, days);
    if (!days.length) { return [0, DAY]; }
    if (figure.data.first) { first = Date.parse(figure.data.first); last = Date.parse(figure.data.last); }
    if (figure.state.from) { first = Date.UTC(figure.state.from, 0, 1); }
    if (figure.state.to) { last = Math.min(Date.UTC(figure.state.to, 11, 31), Math.max(last, first + DAY)); }
    return first < last ? [first, last] : [first - 200 * DAY, first + 200 * DAY];
  }

  function prepared(choice) {
    choice.panels.forEach((panel) => {
      panel.element = document.getElementById(panel.plot);
      if (!panel.drawn) { panel.all = unpack(panel.rows); panel.drawn = drawable(panel.all); }
    });
    return choice;
  }

  function draw(figure) {
    const choice = prepared(current(figure));
    const range = rangeOf(figure, choice);
    figure.range = range;
    return Promise.all(choice.panels.map((panel) => (
      panel.element.clientWidth ? drawPanel(figure, panel, choice, range) : null
    ))).then(() => {
      const narrow = choice.panels[0].element.clientWidth < 720;
      figure.element.classList.toggle("numbered", narrow);
      // The list beside a narrow chart names only what is drawn.
      figure.element.querySelectorAll(".events li").forEach((item, place) => {
        const day = figure.events[place].at;
        item.hidden = day < range[0] || day > range[1];
      });
    });
  }

  /* ---- choices of the reader --------------------------------------------------------------------------------- */

  function current(figure) {
    return figure.data.choices.find((choice) => choice.key === figure.state.choice) || figure.data.choices[0];
  }

  function find(figure, name) { return figure.element.querySelector(name); }

  function say(figure) {
    const choice = current(figure);
    const put = (name, words) => { const element = find(figure, name); if (element) { element.textContent = words; } };
    if (!(figure.state.measure in choice.subtitles)) { figure.state.measure = Object.keys(choice.subtitles)[0]; }
    put(".title", choice.title);
    put(".subtitle", choice.subtitles[figure.state.measure] || "");
    put(".upto-words", choice.up_to);
    put(".choice-note", choice.note);
    const picture = find(figure, "[role=img]");
    if (picture && choice.alternative && !figure.data.small) { picture.setAttribute("aria-label", choice.alternative); }
    measures(figure, choice);
    figure.element.querySelectorAll(".badges-of").forEach((badges) => { badges.hidden = badges.dataset.choice !== choice.key; });
    figure.element.querySelectorAll(".chips input").forEach((input) => {
      input.checked = figure.state.named.includes(input.value);
      input.disabled = figure.state.measure === "pair";
    });
    const set = (name, value) => { const element = find(figure, name); if (element) { element.value = value; } };
    set(".choose", choice.key);
    set(".from", figure.state.from || "");
    set(".to", figure.state.to || "");
    const alone = find(figure, ".alone");
    if (alone) { alone.checked = figure.state.alone; alone.disabled = figure.state.measure === "pair"; }
    figure.tableOf = null;
    if (figure.state.view === "table") { table(figure); }
  }

  function measures(figure, choice) {
    figure.element.querySelectorAll(".measures label").forEach((label) => {
      const input = label.querySelector("input");
      label.hidden = !(input.value in choice.measures);
      label.querySelector("span").textContent = choice.measures[input.value] || input.value;
      input.checked = input.value === figure.state.measure;
    });
    const all = find(figure, ".measures");
    if (all) { all.hidden = Object.keys(choice.measures).length < 2; }
  }

  function table(figure) {
    const choice = current(figure);
    if (figure.tableOf === choice.key) { return; }
    figure.tableOf = choice.key;
    const body = document.createElement("table");
    const caption = body.createCaption();
    caption.textContent = choice.title;
    const head = body.createTHead().insertRow();
    figure.data.table.forEach((column) => {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = column[1];
      if (column[2] !== "text" && column[2] !== "date") { cell.className = "n"; }
      head.append(cell);
    });
    const rows = body.createTBody();
    choice.panels.forEach((panel) => (panel.all || unpack(panel.rows)).forEach((row) => {
      const line = rows.insertRow();
      figure.data.table.forEach((column) => {
        const cell = line.insertCell();
        cell.textContent = shown(row[column[0]], column[2]);
        if (column[2] !== "text" && column[2] !== "date") { cell.className = "n"; }
      });
    }));
    find(figure, ".pane.table").replaceChildren(body);
  }

  function view(figure, name) {
    figure.state.view = name;
    figure.element.querySelectorAll("[role=tab]").forEach((tab) => {
      const on = tab.dataset.view === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).classList.toggle("off", !on);
    });
    if (name === "table") { table(figure); } else { draw(figure); }
  }

  function changed(figure) {
    say(figure);
    address(figure);
    return draw(figure);
  }

  function listen(figure) {
    const on = (name, act) => figure.element.querySelectorAll(name).forEach((element) => element.addEventListener("change", () => { act(element); changed(figure); }));
    on(".measures input", (input) => { figure.state.measure = input.value; });
    on(".choose", (select) => { figure.state.choice = select.value; });
    on(".from", (select) => { figure.state.from = select.value; });
    on(".to", (select) => { figure.state.to = select.value; });
    on(".alone", (input) => { figure.state.alone = input.checked; });
    on(".chips input", () => {
      figure.state.named = Array.from(figure.element.querySelectorAll(".chips input:checked"), (input) => input.value);
    });
    const tabs = Array.from(figure.element.querySelectorAll("[role=tab]"));
    tabs.forEach((tab, place) => {
      tab.addEventListener("click", () => { view(figure, tab.dataset.view); address(figure); });
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) { return; }
        const other = tabs[(place + step + tabs.length) % tabs.length];
        view(figure, other.dataset.view);
        address(figure);
        other.focus();
        event.preventDefault();
      });
    });
    figure.element.querySelectorAll("[data-act]").forEach((button) => button.addEventListener("click", () => acts[button.dataset.act](figure)));
  }

  /* ---- the address ------------------------------------------------------------------------------------------- */

  let written = "";

  function stateOf(figure) {
    const plain = initial(figure.data);
    const held = figure.state;
    const found = new URLSearchParams();
    if (window.trendsPage) { found.set("p", window.trendsPage); }
    found.set("f", figure.element.id);
    if (held.choice !== plain.choice) { found.set("s", held.choice); }
    if (held.measure !== plain.measure) { found.set("m", held.measure); }
    if (held.named.join() !== plain.named.join()) { found.set("fw", held.named.join()); }
    if (held.alone) { found.set("alone", "1"); }
    if (held.from) { found.set("from", held.from); }
    if (held.to) { found.set("to", held.to); }
    if (held.view === "table") { found.set("v", "table"); }
    return found;
  }

  function initial(data) {
    return { choice: data.choices[0].key, measure: data.measure, named: data.named.slice(), alone: false, from: "", to: "", view: "chart" };
  }

  function address(figure) {
    written = "#" + stateOf(figure).toString();
    // Not history.replaceState: browsers differ on it for pages opened from disk.
    location.replace(written);
  }

  function restore() {
    if (location.hash === written || !location.hash.includes("=")) { return; }
    const asked = new URLSearchParams(location.hash.slice(1));
    root.classList.toggle("embed", asked.get("embed") === "1");
    // Within the single file another page is asked for: the router shows it and comes back here.
    if (window.trendsPage && asked.get("p") !== window.trendsPage) { return; }
    const figure = figures.find((other) => other.element.id === asked.get("f"));
    figures.forEach((other) => other.element.classList.toggle("asked", other === figure));
    if (!figure) { return; }
    const state = initial(figure.data);
    const keys = figure.data.choices.map((choice) => choice.key);
    if (keys.includes(asked.get("s"))) { state.choice = asked.get("s"); }
    const choice = figure.data.choices.find((other) => other.key === state.choice);
    if (asked.get("m") in choice.subtitles) { state.measure = asked.get("m"); }
    const known = Array.from(figure.element.querySelectorAll(".chips input"), (input) => input.value);
    if (asked.has("fw")) { state.named = asked.get("fw").split(",").filter((name) => known.includes(name)); }
    state.alone = asked.get("alone") === "1";
    ["from", "to"].forEach((end) => { if (/^\d{4}$/.test(asked.get(end))) { state[end] = asked.get(end); } });
    figure.state = state;
    say(figure);
    view(figure, asked.get("v") === "table" ? "table" : "chart");
    figure.element.scrollIntoView();
  }

  function link(figure, more) {
    const state = stateOf(figure);
    Object.keys(more || {}).forEach((name) => state.set(name, more[name]));
    return location.href.split("#")[0] + "#" + state.toString();
  }

  /* ---- taking it away ------------------------------------------------------------------------------------------ */

  function save(figure, ending, blob) {
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(blob);
    anchor.download = figure.data.file + "." + ending;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
  }

  /* The rows as shown, each with whose they are; what a source does not let us pass on is left out. */
  function csv(figure) {
    const only = Object.keys(figure.data.sources).length === 1 ? Object.keys(figure.data.sources)[0] : null;
    const all = [].concat.apply([], current(figure).panels.map((panel) => panel.all || unpack(panel.rows)));
    const rows = all.map((row) => [row, row.source_label || only]).filter((pair) => !figure.data.withheld.includes(pair[1]));
    const names = Object.keys(all[0] || {});
    // A cell that a spreadsheet would run as a formula becomes text.
    const cell = (value) => {
      if (value === null || value === undefined) { return ""; }
      let words = String(value);
      if (typeof value === "string" && /^[=+\-@\t\r]/.test(words)) { words = "'" + words; }
      return /[",\r\n]/.test(words) ? '"' + words.replace(/"/g, '""') + '"' : words;
    };
    const line = (pair) => names.map((name) => cell(pair[0][name])).concat((figure.data.sources[pair[1]] || ["", ""]).map(cell)).join(",");
    return [names.concat("attribution", "licence").join(",")].concat(rows.map(line)).join("\r\n") + "\r\n";
  }

  function escaped(words) {
    return words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
  }

  function coloured(text) {
    const style = getComputedStyle(root);
    return text.replace(/var\(--([\w-]+)\)/g, (_, name) => style.getPropertyValue("--" + name).trim());
  }

  function wrapped(words, size, weight, width) {
    const lines = [""];
    words.split(/\s+/).forEach((word) => {
      const longer = (lines[lines.length - 1] + " " + word).trim();
      if (textWidth(longer, size, weight) > width) { lines.push(word); } else { lines[lines.length - 1] = longer; }
    });
    return lines;
  }

  /* The picture with its title, subtitle and source, so that it can stand alone. */
  function picture(figure) {
    const choice = current(figure);
    const width = Math.max(360, find(figure, ".pane.chart").clientWidth || 960);
    const parts = [];
    let y = 16;
    const write = (words, size, weight, token) => wrapped(words, size, weight, width - 40).forEach((line) => {
      y += size * 1.3;
      parts.push('<text x="16" y="' + y + '" font-size="' + size + '" font-weight="' + weight + '" fill="var(--' + token + ')">' + escaped(line) + "</text>");
    });
    write(choice.title, 20, "bold", "ink");
    write(choice.subtitles[figure.state.measure] || "", 13, "normal", "muted");
    choice.panels.filter((panel) => panel.made).forEach((panel) => {
      const svg = panel.element.querySelector("svg").cloneNode(true);
      const heading = panel.element.closest(".panel");
      if (heading) { y += 10; write(heading.querySelector("h3").textContent, 13, "bold", "ink"); }
      svg.setAttribute("x", "16");
      svg.setAttribute("y", String(y + 10));
      y += Number(svg.getAttribute("height")) + 10;
      parts.push(new XMLSerializer().serializeToString(svg));
    });
    const events = Array.from(figure.element.querySelectorAll(".events li:not([hidden])"), (item) => item.value + " " + item.textContent);
    if (figure.element.classList.contains("numbered") && events.length) { write(events.join("; "), 11, "normal", "muted"); }
    write(find(figure, ".cite-words").textContent.trim(), 11, "normal", "muted");
    y += 14;
    const open = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="' + (width + 32) + '" height="' + y + '" viewBox="0 0 ' + (width + 32) + " " + y + '" font-family="' + escaped(getComputedStyle(root).getPropertyValue("--sans").trim()) + '">';
    return { width: width + 32, height: y, text: coloured(open + '<rect width="100%" height="100%" fill="var(--surface)"/>' + parts.join("") + "</svg>") };
  }

  function png(figure) {
    const drawn = picture(figure);
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
    const tell = (done) => { told.textContent = done ? what + " copied." : what + ": copy it from this field."; };
    if (navigator.clipboard) { navigator.clipboard.writeText(words).then(() => tell(true), () => tell(false)); } else { tell(false); }
  }

  function whenDrawn(figure, act) {
    if (figure.state.view === "table") { view(figure, "chart"); address(figure); }
    draw(figure).then(() => act(figure));
  }

  const acts = {
    csv: (figure) => save(figure, "csv", new Blob(["\ufeff", csv(figure)], { type: "text/csv;charset=utf-8" })),
    svg: (figure) => whenDrawn(figure, () => save(figure, "svg", new Blob([picture(figure).text], { type: "image/svg+xml" }))),
    png: (figure) => whenDrawn(figure, png),
    link: (figure) => give(figure, "Link to this view", link(figure)),
    cite: (figure) => give(figure, "Citation", current(figure).title + ". " + find(figure, ".cite-words").textContent.trim().replace(/\s+/g, " ") + " " + link(figure)),
    embed: (figure) => give(figure, "Embed code", '<iframe src="' + escaped(link(figure, { embed: "1" })) + '" title="' + escaped(current(figure).title) + '" width="100%" height="640" style="border:0"></iframe>'),
  };

  /* ---- start ------------------------------------------------------------------------------------------------- */

  function start(element) {
    const data = JSON.parse(document.getElementById(element.id + "-data").textContent);
    const figure = { element: element, data: data, state: initial(data), events: [] };
    figure.events = data.events.map((event) => ({ at: Date.parse(event.event_date), words: event.words, number: event.number }));
    figures.push(figure);
    figure.choice = () => current(figure);
    figure.dayOf = (row) => row.period_middle || row.point_date;
    figure.panelAt = (element) => current(figure).panels.find((panel) => panel.element === element);
    listen(figure);
    const slider = find(figure, ".reader");
    if (slider) { window.trendsReadout.slider(figure, slider); }
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
    figures.splice(0).forEach((figure) => figure.data.choices.forEach((choice) => choice.panels.forEach((panel) => {
      if (panel.made) { panel.made.finalize(); }
    })));
    root.classList.remove("all-drawn");
    written = "";
    document.querySelectorAll("[data-figure]").forEach(start);
    restore();
    drawAll(figures.slice());
  };

  document.addEventListener("DOMContentLoaded", () => {
    if (!document.querySelector("template[data-page]")) { window.trendsCharts(); }
    window.addEventListener("hashchange", restore);
    let waiting;
    let width = root.clientWidth;
    window.addEventListener("resize", () => {
      if (root.clientWidth === width) { return; }
      width = root.clientWidth;
      clearTimeout(waiting);
      waiting = setTimeout(() => figures.forEach((figure) => { if (figure.state.view === "chart") { draw(figure); } }), 120);
    });
    window.addEventListener("beforeprint", () => figures.forEach((figure) => {
      if (find(figure, ".pane.table") && find(figure, ".pane.table").dataset.print !== "no") { table(figure); }
    }));
  });
})();
