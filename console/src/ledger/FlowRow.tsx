import type { FlowStatus } from "../protocol";
import { ago, count, dateAndClock } from "../text/format";
import { flowVerdict, trouble } from "./balance";
import { VerdictMark } from "./VerdictMark";

interface Props {
  flow: FlowStatus;
  unit: "messages" | "records";
  serverNow: number;
}

export function FlowRow({ flow, unit, serverNow }: Props) {
  const counts = flow[unit];
  const last = flow.lastProgress ? Date.parse(flow.lastProgress) : null;
  const wrong = trouble(flow, serverNow);
  return (
    <tr className={wrong ? "row-trouble" : undefined}>
      <th scope="row">
        <span className="flow-name">{flow.name}</span>
        <span className="flow-target">
          {flow.sink} → {flow.target}
        </span>
      </th>
      <td data-label="state">
        <span className={`state state-${wrong ?? flow.state}`}>{wrong ?? flow.state}</span>
      </td>
      <Amount label="matched" value={counts.matched} />
      <Amount label="stored" value={counts.stored} />
      <Amount label="absorbed" value={counts.absorbed} />
      <Amount label="rejected" value={counts.rejected} tone={counts.rejected > 0 ? "bad" : undefined} />
      <Amount label="dead-lettered" value={counts.deadLettered} tone={counts.deadLettered > 0 ? "bad" : undefined} />
      <Amount label="waiting" value={counts.waiting} />
      <Amount label="lag" value={flow.lag} tone={wrong ? "warn" : undefined} />
      <td data-label="progress" className="number" title={last === null ? undefined : dateAndClock(last)}>
        {last === null ? "never" : ago(last, serverNow)}
      </td>
      <td data-label="verdict" className="verdict-cell">
        <VerdictMark verdict={flowVerdict(flow)} />
      </td>
    </tr>
  );
}

function Amount({ label, value, tone }: { label: string; value: number; tone?: "bad" | "warn" | undefined }) {
  return (
    <td data-label={label} className={`number ${value === 0 ? "zero" : (tone ?? "")}`}>
      {count(value)}
    </td>
  );
}
