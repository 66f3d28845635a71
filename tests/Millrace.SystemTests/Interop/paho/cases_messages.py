"""Publishing, retained messages, QoS 2's handshake, redelivery."""

import wire
from cases import case, equal
from wire import PUBACK, PUBCOMP, PUBLISH, PUBREC, PUBREL


@case(4, 5)
def each_qos_to_each_qos(run):
    sender = run.client()
    for granted in (0, 1, 2):
        client = run.client()
        equal([granted], client.subscribe(f"{run.topic}/{granted}/+", granted), "the granted QoS")
        for qos in (0, 1, 2):
            sender.publish(f"{run.topic}/{granted}/{qos}", f"payload {qos}", qos)
            message = client.next()
            equal((f"{run.topic}/{granted}/{qos}", f"payload {qos}".encode(), min(qos, granted), False),
                  (message.topic, message.payload, message.qos, message.retain))


@case(4, 5)
def many_messages_of_qos_1_and_2_both_ways(run):
    for qos in (1, 2):
        receiver, sender = run.client(), run.client()
        receiver.subscribe(f"{run.topic}/{qos}", qos)
        sent = [sender.mqtt.publish(f"{run.topic}/{qos}", str(i), qos) for i in range(500)]
        for one in sent:
            one.wait_for_publish(20)
        equal([str(i) for i in range(500)], receiver.payloads(500), "what came")
        receiver.nothing()


@case(4, 5)
def a_client_hears_itself_as_everybody_else(run):
    client = run.client()
    client.subscribe(run.topic, 2)
    for qos in (0, 1, 2):
        client.publish(run.topic, str(qos), qos)
        equal(str(qos), client.next().payload.decode())


@case(4, 5)
def packets_may_follow_connect_at_once_and_come_in_single_bytes(run):
    one = run.bare()
    everything = (wire.connect(run.version, run.id()) + wire.subscribe(run.version, 1, (run.topic, 1))
                  + wire.publish(run.version, run.topic, "x", 1, 2) + wire.packet(wire.PINGREQ, 0, b""))
    for byte in everything:
        one.send(bytes([byte]))
    equal(0, one.expect(wire.CONNACK).reason)
    equal([1], one.expect(wire.SUBACK).codes)
    equal({PUBLISH, PUBACK, wire.PINGRESP}, {one.read().kind for _ in range(3)}, "what came after the SUBACK")


@case(4, 5)
def retained_messages_are_set_replaced_and_deleted(run):
    sender = run.client()
    for qos in (0, 1, 2):
        sender.publish(f"{run.topic}/{qos}", "old", qos, retain=True)
        sender.publish(f"{run.topic}/{qos}", f"retained {qos}", qos, retain=True)
    client = run.client()
    client.subscribe(f"{run.topic}/+", 2)
    got = sorted((m.topic, m.payload.decode(), m.qos, m.retain) for m in [client.next() for _ in range(3)])
    equal([(f"{run.topic}/{qos}", f"retained {qos}", qos, True) for qos in (0, 1, 2)], got)
    client.nothing()
    for qos in (0, 1, 2):
        sender.publish(f"{run.topic}/{qos}", "", qos, retain=True)
    equal(["", "", ""], client.payloads(3), "deletions that a subscriber hears")
    later = run.client()
    later.subscribe(f"{run.topic}/+", 2)
    later.nothing()


@case(4, 5)
def subscribing_again_brings_retained_messages_again(run):
    run.publish(run.topic, "kept", retain=True)
    client = run.client()
    client.subscribe(run.topic, 0)
    equal(0, client.next().qos, "the QoS with the first subscription")
    client.subscribe(run.topic, 1)
    message = client.next()
    equal((1, True), (message.qos, message.retain), "QoS and RETAIN with the second subscription")
    run.publish(run.topic, "new")
    equal([b"new"], [client.next().payload])
    client.nothing()


