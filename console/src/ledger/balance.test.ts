import { expect, test } from "vitest";
import type { Counts, FlowStatus, GatewayCounts } from "../protocol";
import { books, flowVerdict, gatewayVerdict, trouble } from "./balance";

const gateway: GatewayCounts = { received: 10, acknowledged: 6, accepted: 2, refused: 1, waiting: 1, connections: 3 };
const counts: Counts = { matched: 10, stored: 5, absorbed: 2, rejected: 1, deadLettered: 1, waiting: 1 };
const now = Date.parse("2026-11-21T03:20:00Z");

function flow(changes: Partial<FlowStatus> = {}): FlowStatus {
  return {
    name: "cars", state: "running", error: null, sink: "series", target: "fleet.telemetry", lag: 0,
    lastProgress: "2026-11-21T03:19:59Z", messages: counts, records: counts, balanced: true, ...changes,
  };
}

test("books that add up balance", () => {
  expect(books({ gateway, flows: [flow()] })).toEqual({ balanced: true, unbalanced: [] });
  expect(books({ gateway, flows: [], balanced: true })).toEqual({ balanced: true, unbalanced: [] });
});

test("a missing message is said with its number", () => {
  const verdict = flowVerdict(flow({ messages: { ...counts, stored: 4 }, records: { ...counts, stored: 8 } }));
  expect(verdict).toEqual({ balanced: false, difference: "1 message missing, 3 records too many" });
});

test("the server's own verdict counts even when the sums add up here", () => {
  expect(flowVerdict(flow({ balanced: false })).balanced).toBe(false);
  expect(gatewayVerdict({ ...gateway, balanced: false }).balanced).toBe(false);
  expect(books({ gateway, flows: [flow()], balanced: false }).balanced).toBe(false);
});

test("the gateway is named among what does not balance", () => {
  const wrong = { ...gateway, received: 11 };
  expect(gatewayVerdict(wrong)).toEqual({ balanced: false, difference: "1 message missing" });
  expect(books({ gateway: wrong, flows: [flow({ name: "x", balanced: false })] }).unbalanced).toEqual(["gateway", "x"]);
});

test("a flow with work and no progress is stalled, one that is merely idle or stopped is not", () => {
  const old = "2026-11-21T03:10:00Z";
  expect(trouble(flow({ lastProgress: old, lag: 5 }), now)).toBe("stalled");
  expect(trouble(flow({ lastProgress: old, messages: { ...counts, waiting: 0 } }), now)).toBeNull();
  expect(trouble(flow({ lastProgress: old, lag: 5, state: "stopped" }), now)).toBeNull();
  expect(trouble(flow({ state: "retrying" }), now)).toBe("retrying");
});
