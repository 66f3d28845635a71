import type { ConsoleState } from "./live/consoleState";
import { duration } from "./text/format";

/** Says quietly that the page is not live, and for how long; nothing while all is well. */
export function Banner({ state, now, onRetry }: { state: ConsoleState; now: number; onRetry: () => void }) {
  if (state.connection === "lost")
    return (
      <div className="banner" role="status">
        <span className="dot dot-lost" aria-hidden /> Reconnecting… The numbers below are{" "}
        {state.lostAt === null ? "old" : `${duration(Math.max(0, now - state.lostAt))} old`}.
        <button type="button" onClick={onRetry}>
          Try now
        </button>
      </div>
    );
  if (state.serverError)
    return (
      <div className="banner" role="status">
        The server says: {state.serverError}
      </div>
    );
  return null;
}
