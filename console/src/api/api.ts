import type { DeadLetter, QueryProblem, QueryResult, SeriesPage, Table } from "../protocol";

/** The server's refusal, in its own words, with the place in the SQL where it stumbled. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: QueryProblem;

  constructor(status: number, problem: QueryProblem) {
    super(problem.message);
    this.name = "ApiError";
    this.status = status;
    this.problem = problem;
  }
}

export async function fetchTables(signal?: AbortSignal): Promise<Table[]> {
  return (await get<{ tables: Table[] }>("/api/v1/tables", signal)).tables;
}

export function fetchSeries(table: string, match: string, limit: number, signal?: AbortSignal): Promise<SeriesPage> {
  const asked = new URLSearchParams({ table, limit: String(limit) });
  if (match) asked.set("match", match);
  return get<SeriesPage>(`/api/v1/series?${asked}`, signal);
}

export async function fetchDeadLetters(limit: number, signal?: AbortSignal): Promise<DeadLetter[]> {
  return (await get<{ deadLetters: DeadLetter[] }>(`/api/v1/dead-letters?limit=${limit}`, signal)).deadLetters;
}

export function runQuery(sql: string, signal?: AbortSignal): Promise<QueryResult> {
  return request<QueryResult>("/api/v1/query", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ sql }),
    signal: signal ?? null,
  });
}

function get<T>(url: string, signal?: AbortSignal): Promise<T> {
  return request<T>(url, { signal: signal ?? null });
}

async function request<T>(url: string, init: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  if (response.ok) return (await response.json()) as T;
  throw new ApiError(response.status, await readProblem(response));
}

async function readProblem(response: Response): Promise<QueryProblem> {
  const fallback = { message: `The server answered ${response.status} ${response.statusText}`.trimEnd() + "." };
  try {
    const body = (await response.json()) as { error?: QueryProblem };
    return body.error?.message ? body.error : fallback;
  } catch {
    return fallback;
  }
}

/** What to tell a person about a failed call. */
export function explain(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  return "The server does not answer.";
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
