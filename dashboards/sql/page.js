/* The SQL page: editor, worked queries, answers. The engine and the tables load when the reader asks for them. */
"use strict";
document.addEventListener("DOMContentLoaded", function () {
  const { tables, queries, guard, parts } = JSON.parse(document.getElementById("catalogue").textContent);
  const at = (id) => document.getElementById(id);
  const [editor, paint, offer, status, answerBox, runButton, loadButton] =
    ["editor", "paint", "offer", "status", "answer", "run", "load"].map(at);
  const SECONDS = 60, SHOWN_ROWS = 1000;
  let engine = null, loading = null, answer = null, running = false;

  function made(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }
  const say = (words, kind = "") => { status.textContent = words; status.className = kind; };

  // Theme, shared with the other pages.
  const stored = { get: () => { try { return localStorage.getItem("theme") || "auto"; } catch { return "auto"; } },
    set: (value) => { try { localStorage.setItem("theme", value); } catch { /* holds for this page */ } } };
  const themed = (theme) => {
    if (theme === "auto") document.documentElement.removeAttribute("data-theme"); else document.documentElement.dataset.theme = theme;
    at("theme").textContent = `Theme: ${theme}`;
  };
  themed(stored.get());
  at("theme").hidden = false;
  at("theme").onclick = () => { const next = { auto: "dark", dark: "light", light: "auto" }[stored.get()] || "auto"; stored.set(next); themed(next); };

  // The engine.
  const arrived = {};
  window.trendsPart = (name, part) => { arrived[name] = part; };
  function part(name) {
    const held = at(`part-${name}`);
    if (held) return Promise.resolve(JSON.parse(held.textContent));
    return new Promise((done, fail) => {
      const script = made("script", { src: parts[name] });
      script.onload = () => done(arrived[name]);
      script.onerror = () => fail(new Error(`${parts[name]} is missing beside this page. Copy the whole site folder, or use the page in one file.`));
      document.head.append(script);
    });
  }
  function load() {
    loading = loading || (async () => {
      loadButton.disabled = true;
      say("Loading the engine and the tables …");
      try {
        const [code, data] = [await part("engine"), await part("marts")];
        engine = await TrendsEngine.start({ ...code, ...data }, guard);
        at("loader").hidden = true;
        runButton.disabled = false;
        say(`DuckDB ${engine.version} is ready. Nothing you ask leaves this page.`);
        document.documentElement.dataset.engine = engine.version;
        return engine;
      } catch (error) {
        loading = null;
        loadButton.disabled = false;
        say(`The engine could not be loaded: ${error.message}`, "wrong");
        throw error;
      }
    })();
    return loading;
  }
  function stop(reason) {
    if (engine) engine.stop(reason);
    engine = loading = null;
  }

  async function run() {
    if (running) { stop("Stopped. The engine starts anew with the next query."); return; }
    const sql = editor.value;
    remember(sql);
    running = true;
    runButton.textContent = "Stop";
    delete document.documentElement.dataset.answered;
    const began = performance.now();
    let timer = null;
    try {
      await load();
      say("Asking …");
      timer = setTimeout(() => stop(`The query took longer than ${SECONDS} s and was stopped. Narrow it down.`), SECONDS * 1000);
      answer = await engine.ask(sql);
      show(answer);
      say(`${answer.rows.length.toLocaleString("en")} row${answer.rows.length === 1 ? "" : "s"} in ${((performance.now() - began) / 1000).toFixed(2)} s.`);
    } catch (error) {
      answer = null;
      answerBox.hidden = true;
      say(explained(error.message), "wrong");
      // Anything but an error of the engine's own leaves it in an unknown state.
      if (engine && !/(Error: |^\w+: this reaches|^Expected|^The brackets)/.test(error.message)) stop(error.message);
    } finally {
      clearTimeout(timer);
      running = false;
      runButton.textContent = "Run";
      document.documentElement.dataset.answered = "yes";
    }
  }

  // Errors with the nearest name.
  const names = [...new Set(tables.flatMap((table) => [table.name, ...table.columns.map((column) => column[0])]))];
  function distance(a, b) {
    let row = [...Array(b.length + 1).keys()];
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
      row = next;
    }
    return row[b.length];
  }
  function explained(message) {
    const [words, where] = message.split(/\n*LINE (?=\d+: )/);
    const plain = words.replace(/\s*(Did you mean "[^"]*"\??|Candidate (bindings|tables|functions):[\s\S]*)/g, "").replace(/\s+/g, " ").trim();
    const line = where ? ` Line ${where.split("\n")[0].trim()}` : "";
    const missing = /(?:(?:Table|View) with name "?([\w./-]+?)"? does not exist|Referenced (?:column|table) "(\w+)" not found|column named "(\w+)")/.exec(words);
    if (!missing) return plain + line;
    const name = (missing[1] || missing[2] || missing[3]).replace(/^.*\./, "").toLowerCase();
    const near = names.map((known) => [distance(name, known.toLowerCase()), known]).sort((a, b) => a[0] - b[0])
      .filter(([far, known]) => far <= Math.max(2, Math.min(name.length, known.length) / 2.5)).slice(0, 3).map(([, known]) => known);
    return `${plain}${line}${near.length ? ` Nearest: ${near.join(", ")}.` : ""} The tables are listed below.`;
  }

  // Answers.
  function show({ columns, rows }) {
    const right = columns.map(TrendsChart.isNumber);
    const head = made("tr", {}, ...columns.map((column, index) => made("th", { scope: "col", title: column.type, ...(right[index] && { class: "n" }) }, column.name)));
    const body = made("tbody");
    for (const row of rows.slice(0, SHOWN_ROWS)) {
      body.append(made("tr", {}, ...row.map((cell, index) => made("td", right[index] ? { class: "n" } : (cell || "").length > 40 ? { class: "long" } : {}, cell === null ? "–" : cell))));
    }
    at("table").replaceChildren(made("thead", {}, head), body);
    at("cut").textContent = rows.length > SHOWN_ROWS ? `The first ${SHOWN_ROWS.toLocaleString("en")} rows are shown; the CSV holds all.` : "";
    answerBox.hidden = false;
    const chosen = TrendsChart.choice({ columns, rows });
    at("tab-chart").hidden = !chosen;
    if (chosen) fillChoices(columns, chosen);
    select(chosen && at("tab-chart").getAttribute("aria-selected") === "true" ? "chart" : "table");
  }
  function fillChoices(columns, chosen) {
    for (const [id, allowed, none] of [["x", () => true], ["y", TrendsChart.isNumber], ["colour", () => true, "nothing"]]) {
      const options = columns.map((column, index) => [column, index]).filter(([column]) => allowed(column)).map(([column, index]) => made("option", { value: index }, column.name));
      at(`chart-${id}`).replaceChildren(...(none ? [made("option", { value: -1 }, none)] : []), ...options);
      at(`chart-${id}`).value = String(chosen[id]);
      at(`chart-${id}`).onchange = draw;
    }
  }
  function draw() {
    if (!answer || at("pane-chart").hidden) return;
    const chosen = Object.fromEntries(["x", "y", "colour"].map((id) => [id, Number(at(`chart-${id}`).value)]));
    const drawn = TrendsChart.draw(answer, chosen, Math.max(280, at("plot").clientWidth));
    at("plot").setAttribute("aria-label", drawn ? drawn.words : "nothing to draw");
    at("plot").replaceChildren(drawn ? drawn.svg : "These columns hold nothing to draw.");
    at("chart-note").textContent = drawn ? drawn.note : "";
  }
  function select(name) {
    for (const each of ["table", "chart"]) {
      at(`tab-${each}`).setAttribute("aria-selected", String(each === name));
      at(`tab-${each}`).tabIndex = each === name ? 0 : -1;
      at(`pane-${each}`).hidden = each !== name;
    }
    draw();
  }
  for (const [name, other] of [["table", "chart"], ["chart", "table"]]) {
    at(`tab-${name}`).onclick = () => select(name);
    at(`tab-${name}`).onkeydown = (event) => {
      if (/^Arrow(Left|Right)$/.test(event.key) && !at(`tab-${other}`).hidden) { select(other); at(`tab-${other}`).focus(); }
    };
  }
  window.addEventListener("resize", draw);
  const csvOf = ({ columns, rows }) => [columns.map((column) => column.name), ...rows].map((row) => row.map((cell) =>
    cell === null ? "" : /[",\n\r]/.test(cell) || cell === "" ? `"${cell.replace(/"/g, '""')}"` : cell).join(",")).join("\n") + "\n";
  at("csv").onclick = () => {
    const address = URL.createObjectURL(new Blob([csvOf(answer)], { type: "text/csv" }));
    made("a", { href: address, download: "answer.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };

  // The query in the address.
  function remember(sql) { history.replaceState(null, "", `#q=${encodeURIComponent(sql)}`); }
  function recalled() {
    const found = /^#q=(.*)$/.exec(location.hash);
    try { return found ? decodeURIComponent(found[1]) : null; } catch { return null; }
  }
  at("link").onclick = async () => {
    remember(editor.value);
    try { await navigator.clipboard.writeText(location.href); say("The address of this query is copied."); }
    catch { say("The address in the address bar holds this query: copy it there."); }
  };
  window.addEventListener("hashchange", () => { if (recalled() !== null) write(recalled()); });

  // The editor.
  function write(sql) { editor.value = sql; painted(); }
  function painted() {
    paint.replaceChildren(...TrendsEngine.tokens(editor.value).map(({ kind, text }) => kind === "space" ? text : made("span", { class: kind }, text)), "\n");
    editor.style.height = "auto";
    editor.style.height = `${editor.scrollHeight}px`;
  }
  const hints = new Map([...TrendsEngine.KEYWORDS].map((word) => [word, ""]));
  for (const table of tables) {
    for (const [name, type, meaning] of table.columns) hints.set(name, `${type.toLowerCase()}, ${meaning}`);
  }
  for (const table of tables) hints.set(table.name, `table, ${table.meaning}`);
  let offered = [], marked = 0;
  function complete() {
    const before = editor.value.slice(0, editor.selectionStart);
    const typed = (/[A-Za-z_][\w.]*$/.exec(before) || [""])[0].replace(/^.*\./, "");
    const mentioned = new Set(TrendsEngine.tokens(editor.value).map((token) => token.text));
    const near = new Set(tables.filter((table) => mentioned.has(table.name)).flatMap((table) => table.columns.map((column) => column[0])));
    const rank = (name) => (near.has(name) ? 0 : hints.get(name) ? 1 : 2);
    offered = typed.length < 2 || editor.selectionStart !== editor.selectionEnd ? [] : [...hints.keys()]
      .filter((name) => name.startsWith(typed.toLowerCase()) && name !== typed).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b)).slice(0, 8);
    marked = 0;
    showOffer(typed.length);
  }
  function showOffer(length) {
    offer.hidden = !offered.length;
    offer.replaceChildren(...offered.map((name, index) => {
      const option = made("li", { role: "option", id: `offer-${index}`, "aria-selected": String(index === marked) }, made("b", {}, name), " ", made("span", {}, hints.get(name)));
      option.onmousedown = (event) => { event.preventDefault(); marked = index; accept(); };
      return option;
    }));
    if (offered.length) editor.setAttribute("aria-activedescendant", `offer-${marked}`); else editor.removeAttribute("aria-activedescendant");
    offer.dataset.typed = length;
  }
  function accept() {
    const end = editor.selectionStart;
    editor.setRangeText(offered[marked], end - Number(offer.dataset.typed), end, "end");
    offered = [];
    showOffer(0);
    painted();
  }
  editor.addEventListener("input", () => { painted(); complete(); });
  editor.addEventListener("blur", () => { offered = []; showOffer(0); });
  editor.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); offered = []; showOffer(0); run(); return; }
    if (!offered.length) return;
    if (event.key === "Tab" || event.key === "Enter") { event.preventDefault(); accept(); }
    else if (event.key === "Escape") { offered = []; showOffer(0); }
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      marked = (marked + (event.key === "ArrowDown" ? 1 : -1) + offered.length) % offered.length;
      showOffer(Number(offer.dataset.typed));
    }
  });

  // Lists.
  for (const query of queries) {
    const button = made("button", { type: "button", "data-query": query.name }, query.question);
    button.onclick = () => {
      write(`-- ${query.question}\n-- ${query.note}\n${query.sql}\n`);
      remember(editor.value);
      editor.scrollIntoView({ block: "nearest" });
      if (engine) run(); else say("Load the engine to run it.");
    };
    at("queries").append(made("li", {}, button, made("p", {}, query.note)));
  }
  for (const table of tables) {
    const rows = table.columns.map(([name, type, meaning]) => made("tr", {}, made("th", { scope: "row" }, name), made("td", {}, type.toLowerCase()), made("td", {}, meaning)));
    at("tables").append(made("details", {}, made("summary", {}, made("b", {}, table.name), ` ${table.rows.toLocaleString("en")} rows`), made("p", {}, table.meaning),
      made("div", { class: "scroll" }, made("table", {}, made("tbody", {}, ...rows)))));
  }
  runButton.onclick = run;
  loadButton.onclick = () => load().catch(() => {});
  write(recalled() ?? `-- ${queries[0].question}\n-- ${queries[0].note}\n${queries[0].sql}\n`);
  // For tests: the engine behind the gate.
  window.trendsPage = { ask: async (sql) => (await load()).ask(sql), raw: async (sql) => (await load()).raw(sql), csvOf };
});
