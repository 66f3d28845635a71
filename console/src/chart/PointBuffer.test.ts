import { expect, test } from "vitest";
import { PointBuffer } from "./PointBuffer";

function times(buffer: PointBuffer): number[] {
  return [...buffer.view()[0]];
}

test("points are kept in order of time, however they come", () => {
  const buffer = new PointBuffer(10);
  buffer.addAll([[3, 30], [1, 10], [2, 20], [5, 50], [4, 40]]);
  expect(times(buffer)).toEqual([1, 2, 3, 4, 5]);
  expect([...buffer.view()[1]]).toEqual([10, 20, 30, 40, 50]);
});

test("a point of a time already there replaces it", () => {
  const buffer = new PointBuffer(10);
  buffer.addAll([[1, 10], [2, 20], [1, 11], [2, 21]]);
  expect(times(buffer)).toEqual([1, 2]);
  expect([...buffer.view()[1]]).toEqual([11, 21]);
});

test("a time that was rounded on its way is the same time", () => {
  const buffer = new PointBuffer(10);
  const time = Date.UTC(2026, 10, 21) + 123.456789;
  buffer.addAll([[time, 1], [time + 0.0003, 2], [time - 0.0003, 3], [time + 0.01, 4]]);
  expect([...buffer.view()[1]]).toEqual([3, 4]);
});

test("a full buffer drops the oldest, and takes nothing older than all it has", () => {
  const buffer = new PointBuffer(3);
  buffer.addAll([[1, 1], [2, 2], [4, 4], [5, 5]]);
  expect(times(buffer)).toEqual([2, 4, 5]);
  buffer.add(1, 1);
  expect(times(buffer)).toEqual([2, 4, 5]);
  buffer.add(3, 3);
  expect(times(buffer)).toEqual([3, 4, 5]);
});

test("it agrees with a plain sorted map after thousands of points in any order", () => {
  const buffer = new PointBuffer(50);
  let seed = 7;
  const next = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31);
  let plain = new Map<number, number>();
  for (let i = 0; i < 5000; i++) {
    const time = Math.floor(i / 2) + (next() % 40);
    buffer.add(time, i);
    const oldest = Math.min(...plain.keys());
    if (plain.has(time) || plain.size < 50 || time > oldest) plain.set(time, i);
    plain = new Map([...plain].sort((a, b) => a[0] - b[0]).slice(-50));
    expect(times(buffer)).toEqual([...plain.keys()]);
  }
  expect([...buffer.view()[1]]).toEqual([...plain.values()]);
});
