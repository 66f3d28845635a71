import type { QueryProblem } from "../protocol";

export interface Marked {
  /** The line the problem is in, and the spaces that put a caret under its column. */
  text: string;
  indent: string;
}

const Widest = 120;

/** Where the problem is, to be shown as the line and a caret under it; null if the server gave no place. */
export function markedLine(sql: string, problem: QueryProblem): Marked | null {
  if (!problem.line || !problem.column) return null;
  const line = sql.split(/\r?\n/)[problem.line - 1];
  if (line === undefined) return null;
  const column = Math.min(problem.column, line.length + 1) - 1;
  // Of a very long line only the surroundings, or else the caret is out of sight.
  const from = column > Widest - 20 ? column - Widest / 2 : 0;
  const shown = line.slice(from, from + Widest);
  const before = (from > 0 ? "…" : "") + line.slice(from, column);
  return { text: (from > 0 ? "…" : "") + shown, indent: before.replaceAll(/[^\t]/g, " ") };
}

/** The same place counted from the start of the text, for the cursor. */
export function offsetOf(sql: string, problem: QueryProblem): number | null {
  if (!problem.line || !problem.column) return null;
  const lines = sql.split("\n");
  if (problem.line > lines.length) return null;
  const before = lines.slice(0, problem.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
  return Math.min(before + problem.column - 1, sql.length);
}
