const FirstDelay = 500;
const LongestDelay = 10_000;

/**
 * Milliseconds to wait before the given attempt (1 is the first after a loss). Doubles up to ten seconds; half of it is
 * chance, so that a hundred open pages do not come back in the same instant.
 */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LongestDelay, FirstDelay * 2 ** Math.min(attempt - 1, 10));
  return ceiling / 2 + (ceiling / 2) * random();
}
