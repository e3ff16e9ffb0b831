/* Rows: from the columns in which a page carries them to pictures, cells, words and the lines of a file. Pure. */

function unpack(packed) {
  const names = Object.keys(packed.columns);
  const held = {};
  names.forEach((name) => {
    const column = packed.columns[name];
    held[name] = column && column.of ? column.at.map((place) => column.of[place]) : column;
  });
  return Array.from({ length: packed.count }, (_, place) => {
    const row = {};
    names.forEach((name) => { row[name] = Array.isArray(held[name]) ? held[name][place] : held[name]; });
    return row;
  });
}

const isDate = (name) => name.endsWith("_date") || name === "period_middle" || /^crossed_(low|high)$/.test(name);

/* Rows for a picture: days as numbers, and only what may be drawn. */
function drawable(rows) {
  return rows.filter((row) => row.is_drawn !== false).map((row) => {
    const copy = {};
    Object.keys(row).forEach((name) => { copy[name] = isDate(name) && row[name] ? Date.parse(row[name]) : row[name]; });
    return copy;
  });
}

/* The column that a measure draws. */
const column = (measure) => (measure === "count" ? "value" : measure + "_pct");

const grouped = (value, digits) => value.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/* A figure in full: whole numbers as they are, others with one decimal. */
const inFull = (value) => grouped(value, Number.isInteger(value) ? 0 : 1);

/* A figure in short, as "731k" and "4.15M": three digits. */
function inShort(value) {
  if (value < 1e4) { return grouped(Math.round(value), 0); }
  const digits = Number(value.toPrecision(3));
  const power = Math.min(3, Math.floor(Math.log10(digits) / 3));
  return String(Number((digits / 10 ** (3 * power)).toPrecision(3))) + ["", "k", "M", "G"][power];
}

/* A share on a chart: whole percent would hide which of two small ones is the greater. */
const share = (value, most) => value.toFixed(most < 25 ? 1 : 0) + "%";

/* Rows of the newest period that is drawn. */
function newest(rows) {
  const drawn = rows.filter((row) => row.is_drawn !== false);
  const last = drawn.reduce((most, row) => ((row.period_start || row.point_date) > most ? row.period_start || row.point_date : most), "");
  return drawn.filter((row) => (row.period_start || row.point_date || "") === last);
}

/* The figures of the newest period that is shown, each with its base, its shares and their intervals: those of the named
   and of all whose names the chart has at the ends of lines, of one that ended before with its own period. */
function cited(rows, state, unit, atEnds = []) {
  const within = (low, high) => (low === null || low === undefined ? "" : " (" + low.toFixed(1) + " to " + high.toFixed(1) + ")");
  const said = (row, name) => (row[name + "_pct"] === null || row[name + "_pct"] === undefined ? "" :
    ", " + row[name + "_pct"].toFixed(1) + "%" + (name === "pair" ? " of the pair" : "") + within(row[name + "_low_pct"], row[name + "_high_pct"]));
  const ofYears = chosen(rows, state);
  const held = newest(ofYears);
  const last = (name) => newest(ofYears.filter((row) => row.framework === name))[0];
  const names = atEnds.concat(held.map((row) => row.framework).filter((name) => state.named.includes(name)));
  const wanted = Array.from(new Set(names), last).filter(Boolean);
  const told = (wanted.length ? wanted : held).map((row) => row.label + (held.includes(row) ? "" : " in " + row.period_label) + " " + inFull(row.value)
    + (unit ? " " + unit : "") + (row.base ? " of " + inFull(row.base) : "") + said(row, "share") + (state.measure === "pair" ? said(row, "pair") : ""));
  return told.length ? (held[0].source_label ? held[0].source_label + ", " : "") + held[0].period_label + ": " + told.join("; ") + "." : "";
}

/* What stands in a cell of a table. */
function shown(value, kind) {
  if (value === null || value === undefined) { return "\u2013"; }
  if (kind === "pct") { return value.toFixed(1); }
  return kind === "number" ? inFull(value) : String(value);
}

/* A cell that a spreadsheet would run as a formula becomes text. */
function cell(value) {
  if (value === null || value === undefined) { return ""; }
  const words = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? "'" + value : String(value);
  return /[",\r\n]/.test(words) ? '"' + words.replace(/"/g, '""') + '"' : words;
}

/* Rows of the years and frameworks that the reader chose; of the pair its two alone. */
function chosen(rows, state) {
  const year = (row) => (row.period_start || row.point_date || "").slice(0, 4);
  return rows.filter((row) => !(year(row) && ((state.from && year(row) < state.from) || (state.to && year(row) > state.to)))
    && !(state.alone && row.next_start && !state.named.includes(row.framework))
    && !(state.measure === "pair" && row.next_start && row.pair_pct === null));
}

/* The columns of a file: those of the table, and what a program needs to read them. */
const columnsOf = (rows, table) => ["period_start", "framework"].filter((name) => rows.length && name in rows[0])
  .concat(table.map(([name]) => name));

/* The lines of a file: each row with whose it is; what a source does not let us pass on is left out. */
function csvOf(rows, names, sources, withheld) {
  const only = Object.keys(sources).length === 1 ? Object.keys(sources)[0] : null;
  const lines = rows.map((row) => [row, row.source_label || only]).filter((pair) => !withheld.includes(pair[1]))
    .map((pair) => names.map((name) => pair[0][name]).concat(sources[pair[1]] || ["", ""]));
  return [names.concat("attribution", "licence"), ...lines].map((line) => line.map(cell).join(",") + "\r\n").join("");
}

function escaped(words) {
  return words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
