/* A quick look at an answer: lines over time or numbers, bars over words. Not a figure of the site. */
"use strict";
window.TrendsChart = (function () {
  const NUMBER = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UINTEGER|UBIGINT|FLOAT|DOUBLE|DECIMAL)/;
  const TIME = /^(DATE|TIMESTAMP)/;
  const OWN = ["pytorch", "tensorflow", "jax", "keras", "scikit-learn", "huggingface-transformers", "mxnet", "paddlepaddle"];
  const DASHES = ["", "7 3", "2 2", "9 3 2 3", "5 2", "12 3", "3 3", "6 2 1 2"];
  const MOST_LINES = 8, MOST_BARS = 40;

  const isNumber = (column) => NUMBER.test(column.type);
  const isTime = (column) => TIME.test(column.type);
  const isYear = (column) => isNumber(column) && /(^|_)(year|edition)$/.test(column.name);

  /** Columns to start with: {x, y, colour}, numbers of columns, or null where nothing can be drawn. */
  function choice({ columns, rows }) {
    const first = (test) => columns.findIndex(test);
    let x = first(isTime);
    if (x < 0) x = first(isYear);
    if (x < 0) x = first((column) => !isNumber(column));
    const isMeasure = (column, index) => isNumber(column) && !isYear(column) && index !== x;
    let y = first((column, index) => isMeasure(column, index) && /_pct$|share|factor|ratio|_per_/.test(column.name) && !/low|high/.test(column.name));
    if (y < 0) y = first(isMeasure);
    if (x < 0 || y < 0 || !rows.length) return null;
    let colour = first((column, index) => index !== x && column.name === "framework");
    if (colour < 0 && (isTime(columns[x]) || isYear(columns[x]))) {
      colour = first((column, index) => index !== x && !isNumber(column) && !isTime(column) &&
        new Set(rows.map((row) => row[index])).size <= MOST_LINES && new Set(rows.map((row) => row[index])).size > 1);
    }
    // One row for each name: bars tell more than lone dots.
    if (colour >= 0 && new Set(rows.map((row) => row[colour])).size === rows.length) return { x: colour, y, colour: -1 };
    return { x, y, colour };
  }

  function element(name, attributes, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  const shown = (value) => Math.abs(value) >= 1e6 ? `${+(value / 1e6).toPrecision(3)}M`
    : Math.abs(value) >= 1e4 ? `${+(value / 1e3).toPrecision(3)}k` : String(+value.toPrecision(4));

  function ticks(low, high, count) {
    const raw = (high - low) / count || 1, power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= raw);
    const found = [];
    for (let tick = Math.ceil(low / step) * step; tick <= high + step / 1e6; tick += step) found.push(+tick.toPrecision(12));
    return found;
  }

  const look = (name, index) => OWN.includes(name)
    ? { stroke: `var(--fw-${name})`, dash: DASHES[OWN.indexOf(name)] }
    : { stroke: `var(--fw-${OWN[index % OWN.length]})`, dash: DASHES[index % DASHES.length] };

  function lines({ columns, rows }, { x, y, colour }, width) {
    const time = isTime(columns[x]);
    const place = (text) => time ? Date.parse(text.slice(0, 10)) : Number(text);
    const groups = new Map();
    for (const row of rows) {
      if (row[x] === null || row[y] === null) continue;
      const name = colour < 0 ? "" : row[colour] ?? "–";
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push([place(row[x]), Number(row[y])]);
    }
    const named = [...groups].slice(0, MOST_LINES);
    const all = named.flatMap(([, points]) => points);
    if (!all.length) return null;
    const right = colour < 0 ? 16 : Math.min(190, 24 + 7 * Math.max(...named.map(([name]) => name.length)));
    const height = 340, left = 56, top = 14, bottom = 30;
    const xs = all.map(([value]) => value), ys = all.map(([, value]) => value);
    const [x0, x1] = [Math.min(...xs), Math.max(...xs)], [y0, y1] = [Math.min(0, ...ys), Math.max(...ys) || 1];
    const px = (value) => left + (x1 === x0 ? 0.5 : (value - x0) / (x1 - x0)) * (width - left - right);
    const py = (value) => height - bottom - (value - y0) / (y1 - y0) * (height - top - bottom);
    const svg = element("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    for (const tick of ticks(y0, y1, 5)) {
      svg.append(element("line", { x1: left, x2: width - right, y1: py(tick), y2: py(tick), stroke: "var(--grid)" }),
        element("text", { x: left - 6, y: py(tick) + 4, "text-anchor": "end" }, shown(tick)));
    }
    const years = (value) => new Date(value).getUTCFullYear() + new Date(value).getUTCMonth() / 12;
    const marks = time && years(x1) - years(x0) >= 2
      ? ticks(Math.ceil(years(x0)), Math.floor(years(x1)), Math.max(1, Math.min(12, (width - left - right) / 70))).filter(Number.isInteger)
        .map((year) => [Date.UTC(year, 0, 1), String(year)])
      : time ? [...new Set([x0, x1])].map((value) => [value, new Date(value).toISOString().slice(0, 10)])
        : ticks(x0, x1, 8).filter((value) => !isYear(columns[x]) || Number.isInteger(value)).map((value) => [value, String(value)]);
    for (const [value, word] of marks) svg.append(element("text", { x: px(value), y: height - 8, "text-anchor": "middle" }, word));
    const ends = named.map(([name, points], index) => {
      points.sort(([a], [b]) => a - b);
      const { stroke, dash } = look(name, index);
      const path = points.map(([a, b], number) => `${number ? "L" : "M"}${px(a).toFixed(1)} ${py(b).toFixed(1)}`).join("");
      svg.append(element("path", { d: path, fill: "none", stroke, "stroke-width": 2, "stroke-dasharray": dash }));
      if (points.length <= 60) points.forEach(([a, b]) => svg.append(element("circle", { cx: px(a), cy: py(b), r: 2.5, fill: stroke })));
      return { name, stroke, y: py(points[points.length - 1][1]) };
    }).sort((a, b) => a.y - b.y);
    let lowest = -Infinity;
    for (const end of ends) {
      lowest = Math.max(end.y, lowest + 16);
      if (colour >= 0) svg.append(element("text", { x: width - right + 8, y: lowest + 4, style: `fill:${end.stroke};font-weight:700` }, end.name));
    }
    const more = groups.size - named.length;
    return { svg, note: more > 0 ? `The first ${MOST_LINES} of ${groups.size} lines.` : "" };
  }

  function bars({ columns, rows }, { x, y, colour }, width) {
    const kept = rows.filter((row) => row[y] !== null).slice(0, MOST_BARS);
    if (!kept.length) return null;
    const words = kept.map((row) => [row[x] ?? "–", colour >= 0 && colour !== x ? row[colour] : null].filter((word) => word !== null).join(", "));
    const left = Math.min(width * 0.4, 16 + 7 * Math.max(...words.map((word) => word.length))), step = 24;
    const values = kept.map((row) => Number(row[y]));
    const low = Math.min(0, ...values), high = Math.max(0, ...values) || 1;
    const px = (value) => left + (value - low) / (high - low) * (width - left - 70);
    const svg = element("svg", { width, height: step * kept.length + 8, viewBox: `0 0 ${width} ${step * kept.length + 8}`, "aria-hidden": "true" });
    kept.forEach((row, index) => {
      const at = step * index + 4, room = Math.floor((left - 14) / 6.6), word = words[index];
      const named = colour >= 0 ? row[colour] : row[x];
      svg.append(
        element("text", { x: left - 8, y: at + 15, "text-anchor": "end", style: "fill:var(--ink)" }, word.length > room ? word.slice(0, room - 1) + "…" : word),
        element("rect", { x: Math.min(px(0), px(values[index])), y: at + 2, width: Math.max(1, Math.abs(px(values[index]) - px(0))), height: step - 7, fill: OWN.includes(named) ? `var(--fw-${named})` : "var(--other)" }),
        element("text", { x: px(Math.max(0, values[index])) + 6, y: at + 15 }, shown(values[index])));
    });
    return { svg, note: rows.length > kept.length ? `The first ${kept.length} of ${rows.length} rows.` : "" };
  }

  /** Draw an answer: {svg, note, words} or null. */
  function draw(answer, chosen, width) {
    const { columns, rows } = answer, axis = columns[chosen.x];
    const drawn = (isTime(axis) || isNumber(axis) ? lines : bars)(answer, chosen, width);
    const by = chosen.colour >= 0 ? `, by ${columns[chosen.colour].name}` : "";
    return drawn && { ...drawn, words: `${columns[chosen.y].name} over ${axis.name}${by}, ${rows.length} rows; the table holds the numbers` };
  }

  return { choice, draw, isNumber };
})();
