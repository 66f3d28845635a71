import type { Counts, FlowStatus, GatewayCounts, Stats } from "../protocol";

/** A flow that should move and has not for this long is stalled. Above the minute for which a lake flow may gather. */
const StallLimit = 3 * 60_000;

/** What is missing on the right-hand side: zero when the books balance, negative when something was counted twice. */
export function gatewayDifference(gateway: GatewayCounts): number {
  return gateway.received - gateway.acknowledged - gateway.accepted - gateway.refused - gateway.waiting;
}

export function countsDifference(counts: Counts): number {
  const { matched, stored, absorbed, rejected, deadLettered, waiting } = counts;
  return matched - stored - absorbed - rejected - deadLettered - waiting;
}

const SaysServer = "says the server";

export type Verdict = { balanced: true } | { balanced: false; difference: string };

/** The server's own verdict, and the sum done again here: both must hold. */
export function flowVerdict(flow: FlowStatus): Verdict {
  const parts = [
    off(countsDifference(flow.messages), "message"),
    off(countsDifference(flow.records), "record"),
  ].filter((part) => part !== null);
  if (flow.balanced && parts.length === 0) return { balanced: true };
  return { balanced: false, difference: parts.join(", ") || SaysServer };
}

export function gatewayVerdict(gateway: GatewayCounts): Verdict {
  const difference = off(gatewayDifference(gateway), "message");
  if (difference === null && gateway.balanced !== false) return { balanced: true };
  return { balanced: false, difference: difference ?? SaysServer };
}

function off(difference: number, unit: string): string | null {
  if (difference === 0) return null;
  const size = Math.abs(difference).toLocaleString("en-US");
  return `${size} ${unit}${Math.abs(difference) === 1 ? "" : "s"} ${difference > 0 ? "missing" : "too many"}`;
}

export interface Books {
  balanced: boolean;
  /** Names of what does not balance: flows, and "gateway". */
  unbalanced: string[];
}

export function books({ gateway, flows, balanced }: Pick<Stats, "gateway" | "flows" | "balanced">): Books {
  const unbalanced = flows.filter((flow) => !flowVerdict(flow).balanced).map((flow) => flow.name);
  if (!gatewayVerdict(gateway).balanced) unbalanced.unshift("gateway");
  if (unbalanced.length === 0 && balanced === false) unbalanced.push(SaysServer);
  return { balanced: unbalanced.length === 0, unbalanced };
}

/** Why a flow needs somebody's eye, or null. A flow that somebody stopped does not. */
export function trouble(flow: FlowStatus, serverNow: number): "failed" | "retrying" | "stalled" | null {
  if (flow.state === "failed" || flow.state === "retrying") return flow.state;
  if (flow.state !== "running" || (flow.lag === 0 && flow.messages.waiting === 0)) return null;
  const last = flow.lastProgress ? Date.parse(flow.lastProgress) : Number.NaN;
  return serverNow - last > StallLimit ? "stalled" : null;
}
