/**
 * Times closer than a microsecond are the same time: a nanosecond's time does not fit a double, and history and the live line
 * round it each in its own way.
 */
const SameTime = 0.001;

/** The points of one chart, sorted by time, each time once, never more than the capacity: the oldest go first. */
export class PointBuffer {
  private readonly capacity: number;
  private readonly times: Float64Array;
  private readonly values: Float64Array;
  private start = 0;
  private end = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    // Twice the room, so that dropping the oldest is moving a mark, and the arrays are copied once in a capacity.
    this.times = new Float64Array(capacity * 2);
    this.values = new Float64Array(capacity * 2);
  }

  get length(): number {
    return this.end - this.start;
  }

  get isFull(): boolean {
    return this.length === this.capacity;
  }

  get oldestTime(): number | null {
    return this.length ? this.times[this.start]! : null;
  }

  get newestTime(): number | null {
    return this.length ? this.times[this.end - 1]! : null;
  }

  get newestValue(): number | null {
    return this.length ? this.values[this.end - 1]! : null;
  }

  /** Times and values as views: good until the next add. */
  view(): [Float64Array, Float64Array] {
    return [this.times.subarray(this.start, this.end), this.values.subarray(this.start, this.end)];
  }

  /** A point of a time already here replaces it. */
  add(time: number, value: number): void {
    if (!this.length || time > this.times[this.end - 1]! + SameTime) {
      this.append(time, value);
      return;
    }
    const at = this.firstNotBefore(time - SameTime);
    if (this.times[at]! <= time + SameTime) {
      this.values[at] = value;
      return;
    }
    if (this.isFull) {
      if (at === this.start) return;
      this.shiftDown(at);
      this.times[at - 1] = time;
      this.values[at - 1] = value;
      return;
    }
    this.makeRoom();
    this.insert(this.firstNotBefore(time), time, value);
  }

  addAll(points: readonly (readonly [number, number])[]): void {
    for (const [time, value] of points) this.add(time, value);
  }

  private append(time: number, value: number): void {
    this.makeRoom();
    this.times[this.end] = time;
    this.values[this.end] = value;
    this.end++;
    if (this.length > this.capacity) this.start++;
  }

  private insert(at: number, time: number, value: number): void {
    this.times.copyWithin(at + 1, at, this.end);
    this.values.copyWithin(at + 1, at, this.end);
    this.times[at] = time;
    this.values[at] = value;
    this.end++;
  }

  /** Drops the oldest point and frees the place before `at`. */
  private shiftDown(at: number): void {
    this.times.copyWithin(this.start, this.start + 1, at);
    this.values.copyWithin(this.start, this.start + 1, at);
  }

  private makeRoom(): void {
    if (this.end < this.times.length) return;
    this.times.copyWithin(0, this.start, this.end);
    this.values.copyWithin(0, this.start, this.end);
    this.end -= this.start;
    this.start = 0;
  }

  private firstNotBefore(time: number): number {
    let [low, high] = [this.start, this.end];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.times[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
