/* Weighing: what a reader's own weights make of the readings, as the method does it (flows/warehouse/analysis). Pure. */

/* Weights that add up to 1: a kind's share of all, times a source's share of its kind. Null where nothing has a weight. */
function weightsOf(sources, kindValues, sourceValues) {
  const inKind = {};
  sources.forEach((source, place) => { inKind[source.kind] = (inKind[source.kind] || 0) + sourceValues[place]; });
  const total = Object.keys(inKind).reduce((sum, kind) => sum + (inKind[kind] > 0 ? kindValues[kind] : 0), 0);
  if (!(total > 0)) { return null; }
  return sources.map((source, place) => (inKind[source.kind] > 0 ? kindValues[source.kind] / total * sourceValues[place] / inKind[source.kind] : 0));
}

/* The largest group of frameworks that weighted pairs join. */
function together(readings, weights, count) {
  const group = Array.from({ length: count }, (_, place) => place);
  readings.forEach((row) => {
    if (!(weights[row.source] > 0)) { return; }
    const [old, own] = [group[row.b], group[row.a]];
    group.forEach((one, place) => { if (one === old) { group[place] = own; } });
  });
  const size = (one) => group.filter((other) => other === one).length;
  const largest = group.reduce((best, one) => (size(one) > size(best) ? one : best), group[0]);
  return size(largest) > 1 ? group.flatMap((one, place) => (one === largest ? [place] : [])) : [];
}

/* Gaussian elimination with the largest pivot. */
function solved(matrix, right) {
  const rows = matrix.map((row, place) => row.concat(right[place]));
  rows.forEach((_, column) => {
    let best = column;
    for (let row = column + 1; row < rows.length; row += 1) { if (Math.abs(rows[row][column]) > Math.abs(rows[best][column])) { best = row; } }
    [rows[column], rows[best]] = [rows[best], rows[column]];
    for (let row = column + 1; row < rows.length; row += 1) {
      const factor = rows[row][column] / rows[column][column];
      for (let place = column; place <= rows.length; place += 1) { rows[row][place] -= factor * rows[column][place]; }
    }
  });
  const found = right.map(() => 0);
  for (let row = rows.length - 1; row >= 0; row -= 1) {
    const known = found.reduce((sum, value, place) => sum + (place > row ? rows[row][place] * value : 0), 0);
    found[row] = (rows[row][rows.length] - known) / rows[row][row];
  }
  return found;
}

/* Points by which each framework is ahead of the first that has a score, by least squares over all weighted pairs; null
   where no weighted pair joins it to the others. */
function scoresOf(readings, weights, count) {
  const known = {};
  readings.forEach((row) => { (known[row.source] = known[row.source] || new Set()).add(row.a).add(row.b); });
  const joined = together(readings, weights, count);
  const place = new Map(joined.map((framework, at) => [framework, at]));
  const matrix = joined.map(() => joined.map(() => 0));
  const right = joined.map(() => 0);
  readings.forEach((row) => {
    const weight = weights[row.source] / known[row.source].size;
    if (!(weight > 0) || !place.has(row.a)) { return; }
    const [a, b] = [place.get(row.a), place.get(row.b)];
    matrix[a][a] += weight;
    matrix[b][b] += weight;
    matrix[a][b] -= weight;
    matrix[b][a] -= weight;
    right[a] += weight * (row.share - 50);
    right[b] -= weight * (row.share - 50);
  });
  const found = [0].concat(solved(matrix.slice(1).map((row) => row.slice(1)), right.slice(1)));
  return Array.from({ length: count }, (_, framework) => (place.has(framework) ? found[place.get(framework)] : null));
}

/* Frameworks from the first to the last; those without a score are left out. */
const orderOf = (scores) => scores.flatMap((score, place) => (score === null ? [] : [place])).sort((a, b) => scores[b] - scores[a] || a - b);

/* The reader's values in the address: only those that are not in the middle, "name:value" each. */
const MIDDLE = 50;
const writtenValues = (values) => Object.keys(values).filter((name) => values[name] !== MIDDLE).map((name) => name + ":" + values[name]).join(",");
function readValues(text, names) {
  const values = Object.fromEntries(names.map((name) => [name, MIDDLE]));
  (text || "").split(",").forEach((part) => {
    const cut = part.lastIndexOf(":");
    const [name, value] = [part.slice(0, cut), Number(part.slice(cut + 1))];
    if (cut > 0 && names.includes(name) && Number.isInteger(value) && value >= 0 && value <= 100) { values[name] = value; }
  });
  return values;
}
