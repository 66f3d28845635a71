import { memo } from "react";
import type { DeadLetter } from "../protocol";
import { clock, count, dateAndClock } from "../text/format";
import { payloadLine, prettyPayload } from "../text/payload";
import { useDeadLetters } from "./useDeadLetters";

export const DeadLetters = memo(function DeadLetters({ online, total }: { online: boolean; total: number }) {
  const letters = useDeadLetters(online, total);
  return (
    <section className="panel dead-letters" aria-labelledby="dead-title">
      <header className="panel-head">
        <h2 id="dead-title">Dead letters</h2>
        <span className="muted">{total > 0 ? `${count(total)} since the first day` : ""}</span>
      </header>
      {letters === null ? (
        <p className="empty">Waiting for the server…</p>
      ) : letters.length === 0 ? (
        <p className="empty">None. A message that cannot be read or stored would be here, with the reason.</p>
      ) : (
        <div className="scroll letters" tabIndex={0} role="region" aria-label="Last dead letters">
          <ul>
            {letters.map((letter) => (
              <Letter key={`${letter.flow}/${letter.partition}/${letter.offset}`} letter={letter} />
            ))}
          </ul>
        </div>
      )}
    </section>
  );
});

function Letter({ letter }: { letter: DeadLetter }) {
  const at = Date.parse(letter.at);
  return (
    <li>
      <details>
        <summary>
          <span className="letter-head">
            <time dateTime={letter.at} title={dateAndClock(at)}>
              {clock(at)}
            </time>
            <b>{letter.flow}</b>
            <span className="topic">{letter.topic}</span>
          </span>
          <span className="letter-reason">
            <b>{letter.fault}</b> {letter.reason}
          </span>
          <code className="letter-payload">{payloadLine(letter.payload, letter.encoding)}</code>
        </summary>
        <p className="muted">
          {dateAndClock(at)} · partition {letter.partition}, offset {count(letter.offset)}
        </p>
        <pre className="payload">{prettyPayload(letter.payload, letter.encoding, 8192)}</pre>
      </details>
    </li>
  );
}
