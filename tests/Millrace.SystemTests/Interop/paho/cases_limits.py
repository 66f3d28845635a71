"""Receive Maximum and Maximum Packet Size, both ways, and packets that break the rules."""

import wire
from cases import case, equal
from wire import PUBACK, PUBCOMP, PUBLISH, PUBREC, PUBREL


@case(5, mosquitto="it sends more now and then")
def the_server_keeps_to_the_receive_maximum_with_qos_1(run):
    one = run.wire(receive_maximum=3)
    run.subscribe(one, f"{run.topic}/+")
    run.publish(f"{run.topic}/1", *[str(i) for i in range(20)])
    waiting = [one.expect(PUBLISH) for _ in range(3)]
    one.nothing()
    run.publish(f"{run.topic}/0", "QoS 0 does not count", qos=0)
    equal(0, one.expect(PUBLISH).qos)
    seen = [m.payload for m in waiting]
    while len(seen) < 20:
        one.send(wire.ack(PUBACK, waiting.pop(0).mid))
        waiting.append(one.expect(PUBLISH))
        seen.append(waiting[-1].payload)
        one.nothing(0.02)
    equal([str(i) for i in range(20)], seen)


@case(5, mosquitto="it sends more now and then")
def the_server_keeps_to_the_receive_maximum_with_qos_2(run):
    one = run.wire(receive_maximum=2)
    run.subscribe(one, (run.topic, 2))
    run.publish(run.topic, *[str(i) for i in range(8)], qos=2)
    seen = []
    while len(seen) < 8:
        pair = [one.expect(PUBLISH), one.expect(PUBLISH)]
        one.nothing(0.1)
        for message in pair:
            one.send(wire.ack(PUBREC, message.mid))
            equal(message.mid, one.expect(PUBREL).mid)
        # Only PUBCOMP gives room for another (section 4.9).
        one.nothing(0.1)
        for message in pair:
            one.send(wire.ack(PUBCOMP, message.mid))
        seen += [m.payload for m in pair]
    equal([str(i) for i in range(8)], seen)


@case(5, mosquitto="it sends all again at once")
def receive_maximum_counts_what_a_session_sends_again(run):
    identity = run.id()
    one = run.wire(identity, session=600, receive_maximum=5)
    run.subscribe(one, run.topic)
    run.publish(run.topic, *[str(i) for i in range(10)])
    for _ in range(5):
        one.expect(PUBLISH)
    one.close()
    again = run.wire(identity, session=600, present=True, receive_maximum=2)
    seen, waiting = [], [again.expect(PUBLISH), again.expect(PUBLISH)]
    again.nothing()
    while waiting:
        message = waiting.pop(0)
        seen.append(message.payload)
        again.send(wire.ack(PUBACK, message.mid))
        if len(seen) + len(waiting) < 10:
            waiting.append(again.expect(PUBLISH))
    equal([str(i) for i in range(10)], seen)


@case(5, mosquitto="it calls it a malformed packet")
def receive_maximum_0_is_a_protocol_error(run):
    one = run.bare()
    one.send(wire.connect(5, run.id(), receive_maximum=0))
    got = one.read()
    # It may be said by CONNACK, or the connection closed (section 4.13).
    assert got is None or got.reason == 0x82, f"{got} came"


@case(5, mosquitto="it refuses the one message")
def a_client_that_exceeds_the_servers_receive_maximum_is_disconnected(run):
    one = run.wire()
    limit = one.connack.properties.get("receive_maximum", 65535)
    one.send(*[wire.publish(5, run.topic, "x", 2, mid) for mid in range(1, limit + 1)])
    for _ in range(limit):
        one.expect(PUBREC)
    one.send(wire.publish(5, run.topic, "x", 2, limit + 1))
    one.refused(0x93)


@case(5)
def the_server_keeps_to_the_maximum_packet_size(run):
    identity = run.id()
    one = run.wire(identity, session=600, maximum_packet_size=150, receive_maximum=2)
    run.subscribe(one, (run.topic, 2))
    for qos in (0, 1, 2):
        run.publish(run.topic, "x" * 200, "small", "x" * 200, "small", qos=qos)
    heard, released = [], 0
    while released < 2:
        message = one.read()
        assert message.size <= 150, f"a packet of {message.size} bytes came"
        if message.kind == PUBREL:
            one.send(wire.ack(PUBCOMP, message.mid))
            released += 1
            continue
        heard.append((message.payload, message.qos))
        if message.qos:
            one.send(wire.ack(PUBACK if message.qos == 1 else PUBREC, message.mid))
    equal([("small", qos) for qos in (0, 0, 1, 1, 2, 2)], heard)
    one.ping()
    one.nothing(0.2)


@case(5, mosquitto="it does not count the header")
def a_packet_of_exactly_the_maximum_size_passes(run):
    one = run.wire(maximum_packet_size=150)
    run.subscribe(one, run.topic)
    overhead = len(wire.publish(5, run.topic, "x" * 150, 1, 1)) - 150
    run.publish(run.topic, "x" * (151 - overhead), "x" * (150 - overhead))
    equal(150, one.expect(PUBLISH).size)


@case(5, mosquitto="it calls it a malformed packet")
def maximum_packet_size_0_is_a_protocol_error(run):
    one = run.bare()
    one.send(wire.connect(5, run.id(), maximum_packet_size=0))
    got = one.read()
    assert got is None or got.reason == 0x82, f"{got} came"


@case(5, mosquitto="it does not count the header")
def a_packet_beyond_the_servers_maximum_is_refused(run):
    one = run.wire()
    limit = one.connack.properties["maximum_packet_size"]
    overhead = len(wire.publish(5, run.topic, "x" * limit, 1, 1)) - limit
    one.send(wire.publish(5, run.topic, "x" * (limit - overhead), 1, 1))
    equal(1, one.expect(PUBACK).mid, "the PUBACK of the largest packet")
    # Refused by its header alone: the rest of it never comes.
    one.send(wire.publish(5, run.topic, "x" * (limit - overhead + 1), 1, 2)[:20])
    one.refused(0x95)


@case(4, 5)
def the_same_packet_id_can_be_used_in_both_directions(run):
    one = run.wire()
    run.subscribe(one, (run.topic, 2))
    run.publish(run.topic, "x", qos=2)
    message = one.expect(PUBLISH)
    one.send(wire.publish(run.version, f"{run.topic}/other", "y", 2, message.mid))
    equal(message.mid, one.expect(PUBREC).mid)
    one.send(wire.ack(PUBREL, message.mid), wire.ack(PUBREC, message.mid))
    equal({PUBCOMP, PUBREL}, {one.read().kind, one.read().kind})
    one.send(wire.ack(PUBCOMP, message.mid))
    one.ping()


@case(4, 5)
def a_packet_id_in_use_by_a_qos_2_message_is_not_a_new_message(run):
    client = run.client()
    client.subscribe(f"{run.topic}/#", 2)
    one = run.wire()
    one.send(wire.publish(run.version, f"{run.topic}/1", "first", 2, 5))
    one.expect(PUBREC)
    one.send(wire.publish(run.version, f"{run.topic}/2", "second", 2, 6))
    one.expect(PUBREC)
    one.send(wire.ack(PUBREL, 6), wire.ack(PUBREL, 5))
    equal({5, 6}, {one.expect(PUBCOMP).mid, one.expect(PUBCOMP).mid})
    equal({"first", "second"}, set(client.payloads(2)))
    client.nothing()
