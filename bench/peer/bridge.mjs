// The usual bridge, as a careful person writes it: subscribes with QoS 1, parses each message, writes batches of line protocol.
//
//   node bridge.mjs mqtt://127.0.0.1:1883 http://127.0.0.1:8086 bench

import http from 'node:http';
import mqtt from 'mqtt';

const [broker, influx, database] = process.argv.slice(2);
if (!database) {
  console.error('usage: node bridge.mjs MQTT_URL INFLUX_URL DATABASE');
  process.exit(2);
}

const BATCH_POINTS = 5000;
const BATCH_WAIT_MS = 50;

const agent = new http.Agent({ keepAlive: true });
const target = new URL(`/write?db=${database}&precision=ns`, influx);
let lines = [];
let timer = null;

// Dates are parsed once a second, not once a message.
let second = '';
let secondNs = '';

function nanoseconds(timestamp) {
  const text = timestamp.slice(0, 19);
  if (text !== second) {
    second = text;
    secondNs = String(Date.parse(`${text.replace(' ', 'T')}Z`) / 1000);
  }
  return secondNs + timestamp.slice(20);
}

function write() {
  clearTimeout(timer);
  timer = null;
  if (lines.length === 0) return;
  const body = lines.join('\n');
  lines = [];
  const request = http.request(target, { method: 'POST', agent }, (answer) => {
    answer.resume();
    if (answer.statusCode !== 204) fail(`InfluxDB answered ${answer.statusCode}`);
  });
  request.on('error', (error) => fail(error.message));
  request.end(body);
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}

const client = mqtt.connect(broker, { clientId: 'bridge', reconnectPeriod: 0 });
client.on('error', (error) => fail(error.message));
client.on('connect', () => {
  client.subscribe('dt/cars/+/telemetry', { qos: 1 }, (error) => (error ? fail(error.message) : console.log('ready')));
});
client.on('message', (topic, payload) => {
  const car = JSON.parse(payload.toString());
  lines.push(
    `telemetry,vin=${car.vin},trip_id=${car.trip_id},name=${car.name} value=${car.value} ${nanoseconds(car.timestamp)}`,
  );
  if (lines.length >= BATCH_POINTS) write();
  else timer ??= setTimeout(write, BATCH_WAIT_MS);
});

process.on('SIGTERM', () => process.exit(0));
