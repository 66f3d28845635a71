import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "../api/api";
import type { LiveEvent } from "../live/LiveConnection";
import type { ClientMessage, QueryResult } from "../protocol";
import type { Choice } from "./choice";
import { SeriesFeed, type FeedStatus } from "./SeriesFeed";

const now = Date.UTC(2026, 10, 21, 3, 18, 44);
const choice: Choice = { table: "fleet.telemetry", dimensions: { vin: "a" }, measure: "speed", type: "double" };

class Line {
  readonly sent: ClientMessage[] = [];
  private listener: (event: LiveEvent) => void = () => {};
  send = (message: ClientMessage) => this.sent.push(message) > 0;
  subscribe = (listener: (event: LiveEvent) => void) => {
    this.listener = listener;
    return () => void (this.listener = () => {});
  };
  says(event: LiveEvent) {
    this.listener(event);
  }
  points(watch: string, ...points: [number, number][]) {
    this.says({ kind: "message", message: { type: "points", watch, points } });
  }
}

function rows(...seconds: number[]): QueryResult {
  const row = (s: number) => [`2026-11-21 03:18:${String(s).padStart(2, "0")}.000000000`, s];
  return { columns: [], rows: seconds.toReversed().map(row) };
}

function feedOf(line: Line, query: (sql: string) => Promise<QueryResult>) {
  const statuses: FeedStatus[] = [];
  const onStatus = (status: FeedStatus) => void statuses.push(status);
  const feed = new SeriesFeed(choice, 5, { live: line, query, serverNow: () => now, onPoints: () => {}, onStatus });
  const watch = line.sent[0] as { id: string };
  const seconds = () => [...feed.buffer.view()[0]].map((time) => new Date(time).getSeconds());
  return { feed, statuses, id: watch.id, seconds };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("it watches first and loads then, and keeps once what comes both ways", async () => {
  const line = new Line();
  let answer: (result: QueryResult) => void = () => {};
  const { id, seconds, statuses } = feedOf(line, () => new Promise((resolve) => (answer = resolve)));
  expect(line.sent[0]).toMatchObject({ type: "watch", since: now - 300_000, dimensions: { vin: "a" } });
  line.points(id, [Date.UTC(2026, 10, 21, 3, 18, 43), 43]);
  line.points("another", [Date.UTC(2026, 10, 21, 3, 18, 50), 1]);
  answer(rows(41, 42, 43));
  await vi.advanceTimersByTimeAsync(0);
  expect(seconds()).toEqual([41, 42, 43]);
  expect(statuses.at(-1)).toEqual({ kind: "ready" });
});

test("after a reconnect it watches again and fills the gap, keeping its points", async () => {
  const line = new Line();
  const answers = [rows(40, 41), rows(41, 42, 43)];
  const { seconds, id } = feedOf(line, async () => answers.shift()!);
  await vi.advanceTimersByTimeAsync(0);
  line.says({ kind: "open" });
  await vi.advanceTimersByTimeAsync(0);
  expect(seconds()).toEqual([40, 41, 42, 43]);
  expect(line.sent.filter((message) => message.type === "watch" && message.id === id)).toHaveLength(2);
});

test("a server that is starting is asked again, a wrong question is not", async () => {
  const failing = vi.fn(async () => Promise.reject(new ApiError(503, { message: "starting" })));
  const first = feedOf(new Line(), failing);
  await vi.advanceTimersByTimeAsync(4100);
  expect(failing).toHaveBeenCalledTimes(3);
  expect(first.statuses.at(-1)).toEqual({ kind: "failed", message: "starting" });

  const refusing = vi.fn(async () => Promise.reject(new ApiError(400, { message: "no such table" })));
  feedOf(new Line(), refusing);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(refusing).toHaveBeenCalledTimes(1);
});

test("an answer that is not complete yet is asked for again", async () => {
  const answers = [{ ...rows(40), complete: false }, rows(40, 41)];
  const { seconds } = feedOf(new Line(), async () => answers.shift()!);
  await vi.advanceTimersByTimeAsync(2100);
  expect(seconds()).toEqual([40, 41]);
});

test("a wider window loads again, a narrower one does not; a closed feed unwatches", async () => {
  const line = new Line();
  const query = vi.fn(async () => rows(40));
  const { feed, id } = feedOf(line, query);
  feed.widen(1);
  expect(query).toHaveBeenCalledTimes(1);
  feed.widen(60);
  expect(query).toHaveBeenLastCalledWith(expect.stringContaining("ago(60m)"), expect.anything());
  feed.close();
  expect(line.sent.at(-1)).toEqual({ type: "unwatch", id });
});
