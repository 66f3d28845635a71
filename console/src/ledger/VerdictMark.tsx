import type { Verdict } from "./balance";

/** Never by colour alone: the sign and the word say it too. */
export function VerdictMark({ verdict }: { verdict: Verdict }) {
  if (verdict.balanced)
    return (
      <span className="verdict verdict-good">
        <span aria-hidden>✓</span> balances
      </span>
    );
  return (
    <span className="verdict verdict-bad">
      <span aria-hidden>✗</span> does not balance <small>{verdict.difference}</small>
    </span>
  );
}
