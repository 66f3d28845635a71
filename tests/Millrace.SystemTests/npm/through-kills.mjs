// Publishes with QoS 1 and 2 while the server is killed and started again, with a subscriber whose session outlives the connections.
// Prints `acknowledged N` as it goes on, and `ok`, or `not ok: why`, in the end.
//
//   node through-kills.mjs URL VERSION COUNT [CA CERTIFICATE KEY]

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import mqtt from 'mqtt';

const [url, versionText, countText, ...files] = process.argv.slice(2);
const tls = files.length > 0 ? Object.fromEntries(['ca', 'cert', 'key'].map((name, i) => [name, readFileSync(files[i])])) : {};
const version = Number(versionText);
const count = Number(countText);
const topic = `through-kills/${version}`;

function connect(clientId) {
  const client = mqtt.connect(url, {
    protocolVersion: version,
    clientId,
    clean: false,
    reconnectPeriod: 100,
    resubscribe: false,
    ...tls,
    ...(version === 5 && { properties: { sessionExpiryInterval: 3600 } }),
  });
  client.on('error', () => {}); // the server is away; MQTT.js connects again by itself
  return client;
}

try {
  const subscriber = connect(`through-kills-subscriber-${version}`);
  const heard = { 1: [], 2: [] };
  subscriber.on('message', (name, payload, packet) => heard[packet.qos].push(Number(payload.toString())));
  await subscriber.subscribeAsync(`${topic}/+`, { qos: 2 });

  const publisher = connect(`through-kills-publisher-${version}`);
  let acknowledged = 0;
  for (let i = 0; i < count; i += 10) {
    const round = Array.from({ length: 10 }, (_, k) => publisher.publishAsync(`${topic}/${1 + (k % 2)}`, `${i + k}`, { qos: 1 + (k % 2) }));
    await Promise.all(round);
    acknowledged += 10;
    if (acknowledged % 100 === 0) console.log(`acknowledged ${acknowledged}`);
  }

  const numbers = (rest) => Array.from({ length: count / 2 }, (_, i) => 2 * i + rest);
  const until = Date.now() + 20_000;
  while ((new Set(heard[1]).size < count / 2 || heard[2].length < count / 2) && Date.now() < until) await sleep(20);
  await sleep(300);
  // QoS 1 may come twice; that a number comes first in its order is promised all the same.
  assert.deepEqual([...new Set(heard[1])], numbers(0), 'QoS 1');
  assert.deepEqual(heard[2], numbers(1), 'QoS 2');
  console.log('ok');
} catch (error) {
  console.log(`not ok: ${error.message.replace(/\s+/g, ' ').slice(0, 500)}`);
}
process.exit(0);
