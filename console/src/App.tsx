import { Banner } from "./Banner";
import { ChartPanel } from "./chart/ChartPanel";
import { DeadLetters } from "./deadletters/DeadLetters";
import { Headline } from "./headline/Headline";
import { LastMessage } from "./headline/LastMessage";
import { Ledger } from "./ledger/Ledger";
import { LiveContext, useLive } from "./live/useLive";
import { useNow } from "./live/useNow";
import { QueryBox } from "./query/QueryBox";
import { dateAndClock } from "./text/format";

const Words = { connecting: "connecting", open: "live", lost: "reconnecting" } as const;

export function App() {
  const [live, state] = useLive();
  const now = useNow();
  const serverNow = now + state.clockOffset;
  const online = state.connection === "open";
  const dead = state.stats?.flows.reduce((sum, flow) => sum + flow.messages.deadLettered, 0) ?? 0;

  return (
    <LiveContext value={live}>
      <header className="top">
        <h1>
          <img src="/millrace.svg" alt="" width="24" height="24" /> Millrace
        </h1>
        <span className="connection" role="status">
          <span className={`dot dot-${state.connection}`} aria-hidden /> {Words[state.connection]}
        </span>
        <time className="muted" dateTime={new Date(serverNow).toISOString()}>
          {dateAndClock(serverNow)}
        </time>
      </header>
      <Banner state={state} now={now} onRetry={() => live.retryNow()} />
      <main className={online ? undefined : "stale"}>
        <Headline state={state} serverNow={serverNow} />
        <div className="side-by-side">
          <ChartPanel online={online} clockOffset={state.clockOffset} />
          <LastMessage stats={state.stats} />
        </div>
        <Ledger stats={state.stats} serverNow={serverNow} />
        <div className="side-by-side">
          <QueryBox />
          <DeadLetters online={online} total={dead} />
        </div>
      </main>
    </LiveContext>
  );
}
