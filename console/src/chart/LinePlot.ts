import uPlot from "uplot";
import { measured } from "../text/format";
import type { PointBuffer } from "./PointBuffer";

export interface Readout {
  time: number;
  value: number;
  /** Under the pointer, or else simply the newest. */
  pointed: boolean;
}

const Height = { wide: 300, narrow: 220 };

/** uPlot, held outside React: a point costs a redraw of the canvas and nothing more. */
export class LinePlot {
  private readonly host: HTMLElement;
  private readonly plot: uPlot;
  private readonly resizing: ResizeObserver;
  private readonly onReadout: (readout: Readout | null) => void;
  private from = 0;
  private to = 1;

  constructor(host: HTMLElement, onReadout: (readout: Readout | null) => void) {
    this.host = host;
    this.onReadout = onReadout;
    this.plot = new uPlot(this.options(), [[], []], host);
    this.resizing = new ResizeObserver(() => this.plot.setSize(this.size()));
    this.resizing.observe(host);
  }

  /** Without a buffer the empty window. */
  draw(buffer: PointBuffer | undefined, from: number, to: number): void {
    this.from = from;
    this.to = to;
    this.plot.setData(buffer?.view() ?? [[], []]);
    this.reportReadout();
  }

  /** The arrow keys' way of pointing. */
  step(by: number): void {
    const times = this.plot.data[0];
    if (!times.length) return;
    const current = this.plot.cursor.idx ?? times.length - 1;
    const index = Math.min(times.length - 1, Math.max(0, current + by));
    this.plot.setCursor({ left: this.plot.valToPos(times[index]!, "x"), top: this.plot.over.clientHeight / 2 });
  }

  endPointing(): void {
    this.plot.setCursor({ left: -10, top: -10 });
  }

  destroy(): void {
    this.resizing.disconnect();
    this.plot.destroy();
  }

  private reportReadout(): void {
    const [times, values] = this.plot.data as unknown as [ArrayLike<number>, ArrayLike<number>];
    const pointed = this.plot.cursor.idx;
    const index = pointed ?? times.length - 1;
    const [time, value] = [times[index], values[index]];
    this.onReadout(time === undefined || value === undefined ? null : { time, value, pointed: pointed != null });
  }

  private size(): { width: number; height: number } {
    const width = Math.max(200, Math.floor(this.host.clientWidth));
    return { width, height: width < 600 ? Height.narrow : Height.wide };
  }

  private options(): uPlot.Options {
    // Asked anew at every draw, so that a switch between light and dark shows at once.
    const color = (name: string) => () => getComputedStyle(this.host).getPropertyValue(name).trim();
    const axis: uPlot.Axis = {
      stroke: color("--muted"),
      grid: { stroke: color("--grid"), width: 1 },
      ticks: { show: false },
      font: "11px system-ui, sans-serif",
      gap: 6,
    };
    return {
      ...this.size(),
      ms: 1,
      legend: { show: false },
      padding: [12, 12, 0, 0],
      cursor: {
        y: false,
        drag: { x: false, y: false, setScale: false },
        points: { size: 8, fill: color("--series"), stroke: color("--panel"), width: 2 },
      },
      scales: {
        x: { time: true, range: () => [this.from, this.to] },
        y: { range: (_, low, high) => (low == null ? [0, 1] : uPlot.rangeNum(low, high, 0.1, true)) },
      },
      axes: [
        { ...axis, size: 28, space: 70, values: (_, ticks, __, ___, step) => ticks.map((tick) => tickLabel(tick, step)) },
        { ...axis, size: 56, space: 36, values: (plot, ticks) => (plot.data[0].length ? ticks.map(measured) : []) },
      ],
      series: [{}, { stroke: color("--series"), fill: color("--series-fill"), width: 1.5, points: { show: false } }],
      hooks: { setCursor: [() => this.reportReadout()] },
    };
  }
}

function tickLabel(ms: number, step: number): string {
  const at = new Date(ms);
  const two = (part: number) => String(part).padStart(2, "0");
  const minutes = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return step < 60_000 ? `${minutes}:${two(at.getSeconds())}` : minutes;
}
