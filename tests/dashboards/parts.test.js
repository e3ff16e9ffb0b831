/* The pure parts of the charts' script. `node --test tests/dashboards/` runs them; nothing needs installing. */
"use strict";
const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const test = require("node:test");

const PARTS = join(__dirname, "..", "..", "dashboards", "static", "charts");
const text = ["rows", "places"].map((part) => readFileSync(join(PARTS, part + ".js"), "utf8")).join("\n");
const names = "unpack, drawable, shown, inFull, inShort, share, newest, chosen, cited, columnsOf, csvOf, escaped, wrapped, ticks, lanes, topOf, sides, pieces, labelled, ends, beside, tiles";
// Each letter is 6 pixels wide.
const part = new Function("measure", `"use strict";\n${text}\nreturn { ${names} };`)((words) => words.length * 6);
const day = (iso) => Date.parse(iso);

test("rows come out of columns, and a column of one value stands for all", () => {
  assert.deepEqual(part.unpack({ count: 2, columns: { a: [1, null], b: "x" } }), [{ a: 1, b: "x" }, { a: null, b: "x" }]);
  assert.deepEqual(part.unpack({ count: 0, columns: {} }), []);
  assert.deepEqual(part.unpack({ count: 3, columns: { a: { of: ["x", "y"], at: [1, 0, 1] } } }), [{ a: "y" }, { a: "x" }, { a: "y" }]);
});

test("only what may be drawn is drawn, with its days as numbers", () => {
  const rows = [{ is_drawn: true, period_middle: "2020-01-02", crossed_low: null }, { is_drawn: false }, { label: "no word about it" }];
  assert.deepEqual(part.drawable(rows), [{ is_drawn: true, period_middle: day("2020-01-02"), crossed_low: null }, { label: "no word about it" }]);
});

test("figures in full and in short", () => {
  assert.deepEqual([2817672, 12.5, 0, 1234.04].map(part.inFull), ["2,817,672", "12.5", "0", "1,234.0"]);
  assert.deepEqual([0, 493, 9999.4, 10000, 731234, 999960, 4151234, 2820000, 3e9].map(part.inShort),
    ["0", "493", "9,999", "10k", "731k", "1M", "4.15M", "2.82M", "3G"]);
  assert.deepEqual([part.share(92.3, 100), part.share(12.34, 20)], ["92%", "12.3%"]);
});

test("cells of a table", () => {
  assert.deepEqual([[null, "pct"], [12.345, "pct"], [1234, "number"], ["a", "text"], ["2020-01-01", "date"]].map((pair) => part.shown(...pair)),
    ["\u2013", "12.3", "1,234", "a", "2020-01-01"]);
});

test("a file names whose figures it holds, leaves out what may not be passed on, and runs nothing", () => {
  const rows = [{ source_label: "A", name: "=1+1" }, { source_label: "B", name: 'say "x", y' }];
  const sources = { A: ["The A", "CC0"], B: ["The B", "none"] };
  const names = ["source_label", "name"];
  assert.equal(part.csvOf(rows, names, sources, ["B"]), "source_label,name,attribution,licence\r\nA,'=1+1,The A,CC0\r\n");
  assert.equal(part.csvOf(rows, names, sources, ["A"]), 'source_label,name,attribution,licence\r\nB,"say ""x"", y",The B,none\r\n');
  assert.equal(part.csvOf([{ v: -1 }], ["v"], { C: ["The C", "MIT"] }, []), "v,attribution,licence\r\n-1,The C,MIT\r\n");
  assert.equal(part.escaped('<a href="x">&'), "&lt;a href=&quot;x&quot;&gt;&amp;");
});

test("words are wrapped where they would be too wide", () => {
  assert.deepEqual(part.wrapped("Hugging Face Transformers", 12, "bold", 100), ["Hugging Face", "Transformers"]);
  assert.deepEqual(part.wrapped("Indivisible", 12, "bold", 10), ["Indivisible"]);
});

