const Whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const Short = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1, minimumFractionDigits: 1 });

/** 1234567 as 1,234,567. */
export function count(value: number): string {
  return Whole.format(value);
}

export function rate(value: number): string {
  return value < 100 ? Short.format(value) : Whole.format(value);
}

/** A measured value, with as many digits as still mean something. */
export function measured(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString("en-US");
  const size = Math.abs(value);
  if (size >= 1e9 || size < 1e-4) return value.toExponential(3);
  return value.toLocaleString("en-US", { maximumFractionDigits: size >= 1000 ? 1 : size >= 1 ? 3 : 5 });
}

/** "now", "12 s", "3 min", "2 h", "5 d". */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${count(Math.floor(seconds / 86_400))} d`;
}

export function ago(thenMs: number, nowMs: number): string {
  const past = nowMs - thenMs;
  if (past < -1500) return `in ${duration(-past)}`;
  return past < 1000 ? "now" : `${duration(past)} ago`;
}

/** The clock on the wall where the reader sits: 03:18:44. */
export function clock(ms: number): string {
  const at = new Date(ms);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** 2026-11-21 03:18:44, the reader's own time. */
export function dateAndClock(ms: number): string {
  const at = new Date(ms);
  const date = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0"));
  return `${date.join("-")} ${clock(ms)}`;
}

export function truncate(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
