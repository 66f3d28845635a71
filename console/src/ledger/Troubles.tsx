import type { FlowStatus } from "../protocol";
import { ago, count } from "../text/format";
import { trouble } from "./balance";

/** Flows that do not move, with the destination's own words: the first thing an operator has to see. */
export function Troubles({ flows, serverNow }: { flows: readonly FlowStatus[]; serverNow: number }) {
  const wrong = flows.flatMap((flow) => {
    const kind = trouble(flow, serverNow);
    return kind ? [{ flow, kind }] : [];
  });
  if (wrong.length === 0) return null;
  return (
    <ul className="troubles" role="alert">
      {wrong.map(({ flow, kind }) => (
        <li key={flow.name}>
          <b>{flow.name}</b> {Words[kind]} {flow.error && <q>{flow.error}</q>}{" "}
          <span className="muted">
            {count(Math.max(flow.lag, flow.messages.waiting))} waiting, last progress{" "}
            {flow.lastProgress ? ago(Date.parse(flow.lastProgress), serverNow) : "never"}
          </span>
        </li>
      ))}
    </ul>
  );
}

const Words = {
  retrying: "is retrying:",
  failed: "has failed:",
  stalled: "has work and makes no progress.",
} as const;