test("ticks are first days of years, as many as have room", () => {
  const years = (range, width) => part.ticks(range, width).map((one) => new Date(one).getUTCFullYear()).sort();
  assert.deepEqual(years([day("2018-06-01"), day("2021-06-01")], 600), [2019, 2020, 2021]);
  assert.ok(years([day("1990-06-01"), day("2021-06-01")], 200).length <= 5);
  assert.deepEqual(part.ticks([day("2020-02-01"), day("2020-03-01")], 600), [day("2020-02-01")]);
});

test("no two events share a place, and where there is little room their numbers stand", () => {
  const events = ["2020-01-10", "2020-01-20", "2020-12-28"].map((iso, place) => ({ at: day(iso), words: "Something happened", number: place + 1 }));
  const range = [day("2020-01-01"), day("2020-12-31")];
  const wide = part.lanes(events, range, { width: 700, right: 60 }, "bg");
  assert.deepEqual(wide.marks.map((mark) => mark.top), [-17, -2, -2]);
  assert.deepEqual(wide.marks.map((mark) => mark.words.align), ["left", "left", "right"]);
  assert.equal(wide.count, 2);
  const roomy = part.lanes(events, range, { width: 700, right: 200 }, "bg");
  assert.deepEqual(roomy.marks.map((mark) => mark.words.align), ["left", "left", "left"]);
  const narrow = part.lanes(events, range, { width: 300, right: 60 }, "bg");
  assert.deepEqual(narrow.marks.map((mark) => [mark.words.text, mark.words.align]), [["1", "center"], ["2", "center"], ["3", "center"]]);
  const many = Array.from({ length: 9 }, (_, place) => ({ at: day("2020-02-01") + place * 9 * 86400000, words: "Event number " + place, number: place + 1 }));
  for (const size of [700, 300]) {
    const marks = part.lanes(many, range, { width: size, right: 60 }, "bg").marks.map((mark) => {
      const room = mark.words.text.length * 6;
      const from = mark.words.x - { left: 0, right: room, center: room / 2 }[mark.words.align];
      return { x: size * (mark.event_date - range[0]) / (range[1] - range[0]), top: mark.top, y: mark.words.y, from: from, to: from + room };
    });
    for (const one of marks) {
      for (const other of marks.filter((mark) => mark !== one)) {
        assert.ok(one.y !== other.y || one.to < other.from || other.to < one.from, "words meet");
        assert.ok(!(one.from < other.x && other.x < one.to && other.top < one.y), "a rule runs through words");
      }
    }
  }
  assert.equal(part.lanes(events, [range[0], day("2020-01-15")], { width: 700, right: 60 }, "bg").marks.length, 1);
  const late = part.lanes(events, [day("2020-01-15"), range[1]], { width: 300, right: 60 }, "bg");
  assert.deepEqual(late.marks.map((mark) => mark.words.text), ["1", "2"], "numbers are those of the events that are drawn");
});

test("the axis holds what is visible, and shares reach 100 where they are large", () => {
  assert.equal(part.topOf([{ v: 3 }], "pair", false), 100);
  assert.equal(part.topOf([{ v: 60 }], "share", false), 100);
  assert.equal(part.topOf([{ v: 10, loud: true, high: 20 }], "share", false), 20 * 1.06);
  assert.equal(part.topOf([{ v: 10, loud: true, high: 20 }], "count", false), 10 * 1.06);
  assert.equal(part.topOf([], "count", false), 1.06);
  assert.equal(part.topOf([{ v: 240 }], "count", true), 240 * 1.06);
});

const end = (framework, v, iso, loud) => ({ framework, v, loud, period_middle: day(iso), tag: [framework] });

test("names at line ends never meet, stay inside, and keep the order of the lines", () => {
  const rows = [end("a", 50, "2020-01-01", true), end("a", 50, "2021-01-01", true), end("b", 51, "2021-01-01", true), end("c", 99, "2021-01-01", true)];
  const found = part.ends(rows, 340, 100, false);
  assert.deepEqual(found.map((row) => row.framework), ["a", "b", "c"]);
  for (const [place, row] of found.entries()) {
    assert.ok(row.y >= 0 && row.y <= 340, row.framework);
    if (place) { assert.ok(found[place - 1].y - row.y >= 33 - 1e-9); }
  }
});

