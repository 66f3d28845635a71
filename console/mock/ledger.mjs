/** Books of a gateway and its flows that grow as messages come, and balance unless the scenario says otherwise. */

const targets = [
  ["cars-telemetry", "series", "fleet.telemetry", 1],
  ["cars-lake", "lake", "raw/cars", 1],
  ["cars-trips", "series", "fleet.trips", 1],
  ["cars-dtc-stop", "republish", "cmd/cars/{vin}/stop", 1],
  ["homes-measures", "series", "homes.devices", 4],
  ["homes-lake", "lake", "raw/homes", 1],
  ["wells-north", "series", "wells.north", 1],
];

export function createLedger(scenario) {
  const messages = { received: 0, accepted: 0, refused: 0 };
  const flows = targets.map(([name, sink, target, split]) => ({ name, sink, target, split, ...books() }));

  return {
    letters: [],
    get total() {
      return messages.received;
    },
    take(n, at) {
      messages.received += n;
      messages.accepted += Math.round(n * 0.1);
      flows.forEach((flow, i) => this.feed(flow, Math.max(0, Math.round(n / (1.5 + i))), at));
      if (Math.random() < 0.04) this.refuse(at);
    },
    feed(flow, n, at) {
      flow.matched += n;
      if (scenario === "stalled" && flow.name === "cars-lake") {
        flow.waiting += n;
        return;
      }
      const equal = Math.random() < 0.05 ? 1 : 0;
      const lake = flow.sink === "lake" ? Math.round(n * 0.5) : 0;
      flow.stored += n + flow.waiting - Math.min(equal, n) - lake;
      flow.absorbed += Math.min(equal, n);
      flow.waiting = lake;
      if (n > 0) flow.lastProgress = at;
    },
    refuse(at) {
      const flow = flows[Math.random() < 0.5 ? 0 : 4];
      flow.matched++;
      flow.deadLettered++;
      this.letters.unshift(letter(flow.name, flow.deadLettered, at));
      this.letters.length = Math.min(this.letters.length, 50);
    },
    status() {
      return flows.map((flow) => {
        const stalled = scenario === "stalled" && flow.name === "cars-lake";
        const lost = scenario === "unbalanced" && flow.name === "homes-measures" ? 3 : 0;
        return {
          name: flow.name,
          state: stalled ? "retrying" : "running",
          error: stalled ? "The bucket raw at s3.plant.local:9000 does not answer (connection refused). Next attempt in 8 s." : null,
          sink: flow.sink,
          target: flow.target,
          lag: flow.waiting,
          lastProgress: flow.lastProgress ? new Date(flow.lastProgress).toISOString() : null,
          messages: counts(flow, 1, lost),
          records: counts(flow, flow.split, lost * flow.split),
          balanced: lost === 0,
        };
      });
    },
    gateway() {
      const { received, accepted, refused } = messages;
      const waiting = Math.min(received, Math.floor(Math.random() * 4));
      return { received, acknowledged: received - accepted - refused - waiting, accepted, refused, waiting, connections: received ? 80 : 0 };
    },
  };
}

function books() {
  return { matched: 0, stored: 0, absorbed: 0, deadLettered: 0, waiting: 0, lastProgress: 0 };
}

function counts(flow, split, lost) {
  const times = (n) => n * split;
  return {
    matched: times(flow.matched),
    stored: times(flow.stored) - lost,
    absorbed: times(flow.absorbed),
    rejected: 0,
    deadLettered: times(flow.deadLettered),
    waiting: times(flow.waiting),
  };
}

const faults = [
  ["Unreadable", "The payload is not JSON: unexpected 'x' at byte 14.", '{"timestamp":xyz,"name":"speed"}', "utf8"],
  ["Refused", "time: 2031-01-01 00:00:00 is more than 15 minutes ahead of the arrival.", '{"timestamp":"2031-01-01 00:00:00.000000000","name":"speed","value":12.5,"vin":"1NXBR32E84Z995078"}', "utf8"],
  ["Unreadable", "<img src=x onerror=alert(1)> is no number (field value).", '{"value":"<img src=x onerror=alert(1)>"}', "utf8"],
  ["Unreadable", "The payload is not UTF-8: byte 0xFF at 0.", "//79AAECAwQFBgcICQ==", "base64"],
];

function letter(flow, n, at) {
  const [fault, reason, payload, encoding] = faults[n % faults.length];
  const topic = flow === "cars-telemetry" ? "dt/cars/1NXBR32E84Z995078/telemetry" : "dt/homes/7/events";
  return { flow, partition: n % 4, offset: 1000 + n * 17, at: new Date(at).toISOString(), topic, fault, reason, payload, encoding };
}
