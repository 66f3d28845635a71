/** Three small fleets that drive, heat and leak, with an hour of history behind them: enough to look at every part of the page. */

const Hour = 3_600_000;
const Step = 1000;
const HistoryStep = 5000;

const carMeasures = ["vehicle_speed", "engine_speed", "torque_at_transmission", "oil_temp", "fuel_level", "odometer", "brake"];
const homeMeasures = ["temperature_measure", "humidity_measure", "voltage_measure", "watt_measure"];

export function createFleet(now) {
  const series = [
    ...range(14).flatMap((i) =>
      carMeasures.map((measure, j) => newSeries("fleet.telemetry", { vin: vin(i), trip_id: uuid(i) }, measure, null, i * 7 + j)),
    ),
    ...range(60).flatMap((i) =>
      homeMeasures.map((measure, j) => newSeries("homes.devices", { device_id: uuid(100 + i) }, measure, null, 200 + i * 4 + j)),
    ),
    ...range(6).flatMap((i) =>
      ["ch4_ppm", "pressure_kpa", "wind_ms"].map((column, j) =>
        newSeries("wells.north", { site: "north", sensor: `ch4-${String(i + 1).padStart(2, "0")}` }, "reading", column, 900 + i * 3 + j),
      ),
    ),
  ];
  for (const one of series)
    for (let at = now - Hour; at < now; at += HistoryStep) one.points.push([at + one.seed % 900, valueOf(one, at)]);

  return {
    series,
    tables: [
      table("fleet.telemetry", ["vin", "trip_id"], [{ name: "measure_value::double", type: "double" }], false, series),
      table("homes.devices", ["device_id"], [{ name: "measure_value::double", type: "double" }], false, series),
      table("wells.north", ["site", "sensor"], ["ch4_ppm", "pressure_kpa", "wind_ms"].map((name) => ({ name, type: "double" })), true, series),
      { name: "fleet.trips", dimensions: ["vin"], measures: [], multiMeasure: true, series: 0 },
    ],
    /** One more point in every series that is due. */
    advance(at) {
      for (const one of series) {
        const last = one.points.at(-1)[0];
        if (at - last < Step * (1 + (one.seed % 3) * 0.5)) continue;
        const point = [at - (one.seed % 40), valueOf(one, at)];
        one.points.push(point);
        one.fresh.push(point);
        if (one.points.length > 5000) one.points.shift();
      }
    },
    clearFresh() {
      for (const one of series) one.fresh = [];
    },
  };
}

function table(name, dimensions, measures, multiMeasure, series) {
  return { name, dimensions, measures, multiMeasure, series: series.filter((one) => one.table === name).length };
}

function newSeries(tableName, dimensions, measure, column, seed) {
  return { table: tableName, dimensions, measure, column, seed, points: [], fresh: [] };
}

function valueOf({ seed, measure, column }, at) {
  const t = at / 1000 + seed * 97;
  const name = column ?? measure;
  const wave = Math.sin(t / 37) + 0.5 * Math.sin(t / 11 + seed) + 0.15 * (Math.random() - 0.5);
  if (name === "fuel_level") return round(100 - ((t / 60) % 100));
  if (name === "odometer") return round((t / 90) % 100_000);
  if (name === "vehicle_speed") return round(Math.max(0, 62 + 28 * wave));
  if (name === "engine_speed") return round(Math.max(700, 2400 + 900 * wave));
  if (name === "ch4_ppm") return round(1.9 + 0.1 * wave + (t % 600 < 25 ? 3 : 0));
  if (name === "voltage_measure") return round(230 + 1.5 * wave);
  if (name === "pressure_kpa") return round(4200 + 30 * wave);
  return round(50 + 12 * wave);
}

function round(value) {
  return Math.round(value * 1000) / 1000;
}

function range(n) {
  return Array.from({ length: n }, (_, i) => i);
}

function vin(i) {
  return `1NXBR32E8${String(4 + i).padStart(2, "0")}Z99${5078 + i * 37}`;
}

function uuid(i) {
  const hex = (n) => ((Math.imul(i * 2654435761 + n, 40503) >>> 0) >>> 0).toString(16).padStart(8, "0");
  const h = hex(1) + hex(77) + hex(4099) + hex(65537);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
}
