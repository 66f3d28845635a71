import type { ReactNode } from "react";
import type { ConsoleState } from "../live/consoleState";
import { ago, count, dateAndClock, rate } from "../text/format";
import { Sparkline } from "./Sparkline";

/** The page of article 003: how many, how fast, how long ago. */
export function Headline({ state, serverNow }: { state: ConsoleState; serverNow: number }) {
  const { stats } = state;
  const last = stats?.last ? Date.parse(stats.last.at) : null;
  return (
    <section className="headline" aria-label="Messages">
      <Tile name="Messages">{stats ? count(stats.messages) : "–"}</Tile>
      <div className="tile tile-rate">
        <Tile name="Messages per second">{stats ? rate(stats.rate) : "–"}</Tile>
        <Sparkline rates={state.rates} />
      </div>
      <Tile name="Last update" below={last === null ? null : dateAndClock(last)}>
        {last === null ? "–" : ago(last, serverNow)}
      </Tile>
      <Tile name="Connections">{stats ? count(stats.gateway.connections) : "–"}</Tile>
    </section>
  );
}

function Tile({ name, below, children }: { name: string; below?: string | null; children: ReactNode }) {
  return (
    <dl className="tile" data-testid={name.toLowerCase().replaceAll(" ", "-")}>
      <dt>{name}</dt>
      <dd className="tile-value">{children}</dd>
      {below && <dd className="tile-below">{below}</dd>}
    </dl>
  );
}
