// Runs cases with MQTT.js against a broker and prints for each `ok NAME`, `skip NAME: why` or `not ok NAME: why`.
//
//   node interop.mjs --list
//   node interop.mjs mqtt://127.0.0.1:1883 ws://127.0.0.1:8081/mqtt
//   node interop.mjs mqtts://127.0.0.1:8883 wss://127.0.0.1:8443/mqtt ca.pem client.pem client.key

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import mqtt from 'mqtt';

const PATIENCE_MS = 10_000;

const mosquitto = process.argv.includes('--mosquitto');
const [tcp, webSocket, ...files] = process.argv.slice(2).filter((argument) => argument !== '--mosquitto');
const tls = files.length > 0 ? Object.fromEntries(['ca', 'cert', 'key'].map((name, i) => [name, readFileSync(files[i])])) : {};

/** A connection that keeps what it hears. */
class Client {
  constructor(run, options = {}) {
    const session = options.session === undefined ? {} : { clean: false, ...(run.version === 5 && { properties: { sessionExpiryInterval: options.session } }) };
    const { session: _, properties, ...rest } = options;
    this.heard = [];
    this.mqtt = mqtt.connect(run.url, {
      protocolVersion: run.version,
      reconnectPeriod: 0,
      connectTimeout: PATIENCE_MS,
      clientId: run.id(),
      ...tls,
      ...session,
      ...rest,
      ...(run.version === 5 && { properties: { ...session.properties, ...properties } }),
    });
    this.mqtt.on('message', (topic, payload, packet) => this.heard.push({ ...packet, topic, payload: payload.toString() }));
    this.mqtt.on('error', () => {}); // a connection that fails is told by 'close'
  }

  async connected() {
    const packet = await first(this.mqtt, 'connect', 'close');
    assert.ok(packet, 'the connection was closed instead of accepted');
    this.present = packet.sessionPresent;
    return this;
  }

  async next(count = 1) {
    const until = Date.now() + PATIENCE_MS;
    while (this.heard.length < count) {
      assert.ok(Date.now() < until, `${this.heard.length} of ${count} messages came`);
      await sleep(5);
    }
    return this.heard.splice(0, count);
  }

  async payloads(count) {
    return (await this.next(count)).map((message) => message.payload);
  }

  async nothing(milliseconds = 300) {
    await sleep(milliseconds);
    assert.deepEqual(this.heard, []);
  }
}

function first(emitter, wanted, unwanted) {
  return new Promise((resolve) => {
    emitter.once(wanted, resolve);
    emitter.once(unwanted, () => resolve(null));
  });
}

class Run {
  #open = [];
  #ids = 0;

  constructor(name, url, version) {
    Object.assign(this, { name, url, version, topic: `mqttjs/${name}` });
  }

  id() {
    return `${this.name}-${++this.#ids}`;
  }

  client(options) {
    const client = new Client(this, options);
    this.#open.push(client);
    return client.connected();
  }

  /** MQTT.js sends whatever it is given, also beyond the server's Receive Maximum: a few at a time. */
  async flood(client, topic, payloads, qos) {
    for (let i = 0; i < payloads.length; i += 15)
      await Promise.all(payloads.slice(i, i + 15).map((payload) => client.mqtt.publishAsync(topic, payload, { qos })));
  }

  async publish(topic, ...payloads) {
    const client = await this.client();
    for (const payload of payloads) await client.mqtt.publishAsync(topic, payload, { qos: 1 });
    await client.mqtt.endAsync();
  }

