import { WebSocketServer } from "ws";
import { createFleet } from "./fleet.mjs";
import { createLedger } from "./ledger.mjs";
import { answer } from "./query.mjs";

const Beat = 300;

/**
 * The server's API as the console sees it, made up. Scenarios: healthy, stalled (a flow retries), unbalanced (three messages
 * are missing), empty (nothing has come yet).
 */
export function createMock({ scenario = "healthy" } = {}) {
  const fleet = createFleet(Date.now());
  const ledger = createLedger(scenario);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 });
  let last = null;

  const beat = () => {
    const now = Date.now();
    if (scenario !== "empty") {
      fleet.advance(now);
      ledger.take(10 + Math.round(4 * Math.sin(now / 20_000) + 3 * Math.random()), now);
      last = lastMessage(fleet, now);
    }
    for (const socket of sockets.clients) tell(socket, now);
    fleet.clearFresh();
  };
  if (scenario !== "empty") for (let i = 300; i > 0; i--) ledger.take(12, Date.now() - i * Beat);
  const timer = setInterval(beat, Beat);

  function tell(socket, now) {
    const flows = ledger.status();
    const rate = scenario === "empty" ? 0 : 33.3 + 13 * Math.sin(now / 20_000) + 4 * Math.random();
    send(socket, { type: "stats", at: new Date(now).toISOString(), messages: ledger.total, rate, last, gateway: ledger.gateway(), flows });
    for (const [id, watch] of socket.watches) {
      const points = fleet.series.filter((one) => matches(one, watch)).flatMap((one) => one.fresh);
      if (points.length) send(socket, { type: "points", watch: id, points });
    }
  }

  sockets.on("connection", (socket) => {
    socket.watches = new Map();
    socket.on("error", () => {});
    socket.on("message", (data) => {
      const message = JSON.parse(String(data));
      if (message.type === "watch") socket.watches.set(message.id, message);
      else if (message.type === "unwatch") socket.watches.delete(message.id);
      else send(socket, { type: "error", message: `There is no message of type ${message.type}.` });
    });
    tell(socket, Date.now());
  });

  return {
    /** True if the request was ours. */
    handle(request, response) {
      const url = new URL(request.url ?? "/", "http://mock");
      const json = (status, body) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      };
      switch (url.pathname) {
        case "/api/v1/tables":
          json(200, { tables: scenario === "empty" ? [] : fleet.tables });
          return true;
        case "/api/v1/series":
          json(200, seriesPage(fleet, url.searchParams));
          return true;
        case "/api/v1/dead-letters":
          json(200, { deadLetters: ledger.letters.slice(0, Number(url.searchParams.get("limit") ?? 20)) });
          return true;
        case "/api/v1/query":
          void read(request).then((text) => {
            const { status, body } = answer(JSON.parse(text).sql, fleet, Date.now());
            json(status, body);
          });
          return true;
        default:
          return false;
      }
    },
    upgrade(request, socket, head) {
      if (!request.url?.startsWith("/api/v1/live")) return false;
      sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit("connection", ws, request));
      return true;
    },
    close() {
      clearInterval(timer);
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

function send(socket, message) {
  if (socket.readyState === 1) socket.send(JSON.stringify(message));
}

function matches(one, watch) {
  return (
    one.table === watch.table &&
    one.measure === watch.measure &&
    (one.column ?? undefined) === watch.column &&
    Object.entries(watch.dimensions).every(([name, value]) => one.dimensions[name] === value)
  );
}

function seriesPage(fleet, asked) {
  const [table, match, limit] = [asked.get("table"), (asked.get("match") ?? "").toLowerCase(), Number(asked.get("limit") ?? 200)];
  const found = new Map();
  for (const one of fleet.series) {
    if (one.table !== table) continue;
    const text = [...Object.values(one.dimensions), one.measure].join(" ").toLowerCase();
    if (!text.includes(match)) continue;
    const latest = new Date(one.points.at(-1)[0]).toISOString();
    // Of a multi-measure table the series is the record, and its columns are in the table.
    found.set(JSON.stringify([one.dimensions, one.measure]), { dimensions: one.dimensions, measure: one.measure, type: one.column ? "multi" : "double", latest });
  }
  return { series: [...found.values()].slice(0, limit), truncated: found.size > limit };
}

function lastMessage(fleet, now) {
  const one = fleet.series[Math.floor(Math.random() * 98)];
  const payload = { timestamp: new Date(now).toISOString(), ...one.dimensions, name: one.measure, value: one.points.at(-1)[1] };
  return { topic: `dt/cars/${one.dimensions.vin}/telemetry`, payload: JSON.stringify(payload), at: new Date(now).toISOString() };
}

async function read(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}
