/** As much of SQL as the console itself asks, and errors with a place, to see how the page shows them. */

const Known = /^\s*select\s+(.+?)\s+from\s+("?\w+"?\."?\w+"?)(?:\s+where\s+(.+?))?(?:\s+order\s+by\s+time(\s+desc)?)?(?:\s+limit\s+(\d+))?\s*;?\s*$/is;

export function answer(sql, fleet, now) {
  const word = /^\s*(\S+)/.exec(sql);
  if (!/^select$/i.test(word?.[1] ?? "")) return problem(sql, word ? word[0].length - word[1].length : 0, `Expected SELECT, found ${word?.[1] ?? "the end"}.`);
  const wrong = /\bvinn\b/.exec(sql);
  if (wrong) return problem(sql, wrong.index, `There is no column vinn in fleet.telemetry. Did you mean vin?`);
  const parts = Known.exec(sql);
  if (!parts) return problem(sql, sql.length, "The mock server knows SELECT … FROM … WHERE … ORDER BY time LIMIT n.");
  const [, columns, from, where = "", descending, limit = "1000"] = parts;
  const table = from.replaceAll('"', "");
  if (!fleet.tables.some((one) => one.name === table)) return problem(sql, sql.indexOf(from), `There is no table ${table}.`);

  const wanted = Object.fromEntries([...where.matchAll(/"?(\w+)"?\s*=\s*'((?:[^']|'')*)'/g)].map((m) => [m[1], m[2].replaceAll("''", "'")]));
  const minutes = /ago\((\d+)m\)/.exec(where)?.[1];
  const from0 = minutes ? now - minutes * 60_000 : 0;
  const names = columns.split(",").map((name) => name.trim().replaceAll('"', ""));
  const rows = fleet.series
    .filter((one) => one.table === table && Object.entries(wanted).every(([name, value]) => (name === "measure_name" ? one.measure : one.dimensions[name]) === value))
    .filter((one) => !one.column || names.includes(one.column))
    .flatMap((one) => one.points.filter(([at]) => at >= from0).map(([at, value]) => ({ one, at, value })));
  rows.sort((a, b) => (descending ? b.at - a.at : a.at - b.at));
  return {
    status: 200,
    body: {
      columns: names.map((name) => ({ name, type: name === "time" ? "timestamp" : name.startsWith("measure_value") || rows[0]?.one.column === name ? "double" : "varchar" })),
      rows: rows.slice(0, Number(limit)).map((row) => names.map((name) => cell(name, row))),
      truncated: false,
      complete: true,
    },
  };
}

function cell(name, { one, at, value }) {
  if (name === "time") return `${new Date(at).toISOString().replace("T", " ").slice(0, -1)}000000`;
  if (name === "measure_name") return one.measure;
  if (name.startsWith("measure_value") || name === one.column) return value;
  return one.dimensions[name] ?? null;
}

function problem(sql, offset, message) {
  const before = sql.slice(0, offset).split("\n");
  return { status: 400, body: { error: { message, line: before.length, column: before.at(-1).length + 1, kind: "syntax" } } };
}
