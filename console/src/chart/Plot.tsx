import { useEffect, useRef, type KeyboardEvent } from "react";
import { clock, dateAndClock, measured } from "../text/format";
import { LinePlot, type Readout } from "./LinePlot";
import type { SeriesFeed } from "./SeriesFeed";

interface Props {
  feed: SeriesFeed | null;
  /** The feed calls it when points have come. */
  onDraw: { current: () => void };
  minutes: number;
  serverNow: () => number;
  name: string;
}

const Tick = 250;

/** The canvas and its readout. Both are written to directly; React renders this once for each choice. */
export function Plot({ feed, onDraw, minutes, serverNow, name }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLSpanElement>(null);
  const plot = useRef<LinePlot | null>(null);

  useEffect(() => {
    const made = new LinePlot(host.current!, (shown) => writeReadout(readout.current, shown, serverNow()));
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [serverNow]);

  useEffect(() => {
    let frame = 0;
    let described = "";
    const draw = () => {
      frame = 0;
      if (!plot.current) return;
      // A device whose clock is ahead is drawn where it says it is, not beyond the right-hand edge.
      const to = Math.max(serverNow(), feed?.buffer.newestTime ?? 0);
      plot.current.draw(feed?.buffer, to - minutes * 60_000, to);
      if (!described && feed?.buffer.length) describe();
    };
    const schedule = () => {
      if (!document.hidden) frame ||= requestAnimationFrame(draw);
    };
    const describe = () => {
      const { newestTime: time, newestValue: value } = feed?.buffer ?? {};
      described = time == null || value == null ? "" : `newest ${measured(value)} at ${clock(time)}`;
      const newest = described || "no points yet";
      host.current?.setAttribute("aria-label", `Chart of ${name}, last ${minutes} minutes, ${newest}`);
    };
    onDraw.current = schedule;
    schedule();
    describe();
    const moving = setInterval(schedule, Tick);
    const describing = setInterval(describe, 5000);
    return () => {
      onDraw.current = () => {};
      clearInterval(moving);
      clearInterval(describing);
      cancelAnimationFrame(frame);
    };
  }, [feed, onDraw, minutes, serverNow, name]);

  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      plot.current?.step(by);
    } else if (event.key === "Escape") {
      plot.current?.endPointing();
    }
  };

  return (
    <div className="plot">
      <p className="readout">
        <span ref={readout} className="readout-text" />
      </p>
      <div
        ref={host}
        className="plot-canvas"
        role="img"
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => plot.current?.endPointing()}
      />
    </div>
  );
}

function writeReadout(node: HTMLElement | null, readout: Readout | null, now: number): void {
  if (!node) return;
  const today = readout && Math.abs(now - readout.time) < 12 * 3_600_000;
  const text = readout ? `${measured(readout.value)}  at ${(today ? clock : dateAndClock)(readout.time)}` : "";
  if (node.textContent !== text) node.textContent = text;
  node.dataset.pointed = String(readout?.pointed ?? false);
}
