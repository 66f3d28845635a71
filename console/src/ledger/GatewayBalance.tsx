import type { GatewayCounts } from "../protocol";
import { count } from "../text/format";
import { gatewayVerdict } from "./balance";
import { VerdictMark } from "./VerdictMark";

const Parts = [
  ["acknowledged", "acknowledged"],
  ["accepted", "accepted at QoS 0"],
  ["refused", "refused"],
  ["waiting", "waiting"],
] as const;

/** The gateway's books written as the equation they are. */
export function GatewayBalance({ gateway }: { gateway: GatewayCounts }) {
  return (
    <div className="equation" role="group" aria-label="Gateway balance">
      <Term name="received" value={gateway.received} />
      {Parts.map(([key, name], i) => (
        <span className="equation-part" key={key}>
          <span className="equation-sign">{i === 0 ? "=" : "+"}</span>
          <Term name={name} value={gateway[key]} alarming={key === "refused"} />
        </span>
      ))}
      <VerdictMark verdict={gatewayVerdict(gateway)} />
    </div>
  );
}

function Term({ name, value, alarming = false }: { name: string; value: number; alarming?: boolean }) {
  return (
    <span className="term">
      <b className={alarming && value > 0 ? "bad" : undefined}>{count(value)}</b>
      <span>{name}</span>
    </span>
  );
}
