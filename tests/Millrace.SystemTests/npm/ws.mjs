// usage: node ws.mjs URL TOPIC PAYLOAD : subscribes, publishes with QoS 1, prints what comes back.
import { readFileSync } from 'node:fs';
import mqtt from 'mqtt';

const [url, topic, payload] = process.argv.slice(2);
const ca = process.env.MILLRACE_CA;
const client = await mqtt.connectAsync(url, {
  protocolVersion: Number(process.env.MQTT_VERSION ?? 5),
  reconnectPeriod: 0,
  connectTimeout: 10_000,
  ...(ca && { ca: readFileSync(ca) }),
});
const arrived = new Promise((resolve) => client.on('message', (_, bytes) => resolve(bytes.toString())));
await client.subscribeAsync(topic, { qos: 1 });
await client.publishAsync(topic, payload, { qos: 1 });
console.log(await arrived);
await client.endAsync();