test("a grey line is named where it ends above a named one, and only if it goes on to the end", () => {
  const rows = [end("loud", 20, "2021-01-01", true), end("over", 30, "2021-01-01", false), end("under", 10, "2021-01-01", false), end("gone", 90, "2020-01-01", false), end("ended", 5, "2020-01-01", true)];
  assert.deepEqual(part.ends(rows, 340, 100, false).map((row) => [row.framework, row.is_last]), [["ended", false], ["loud", true], ["over", true]]);
  assert.deepEqual(part.ends(rows, 340, 100, true).map((row) => row.framework), ["ended", "loud"]);
});

test("the names of the two sides cover no line", () => {
  const range = [day("2020-01-01"), day("2021-01-01")];
  const line = [["2020-01-01", 70], ["2021-01-01", 70]].map(([iso, v]) => ({ period_middle: day(iso), v }));
  const [upper, lower] = part.sides(line, [], ["A", "B"], range, 600, 300, false, "bg");
  assert.ok(Math.abs(upper.y - 90) > 14);
  assert.equal(lower.y, 210);
  assert.deepEqual(part.sides(line, [], ["", ""], range, 600, 300, false, "bg"), []);
  const beside = part.sides(line, [40], ["A", "B"], range, 600, 300, true, "bg");
  assert.deepEqual(beside.map((words) => words.align), ["right", "right"], "nor a rule of a break");
  assert.deepEqual(part.sides(line, [40, 560], ["A", "B"], range, 600, 300, true, "bg"), [], "where all is ruled a small chart has none");
});

test("words of the timeline stand right of their mark, else left of it, else above", () => {
  const range = [day("2010-01-01"), day("2020-01-01")];
  const place = (low, high, words, width) => part.beside({ crossed_date: day(high), crossed_low: day(low), crossed_high: day(high), words }, range, width);
  assert.equal(place("2011-01-01", "2012-01-01", "short", 700).align, "left");
  assert.deepEqual([place("2018-01-01", "2019-12-01", "short words", 700)].map((spot) => [spot.align, spot.up]), [["right", 0]]);
  assert.equal(place("2010-02-01", "2019-12-01", "words that are long", 300).up, 12);
});

test("tiles: small countries show with figures only, and a part of the world begins at its first tile", () => {
  const places = [["AA", false, [1, 2]], ["BB", false, [3, 1]], ["CC", true, [0, 0]]]
    .map(([country, small, at]) => ({ country, region: "R", is_small: small, wide: at, narrow: at }));
  const found = part.tiles([{ country: "BB" }, { country: "XX" }], places, "wide", 400);
  assert.deepEqual(found.rows.map((row) => row.country), ["BB"]);
  assert.deepEqual(found.places.map((row) => row.country), ["AA"]);
  assert.deepEqual([found.cell, found.height, found.words[0].x], [100, 300, 101]);
});

test("lines are cut where a period is missing, across a break, and where another population goes on", () => {
  const row = (framework, start, next, population) => ({ framework, period_start: start, next_start: next, population: population || "all" });
  const rows = [
    row("a", "2020-01-01", "2020-02-01"), row("b", "2020-01-01", "2020-02-01"), row("a", "2020-02-01", "2020-03-01"),
    row("a", "2020-04-01", "2020-05-01"), row("a", "2020-05-01", "2020-06-01", "new"), row("a", "2020-06-01", "2020-07-01", "new"),
  ];
  const cut = (breaks) => part.pieces(rows, breaks).map((one) => [one.framework, one.segment, one.is_alone]);
  assert.deepEqual(cut([]), [["a", 0, false], ["b", 0, true], ["a", 0, false], ["a", 1, true], ["a", 2, false], ["a", 2, false]]);
  assert.deepEqual(cut([{ event_date: "2020-06-01" }]).slice(4), [["a", 2, true], ["a", 3, true]]);
  assert.deepEqual(cut([{ event_date: "2020-05-01" }]).slice(3), [["a", 1, true], ["a", 2, false], ["a", 2, false]]);
});

