import { readServerMessage, type ClientMessage, type ServerMessage } from "../protocol";
import { backoff } from "./backoff";

/** A server that is there sends stats several times a second; this much silence means the line is dead. */
const SilenceLimit = 10_000;

export type LiveEvent =
  | { kind: "connecting"; attempt: number }
  | { kind: "open" }
  | { kind: "lost"; retryInMs: number }
  | { kind: "message"; message: ServerMessage };

export interface LiveOptions {
  openSocket?: (url: string) => WebSocket;
  delay?: (attempt: number) => number;
}

/**
 * One WebSocket that comes back by itself. Nothing sent before is repeated after a reconnect: whoever watches something
 * asks again on "open", because only he knows from when on.
 */
export class LiveConnection {
  private readonly url: string;
  private readonly openSocket: (url: string) => WebSocket;
  private readonly delay: (attempt: number) => number;
  private readonly listeners = new Set<(event: LiveEvent) => void>();
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private closed = true;

  constructor(url: string, options: LiveOptions = {}) {
    this.url = url;
    this.openSocket = options.openSocket ?? ((target) => new WebSocket(target));
    this.delay = options.delay ?? backoff;
  }

  get isOpen(): boolean {
    return this.socket?.readyState === 1;
  }

  start(): void {
    if (!this.closed) return;
    this.closed = false;
    this.connect();
  }

  stop(): void {
    this.closed = true;
    this.dropSocket();
  }

  /** Tries at once when a wait is on: the person asked, or the network came back. */
  retryNow(): void {
    if (this.closed || this.socket) return;
    clearTimeout(this.timer);
    this.connect();
  }

  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** False, and nothing sent, while the line is down. */
  send(message: ClientMessage): boolean {
    if (!this.isOpen) return false;
    this.socket!.send(JSON.stringify(message));
    return true;
  }

  private connect(): void {
    this.emit({ kind: "connecting", attempt: this.attempt });
    const socket = this.openSocket(this.url);
    this.socket = socket;
    this.expectSignOfLife();
    socket.onopen = () => {
      this.expectSignOfLife();
      this.emit({ kind: "open" });
    };
    socket.onmessage = (event: MessageEvent) => {
      this.attempt = 0;
      this.expectSignOfLife();
      const message = readServerMessage(event.data);
      if (message) this.emit({ kind: "message", message });
    };
    socket.onclose = () => this.lost();
    socket.onerror = () => {};
  }

  private expectSignOfLife(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.lost(), SilenceLimit);
  }

  private lost(): void {
    this.dropSocket();
    if (this.closed) return;
    this.attempt++;
    const wait = this.delay(this.attempt);
    this.timer = setTimeout(() => this.connect(), wait);
    this.emit({ kind: "lost", retryInMs: wait });
  }

  private dropSocket(): void {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private emit(event: LiveEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}
