import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { WebSocket as NodeSocket } from "ws";
import { createMock } from "../../mock/api.mjs";
import { LiveConnection, type LiveEvent } from "./LiveConnection";

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function listen(port = 0): Promise<{ port: number; stop: () => Promise<void> }> {
  const mock = createMock();
  const server: Server = createServer();
  server.on("upgrade", (request, socket, head) => void mock.upgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const stop = () => {
    mock.close();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  closing.push(() => void stop());
  return { port: (server.address() as AddressInfo).port, stop };
}

test("it comes back when the server does, on the same port, and stats go on", async () => {
  const first = await listen();
  const events: LiveEvent[] = [];
  const live = new LiveConnection(`ws://127.0.0.1:${first.port}/api/v1/live`, {
    openSocket: (url) => new NodeSocket(url).on("error", () => {}) as unknown as WebSocket,
    delay: () => 20,
  });
  closing.push(() => live.stop());
  live.subscribe((event) => events.push(event));
  live.start();
  await vi.waitFor(() => expect(events.some((event) => event.kind === "message")).toBe(true), 5000);

  await first.stop();
  await vi.waitFor(() => expect(events.some((event) => event.kind === "lost")).toBe(true), 5000);
  expect(live.send({ type: "unwatch", id: "w1" })).toBe(false);

  const lostAt = events.length;
  await listen(first.port);
  await vi.waitFor(() => {
    const after = events.slice(lostAt);
    expect(after.some((event) => event.kind === "open")).toBe(true);
    expect(after.some((event) => event.kind === "message" && event.message.type === "stats")).toBe(true);
  }, 5000);
});

class SilentSocket {
  readyState = 1;
  onopen: (() => void) | null = null;
  onmessage: unknown = null;
  onclose: unknown = null;
  onerror: unknown = null;
  close = vi.fn();
}

test("a line that is open but silent is given up", () => {
  vi.useFakeTimers();
  closing.push(() => void vi.useRealTimers());
  const sockets: SilentSocket[] = [];
  const openSocket = () => {
    sockets.push(new SilentSocket());
    return sockets.at(-1) as unknown as WebSocket;
  };
  const live = new LiveConnection("ws://x", { openSocket, delay: () => 1000 });
  live.start();
  sockets[0]!.onopen!();
  vi.advanceTimersByTime(10_500);
  expect(sockets[0]!.close).toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(sockets).toHaveLength(2);
  live.retryNow();
  expect(sockets).toHaveLength(2);
  live.stop();
});
