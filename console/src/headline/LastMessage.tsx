import { memo, useMemo, useState } from "react";
import type { Message, Stats } from "../protocol";
import { clock } from "../text/format";
import { prettyPayload } from "../text/payload";
import { CopyButton } from "../text/CopyButton";

/** A command that works as it stands: with this minute's time, so that its point is in the chart's window. */
function example(): string {
  const time = new Date().toISOString().slice(0, 19).replace("T", " ");
  const payload = { name: "speed", value: 47.4, vin: "1NXBR32E84Z995078", trip_id: "first", timestamp: `${time}.000000000` };
  return `mosquitto_pub -q 1 -t dt/cars/${payload.vin}/telemetry -m '${JSON.stringify(payload)}'`;
}

export const LastMessage = memo(function LastMessage({ stats }: { stats: Stats | null }) {
  return (
    <section className="panel last-message" aria-labelledby="last-title">
      <header className="panel-head">
        <h2 id="last-title">Last message</h2>
        {stats?.last && <span className="muted">{clock(Date.parse(stats.last.at))}</span>}
      </header>
      {stats?.last ? <Shown message={stats.last} /> : <None stats={stats} />}
    </section>
  );
});

function Shown({ message }: { message: Message }) {
  const payload = useMemo(() => prettyPayload(message.payload, message.encoding), [message.payload, message.encoding]);
  return (
    <>
      <p className="topic" title={message.topic}>
        {message.topic}
      </p>
      <pre className="payload" tabIndex={0} aria-label="Payload">
        {payload}
      </pre>
      {message.encoding === "base64" && <p className="muted">Not text: shown as bytes.</p>}
    </>
  );
}

function None({ stats }: { stats: Stats | null }) {
  const [command] = useState(example);
  if (stats === null) return <p className="empty">Waiting for the server…</p>;
  if (stats.gateway.received > 0)
    return (
      <div className="empty">
        <p>Messages come in, and no flow shows them here. One of the pipeline file does with:</p>
        <pre className="payload command">{"to: { live: {} }"}</pre>
      </div>
    );
  return (
    <div className="empty">
      <p>No messages yet. Try, with -h and -p where the server listens elsewhere than on port 1883 of this machine:</p>
      <pre className="payload command">{command}</pre>
      <CopyButton text={command} />
    </div>
  );
}
