import type { QueryProblem } from "../protocol";
import { markedLine } from "./position";

export function Problem({ sql, problem }: { sql: string; problem: QueryProblem }) {
  const marked = markedLine(sql, problem);
  return (
    <div className="problem" role="alert">
      <p>
        {problem.line && problem.column && (
          <b>
            Line {problem.line}, column {problem.column}:{" "}
          </b>
        )}
        {problem.message}
      </p>
      {marked && (
        <pre>
          {marked.text}
          {"\n"}
          {marked.indent}
          <b>^</b>
        </pre>
      )}
    </div>
  );
}
