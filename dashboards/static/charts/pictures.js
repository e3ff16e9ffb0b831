/* Pictures: one object for each kind. `days` are its columns that the time axis must hold, `day` is the one that a reader
   points at, and `place` says where a panel's marks and words stand: margins, data sets and values for shapes.js. */

const SMALL = 620;
const roomFor = (rows, most) => Math.min(most, rows.reduce((room, row) => Math.max(room, measure(row.label, 12, "bold")), 0) + 6);

const narrowRoom = (rows) => rows.reduce((room, row) => Math.max(room, ...(row.loud && measure(row.label, 12, "bold") < 76
  ? [row.label] : row.label.split(" ")).map((words) => measure(words, 12, "bold"))), 0) + 6;

/* Margins of a picture over time, and what its time axis needs. */
function overTime(panel, range, left, right) {
  const width = Math.max(80, panel.element.clientWidth - left - right);
  return { left: left, right: right, bottom: 26, width: width, values: { x0: range[0], x1: range[1], ticks: ticks(range, width) } };
}

const breaksWithin = (panel, range) => panel.breaks.map((row) => ({ event_date: Date.parse(row.event_date) }))
  .filter((row) => range[0] < row.event_date && row.event_date < range[1]);

const heightOf = (figure, panel) => Number(panel.element.dataset.height) || (figure.data.small ? 120 : 340);

const lines = {
  days: ["period_middle"],
  day: (row) => row.period_middle,

  /* Named frameworks are loud, the others grey; of the pair one line is drawn, the other is its mirror. */
  rows(figure, panel, range) {
    const state = figure.state;
    const loud = state.measure === "pair" ? [figure.data.pair[0]] : state.named;
    const name = column(state.measure);
    return panel.drawn.filter((row) => row[name] !== null && row.period_middle >= range[0] && row.period_middle <= range[1]
        && (loud.includes(row.framework) || !(state.alone || state.measure === "pair")))
      .map((row) => Object.assign({}, row, {
        v: row[name], low: figure.state.measure === "count" ? null : row[state.measure + "_low_pct"],
        high: state.measure === "count" ? null : row[state.measure + "_high_pct"], loud: loud.includes(row.framework),
      }));
  },

  place(figure, panel, choice, range) {
    const small = figure.data.small;
    const measured = figure.state.measure;
    const narrow = panel.element.clientWidth < SMALL;
    const drawn = pieces(this.rows(figure, panel, range), panel.breaks);
    if (drawn.length && drawn.every((row) => row.period_middle === drawn[0].period_middle)) { return levels(figure, panel, drawn); }
    // On a phone the lines have the width that names of grey ones would take.
    const room = small ? 44 : narrow ? narrowRoom(drawn) : roomFor(panel.drawn, 170);
    const place = overTime(panel, range, small || narrow ? 40 : 46, room + (small ? 12 : narrow ? 10 : 20));
    const events = small ? { marks: [], count: 0 } : lanes(figure.events, range, place, "surface");
    const rows = drawn.map((row) => Object.assign(row, { tag: wrapped(row.label, 12, "bold", room) }));
    const height = heightOf(figure, panel);
    const log = logOf(rows, figure.state, measured);
    const top = log.isLog ? log.top : topOf(rows, measured, panel.is_percent);
    const bottom = log.isLog ? log.bottom : 0;
    const last = ends(rows, height, top, small, bottom);
    if (log.isLog) { rows.forEach((row) => { row.low = row.low === null ? null : Math.max(row.low, bottom); }); }
    const breaks = breaksWithin(panel, range);
    const rules = breaks.map((rule) => across(rule.event_date, range, place.width));
    const below = measured === "pair" ? sides(rows.filter((row) => row.loud), rules, figure.data.pair_labels, range, place.width, height, small, "surface") : [];
    const names = last.map((row) => {
      const x = across(row.period_middle, range, place.width);
      // Words of a line that has ended may also take what is left of the plot.
      return this.name(row, last.length, x, row.is_ended ? room + place.width - x : room, figure, panel, top);
    });
    // An axis without a line says nothing: one sentence stands in its place.
    if (!rows.length) {
      const nothing = figure.state.named.length || measured === "pair" ? "Nothing of what is chosen has figures here." : "Nothing is chosen: tick a name below the chart.";
      return Object.assign(place, { shape: "levels", height: height, top: small ? 8 : 12, data: { rows: [], words: [
        written(wrapped(nothing, 13, "normal", place.width), place.width / 2, height / 2, { align: "center", size: 13, token: "muted" })] },
      values: { labels: ["nothing"], ymax: 0, measure: "count", small: true } });
    }
    return Object.assign(place, {
      isLog: log.isLog, log: log,
      height: height, top: small ? 8 : 12 + 15 * events.count,
      data: {
        rows: rows, ends: last, events: events.marks, breaks: breaks,
        below: below.concat(events.marks.map((mark) => mark.words)), words: names,
      },
      values: Object.assign(place.values, { measure: measured, is_percent: panel.is_percent, ymin: bottom, ymax: top, small: small }),
    });
  },

  number: (row, figure, panel, top) => (figure.state.measure !== "count" ? share(row.v, top) : panel.is_percent ? row.v.toFixed(1) + "%" : inShort(row.v)),

  /* The name at the end of a line, and its number where there is room; small charts have the number alone. */
  name(row, count, x, room, figure, panel, top) {
    const number = this.number(row, figure, panel, top);
    const tag = row.is_ended ? wrapped(row.label + " (ended)", 12, "bold", room) : row.tag;
    const text = figure.data.small ? [number] : count > 3 ? tag : tag.concat(number);
    const look = row.loud ? { weight: "bold", token: row.framework } : { token: "muted" };
    return written(text, x + (figure.data.small ? 8 : 14), row.y, Object.assign(look, { room: room }));
  },

  said(row, measured, isPercent) {
    const name = column(measured);
    if (measured === "count") { return [row.label + ": " + inFull(row.value) + (isPercent ? "%" : "")]; }
    return [row.label + ": " + row[name].toFixed(1) + "%" + between(row[measured + "_low_pct"], row[measured + "_high_pct"])];
  },
  value: (row, measured) => row[column(measured)],
};