@case(4, 5)
def what_is_not_acknowledged_comes_again_with_dup_and_its_packet_id(run):
    identity = run.id()
    one = run.wire(identity, session=600)
    run.subscribe(one, (f"{run.topic}/1", 1), (f"{run.topic}/2", 2))
    for topic, qos in (("1", 1), ("2", 2), ("1", 1), ("2", 2)):
        run.publish(f"{run.topic}/{topic}", topic, qos=qos)
    first = [one.expect(PUBLISH) for _ in range(4)]
    equal([False] * 4, [m.dup for m in first], "DUP at first")
    equal(4, len({m.mid for m in first}), "the count of packet ids")
    one.close()
    again = run.wire(identity, session=600, present=True)
    second = [again.expect(PUBLISH) for _ in range(4)]
    equal([True] * 4, [m.dup for m in second], "DUP when it came again")
    equal([(m.mid, m.topic, m.qos) for m in first], [(m.mid, m.topic, m.qos) for m in second], "what came again")
    again.nothing()
    for message in second:
        again.send(wire.ack(PUBACK if message.qos == 1 else PUBREC, message.mid))
    for message in second:
        if message.qos == 2:
            equal(message.mid, again.expect(PUBREL).mid)
            again.send(wire.ack(PUBCOMP, message.mid))
    again.ping()
    again.close()
    run.wire(identity, session=600, present=True).nothing()


@case(4, 5)
def after_pubrec_only_pubrel_comes_again(run):
    identity = run.id()
    one = run.wire(identity, session=600)
    run.subscribe(one, (run.topic, 2))
    run.publish(run.topic, "x", "y", qos=2)
    x, y = one.expect(PUBLISH), one.expect(PUBLISH)
    one.send(wire.ack(PUBREC, x.mid))
    equal(x.mid, one.expect(PUBREL).mid)
    one.close()
    again = run.wire(identity, session=600, present=True)
    got = {message.kind: message for message in (again.read(), again.read())}
    equal({PUBREL, PUBLISH}, set(got), "what came again")
    equal((x.mid, y.mid, True), (got[PUBREL].mid, got[PUBLISH].mid, got[PUBLISH].dup))
    again.send(wire.ack(PUBCOMP, x.mid), wire.ack(PUBREC, y.mid))
    equal(y.mid, again.expect(PUBREL).mid)
    again.send(wire.ack(PUBCOMP, y.mid))
    again.ping()


@case(4, 5)
def a_qos_2_message_sent_twice_is_delivered_once(run):
    client = run.client()
    client.subscribe(run.topic, 2)
    identity = run.id()
    one = run.wire(identity, session=600)
    one.send(wire.publish(run.version, run.topic, "once", 2, 7))
    one.expect(PUBREC)
    one.send(wire.publish(run.version, run.topic, "once", 2, 7, dup=True))
    equal(7, one.expect(PUBREC).mid)
    one.close()
    again = run.wire(identity, session=600, present=True)
    again.send(wire.publish(run.version, run.topic, "once", 2, 7, dup=True))
    equal(7, again.expect(PUBREC).mid)
    again.send(wire.ack(PUBREL, 7))
    equal(7, again.expect(PUBCOMP).mid)
    again.send(wire.ack(PUBREL, 7))
    reason = again.expect(PUBCOMP).reason
    equal(0x92 if run.five and not run.mosquitto else 0, reason, "the reason to a PUBREL of an id that is free again")
    again.send(wire.publish(run.version, run.topic, "the id again", 2, 7))
    equal(7, again.expect(PUBREC).mid)
    again.send(wire.ack(PUBREL, 7))
    equal(7, again.expect(PUBCOMP).mid)
    equal(["once", "the id again"], client.payloads(2))
    client.nothing()


@case(4, 5)
def a_pubrel_that_was_lost_can_be_sent_after_a_reconnect(run):
    client = run.client()
    client.subscribe(run.topic, 2)
    identity = run.id()
    one = run.wire(identity, session=600)
    one.send(wire.publish(run.version, run.topic, "once", 2, 9))
    one.expect(PUBREC)
    one.close()
    again = run.wire(identity, session=600, present=True)
    again.send(wire.ack(PUBREL, 9))
    got = again.expect(PUBCOMP)
    equal((9, 0), (got.mid, got.reason))
    equal(["once"], client.payloads(1))
    client.nothing()


@case(4, 5)
def acknowledgements_of_one_connection_come_in_the_order_of_its_messages(run):
    one = run.wire()
    one.send(*[wire.publish(run.version, run.topic, str(mid), 1 + mid % 2, mid) for mid in range(1, 21)])
    got = [one.read() for _ in range(20)]
    equal([mid for mid in range(1, 21) if mid % 2 == 0], [m.mid for m in got if m.kind == PUBACK], "PUBACKs")
    equal([mid for mid in range(1, 21) if mid % 2 == 1], [m.mid for m in got if m.kind == PUBREC], "PUBRECs")
