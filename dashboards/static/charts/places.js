/* Places: where ticks, names and words have room. Pure: pixels in, pixels out; how wide words are is asked of measure(). */

/* Words for the picture to write: `token` is their colour, `halo` the ground that parts them from lines below. */
const written = (text, x, y, more) => Object.assign(
  { text: text, x: x, y: y, align: "left", size: 12, weight: "normal", token: "ink", halo: null, room: 0 }, more);

function wrapped(words, size, weight, width) {
  return words.split(/\s+/).reduce((lines, word) => {
    const longer = lines.length ? lines[lines.length - 1] + " " + word : word;
    return !lines.length || measure(longer, size, weight) > width ? [...lines, word] : [...lines.slice(0, -1), longer];
  }, []);
}

const across = (day, range, width) => width * (day - range[0]) / (range[1] - range[0]);

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

// Narrower, a list tells the events that the chart numbers.
const NUMBERED = 680;

/* Each event gets a lane above the plot where its words meet no other's and no other's rule runs through them: words
   stand higher than the events that lie below them. Where there is little room, numbers stand for words. */
function lanes(events, range, place, ground) {
  const words = (place.left || 0) + place.width + place.right >= NUMBERED;
  const shown = events.filter((event) => range[0] <= event.at && event.at <= range[1]).map((event, before) => {
    const x = across(event.at, range, place.width);
    const text = words ? event.words : String(before + 1);
    const room = measure(text, 11.5) + 9;
    const flip = words && x + room > place.width + place.right;
    const from = words ? (flip ? x - room : x) : x - room / 2;
    return { at: event.at, x: x, text: text, flip: flip, from: from, to: from + room };
  });
  const done = [];
  // From the right, since words run to the right of their rule; those that do not come last.
  [...shown.filter((one) => !one.flip).reverse(), ...shown.filter((one) => one.flip)].forEach((one) => {
    const below = done.filter((other) => (one.from <= other.x && other.x <= one.to) || (one.from < other.to && other.from < one.to));
    one.lane = below.reduce((lane, other) => Math.max(lane, other.lane + 1), 0);
    done.push(one);
  });
  const marks = shown.map((one) => {
    const look = { align: words ? (one.flip ? "right" : "left") : "center", size: 11.5, token: "muted", halo: ground };
    const top = -2 - 15 * one.lane;
    return { event_date: one.at, top: top, words: written(one.text, one.x + (words ? (one.flip ? -3 : 3) : 0), top - 6, look) };
  });
  return { marks: marks, count: shown.reduce((most, one) => Math.max(most, one.lane + 1), 0) };
}

/* The top of the axis, so that everything visible fits. */
function topOf(rows, measured, isPercent) {
  if (measured === "pair") { return 100; }
  const highest = rows.reduce((most, row) => Math.max(most, row.v, row.loud && measured === "share" ? row.high || 0 : 0), 0) || 1;
  // Shares end at 100; a percent of growth need not.
  return (measured === "share" || isPercent) && highest > 55 && highest <= 100 ? 100 : highest * 1.06;
}

/* An axis of logarithms is offered where sizes differ by more than APART times. It has no zero: where one stands, the
   axis stays as it is and says whose figure it is. */
const APART = 30;
function logOf(rows, state, measured) {
  const zero = rows.find((row) => row.v <= 0);
  const known = rows.filter((row) => row.v > 0).map((row) => row.v);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const isOffered = measured !== "pair" && known.length > 0 && most / least > APART;
  const words = isOffered && zero ? "No log axis: it has no zero, and " + zero.label + " has " + (zero.v < 0 ? "less than 0" : "0") + " in " + zero.period_label + "." : "";
  return { isOffered: isOffered, words: words, isLog: Boolean(state.log) && isOffered && !zero, bottom: least / 1.15, top: most * 1.15 };
}

/* Where the names of the two sides cover no line: heights to try, at the left and then at the right. A rule that stands
   through all heights is as near as a line that is only just missed. */
function sides(points, rules, labels, range, width, height, small, ground) {
  const drawn = points.map((row) => [across(row.period_middle, range, width), height * (1 - row.v / 100)]);
  const distance = (part, right, room) => {
    const from = right ? width - room - 8 : 0;
    const y = height * part - 4;
    const isRuled = rules.some((x) => from - 3 <= x && x <= from + room + 3);
    let least = isRuled ? 6 : height;
    drawn.forEach((point, number) => {
      const next = drawn[number + 1] || point;
      for (let step = 0; step <= 1; step += 0.1) {
        const at = point[0] + step * (next[0] - point[0]);
        if (at >= from && at <= from + room + 8) { least = Math.min(least, Math.abs(y - point[1] - step * (next[1] - point[1]))); }
      }
    });
    return least;
  };
  return labels.map((label, place) => {
    const text = "more " + label;
    const room = measure(text, 11.5) + 10;
    const tried = [0, 1].flatMap((right) => [[0.3, 0.2, 0.4, 0.13], [0.7, 0.8, 0.63, 0.94]][place].map((part) => [part, right, distance(part, right, room)]));
    const best = tried.find((one) => one[2] > 14) || tried.sort((a, b) => b[2] - a[2])[0];
    // Words on the line say less than none: the sentence below a small chart names who is ahead.
    if (!label || (small && best[2] < 7)) { return null; }
    return written(text, best[1] ? width - 5 : 5, height * best[0], { align: best[1] ? "right" : "left", size: 11.5, token: "muted", halo: ground });
  }).filter(Boolean);
}

