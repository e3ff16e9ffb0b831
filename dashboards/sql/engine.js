/* DuckDB-Wasm in a worker of its own, spoken to by messages; results come back as text, cell by cell.
   The worker gets its bytes handed over, and what could ask the network is taken from it before its code runs. */
"use strict";
window.TrendsEngine = (function () {
  const SHIM = `
    let wasm = null;
    self.addEventListener("message", (event) => {
      if (event.data && event.data.trendsWasm) { wasm = event.data.trendsWasm; event.stopImmediatePropagation(); }
    });
    self.fetch = () => Promise.resolve(new Response(wasm, { headers: { "content-type": "application/wasm" } }));
    self.XMLHttpRequest = self.WebSocket = self.EventSource = self.importScripts = undefined;
    console.error = console.warn = () => {};  // the page shows every error
  `;
  const SEALS = [
    "attach 'marts.duckdb' as warehouse (read_only)",
    "use warehouse.marts",
    "set memory_limit = '500MB'",
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set enable_external_access = false",
    "set lock_configuration = true",
  ];
  // Names that may stand for a table where a question takes one.
  const BEFORE_TABLES = new Set(["from", "join", "table", "describe", "desc", "show", "summarize", "pivot", "unpivot", ",", "(", "."]);
  const TABLE_FUNCTIONS = "select function_name from duckdb_functions() group by all having bool_and(function_type in ('table', 'table_macro'))";
  const KEYWORDS = new Set(("select from where group by order limit offset having qualify with as and or not in is null between like ilike " +
    "case when then else end inner left right full cross join on using union all intersect except distinct over partition asc desc " +
    "nulls first last filter values exists interval date timestamp true false pivot unpivot describe show summarize explain analyze " +
    "recursive exclude replace columns cast window rows range preceding following current row unbounded any some").split(" "));

  const TOKEN = /(--[^\n]*)|(\/\*[\s\S]*?(?:\*\/|$))|([eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$))|(\$(\w*)\$[\s\S]*?(?:\$\5\$|$))|("(?:[^"]|"")*(?:"|$))|(\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)|(\s+)|([\s\S])/g;
  const KINDS = [, "comment", "comment", "string", "string", null, "name", "number", "word", "space", "sign"];

  /** The pieces of a statement: [{kind, text}]; joined, they are the statement again. */
  function tokens(sql) {
    const found = [];
    for (const match of sql.matchAll(TOKEN)) {
      const group = match.findIndex((text, index) => index > 0 && KINDS[index] && text !== undefined);
      const kind = KINDS[group];
      const isKeyword = kind === "word" && KEYWORDS.has(match[0].toLowerCase());
      found.push({ kind: isKeyword ? "keyword" : kind, text: match[0] });
    }
    return found;
  }

  /** What a name or a quoted text says. */
  function inner(text) {
    return text.replace(/^(?:[eE]?'|"|\$\w*\$)|(?:'|"|\$\w*\$)$/g, "").replace(/""/g, '"').replace(/''/g, "'").toLowerCase();
  }

  /** The statement to run, or an error in words: one question that reads the tables and nothing else.
      `guard` is the table of flows/ask/allowed.py, `known` the names of the engine's table functions. */
  function gate(sql, guard, known) {
    const said = tokens(sql).filter((token) => token.kind !== "space" && token.kind !== "comment");
    while (said.length && said[said.length - 1].text === ";") said.pop();
    if (!said.length) throw new Error("Expected a question, found none. Write one, or take a worked query.");
    let depth = 0;
    said.forEach((token, index) => {
      if (token.text === ";") throw new Error("Expected one statement, found several. Ask one question at a time.");
      if (token.kind === "sign" && depth >= 0) depth += token.text === "(" ? 1 : token.text === ")" ? -1 : 0;
      const name = inner(token.text);
      const isCalled = token.kind !== "string" && (said[index + 1] || {}).text === "(";
      const isTable = token.kind !== "string" || BEFORE_TABLES.has((said[index - 1] || { text: "" }).text.toLowerCase());
      const isView = isTable && !isCalled && guard.system_views.some((start) => name.startsWith(start)) && !guard.views.includes(name);
      if (isView || isCalled && (guard.scalars_refused.includes(name) || known.has(name) && !guard.table_functions.includes(name))) {
        throw new Error(`${name}: this reaches outside the tables. Queries may only read those; they are listed on this page.`);
      }
    });
    if (depth) throw new Error("The brackets do not match.");
    const words = said.map((token) => token.text.toLowerCase());
    const isExplain = words[0] === "explain";
    const first = words.slice(isExplain ? (words[1] === "analyze" ? 2 : 1) : 0).find((word) => word !== "(") || "";
    if (!guard.questions.includes(first)) {
      throw new Error(`Expected a question (${guard.questions.join(", ")} or explain), found "${first}". Queries may only read the tables.`);
    }
    // What ends the statement would end it too early inside ours.
    return { sql: tokens(sql).filter(({ kind, text }) => kind !== "sign" || text !== ";").map(({ text }) => text).join(""), isExplain };
  }

  /** Rows of an Arrow file whose columns are all text. */
  function rowsOf(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const text = new TextDecoder();
    const field = (table, number) => {
      const slots = table - view.getInt32(table, true);
      const at = 4 + 2 * number;
      const offset = at < view.getUint16(slots, true) ? view.getUint16(slots + at, true) : 0;
      return offset && table + offset;
    };
    const follow = (at) => at + view.getUint32(at, true);
    const int64 = (at) => Number(view.getBigInt64(at, true));
    const rows = [];
    let at = 8;  // after "ARROW1" and its padding
    while (at + 8 <= bytes.length && view.getInt32(at, true) === -1 && view.getInt32(at + 4, true) > 0) {
      const message = follow(at + 8);
      const body = at + 8 + view.getInt32(at + 4, true);
      const length = field(message, 3);
      if (view.getUint8(field(message, 1)) === 3) {
        const batch = follow(field(message, 2));
        const count = field(batch, 0) ? int64(field(batch, 0)) : 0;
        const buffers = follow(field(batch, 2));
        const columns = view.getUint32(buffers, true) / 3;
        const first = rows.length;
        for (let row = 0; row < count; row++) rows.push(new Array(columns));
        for (let column = 0; column < columns; column++) {
          const part = (number) => buffers + 4 + 16 * (3 * column + number);
          const [valid, offsets, data] = [0, 1, 2].map((number) => body + int64(part(number)));
          const hasNulls = int64(part(0) + 8) > 0;
          for (let row = 0; row < count; row++) {
            const isNull = hasNulls && !(view.getUint8(valid + (row >> 3)) & (1 << (row & 7)));
            const start = isNull ? 0 : view.getInt32(offsets + 4 * row, true);
            rows[first + row][column] = isNull ? null
              : text.decode(bytes.subarray(data + start, data + view.getInt32(offsets + 4 * row + 4, true)));
          }
        }
      }
      at = body + (length ? int64(length) : 0);
    }
    return rows;
  }

  async function unpacked(base64) {
    const packed = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /** Start an engine with the tables of `parts`: {wasm, worker, marts}, each gzip in base64. */
  async function start(parts, guard) {
    const [wasm, code, marts] = await Promise.all([parts.wasm, parts.worker, parts.marts].map(unpacked));
    const address = URL.createObjectURL(new Blob([SHIM, code], { type: "text/javascript" }));
    const worker = new Worker(address);
    const waiting = new Map();
    let last = 0;
    worker.onmessage = ({ data }) => {
      const asked = waiting.get(data.requestId);
      if (!asked || data.type === "LOG" || data.type === "INSTANTIATE_PROGRESS") return;
      waiting.delete(data.requestId);
      if (data.type === "ERROR") asked.fail(new Error(data.data.message)); else asked.done(data.data);
    };
    const stop = (reason) => {
      worker.terminate();
      for (const asked of waiting.values()) asked.fail(new Error(reason));
      waiting.clear();
    };
    worker.onerror = (event) => stop(`The engine stopped: ${event.message}. Run the query again.`);
    const call = (type, data, transfer = []) => new Promise((done, fail) => {
      waiting.set(++last, { done, fail });
      worker.postMessage({ messageId: last, type, data }, transfer);
    });
    worker.postMessage({ trendsWasm: wasm }, [wasm.buffer]);
    await call("INSTANTIATE", ["data:application/wasm,", null]);
    URL.revokeObjectURL(address);
    await call("OPEN", { path: ":memory:" });
    await call("REGISTER_FILE_BUFFER", ["marts.duckdb", marts], [marts.buffer]);
    const connection = await call("CONNECT", null);
    const run = (sql) => call("RUN_QUERY", [connection, sql]);
    for (const seal of SEALS) await run(seal);
    const version = rowsOf(await run("select version()"))[0][0];

    const known = new Set(rowsOf(await run(TABLE_FUNCTIONS)).map(([name]) => name));

    /** Answer a question: {columns: [{name, type}], rows: [[text or null]]}. */
    async function ask(question) {
      const { sql, isExplain } = gate(question, guard, known);
      if (isExplain) {
        const plan = rowsOf(await run(sql));
        return { columns: [{ name: "explain", type: "VARCHAR" }], rows: plan.map((row) => [row[1]]) };
      }
      // The statement begins in the second line of ours: errors count from there.
      const inside = (asked) => run(asked).catch((error) => {
        throw new Error(error.message.replace(/LINE (\d+)/g, (_, line) => `LINE ${line - 1}`));
      });
      const described = rowsOf(await inside(`select column_name, column_type from (describe select * from (\n${sql}\n))`));
      const rows = rowsOf(await inside(`select columns(*)::varchar from (\n${sql}\n)`));
      return { columns: described.map(([name, type]) => ({ name, type })), rows };
    }
    return { ask, stop, version, raw: async (sql) => rowsOf(await run(sql)) };
  }

  return { start, tokens, gate, KEYWORDS };
})();
