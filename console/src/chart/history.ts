import type { Cell, QueryResult } from "../protocol";
import { epochMs } from "../text/time";
import type { Choice } from "./choice";

/** The newest points of one series in the last minutes, as SQL. The server's clock decides what "last" means. */
export function historySql(choice: Choice, minutes: number, limit: number): string {
  const value = choice.column === undefined ? `measure_value::${choice.type.toLowerCase()}` : identifier(choice.column);
  const conditions = [
    ...Object.entries(choice.dimensions).map(([name, text]) => `${identifier(name)} = ${literal(text)}`),
    `measure_name = ${literal(choice.measure)}`,
    `time >= ago(${minutes}m)`,
  ];
  return [
    `SELECT time, ${value}`,
    `FROM ${choice.table.split(".").map(identifier).join(".")}`,
    `WHERE ${conditions.join(" AND ")}`,
    `ORDER BY time DESC LIMIT ${limit}`,
  ].join(" ");
}

/** Rows of (time, value) as points, oldest first; what is no number is left out. */
export function historyPoints(result: QueryResult): [number, number][] {
  const points: [number, number][] = [];
  for (let i = result.rows.length - 1; i >= 0; i--) {
    const [time, cell] = result.rows[i]!;
    const at = typeof time === "string" ? epochMs(time) : Number.NaN;
    const value = numberOf(cell);
    if (Number.isFinite(at) && value !== null) points.push([at, value]);
  }
  return points;
}

/** A measured value as a number; true is 1. Null for whatever cannot be drawn. */
export function numberOf(value: Cell | undefined): number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