  async end() {
    for (const client of this.#open) await client.mqtt.endAsync(true);
  }
}

const cases = {
  async each_qos_to_each_qos(run) {
    const sender = await run.client();
    for (const granted of [0, 1, 2]) {
      const client = await run.client();
      await client.mqtt.subscribeAsync(`${run.topic}/${granted}/+`, { qos: granted });
      for (const qos of [0, 1, 2]) {
        await sender.mqtt.publishAsync(`${run.topic}/${granted}/${qos}`, `payload ${qos}`, { qos });
        const [message] = await client.next();
        assert.deepEqual([message.topic, message.payload, message.qos], [`${run.topic}/${granted}/${qos}`, `payload ${qos}`, Math.min(qos, granted)]);
      }
    }
  },

  async many_messages_at_once(run) {
    const receiver = await run.client();
    const sender = await run.client();
    const payloads = Array.from({ length: 500 }, (_, i) => `${i}`);
    for (const qos of [1, 2]) {
      await receiver.mqtt.subscribeAsync(`${run.topic}/${qos}`, { qos });
      await run.flood(sender, `${run.topic}/${qos}`, payloads, qos);
      assert.deepEqual(await receiver.payloads(500), payloads);
    }
    await receiver.nothing();
  },

  async a_large_payload(run) {
    const client = await run.client();
    await client.mqtt.subscribeAsync(run.topic, { qos: 1 });
    const payload = 'x'.repeat(250_000);
    await client.mqtt.publishAsync(run.topic, payload, { qos: 1 });
    assert.equal((await client.payloads(1))[0], payload);
  },

  async messages_wait_for_a_client_that_is_away(run) {
    const clientId = run.id();
    const before = await run.client({ clientId, session: 600 });
    await before.mqtt.subscribeAsync([`${run.topic}/1`, `${run.topic}/2`], { qos: 2 });
    await before.mqtt.endAsync();
    const sender = await run.client();
    for (const qos of [1, 2]) for (let i = 0; i < 10; i++) await sender.mqtt.publishAsync(`${run.topic}/${qos}`, `${i}`, { qos });
    const back = await run.client({ clientId, session: 600 });
    assert.equal(back.present, true);
    const heard = await back.next(20);
    for (const qos of [1, 2]) {
      const ofThis = heard.filter((m) => m.topic.endsWith(`/${qos}`)).map((m) => `${m.payload} ${m.qos}`);
      assert.deepEqual(ofThis, Array.from({ length: 10 }, (_, i) => `${i} ${qos}`));
    }
    await back.nothing();
  },

  async a_broken_connection_has_its_will_published(run) {
    const heir = await run.client();
    await heir.mqtt.subscribeAsync(`${run.topic}/#`, { qos: 2 });
    for (const qos of [0, 1, 2]) {
      const client = await run.client({ will: { topic: `${run.topic}/${qos}`, payload: Buffer.from('gone'), qos, retain: false } });
      client.mqtt.stream.destroy();
      const [message] = await heir.next();
      assert.deepEqual([message.topic, message.payload, message.qos], [`${run.topic}/${qos}`, 'gone', qos]);
    }
    const polite = await run.client({ will: { topic: `${run.topic}/polite`, payload: Buffer.from('gone'), qos: 1, retain: false } });
    await polite.mqtt.endAsync();
    await heir.nothing();
  },

  async retained_messages_are_there_for_who_comes_later(run) {
    const sender = await run.client();
    await sender.mqtt.publishAsync(run.topic, 'old', { qos: 1, retain: true });
    await sender.mqtt.publishAsync(run.topic, 'kept', { qos: 1, retain: true });
    const client = await run.client();
    await client.mqtt.subscribeAsync(run.topic, { qos: 1 });
    const [message] = await client.next();
    assert.deepEqual([message.payload, message.retain], ['kept', true]);
    await sender.mqtt.publishAsync(run.topic, '', { qos: 1, retain: true });
    const later = await run.client();
    await later.mqtt.subscribeAsync(run.topic, { qos: 1 });
    await later.nothing();
  },

  async members_of_a_shared_subscription_divide_the_messages(run) {
    const members = await Promise.all([run.client(), run.client(), run.client(), run.client()]);
    for (const member of members) await member.mqtt.subscribeAsync(`$share/g/${run.topic}`, { qos: 1 });
    const payloads = Array.from({ length: 80 }, (_, i) => `${i}`);
    await run.publish(run.topic, ...payloads);
    const until = Date.now() + PATIENCE_MS;
    while (members.reduce((sum, member) => sum + member.heard.length, 0) < 80 && Date.now() < until) await sleep(10);
    assert.deepEqual(members.flatMap((member) => member.heard.map((m) => m.payload)).sort(), payloads.sort());
    for (const member of members) assert.ok(member.heard.length >= 5, `the parts are ${members.map((m) => m.heard.length)}`);
  },

  async unsubscribing_ends_delivery(run) {
    const client = await run.client();
    await client.mqtt.subscribeAsync([`${run.topic}/a`, `${run.topic}/b`], { qos: 1 });
    await client.mqtt.unsubscribeAsync(`${run.topic}/a`);
    await run.publish(`${run.topic}/a`, 'gone');
    await run.publish(`${run.topic}/b`, 'kept');
    assert.deepEqual(await client.payloads(1), ['kept']);
  },

  async a_second_connection_with_the_client_id_ends_the_first(run) {
    const clientId = run.id();
    const one = await run.client({ clientId });
    const ended = new Promise((resolve) => one.mqtt.once('close', resolve));
    const other = await run.client({ clientId });
    await ended;
    await other.mqtt.publishAsync(run.topic, 'x', { qos: 1 });
  },
};

const casesOfFive = {
  async aliases_stand_for_topics(run) {
    const client = await run.client({ properties: { topicAliasMaximum: 10 }, autoUseTopicAlias: true, autoAssignTopicAlias: true });
    await client.mqtt.subscribeAsync(`${run.topic}/#`, { qos: 1 });
    for (let i = 0; i < 20; i++) await client.mqtt.publishAsync(`${run.topic}/${i % 4}`, `${i}`, { qos: 1 });
    assert.deepEqual((await client.next(20)).map((m) => `${m.topic} ${m.payload}`), Array.from({ length: 20 }, (_, i) => `${run.topic}/${i % 4} ${i}`));
  },

  async properties_pass_through(run) {
    const client = await run.client();
    await client.mqtt.subscribeAsync(run.topic, { qos: 2, properties: { subscriptionIdentifier: 42 } });
    const given = {
      payloadFormatIndicator: true,
      contentType: 'text/plain',
      responseTopic: 'answers',
      correlationData: Buffer.from([0, 255]),
      userProperties: { b: ['1', '2'], a: '3' },
    };
    await client.mqtt.publishAsync(run.topic, 'x', { qos: 2, properties: { ...given, messageExpiryInterval: 100 } });
    const { subscriptionIdentifier, messageExpiryInterval, userProperties, ...passed } = (await client.next())[0].properties;
    const { userProperties: givenUser, ...others } = given;
    assert.deepEqual([passed, { ...userProperties }, subscriptionIdentifier], [others, givenUser, 42]);
    assert.ok(messageExpiryInterval > 95 && messageExpiryInterval <= 100);
  },

  async no_local_and_retain_handling_are_kept(run) {
    const client = await run.client();
    await client.mqtt.publishAsync(run.topic, 'kept', { qos: 1, retain: true });
    await client.mqtt.subscribeAsync(run.topic, { qos: 1, nl: true, rh: 2, rap: true });
    await client.mqtt.publishAsync(run.topic, 'mine', { qos: 1 });
    await run.publish(run.topic, 'theirs');
    assert.deepEqual(await client.payloads(1), ['theirs']);
  },

  async a_small_receive_maximum_loses_nothing_of_a_flood(run) {
    const client = await run.client({ properties: { receiveMaximum: 2 } });
    await client.mqtt.subscribeAsync(run.topic, { qos: 2 });
    const sender = await run.client();
    const payloads = Array.from({ length: 600 }, (_, i) => `${i}`);
    await run.flood(sender, run.topic, payloads, 2);
    assert.deepEqual(await client.payloads(600), payloads);
  },
};

const all = [];
for (const [transport, url] of [['tcp', tcp], ['websocket', webSocket]])
  for (const version of [4, 5])
    for (const [name, body] of Object.entries(version === 5 ? { ...cases, ...casesOfFive } : cases))
      all.push({ name: `${name}_${transport}_${version === 5 ? 'v5' : 'v311'}`, body, url, version });

async function outcome({ name, body, url, version }) {
  if (mosquitto && body === casesOfFive.a_small_receive_maximum_loses_nothing_of_a_flood) return `skip ${name}: mosquitto stands still after two messages`;
  const run = new Run(name, url, version);
  const patience = AbortSignal.timeout(60_000);
  const tooLong = new Promise((_, reject) => patience.addEventListener('abort', () => reject(new Error('it does not end'))));
  try {
    await Promise.race([body(run), tooLong]);
    return `ok ${name}`;
  } catch (error) {
    const where = error.stack.split('\n').find((line) => line.includes('interop.mjs'))?.trim() ?? '';
    return `not ok ${name}: ${error.message.replace(/\s+/g, ' ')} ${where}`;
  } finally {
    await run.end();
  }
}

if (tcp === '--list') {
  for (const { name } of all) console.log(name);
} else {
  const waiting = [...all];
  const worker = async () => {
    while (waiting.length > 0) console.log(await outcome(waiting.shift()));
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  process.exit(0);
}
