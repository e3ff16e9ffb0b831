/* The reader's own weighting: controls, the order under it in words, and the address that brings it back. */

const SAID_EVERY = 1000;
const WRITTEN_AFTER = 200;
const listed = (labels) => labels.join(", then ");

function weigher(form) {
  const data = JSON.parse(document.getElementById("readings-to-weigh").textContent);
  const box = form.closest("section");
  const inputs = Array.from(form.querySelectorAll("input[type=range]"));
  const names = inputs.map((input) => input.name);
  const status = box.querySelector("[role=status]");
  let said = 0;
  let waiting = null;
  let writing = null;

  const values = () => Object.fromEntries(inputs.map((input) => [input.name, Number(input.value)]));
  function put(held) { inputs.forEach((input) => { input.value = held[input.name]; }); }

  /* A preset has the sources of one audience alone, all alike. */
  function preset(audience) {
    const own = data.sources.filter((source) => audience === "equal" || source.audience === audience);
    const held = new Set(own.flatMap((source) => ["kind " + source.kind, source.source]));
    return Object.fromEntries(names.map((name) => [name, audience === "equal" || held.has(name) ? MIDDLE : 0]));
  }

  function words(weights) {
    const scores = scoresOf(data.readings, weights, data.frameworks.length);
    const order = orderOf(scores);
    const labels = order.map((place) => data.frameworks[place].label);
    const ids = order.map((place) => data.frameworks[place].framework);
    const few = "fewer than 1 of 100 weightings";
    const first = data.orders[ids[0]] || few;
    const begins = data.orders[ids.slice(0, 3).join(">")] || few;
    const left = data.frameworks.filter((one) => !ids.includes(one.framework)).map((one) => one.label);
    return {
      ids: ids, labels: labels,
      typical: labels[0] + " is first, as under " + first + "." + (ids.length > 2 ? " These three begin in this order under " + begins + "." : ""),
      left: left.length ? "No source with a weight knows " + left.join(", ") + " beside these." : "",
    };
  }

  /* At most once a second, and then the newest. */
  function speak(text) {
    clearTimeout(waiting);
    const tell = () => { said = performance.now(); status.textContent = text; };
    const wait = said + SAID_EVERY - performance.now();
    if (wait <= 0) { tell(); } else { waiting = setTimeout(tell, wait); }
  }

  function show() {
    const held = values();
    const kinds = Object.fromEntries(data.sources.map((source) => [source.kind, held["kind " + source.kind]]));
    const weights = weightsOf(data.sources, kinds, data.sources.map((source) => held[source.source]));
    const share = {};
    data.sources.forEach((source, place) => {
      const weight = weights ? weights[place] : 0;
      share[source.source] = weight;
      share["kind " + source.kind] = (share["kind " + source.kind] || 0) + weight;
    });
    inputs.forEach((input) => {
      // With a decimal where it is not whole: four quarters of 25 add up to it.
      const text = (100 * share[input.name]).toFixed(1).replace(/\.0$/, "") + " percent of all";
      input.setAttribute("aria-valuetext", text + " weight");
      form.querySelector('output[for="' + input.id + '"]').textContent = text;
    });
    const found = weights && words(weights);
    const list = box.querySelector(".order");
    list.replaceChildren(...(found ? found.labels : []).map((label, place) => {
      const item = document.createElement("li");
      item.textContent = label;
      item.style.setProperty("--own", "var(--fw-" + (data.tokens.includes(found.ids[place]) ? found.ids[place] : "any-other") + ")");
      return item;
    }));
    box.querySelector(".typical").textContent = found && found.labels.length ? found.typical : "Nothing has a weight: move a control up.";
    box.querySelector(".unknown").textContent = found && found.labels.length ? found.left : "";
    box.querySelectorAll("[data-preset]").forEach((button) => {
      const own = preset(button.dataset.preset);
      button.setAttribute("aria-pressed", String(names.every((name) => own[name] === held[name])));
    });
    return found && found.labels.length ? "With these weights: " + listed(found.labels) + ". " + found.typical : "Nothing has a weight.";
  }

  function write() {
    const found = new URLSearchParams();
    if (window.trendsPage) { found.set("p", window.trendsPage); }
    const text = writtenValues(values());
    if (text) { found.set("w", text); }
    ours = "#" + found.toString();
    location.replace(ours);
  }

  function changed() {
    speak(show());
    clearTimeout(writing);
    // Browsers refuse an address that changes with every pixel of a drag.
    writing = setTimeout(write, WRITTEN_AFTER);
  }

  function read() {
    const asked = new URLSearchParams(location.hash.slice(1));
    put(readValues(asked.get("w"), names));
    show();
    return asked.has("w");
  }

  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  box.querySelectorAll("[data-preset]").forEach((button) => button.addEventListener("click", () => { put(preset(button.dataset.preset)); changed(); }));
  form.querySelector("[type=reset]").addEventListener("click", (event) => { event.preventDefault(); put(preset("equal")); changed(); });
  form.hidden = false;
  if (read()) { box.scrollIntoView(); }
  return { form: form, read: read };
}
