import { memo } from "react";
import type { Cell, QueryResult } from "../protocol";
import { truncate } from "../text/format";

const RowsShown = 500;
const CellLength = 200;

export const ResultTable = memo(function ResultTable({ result }: { result: QueryResult }) {
  if (result.rows.length === 0) return <p className="empty">No rows.</p>;
  const numeric = result.columns.map((column) => /^(double|real|bigint|integer|int)/i.test(column.type));
  return (
    <>
      <div className="scroll result" tabIndex={0} role="region" aria-label="Query result">
        <table>
          <thead>
            <tr>
              {result.columns.map((column, i) => (
                <th key={i} scope="col" className={numeric[i] ? "number" : undefined}>
                  {column.name} <small>{column.type.toLowerCase()}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {result.rows.slice(0, RowsShown).map((row, i) => (
              <tr key={i}>
                {row.map((cell, j) => (
                  <td key={j} className={numeric[j] ? "number" : undefined}>
                    <CellText cell={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {result.rows.length > RowsShown && <p className="muted">The first {RowsShown} rows are shown.</p>}
    </>
  );
});

function CellText({ cell }: { cell: Cell | undefined }) {
  if (cell === null || cell === undefined) return <i className="muted">null</i>;
  const text = typeof cell === "object" ? JSON.stringify(cell) : String(cell);
  return text.length > CellLength ? <span title={truncate(text, 2000)}>{truncate(text, CellLength)}</span> : text;
}
