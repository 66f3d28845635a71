/**
 * A query's time, "2026-11-21 03:18:44.123456789" in UTC, as milliseconds since 1970 with a fraction. Date.parse would take it
 * for local time, and drop what comes after the milliseconds.
 */
export function epochMs(time: string): number {
  const parts = /^(-?\d{4,6})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(\.\d+)?Z?$/.exec(time);
  if (!parts) return Number.NaN;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number, number, number, number, number, number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second) + (parts[7] ? Number(`0${parts[7]}`) * 1000 : 0);
}
