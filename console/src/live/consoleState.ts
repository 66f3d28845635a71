import type { Stats } from "../protocol";
import type { LiveEvent } from "./LiveConnection";

const RateSamples = 300;
const RateInterval = 1000;

export type Connection = "connecting" | "open" | "lost";

export interface RateSample {
  at: number;
  rate: number;
}

export interface ConsoleState {
  connection: Connection;
  /** When the line went down, by the browser's clock; null while it is up. */
  lostAt: number | null;
  stats: Stats | null;
  /** The server's clock less the browser's, in milliseconds. */
  clockOffset: number;
  /** One a second, the last five minutes. */
  rates: readonly RateSample[];
  serverError: string | null;
}

export const initialState: ConsoleState = {
  connection: "connecting",
  lostAt: null,
  stats: null,
  clockOffset: 0,
  rates: [],
  serverError: null,
};

export interface Timed {
  event: LiveEvent;
  now: number;
}

/** Points do not pass here: they go to the chart, and React never hears of them. */
export function reduce(state: ConsoleState, { event, now }: Timed): ConsoleState {
  switch (event.kind) {
    case "connecting":
      return state.connection === "lost" || state.stats ? state : { ...state, connection: "connecting" };
    case "open":
      return { ...state, connection: "open", lostAt: null, serverError: null };
    case "lost":
      return { ...state, connection: "lost", lostAt: state.lostAt ?? now };
    case "message":
      switch (event.message.type) {
        case "stats":
          return withStats(state, event.message, now);
        case "error":
          return { ...state, serverError: event.message.message };
        case "points":
          return state;
      }
  }
}

function withStats(state: ConsoleState, stats: Stats, now: number): ConsoleState {
  const serverTime = Date.parse(stats.at);
  const clockOffset = Number.isNaN(serverTime) ? state.clockOffset : serverTime - now;
  return { ...state, stats, clockOffset, rates: withRate(state.rates, stats.rate, now + clockOffset) };
}

function withRate(rates: readonly RateSample[], rate: number, at: number): readonly RateSample[] {
  const newest = rates.at(-1);
  if (newest && at - newest.at < RateInterval && at >= newest.at) return rates;
  return [...rates, { at, rate }].slice(-RateSamples);
}
