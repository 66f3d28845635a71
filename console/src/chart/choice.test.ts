import { expect, test } from "vitest";
import type { Series, Table } from "../protocol";
import { choicesOf, deviceLabel, type Choice } from "./choice";
import { defaultChoice } from "./defaultChoice";
import { devicesOf } from "./DeviceBox";
import { formatHash, parseHash } from "./hash";
import { historyPoints, historySql } from "./history";

const cars: Table = { name: "fleet.telemetry", dimensions: ["vin", "trip_id"], measures: [], multiMeasure: false, series: 3 };
const wells: Table = {
  name: "wells.north",
  dimensions: ["sensor"],
  measures: [{ name: "ch4_ppm", type: "double" }, { name: "note", type: "varchar" }],
  multiMeasure: true,
  series: 1,
};
const speed: Choice = { table: cars.name, dimensions: { vin: "a'b", trip_id: "1" }, measure: "speed", type: "double" };

function series(measure: string, type: string, latest: string, vin = "a"): Series {
  return { dimensions: { trip_id: "1", vin }, measure, type, latest };
}

test("a choice goes through the address unharmed", () => {
  const odd: Choice = { ...speed, dimensions: { vin: "ä&=#% '\"", trip_id: "" }, column: "ch4 ppm" };
  expect(parseHash(formatHash({ choice: odd, window: 15 }))).toEqual({ choice: odd, window: 15 });
});

test("an address without sense is no choice, and the usual window", () => {
  for (const hash of ["", "#", "#%E0%A4%A", "#table=x", "#window=7", "#measure=&table="])
    expect(parseHash(hash)).toEqual({ choice: null, window: 5 });
});

test("history is asked for with every name and value quoted", () => {
  expect(historySql(speed, 5, 100)).toBe(
    `SELECT time, measure_value::double FROM "fleet"."telemetry" WHERE "vin" = 'a''b' AND "trip_id" = '1' ` +
      `AND measure_name = 'speed' AND time >= ago(5m) ORDER BY time DESC LIMIT 100`,
  );
  expect(historySql({ ...speed, column: 'a"b' }, 5, 100)).toContain('SELECT time, "a""b" FROM');
});

test("history's rows become points, oldest first, without what is no number", () => {
  const rows = [
    ["2026-11-21 03:18:45.500000000", true],
    ["2026-11-21 03:18:44.123456789", 4.5],
    ["nonsense", 1],
    ["2026-11-21 03:18:43.000000000", null],
  ];
  const points = historyPoints({ columns: [], rows });
  const start = Date.UTC(2026, 10, 21, 3, 18, 44);
  expect(points).toEqual([
    [expect.closeTo(start + 123.456789, 3), 4.5],
    [start + 1500, 1],
  ]);
});

test("of a multi-measure record each number can be drawn, and no text", () => {
  const record: Series = { dimensions: { sensor: "1" }, measure: "reading", type: "multi", latest: null };
  expect(choicesOf(wells, record)).toEqual([
    { table: "wells.north", dimensions: { sensor: "1" }, measure: "reading", column: "ch4_ppm", type: "double" },
  ]);
  expect(choicesOf(cars, series("dtc", "varchar", ""))).toEqual([]);
});

test("the first chart is of what is alive, and rather of what moves", () => {
  const found = [
    series("speed", "double", "2018-02-15T08:00:00Z", "old"),
    series("gear", "bigint", "2026-11-21T03:18:44Z"),
    series("fuel_level", "double", "2026-11-21T03:18:40Z"),
    series("vehicle_speed", "double", "2026-11-21T03:18:30Z"),
  ];
  expect(defaultChoice([cars], new Map([[cars.name, found]]))?.measure).toBe("vehicle_speed");
  expect(defaultChoice([cars], new Map())).toBeNull();
});

test("series of the same dimensions are one device, named in the table's order", () => {
  const devices = devicesOf([series("speed", "double", ""), series("gear", "bigint", ""), series("speed", "double", "", "b")], ["vin"]);
  expect(devices.map((device) => [device.label, device.series.length])).toEqual([["a · 1", 2], ["b · 1", 1]]);
  expect(deviceLabel({}, ["vin"])).toBe("");
});
