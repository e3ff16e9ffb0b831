/* Choices: what the reader picks, and the words, table and controls that follow. */

function find(figure, name) { return figure.element.querySelector(name); }

/* The finding of the measure that is drawn: of the pair the newest period may be another one. */
function titleOf(figure) {
  const choice = current(figure);
  return (figure.state.measure === "pair" && choice.title_pair) || choice.title;
}

/* What is measured, and which years of it are shown. */
function subtitleOf(figure) {
  const [from, to] = [figure.state.from, figure.state.to];
  const years = from || to ? " Shown: " + (from && to ? from + " to " + to : from ? "from " + from + " on" : "up to " + to) + "." : "";
  return (current(figure).subtitles[figure.state.measure] || "") + years + missing(figure);
}

/* Of several that are compared, those that the source does not know. */
function missing(figure) {
  if (!figure.data.several) { return ""; }
  const known = new Set(current(figure).panels.flatMap((panel) => (panel.all || (panel.all = unpack(panel.rows))).map((row) => row.framework)));
  const names = figure.state.named.filter((name) => !known.has(name)).map((name) => figure.data.labels[name] || name);
  return names.length ? " Without figures here: " + names.join(", ") + "." : "";
}

function say(figure) {
  const choice = current(figure);
  const put = (name, words) => { const element = find(figure, name); if (element) { element.textContent = words; } };
  if (!(figure.state.measure in choice.subtitles)) { figure.state.measure = Object.keys(choice.subtitles)[0]; }
  put(".title", titleOf(figure));
  put(".subtitle", subtitleOf(figure));
  put(".upto-words", choice.up_to);
  put(".choice-note", choice.note);
  if (choice.whose) { figure.element.querySelectorAll(".source-words").forEach((element) => { element.textContent = choice.whose; }); }
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
  const log = find(figure, ".log");
  if (log) { log.checked = figure.state.log; }
  figure.tableOf = null;
  if (figure.state.view === "table") { table(figure); }
}

/* How many frameworks may be named: any number, but of several that are compared two to five. */
const fits = (figure, count) => !figure.data.several || (figure.data.several[0] <= count && count <= figure.data.several[1]);

/* Why a choice is not taken stands below the names until another one is. */
function refuse(figure, words) {
  const told = find(figure, ".refused");
  if (told) { told.textContent = words; }
}

/* Names as they are ticked, or as they were and the reason. */
function tick(figure, input) {
  const named = Array.from(figure.element.querySelectorAll(".chips input:checked"), (one) => one.value);
  const label = input.closest("label").textContent.trim();
  if (fits(figure, named.length)) { figure.state.named = named; refuse(figure, ""); return; }
  const [least, most] = figure.data.several;
  refuse(figure, named.length > most ? "At most " + most + " stand on one chart: take one away to add " + label + "." : "At least " + least + " are compared: add another one to take " + label + " away.");
}

/* The axis of logarithms: shown where it helps, refused with the reason where a zero stands. */
function sayLog(figure) {
  const input = find(figure, ".log");
  const log = current(figure).panels[0].place && current(figure).panels[0].place.log;
  if (!input) { return; }
  input.closest("label").hidden = !(log && log.isOffered);
  input.disabled = Boolean(log && log.words);
  find(figure, ".log-words").textContent = log ? log.words : "";
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

/* All rows that the reader chose, drawn or not. */
const allRows = (figure) => chosen(current(figure).panels.flatMap((panel) => panel.all || unpack(panel.rows)), figure.state);

function numbered(cell, kind) {
  if (kind !== "text" && kind !== "date") { cell.className = "n"; }
  return cell;
}

/* The rows as a table; on paper a long one holds the newest period of each panel. */
function table(figure, isNewest) {
  const made = [current(figure).key, figure.state.measure, figure.state.from, figure.state.to, figure.state.alone && figure.state.named, isNewest].join();
  if (figure.tableOf === made) { return; }
  figure.tableOf = made;
  const columns = figure.data.table;
  const body = document.createElement("table");
  const caption = body.createCaption();
  caption.textContent = titleOf(figure);
  const head = body.createTHead().insertRow();
  columns.forEach(([, heading, kind]) => {
    const cell = numbered(document.createElement("th"), kind);
    cell.scope = "col";
    cell.textContent = heading;
    head.append(cell);
  });
  const rows = body.createTBody();
  (isNewest ? current(figure).panels.flatMap((panel) => newest(chosen(panel.all, figure.state))) : allRows(figure)).forEach((row) => {
    const line = rows.insertRow();
    columns.forEach(([name, , kind]) => numbered(line.insertCell(), kind).textContent = shown(row[name], kind));
  });
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

/* What is drawn quickly changes in one frame with its control; else the control answers first, and of several choices
   the last one alone is drawn. The address comes when all is painted: it takes as long as a chart. */
const AT_ONCE = 30;
const painted = (act) => requestAnimationFrame(() => setTimeout(act));
function changed(figure) {
  say(figure);
  const asked = {};
  figure.asked = asked;
  const last = (act) => () => (figure.asked === asked && figure.element.isConnected ? act() : null);
  const follow = last(() => draw(figure).then(() => painted(last(() => address(figure)))));
  if (figure.took < AT_ONCE) { follow(); } else { painted(follow); }
}

function listen(figure) {
  const on = (name, act) => figure.element.querySelectorAll(name).forEach((element) => element.addEventListener("change", () => { act(element); changed(figure); }));
  on(".measures input", (input) => { figure.state.measure = input.value; });
  on(".choose", (select) => { figure.state.choice = select.value; });
  // An end before the beginning means that year alone.
  const year = (end, other, isWrong) => on("." + end, (select) => {
    figure.state[end] = select.value;
    if (select.value && figure.state[other] && isWrong(select.value, figure.state[other])) { figure.state[other] = select.value; }
  });
  year("from", "to", (from, to) => from > to);
  year("to", "from", (to, from) => to < from);
  on(".log", (input) => { figure.state.log = input.checked; });
  on(".alone", (input) => { figure.state.alone = input.checked; });
  on(".chips input", (input) => tick(figure, input));
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
