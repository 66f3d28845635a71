/** All that passes between the console and the server: the live WebSocket first, then the HTTP answers. */

export type Encoding = "utf8" | "base64";

export interface Message {
  topic: string;
  /** Cut off by the server at 2 KiB; base64 when it is not text. */
  payload: string;
  encoding?: Encoding;
  at: string;
}

/** received = acknowledged + accepted + refused + waiting. */
export interface GatewayCounts {
  received: number;
  acknowledged: number;
  /** QoS 0: taken without a PUBACK. */
  accepted: number;
  refused: number;
  waiting: number;
  connections: number;
  /** The server's own verdict. */
  balanced?: boolean;
}

/** matched = stored + absorbed + rejected + deadLettered + waiting. */
export interface Counts {
  matched: number;
  stored: number;
  absorbed: number;
  rejected: number;
  deadLettered: number;
  waiting: number;
}

export type FlowState = "starting" | "running" | "retrying" | "stopped" | "failed";

export interface FlowStatus {
  name: string;
  state: FlowState;
  error: string | null;
  sink: string;
  target: string;
  lag: number;
  lastProgress: string | null;
  messages: Counts;
  records: Counts;
  balanced: boolean;
}

export interface Stats {
  type: "stats";
  at: string;
  messages: number;
  rate: number;
  last: Message | null;
  gateway: GatewayCounts;
  flows: FlowStatus[];
  /** The server's verdict on the whole ledger. */
  balanced?: boolean;
}

/** Time in milliseconds since 1970, with a fraction; value. */
export type Point = [number, number | boolean | null];

export interface Points {
  type: "points";
  watch: string;
  points: Point[];
}

export interface ServerError {
  type: "error";
  message: string;
}

export type ServerMessage = Stats | Points | ServerError;

export interface Watch {
  type: "watch";
  id: string;
  table: string;
  dimensions: Record<string, string>;
  /** Of a multi-measure table: the record's measure_name. */
  measure: string;
  /** Of a multi-measure table only: which of the record's measures. */
  column?: string;
  since: number;
}

export interface Unwatch {
  type: "unwatch";
  id: string;
}

export type ClientMessage = Watch | Unwatch;

export interface MeasureColumn {
  name: string;
  type: string;
}

export interface Table {
  name: string;
  dimensions: string[];
  measures: MeasureColumn[];
  multiMeasure: boolean;
  series: number;
}

export interface Series {
  dimensions: Record<string, string>;
  measure: string;
  type: string;
  latest: string | null;
}

export interface SeriesPage {
  series: Series[];
  truncated: boolean;
}

export type Cell = string | number | boolean | null;

export interface QueryResult {
  columns: { name: string; type: string }[];
  rows: Cell[][];
  /** The server kept rows back: there are more than it sends. */
  truncated?: boolean;
  /** False while the server, just started, still reads its last minutes back from the log. */
  complete?: boolean;
}

export interface QueryProblem {
  message: string;
  line?: number;
  column?: number;
  kind?: string;
}

export interface DeadLetter {
  flow: string;
  partition: number;
  offset: number;
  at: string;
  topic: string;
  fault: string;
  reason: string;
  payload: string;
  encoding?: Encoding;
}

/** A frame as a message, or nothing if it is none of those above. */
export function readServerMessage(frame: unknown): ServerMessage | null {
  if (typeof frame !== "string") return null;
  try {
    const message = JSON.parse(frame) as Partial<ServerMessage> | null;
    switch (message?.type) {
      case "stats":
        return typeof message.messages === "number" && message.gateway && Array.isArray(message.flows)
          ? (message as Stats)
          : null;
      case "points":
        return typeof message.watch === "string" && Array.isArray(message.points) ? (message as Points) : null;
      case "error":
        return typeof message.message === "string" ? (message as ServerError) : null;
      default:
        return null;
    }
  } catch {
    return null;
  }
}