/* Lines are cut where a period is missing, across a break, and where another population goes on. */
function pieces(rows, breaks) {
  const last = {};
  rows.forEach((row) => {
    const before = last[row.framework];
    const goesOn = before && before.population === row.population && row.period_start <= before.next_start
      && !breaks.some((one) => before.period_start < one.event_date && one.event_date <= row.period_start);
    row.segment = goesOn ? before.segment : before ? before.segment + 1 : 0;
    row.is_alone = !goesOn;
    if (goesOn) { before.is_alone = false; }
    last[row.framework] = row;
  });
  return rows;
}

/* The last points of lines that have a name there: a grey line is named where it ends above a named one. */
function labelled(rows, small) {
  const last = rows.reduce((most, row) => Math.max(most, row.period_middle), 0);
  const own = new Map();
  rows.forEach((row) => { if (!own.has(row.framework) || own.get(row.framework).period_middle <= row.period_middle) { own.set(row.framework, row); } });
  const known = Array.from(own.values(), (row) => Object.assign({}, row, {
    // Lists are read unevenly: what is a few months older has not ended.
    is_last: row.period_middle === last, is_ended: last - row.period_middle > 366 * 86400000,
  }))
    .filter((row) => row.loud || (row.is_last && !small));
  const least = Math.min(...known.filter((row) => row.loud && row.is_last).map((row) => row.v));
  // Of one date there are bars, each with its name.
  return (rows.every((row) => row.period_middle === last) ? Array.from(own.values()) : known.filter((row) => row.loud || row.v > least))
    .sort((a, b) => a.v - b.v || (a.framework < b.framework ? -1 : 1));
}

/* They have the height of their name: pushed up where two would meet. */
function ends(rows, height, top, small, bottom) {
  const rise = (value) => height * (bottom ? Math.log(value / bottom) / Math.log(top / bottom) : value / top);
  const named = labelled(rows, small);
  const gap = (named.length > 3 ? 2 : 18) + 15 * named.reduce((most, row) => Math.max(most, row.tag.length), 1);
  let pushed = -Infinity;
  named.forEach((row, place) => {
    pushed = Math.max(pushed, rise(row.v) - (place + 1) * gap);
    row.y = height - Math.min(pushed + (place + 1) * gap, height - (named.length - place - 1) * gap);
  });
  return named;
}

/* Words of the timeline stand right of their mark, else left of it, else above it. */
function beside(row, range, width) {
  const x = (day) => across(day, range, width);
  const last = x(row.crossed_date ? row.crossed_high || row.crossed_date : row.end_date);
  const first = x(row.crossed_date ? row.crossed_low || row.crossed_date : row.first_date);
  const room = measure(row.words, 13) + 16;
  if (last + room < width + 20) { return { align: "left", x: last + 12, up: 0 }; }
  // Above its mark it may be longer than what is left of it; the names of sources stand there.
  return first > room ? { align: "right", x: first - 12, up: 0 } : { align: "right", x: Math.min(width, Math.max(last, room - 16)), up: 12 };
}

/* Tiles of countries: those with figures, those without, and where the parts of the world begin. */
function tiles(rows, places, side, width) {
  const at = {};
  places.forEach((one) => { at[one.country] = { column: one[side][0], row: one[side][1], region: one.region }; });
  const held = rows.filter((row) => at[row.country]).map((row) => Object.assign({}, row, at[row.country]));
  const known = new Set(held.map((row) => row.country));
  const others = places.filter((one) => !known.has(one.country) && !one.is_small).map((one) => Object.assign({ country: one.country }, at[one.country]));
  const all = held.concat(others);
  const most = (name) => all.reduce((top, one) => Math.max(top, one[name] + 1), 0);
  const size = width / most("column");
  const regions = {};
  all.forEach((one) => {
    const first = regions[one.region] || one;
    regions[one.region] = { region: one.region, column: Math.min(first.column, one.column), row: Math.min(first.row, one.row) };
  });
  const names = Object.values(regions).map((one) => written(one.region, one.column * size + 1, one.row * size - 9, { token: "muted" }));
  return { rows: held, places: others, words: names, cell: size, height: Math.ceil(size * most("row")) };
}
