import { expect, test } from "vitest";
import type { Stats } from "../protocol";
import { initialState, reduce, type ConsoleState } from "./consoleState";
import type { LiveEvent } from "./LiveConnection";

const start = Date.parse("2026-11-21T03:18:44Z");

function stats(at: number, rate = 10): LiveEvent {
  const gateway = { received: 0, acknowledged: 0, accepted: 0, refused: 0, waiting: 0, connections: 0 };
  const message: Stats = { type: "stats", at: new Date(at).toISOString(), messages: 5, rate, last: null, gateway, flows: [] };
  return { kind: "message", message };
}

function play(events: [LiveEvent, number][], from: ConsoleState = initialState): ConsoleState {
  return events.reduce((state, [event, now]) => reduce(state, { event, now }), from);
}

test("numbers stay on the page while the line is down, with the time it went", () => {
  const state = play([
    [{ kind: "open" }, start],
    [stats(start), start],
    [{ kind: "lost", retryInMs: 500 }, start + 1000],
    [{ kind: "connecting", attempt: 1 }, start + 1500],
    [{ kind: "lost", retryInMs: 900 }, start + 1600],
  ]);
  expect(state.connection).toBe("lost");
  expect(state.lostAt).toBe(start + 1000);
  expect(state.stats?.messages).toBe(5);
  expect(play([[{ kind: "open" }, start + 2000]], state)).toMatchObject({ connection: "open", lostAt: null });
});

test("the server's clock is known from its stats", () => {
  expect(play([[stats(start), start - 7000]]).clockOffset).toBe(7000);
});

test("rates are one a second, and five minutes of them", () => {
  const events: [LiveEvent, number][] = [];
  for (let i = 0; i < 2000; i++) events.push([stats(start + i * 250, i), start + i * 250]);
  const { rates } = play(events);
  expect(rates).toHaveLength(300);
  expect(rates.at(-1)!.at - rates.at(-2)!.at).toBe(1000);
});

test("an error of the server is shown until the next connection", () => {
  const state = play([[{ kind: "message", message: { type: "error", message: "no such table" } }, start]]);
  expect(state.serverError).toBe("no such table");
  expect(play([[{ kind: "open" }, start]], state).serverError).toBeNull();
});

test("points leave the state as it is", () => {
  const event: LiveEvent = { kind: "message", message: { type: "points", watch: "w1", points: [] } };
  expect(reduce(initialState, { event, now: start })).toBe(initialState);
});
