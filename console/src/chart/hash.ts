import type { Choice } from "./choice";

/** Minutes of the chart's window. */
export const Windows = [1, 5, 15, 60] as const;
export type WindowMinutes = (typeof Windows)[number];
export const DefaultWindow: WindowMinutes = 5;

export interface View {
  /** Null: nobody has chosen, the page may. */
  choice: Choice | null;
  window: WindowMinutes;
}

/** The view as the address keeps it: #table=fleet.telemetry&measure=speed&type=double&d.vin=…&window=5 */
export function formatHash(view: View): string {
  const parts = new URLSearchParams();
  if (view.choice) {
    parts.set("table", view.choice.table);
    parts.set("measure", view.choice.measure);
    if (view.choice.column !== undefined) parts.set("column", view.choice.column);
    parts.set("type", view.choice.type);
    for (const [name, value] of Object.entries(view.choice.dimensions)) parts.set(`d.${name}`, value);
  }
  if (view.choice || view.window !== DefaultWindow) parts.set("window", String(view.window));
  const text = parts.toString();
  return text ? `#${text}` : "";
}

export function parseHash(hash: string): View {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const minutes = Number(parts.get("window"));
  const window = Windows.find((known) => known === minutes) ?? DefaultWindow;
  const [table, measure, column] = [parts.get("table"), parts.get("measure"), parts.get("column")];
  if (!table || !measure) return { choice: null, window };
  const dimensions = Object.fromEntries(
    [...parts].filter(([name]) => name.startsWith("d.")).map(([name, value]) => [name.slice(2), value]),
  );
  const choice: Choice = { table, dimensions, measure, type: parts.get("type") ?? "double" };
  return { choice: column === null ? choice : { ...choice, column }, window };
}