/* The figures of one date: a bar for each framework, the greatest first. */
function levels(figure, panel, rows) {
  const small = figure.data.small;
  const measured = figure.state.measure;
  const sorted = rows.slice().sort((a, b) => b.v - a.v);
  const narrow = panel.element.clientWidth < SMALL;
  const left = roomFor(sorted, narrow || small ? 96 : 200) + 8;
  const width = Math.max(80, panel.element.clientWidth - left - 60);
  const step = small ? Math.min(40, 100 / sorted.length) : 34;
  const top = topOf(sorted, measured, panel.is_percent);
  const words = sorted.flatMap((row, number) => {
    const y = step * (number + 0.5);
    const look = row.loud ? { weight: "bold", token: row.framework } : { token: "muted" };
    const text = wrapped(row.label, 12, "bold", left - 8);
    const end = width * Math.min(top, Math.max(row.v, row.high || 0)) / top;
    return [written(text, -8, y - 7.5 * (text.length - 1), Object.assign({ align: "right" }, look)),
      written(lines.number(row, figure, panel, top), end + 6, y, look)];
  });
  return {
    shape: "levels", left: left, right: 60, top: 26, bottom: 26, width: width, height: step * sorted.length,
    data: { rows: sorted, words: [written(sorted[0].period_label, 0, -14, { token: "muted" }), ...words] },
    values: { labels: sorted.map((row) => row.framework), measure: measured, is_percent: panel.is_percent, ymax: top, small: small },
  };
}

