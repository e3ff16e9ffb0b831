/* The address: it holds what the reader chose, so that a link shows the same. */

let ours = "";

function stateOf(figure) {
  const plain = initial(figure.data);
  const held = figure.state;
  const found = new URLSearchParams();
  if (window.trendsPage) { found.set("p", window.trendsPage); }
  found.set("f", figure.element.id);
  if (held.choice !== plain.choice) { found.set("s", held.choice); }
  if (held.measure !== plain.measure) { found.set("m", held.measure); }
  if (held.named.join() !== plain.named.join()) { found.set("fw", held.named.join()); }
  if (held.alone !== plain.alone) { found.set("alone", "1"); }
  if (held.from) { found.set("from", held.from); }
  if (held.to) { found.set("to", held.to); }
  if (held.log) { found.set("y", "log"); }
  if (held.view === "table") { found.set("v", "table"); }
  return found;
}

function initial(data) {
  return { choice: data.choices[0].key, measure: data.measure, named: data.named.slice(), alone: Boolean(data.several), log: false, from: "", to: "", view: "chart" };
}

function address(figure) {
  ours = "#" + stateOf(figure).toString();
  // Not history.replaceState: browsers differ on it for pages opened from disk.
  location.replace(ours);
}

/* What an address names and nothing here has is told before what is shown in its place. */
function tellAsked(before, words) {
  document.querySelectorAll(".not-here").forEach((line) => line.remove());
  if (!words) { return; }
  const line = document.createElement("p");
  line.className = "not-here";
  line.setAttribute("role", "status");
  line.textContent = words;
  before.before(line);
  line.scrollIntoView();
}

function restore() {
  if (location.hash === ours) { return; }
  // What a frame left out of the page comes back with the page.
  if (document.querySelector(".back")) { location.reload(); return; }
  if (!location.hash.includes("=")) { return; }
  const asked = new URLSearchParams(location.hash.slice(1));
  root.classList.toggle("embed", isEmbedded());
  // Within the single file another page is asked for: the router shows it and comes back here.
  if (window.trendsPage && asked.get("p") !== window.trendsPage) { return; }
  const figure = figures.find((other) => other.element.id === asked.get("f"));
  if (!figure) {
    if (isEmbedded()) { embedded(null); } else if (asked.has("f")) { tellAsked(document.getElementById("content").firstChild, "The address names a figure that this page does not have."); }
    return;
  }
  const state = initial(figure.data);
  const keys = figure.data.choices.map((choice) => choice.key);
  if (keys.includes(asked.get("s"))) { state.choice = asked.get("s"); }
  tellAsked(figure.element, asked.has("s") && state.choice !== asked.get("s") ? "The address names something to count that this figure does not have: it shows its first." : "");
  const choice = figure.data.choices.find((other) => other.key === state.choice);
  if (asked.get("m") in choice.subtitles) { state.measure = asked.get("m"); }
  const known = Array.from(figure.element.querySelectorAll(".chips input"), (input) => input.value);
  if (asked.has("fw")) { state.named = asked.get("fw").split(",").filter((name) => known.includes(name)); }
  if (figure.data.several) {
    const [least, most] = figure.data.several;
    const found = state.named.length;
    state.named = found < least ? figure.data.named.slice() : state.named.slice(0, most);
    refuse(figure, found > most ? "The address names " + found + ": the first " + most + " are shown." : found < least ? "The address names fewer than " + least + " that are known here: others are shown." : "");
  } else { state.alone = asked.get("alone") === "1"; }
  state.log = asked.get("y") === "log";
  const years = Array.from(figure.element.querySelectorAll(".from option"), (option) => option.value);
  ["from", "to"].forEach((end) => { if (years.includes(asked.get(end))) { state[end] = asked.get(end); } });
  if (state.from && state.to && state.from > state.to) { [state.from, state.to] = [state.to, state.from]; }
  figure.state = state;
  say(figure);
  if (isEmbedded()) { embedded(figure); }
  view(figure, asked.get("v") === "table" ? "table" : "chart");
  (document.querySelector(".not-here") || figure.element).scrollIntoView();
}

function link(figure, more) {
  const state = stateOf(figure);
  Object.keys(more || {}).forEach((name) => state.set(name, more[name]));
  return location.href.split("#")[0] + "#" + state.toString();
}
