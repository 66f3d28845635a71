import { useRef, useState, type FormEvent, type KeyboardEvent } from "react";
import { ApiError, explain, runQuery } from "../api/api";
import type { QueryProblem, QueryResult } from "../protocol";
import { offsetOf } from "./position";
import { Problem } from "./Problem";
import { ResultTable } from "./ResultTable";

const First =
  "SELECT vin, measure_name, time, measure_value::double\nFROM fleet.telemetry\nORDER BY time DESC\nLIMIT 20";

type Outcome =
  | { kind: "none" }
  | { kind: "running" }
  | { kind: "result"; result: QueryResult; ms: number }
  | { kind: "problem"; sql: string; problem: QueryProblem };

export function QueryBox() {
  const [sql, setSql] = useState(First);
  const [outcome, setOutcome] = useState<Outcome>({ kind: "none" });
  const running = useRef<AbortController | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);

  const run = async () => {
    running.current?.abort();
    const abort = (running.current = new AbortController());
    const started = performance.now();
    setOutcome({ kind: "running" });
    try {
      const result = await runQuery(sql, abort.signal);
      if (!abort.signal.aborted) setOutcome({ kind: "result", result, ms: performance.now() - started });
    } catch (error) {
      if (abort.signal.aborted) return;
      const problem = error instanceof ApiError ? error.problem : { message: explain(error) };
      setOutcome({ kind: "problem", sql, problem });
      const at = offsetOf(sql, problem);
      if (at !== null && document.activeElement === area.current) area.current?.setSelectionRange(at, at);
    }
  };
  const stop = () => {
    running.current?.abort();
    setOutcome({ kind: "none" });
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void run();
    }
  };

  return (
    <section className="panel query" aria-labelledby="query-title">
      <header className="panel-head">
        <h2 id="query-title">Query</h2>
        <span className="muted">Ctrl+Enter runs it</span>
      </header>
      <form onSubmit={onSubmit}>
        <textarea
          ref={area}
          aria-label="SQL"
          aria-invalid={outcome.kind === "problem"}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          rows={Math.min(14, Math.max(5, sql.split("\n").length))}
          value={sql}
          onChange={(event) => setSql(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div className="query-buttons">
          <button type="submit" className="primary" disabled={sql.trim() === ""}>
            Run
          </button>
          {outcome.kind === "running" && (
            <button type="button" onClick={stop}>
              Cancel
            </button>
          )}
          <span className="muted" role="status">
            {summary(outcome)}
          </span>
        </div>
      </form>
      {outcome.kind === "problem" && <Problem sql={outcome.sql} problem={outcome.problem} />}
      {outcome.kind === "result" && <ResultTable result={outcome.result} />}
    </section>
  );
}

function summary(outcome: Outcome): string {
  if (outcome.kind === "running") return "Running…";
  if (outcome.kind !== "result") return "";
  const { rows, truncated, complete } = outcome.result;
  const parts = [`${rows.length.toLocaleString("en-US")} ${rows.length === 1 ? "row" : "rows"}`];
  parts.push(`${Math.max(1, Math.round(outcome.ms))} ms`);
  if (truncated) parts.push("cut off: the server has more");
  if (complete === false) parts.push("not complete: the server is still reading its last minutes back");
  return parts.join(" · ");
}