const substitution = {
  days: ["point_date"],
  day: (row) => row.point_date,
  place(figure, panel, choice, range) {
    return Object.assign(overTime(panel, range, 40, 56), { height: heightOf(figure, panel), top: 8, data: { rows: panel.drawn } });
  },
  said(row) {
    return [["Figures", row.observed_pct], ["Curve", row.fitted_pct], ["Forecast", row.observed_pct === null ? row.forecast_pct : null]]
      .filter((pair) => pair[1] !== null).map((pair) => pair[0] + ": " + pair[1].toFixed(1) + "%"
        + (pair[0] === "Curve" ? between(row.fitted_low_pct, row.fitted_high_pct) : ""));
  },
  value: (row) => row.fitted_pct ?? row.forecast_pct ?? row.observed_pct,
};

/* One row per source: its name at the left, the date beside its mark; on a phone both stand above it. */
const crossings = {
  days: ["first_date", "end_date", "crossed_low", "crossed_high"],
  place(figure, panel, choice, range) {
    // Beside names of sources the longest words need more than a page on end has.
    const narrow = panel.element.clientWidth < 760;
    // Half a year's label has room on both sides.
    const place = overTime(panel, range, narrow ? 14 : 212, narrow ? 14 : 24);
    const events = lanes(figure.events, range, place, "bg");
    const step = narrow ? 44 : 40;
    const words = panel.drawn.flatMap((row, number) => {
      const y = step * (number + 0.5);
      if (narrow) {
        // Where both do not fit into one line, the name stands above it, below the marks of the row before.
        const fits = measure(row.source_label, 13) + measure(row.short_words, 13) + 8 <= place.width;
        return [written(row.source_label, 0, y - (fits ? 9 : 23), { size: 13 }), written(row.short_words, place.width, y - 9, { size: 13, align: "right" })];
      }
      const spot = beside(row, range, place.width);
      return [written(row.source_label, -210, y, { size: 13, room: 204 }), written(row.words, spot.x, y - spot.up, { size: 13, align: spot.align, halo: "bg" })];
    });
    return Object.assign(place, {
      height: panel.drawn.length * step, top: 12 + 15 * events.count,
      data: { rows: panel.drawn, events: events.marks, below: events.marks.map((mark) => mark.words), words: words },
      values: Object.assign(place.values, { labels: panel.drawn.map((row) => row.source_label), low: narrow ? 7 : 0 }),
    });
  },
};

/* One row per claim: its statement at the left, on a phone above its marks. */
const readings = {
  days: [],
  place(figure, panel) {
    const space = panel.element.clientWidth;
    const narrow = space < SMALL;
    const left = narrow ? 14 : Math.round(space * 0.4);
    const width = Math.max(80, space - left - (narrow ? 14 : 24));
    const most = panel.drawn.reduce((top, row) => Math.max(top, row.published, row.measured, row.high || 0), 0);
    const told = panel.drawn.map((row) => wrapped(row.statement, 13, "normal", narrow ? width : left - 24));
    const step = narrow ? 48 + 16 * Math.max(1, ...told.map((text) => text.length)) : 40;
    const words = told.map((text, number) => {
      // Beside its marks a statement of several lines stands as high as one of one; above them its last line does.
      const y = step * (number + 0.5) - (narrow ? 12 + 16 * (text.length - 1) : 8 * (text.length - 1));
      return written(text, narrow ? 0 : 8 - left, y, { size: 13 });
    });
    return {
      left: left, right: narrow ? 14 : 24, top: 12, bottom: 26, width: width, height: panel.drawn.length * step,
      data: { rows: panel.drawn, words: words },
      values: { labels: panel.drawn.map((row) => row.claim_id), low: narrow ? 18 : 0, ymax: most > 55 ? 100 : most * 1.1 },
    };
  },
};

const world = {
  days: [],
  place(figure, panel) {
    const space = panel.element.clientWidth;
    const width = Math.max(80, space - 4);
    if (!figure.places) { figure.places = unpack(figure.data.places); }
    const found = tiles(panel.drawn, figure.places, space < SMALL ? "narrow" : "wide", width);
    return {
      left: 2, right: 2, top: 84, bottom: 4, width: width, height: found.height,
      data: { rows: found.rows, places: found.places, words: found.words },
      values: { cell: found.cell, pair: figure.data.pair, pair_labels: figure.data.pair_labels, step: Math.min(92, width / 6) },
    };
  },
};

