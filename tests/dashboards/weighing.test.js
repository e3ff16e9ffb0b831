/* The page's weighing against figures made by the method: test_weighing.py writes them and runs `node --test` on this file. */
"use strict";
const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const test = require("node:test");

const text = readFileSync(join(__dirname, "..", "..", "dashboards", "static", "charts", "weighing.js"), "utf8");
const part = new Function(`"use strict";\n${text}\nreturn { weightsOf, scoresOf, orderOf, writtenValues, readValues };`)();
// Alone, without the method beside it, there is nothing to hold the page against.
const method = { skip: process.env.CASES ? false : "test_weighing.py makes the cases" };
const cases = process.env.CASES ? JSON.parse(readFileSync(process.env.CASES, "utf8")) : null;

test("orders and scores under the same weights are those of the method", method, () => {
  assert.ok(cases.rankings.length > 10);
  cases.rankings.forEach((one) => one.weights.forEach((weights, place) => {
    const scores = part.scoresOf(one.readings, weights, one.count);
    scores.forEach((score, at) => assert.ok(Math.abs(score - one.scores[place][at]) < 1e-6, score + " is not " + one.scores[place][at]));
    assert.deepEqual(part.orderOf(scores), one.orders[place]);
  }));
});

test("values that are all alike are the central weights of the method", method, () => {
  const sources = cases.kinds.map((kind) => ({ kind }));
  const alike = Object.fromEntries(cases.kinds.map((kind) => [kind, 50]));
  part.weightsOf(sources, alike, cases.kinds.map(() => 50)).forEach((weight, place) => assert.ok(Math.abs(weight - cases.central[place]) < 1e-12));
});

test("a kind is shared by its sources, and what has no value has no weight", () => {
  const sources = [{ kind: "a" }, { kind: "a" }, { kind: "b" }];
  assert.deepEqual(part.weightsOf(sources, { a: 30, b: 10 }, [50, 0, 20]), [0.75, 0, 0.25]);
  assert.deepEqual(part.weightsOf(sources, { a: 30, b: 10 }, [0, 0, 20]), [0, 0, 1]);
  assert.equal(part.weightsOf(sources, { a: 0, b: 0 }, [50, 50, 50]), null);
});

test("a framework that no weighted source knows has no place", () => {
  const readings = [{ source: 0, a: 0, b: 1, share: 40 }, { source: 1, a: 0, b: 2, share: 90 }];
  const scores = part.scoresOf(readings, [1, 0], 3);
  assert.equal(scores[2], null);
  assert.deepEqual(part.orderOf(scores), [1, 0]);
  assert.deepEqual(part.orderOf(part.scoresOf(readings, [0, 0], 3)), []);
});

test("what the address holds comes back, and nothing else does", () => {
  const names = ["kind Developer activity", "stars"];
  const values = { "kind Developer activity": 80, stars: 50 };
  assert.equal(part.writtenValues(values), "kind Developer activity:80");
  assert.deepEqual(part.readValues("kind Developer activity:80", names), values);
  assert.deepEqual(part.readValues("stars:1e9,stars:-1,other:3,stars:x,:4", names), { "kind Developer activity": 50, stars: 50 });
  assert.deepEqual(part.readValues(null, names), { "kind Developer activity": 50, stars: 50 });
});
