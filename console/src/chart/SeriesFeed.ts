import { ApiError, explain, isAbort } from "../api/api";
import type { LiveConnection } from "../live/LiveConnection";
import type { Point, QueryResult } from "../protocol";
import type { Choice } from "./choice";
import { historyPoints, historySql, numberOf } from "./history";
import { PointBuffer } from "./PointBuffer";

/** Enough for an hour at five points a second; more than a screen has columns in any case. */
export const PointCapacity = 20_000;
const RetryDelay = 2000;

export type FeedStatus = { kind: "loading" } | { kind: "ready" } | { kind: "failed"; message: string };

export interface FeedOptions {
  live: Pick<LiveConnection, "send" | "subscribe">;
  query: (sql: string, signal: AbortSignal) => Promise<QueryResult>;
  serverNow: () => number;
  onPoints: () => void;
  onStatus: (status: FeedStatus) => void;
}

let watches = 0;

/**
 * One series, loaded and then followed. The watch is asked for before the history, and a time that comes by both ways is
 * kept once: so nothing falls between the two, neither at the start nor after a lost connection.
 */
export class SeriesFeed {
  readonly buffer = new PointBuffer(PointCapacity);
  private readonly id = `w${++watches}`;
  private readonly choice: Choice;
  private readonly options: FeedOptions;
  private readonly unsubscribe: () => void;
  private minutes: number;
  private abort = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(choice: Choice, minutes: number, options: FeedOptions) {
    this.choice = choice;
    this.minutes = minutes;
    this.options = options;
    this.unsubscribe = options.live.subscribe((event) => {
      if (event.kind === "open") this.reload();
      else if (event.kind === "message" && event.message.type === "points" && event.message.watch === this.id)
        this.take(event.message.points);
    });
    this.reload();
  }

  /** A wider window needs older points; a narrower one has them. */
  widen(minutes: number): void {
    const wider = minutes > this.minutes;
    this.minutes = Math.max(this.minutes, minutes);
    if (wider) this.reload();
  }

  close(): void {
    clearTimeout(this.timer);
    this.abort.abort();
    this.unsubscribe();
    this.options.live.send({ type: "unwatch", id: this.id });
  }

  private reload(): void {
    const { dimensions, measure, column, table } = this.choice;
    const since = this.options.serverNow() - this.minutes * 60_000;
    const watch = { type: "watch", id: this.id, table, dimensions, measure, since } as const;
    this.options.live.send(column === undefined ? watch : { ...watch, column });
    void this.loadHistory();
  }

  private async loadHistory(): Promise<void> {
    clearTimeout(this.timer);
    this.abort.abort();
    const abort = (this.abort = new AbortController());
    if (!this.buffer.length) this.options.onStatus({ kind: "loading" });
    try {
      const result = await this.options.query(historySql(this.choice, this.minutes, PointCapacity), abort.signal);
      if (abort.signal.aborted) return;
      this.buffer.addAll(historyPoints(result));
      this.options.onPoints();
      this.options.onStatus({ kind: "ready" });
      if (result.complete === false) this.retryLater();
    } catch (error) {
      if (abort.signal.aborted || isAbort(error)) return;
      this.options.onStatus({ kind: "failed", message: explain(error) });
      // What is wrong with the question stays wrong; a server that is away or starting comes back.
      if (!(error instanceof ApiError && error.status < 500)) this.retryLater();
    }
  }

  private retryLater(): void {
    this.timer = setTimeout(() => void this.loadHistory(), RetryDelay);
  }

  private take(points: readonly Point[]): void {
    for (const [time, cell] of points) {
      const value = numberOf(cell);
      if (Number.isFinite(time) && value !== null) this.buffer.add(time, value);
    }
    this.options.onPoints();
  }
}