/* One bar a framework, its name and its ranks in words above it; on a phone the ranks stand below the name. */
const ranks = {
  days: [],
  place(figure, panel) {
    const space = panel.element.clientWidth;
    const narrow = space < SMALL;
    const bars = Array.from(new Map(panel.drawn.map((row) => [row.place, row])).values());
    const told = bars.map((row) => (narrow ? wrapped(row.words, 13, "normal", space - 8) : [row.words]));
    const step = narrow ? 62 + 16 * Math.max(1, ...told.map((lines) => lines.length)) : 60;
    const words = bars.flatMap((row, number) => {
      const y = step * (row.place - 1) + 14;
      const name = written(row.label, 0, y, { size: 14, weight: "bold", token: row.framework });
      const at = narrow ? [0, y + 18] : [measure(row.label, 14, "bold") + 12, y];
      return [name, written(told[number], at[0], at[1], { size: 13, token: "muted" })];
    });
    const width = Math.max(80, space - 8);
    [0, 25, 50, 75, 100].forEach((share) => words.push(written(String(share), share / 100 * width, step * bars.length + 10,
      { size: 12, token: "muted", align: share === 0 ? "left" : share === 100 ? "right" : "center" })));
    return {
      left: 4, right: 4, top: 4, bottom: 26, width: width, height: step * bars.length,
      data: { rows: panel.drawn, words: words }, values: { step: step },
    };
  },
};

/* Ranks by year: years below, ranks at the left, names where lines end. */
const bump = {
  days: [],
  place(figure, panel) {
    const space = panel.element.clientWidth;
    const narrow = space < SMALL;
    const rows = panel.drawn.slice().sort((a, b) => (a.framework < b.framework ? -1 : a.framework > b.framework ? 1 : a.place - b.place));
    rows.forEach((row, at) => {
      const before = rows[at - 1];
      const same = before && before.framework === row.framework;
      row.segment = same ? before.segment + (row.place - before.place > 1 ? 1 : 0) : 0;
      row.is_end = !(rows[at + 1] && rows[at + 1].framework === row.framework);
    });
    const last = Math.max(...rows.map((row) => row.place));
    const lowest = Math.max(...rows.map((row) => row.rank));
    const right = roomFor(rows, narrow ? 112 : 190) + 16;
    const [left, step] = [24, 44];
    const width = Math.max(80, space - left - right);
    const x = (place) => (last > 1 ? (place - 1) / (last - 1) * width : width / 2);
    const years = Array.from(new Map(rows.map((row) => [row.place, row.year_label])));
    const every = Math.ceil(years.length * 52 / width);
    const words = years.filter(([place]) => (last - place) % every === 0)
      .map(([place, label]) => written(label, x(place), step * lowest + 16, { size: 12, align: "center", token: "muted" }));
    for (let rank = 1; rank <= lowest; rank += 1) { words.push(written(String(rank), -16, step * (rank - 0.5), { size: 12, token: "muted" })); }
    rows.filter((row) => row.is_end).forEach((row) => {
      const here = row.place === last;
      const name = here ? wrapped(row.label, 12, "bold", right - 14) : row.label + " (until " + row.year_label + ")";
      words.push(written(name, here ? x(row.place) + 12 : x(row.place), step * (row.rank - 0.5) + (here ? 0 : 18), { size: 12, weight: "bold", token: row.framework, align: here ? "left" : "center", halo: "surface" }));
    });
    return {
      left: left, right: right, top: 4, bottom: 30, width: width, height: step * lowest,
      data: { rows: rows, words: words }, values: { x0: 1, x1: Math.max(last, 2), lowest: lowest },
    };
  },
};

const pictures = { lines: lines, substitution: substitution, crossings: crossings, readings: readings, tiles: world, ranks: ranks, bump: bump };
