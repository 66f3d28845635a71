import { memo } from "react";
import type { RateSample } from "../live/consoleState";

const Width = 240;
const Height = 40;
const Span = 5 * 60_000;

/** Messages per second over the last five minutes; the number beside it says the rest. */
export const Sparkline = memo(function Sparkline({ rates }: { rates: readonly RateSample[] }) {
  const newest = rates.at(-1);
  if (!newest || rates.length < 2) return <svg className="sparkline" viewBox={`0 0 ${Width} ${Height}`} aria-hidden />;
  const top = Math.max(1, ...rates.map((sample) => sample.rate));
  // Until five minutes have passed the line fills the width it has, from the left.
  const span = Math.min(Span, Math.max(30_000, newest.at - rates[0]!.at));
  const points = rates
    .filter((sample) => newest.at - sample.at <= span)
    .map(({ at, rate }) => {
      const x = Width - ((newest.at - at) / span) * Width;
      return `${x.toFixed(1)},${(Height - 2 - (rate / top) * (Height - 6)).toFixed(1)}`;
    });
  const left = points[0]!.split(",")[0]!;
  return (
    <svg className="sparkline" viewBox={`0 0 ${Width} ${Height}`} preserveAspectRatio="none" aria-hidden>
      <polygon points={`${left},${Height} ${points.join(" ")} ${Width},${Height}`} />
      <polyline points={points.join(" ")} />
    </svg>
  );
});
