import type { Series, Table } from "../protocol";

/** What the chart shows: one measure of one device. */
export interface Choice {
  table: string;
  dimensions: Record<string, string>;
  measure: string;
  /** Of a multi-measure table only. */
  column?: string;
  /** Timestream's word: double, bigint, boolean. */
  type: string;
}

const Numeric = new Set(["double", "bigint", "boolean"]);

export function isChartable(type: string): boolean {
  return Numeric.has(type.toLowerCase());
}

/** Everything of one series that can be drawn: itself, or each number in a multi-measure record. */
export function choicesOf(table: Table, series: Series): Choice[] {
  const { dimensions, measure } = series;
  if (!table.multiMeasure)
    return isChartable(series.type) ? [{ table: table.name, dimensions, measure, type: series.type }] : [];
  return table.measures
    .filter((column) => isChartable(column.type))
    .map((column) => ({ table: table.name, dimensions, measure, column: column.name, type: column.type }));
}

/** What the reader calls the thing on the y axis. */
export function measureOf(choice: Choice): string {
  return choice.column ?? choice.measure;
}

/** Dimension values in the table's own order: "1NXBR32E84Z995078 · 799fc110". */
export function deviceLabel(dimensions: Record<string, string>, order: readonly string[] = []): string {
  const known = order.filter((name) => name in dimensions);
  const rest = Object.keys(dimensions).filter((name) => !known.includes(name));
  return [...known, ...rest].map((name) => dimensions[name] || "–").join(" · ");
}

export function sameDevice(a: Record<string, string>, b: Record<string, string>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

export function sameChoice(a: Choice, b: Choice): boolean {
  return a.table === b.table && a.measure === b.measure && a.column === b.column && sameDevice(a.dimensions, b.dimensions);
}