test("of a long table the newest period that is drawn is printed", () => {
  const row = (day, drawn, framework) => ({ period_start: day, is_drawn: drawn, framework });
  const rows = [row("2020-01-01", true, "a"), row("2020-02-01", true, "a"), row("2020-02-01", true, "b"), row("2020-03-01", false, "a")];
  assert.deepEqual(part.newest(rows), rows.slice(1, 3));
  assert.deepEqual(part.newest([{ country: "CN" }]), [{ country: "CN" }]);
});

test("a file holds the years, the frameworks and the measure that were chosen, and no column of ours alone", () => {
  const row = (framework, start, pair) => ({ framework, period_start: start, next_start: "x", pair_pct: pair, value: 1, is_drawn: true });
  const rows = [row("a", "2019-12-01", 60), row("b", "2020-01-01", 40), row("c", "2020-06-01", null), row("a", "2021-01-01", null)];
  const of = (state) => part.chosen(rows, Object.assign({ from: "", to: "", alone: false, named: ["a"], measure: "share" }, state)).map((one) => rows.indexOf(one));
  assert.deepEqual(of({}), [0, 1, 2, 3]);
  assert.deepEqual(of({ from: "2020", to: "2020" }), [1, 2]);
  assert.deepEqual(of({ alone: true }), [0, 3]);
  assert.deepEqual(of({ measure: "pair" }), [0, 1]);
  assert.deepEqual(part.chosen([{ country: "CN" }], { from: "2020", alone: true, named: [], measure: "" }), [{ country: "CN" }]);
  assert.deepEqual(part.columnsOf(rows, [["value", "Figure", "number"]]), ["period_start", "framework", "value"]);
});

test("a citation has the named figures of the newest period that is shown, with base, share and interval", () => {
  const row = (start, framework, value, more) => Object.assign({
    framework, label: framework.toUpperCase(), period_start: start, period_label: start.slice(0, 4), next_start: "x", value, base: null,
    share_pct: null, share_low_pct: null, share_high_pct: null, pair_pct: null, pair_low_pct: null, pair_high_pct: null, is_drawn: true,
  }, more);
  const of = { base: 39443, share_pct: 12.286, share_low_pct: 11.97, share_high_pct: 12.61, pair_pct: 51.1, pair_low_pct: 50.1, pair_high_pct: 52.1 };
  const rows = [row("2023-01-01", "a", 4000.5), row("2024-01-01", "a", 4846, of), row("2024-01-01", "b", 59.1), row("2024-01-01", "c", 1)];
  const state = (more) => Object.assign({ from: "", to: "", alone: false, named: ["a", "b"], measure: "share" }, more);
  assert.equal(part.cited(rows, state()), "2024: A 4,846 of 39,443, 12.3% (12.0 to 12.6); B 59.1.");
  const bare = [row("2024-01-01", "a", 7, { share_low_pct: 1, share_high_pct: 2 }), row("2024-01-01", "b", 8, { share_pct: 40 })];
  assert.equal(part.cited(bare, state()), "2024: A 7; B 8, 40.0%.", "no interval without a share, no brackets without an interval");
  assert.equal(part.cited(rows, state({ measure: "pair" })), "2024: A 4,846 of 39,443, 12.3% (12.0 to 12.6), 51.1% of the pair (50.1 to 52.1).");
  assert.equal(part.cited(rows, state({ to: "2023" })), "2023: A 4,000.5.");
  assert.equal(part.cited(rows, state({ to: "2023" }), "downloads a day"), "2023: A 4,000.5 downloads a day.");
  assert.equal(part.cited(rows, state({ from: "2024", named: ["c"] })), "2024: C 1.");
  assert.equal(part.cited(rows, state({ from: "2025" })), "");
  assert.equal(part.cited(rows, state({ named: ["a"] }), "", ["a", "c"]), "2024: A 4,846 of 39,443, 12.3% (12.0 to 12.6); C 1.", "what the chart names too");
  assert.equal(part.cited([...rows, row("2020-01-01", "d", 9)], state({ named: ["d"] }), "", ["d", "c"]), "2024: D in 2020 9; C 1.", "one that ended");
  assert.equal(part.cited([row("2023-01-01", "a", 7, { source_label: "Shop" })], state()), "Shop, 2023: A 7.");
});
