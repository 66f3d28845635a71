import type { Series, Table } from "../protocol";
import { choicesOf, measureOf, type Choice } from "./choice";

/** Newer than this by the same margin counts as equally alive, and the better picture decides. */
const Fresh = 30_000;

/** Measures whose line moves in every second, before counters and switches which may stand still for an hour. */
const Lively = /speed|ppm|temperature|torque|flow|pressure|current|power|watt|voltage/i;

/**
 * The chart for somebody who has not chosen yet: a series that is alive, of a measure that is likely to move.
 */
export function defaultChoice(tables: readonly Table[], seriesOf: ReadonlyMap<string, readonly Series[]>): Choice | null {
  let best: { choice: Choice; rank: [number, number] } | null = null;
  const newest = Math.max(...[...seriesOf.values()].flat().map(latest));
  for (const table of tables) {
    for (const series of seriesOf.get(table.name) ?? []) {
      for (const choice of choicesOf(table, series)) {
        const age = newest - latest(series);
        const rank: [number, number] = [age < Fresh ? 0 : age, liveliness(choice)];
        if (!best || rank[0] < best.rank[0] || (rank[0] === best.rank[0] && rank[1] > best.rank[1])) best = { choice, rank };
      }
    }
  }
  return best?.choice ?? null;
}

function latest(series: Series): number {
  const time = series.latest ? Date.parse(series.latest) : Number.NaN;
  return Number.isNaN(time) ? 0 : time;
}

function liveliness(choice: Choice): number {
  return (choice.type.toLowerCase() === "double" ? 2 : 0) + (Lively.test(measureOf(choice)) ? 1 : 0);
}
