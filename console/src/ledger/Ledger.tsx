import { useState } from "react";
import type { Stats } from "../protocol";
import { books } from "./balance";
import { FlowRow } from "./FlowRow";
import { GatewayBalance } from "./GatewayBalance";
import { Troubles } from "./Troubles";

type Unit = "messages" | "records";

export function Ledger({ stats, serverNow }: { stats: Stats | null; serverNow: number }) {
  const [unit, setUnit] = useState<Unit>("messages");
  return (
    <section className="panel ledger" aria-labelledby="ledger-title">
      <header className="panel-head">
        <h2 id="ledger-title">Loss ledger</h2>
        {stats && <Overall stats={stats} />}
        <div className="segments" role="group" aria-label="Count">
          {(["messages", "records"] as const).map((one) => (
            <button key={one} type="button" aria-pressed={one === unit} onClick={() => setUnit(one)}>
              {one}
            </button>
          ))}
        </div>
      </header>
      {stats ? <Books stats={stats} unit={unit} serverNow={serverNow} /> : <p className="empty">Waiting for the server…</p>}
    </section>
  );
}

function Overall({ stats }: { stats: Stats }) {
  const { balanced, unbalanced } = books(stats);
  return (
    <p className={`overall ${balanced ? "overall-good" : "overall-bad"}`} role="status">
      {balanced
        ? "✓ Balances: every message is accounted for"
        : `✗ Does not balance: ${unbalanced.slice(0, 3).join(", ")}${unbalanced.length > 3 ? ` and ${unbalanced.length - 3} more` : ""}`}
    </p>
  );
}

function Books({ stats, unit, serverNow }: { stats: Stats; unit: Unit; serverNow: number }) {
  return (
    <>
      <Troubles flows={stats.flows} serverNow={serverNow} />
      <GatewayBalance gateway={stats.gateway} />
      {stats.flows.length === 0 ? (
        <p className="empty">No flows. Declare them in a pipeline file: millrace apply -f pipeline.yaml</p>
      ) : (
        <div className="scroll">
          <table className="flows">
            <caption className="unseen">Flows, counted in {unit}</caption>
            <thead>
              <tr>
                <th scope="col">flow</th>
                <th scope="col">state</th>
                <th scope="col" className="number">matched</th>
                <th scope="col" className="number">= stored</th>
                <th scope="col" className="number">+ absorbed</th>
                <th scope="col" className="number">+ rejected</th>
                <th scope="col" className="number">+ dead-lettered</th>
                <th scope="col" className="number">+ waiting</th>
                <th scope="col" className="number">lag</th>
                <th scope="col" className="number">last progress</th>
                <th scope="col">verdict</th>
              </tr>
            </thead>
            <tbody>
              {stats.flows.map((flow) => (
                <FlowRow key={flow.name} flow={flow} unit={unit} serverNow={serverNow} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
