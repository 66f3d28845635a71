import { useCallback, useEffect, useRef, useState } from "react";
import { dateAndClock, duration } from "../text/format";
import { deviceLabel, measureOf, type Choice } from "./choice";
import { Windows, type WindowMinutes } from "./hash";
import { Plot } from "./Plot";
import { SeriesPicker } from "./SeriesPicker";
import { PointCapacity, type SeriesFeed } from "./SeriesFeed";
import { useDefaultChoice } from "./useDefaultChoice";
import { useFeed, type Feeding } from "./useFeed";
import { useTables } from "./useTables";
import { useView } from "./useView";

interface Props {
  online: boolean;
  clockOffset: number;
}

export function ChartPanel({ online, clockOffset }: Props) {
  const [view, setView] = useView();
  const tables = useTables(online);
  const offset = useRef(clockOffset);
  useEffect(() => void (offset.current = clockOffset), [clockOffset]);
  const serverNow = useCallback(() => Date.now() + offset.current, []);
  const onDraw = useRef(() => {});
  const current = useRef<SeriesFeed | null>(null);
  const newestTime = useCallback(() => current.current?.buffer.newestTime ?? null, []);

  const automatic = useDefaultChoice(view.choice === null, tables, newestTime, serverNow);
  const choice = view.choice ?? automatic;
  const feeding = useFeed(choice, view.window, serverNow, onDraw);
  useEffect(() => void (current.current = feeding.feed), [feeding.feed]);

  const choose = (next: Choice) => setView({ ...view, choice: next });
  const order = tables?.find((table) => table.name === choice?.table)?.dimensions;
  const name = choice ? `${measureOf(choice)} of ${deviceLabel(choice.dimensions, order)}` : "nothing chosen";

  return (
    <section className="panel chart-panel" aria-labelledby="chart-title">
      <header className="panel-head">
        <h2 id="chart-title">{choice ? measureOf(choice) : "Chart"}</h2>
        <WindowButtons window={view.window} onChoose={(window) => setView({ ...view, window })} />
      </header>
      {tables && tables.length > 0 && <SeriesPicker tables={tables} choice={choice} onChoose={choose} />}
      <div className="chart-area">
        <Plot feed={feeding.feed} onDraw={onDraw} minutes={view.window} serverNow={serverNow} name={name} />
        <ChartNote choice={choice} empty={tables !== null && !choice} feeding={feeding} minutes={view.window} now={serverNow} />
      </div>
    </section>
  );
}

function WindowButtons(props: { window: WindowMinutes; onChoose: (window: WindowMinutes) => void }) {
  return (
    <div className="segments" role="group" aria-label="Time window">
      {Windows.map((minutes) => (
        <button
          key={minutes}
          type="button"
          aria-pressed={minutes === props.window}
          onClick={() => props.onChoose(minutes)}
        >
          {minutes === 60 ? "1h" : `${minutes}m`}
        </button>
      ))}
    </div>
  );
}

interface NoteProps {
  choice: Choice | null;
  empty: boolean;
  feeding: Feeding;
  minutes: number;
  now: () => number;
}

/** One line over the canvas when there is something to know about it. */
function ChartNote({ choice, empty, feeding, minutes, now }: NoteProps) {
  const [text, setText] = useState("");
  const { feed, status } = feeding;

  useEffect(() => {
    const update = () => setText(noteOf());
    const noteOf = () => {
      if (empty) return "Nothing to draw yet: a series appears here with its first point.";
      if (!choice || !feed) return "";
      if (status.kind === "failed") return `No history: ${status.message}`;
      const newest = feed.buffer.newestTime;
      if (newest === null) return status.kind === "loading" ? "Loading…" : `No points in the last ${minutes} min.`;
      const behind = now() - newest;
      if (behind > minutes * 60_000) return `No points in this window; the newest is of ${dateAndClock(newest)}.`;
      if (behind < -10_000) return `This device's clock is ${duration(-behind)} ahead of the server's.`;
      const oldest = feed.buffer.oldestTime!;
      if (feed.buffer.isFull && oldest > now() - minutes * 60_000)
        return `The newest ${PointCapacity.toLocaleString("en-US")} points of this window.`;
      return behind > 30_000 ? `No new point for ${duration(behind)}.` : "";
    };
    update();
    const timer = setInterval(update, 1000);
    return () => clearInterval(timer);
  }, [choice, empty, feed, status, minutes, now]);

  return (
    <p className="chart-note" role="status">
      {text}
    </p>
  );
}
