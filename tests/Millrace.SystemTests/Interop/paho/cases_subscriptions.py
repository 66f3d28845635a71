"""Filters: what they match, how they are answered, how they overlap."""

import wire
from cases import case, equal
from wire import PUBACK, PUBLISH, PUBREC, SUBACK, UNSUBACK


@case(4, 5)
def wildcards_match_what_the_specification_says(run):
    topics = ["", "/a", "/a/b", "//b", "/a//", "/A", "/a/b/c"]
    filters = {"/#": topics, "": [""], "/+": ["/a", "/A"], "/+/+": ["/a/b", "//b"], "/+/b": ["/a/b", "//b"], "/a/#": ["/a", "/a/b", "/a//", "/a/b/c"],
               "/a/+/+": ["/a//", "/a/b/c"], "/+/#": [t for t in topics if t], "//#": ["//b"], "/a/b": ["/a/b"]}
    clients = {}
    for end in filters:
        clients[end] = run.wire()
        run.subscribe(clients[end], (run.topic + end, 0))
    for topic in topics:
        run.publish(run.topic + topic, "x")
    for end, expected in filters.items():
        # A publisher may be acknowledged before its message is delivered: as many as are due are waited for, then any that is not.
        got = [clients[end].expect(PUBLISH).topic[len(run.topic):] for _ in expected]
        clients[end].nothing(0.1)
        equal(expected, got, f"what {end or 'the plain filter'} matches")


@case(4, 5, mosquitto="one copy comes with the QoS of the last subscription")
def overlapping_subscriptions_bring_one_copy_or_one_each(run):
    one = run.wire()
    run.subscribe(one, (f"{run.topic}/#", 2), **({"subscription_id": 1} if run.five else {}))
    run.subscribe(one, (f"{run.topic}/+", 1), **({"subscription_id": 2} if run.five else {}))
    run.publish(f"{run.topic}/x", "x", qos=2)
    got = [one.expect(PUBLISH)]
    one.send(wire.ack(PUBREC if got[0].qos == 2 else PUBACK, got[0].mid))
    one.send(wire.packet(wire.PINGREQ, 0, b""))
    while (message := one.read()).kind != wire.PINGRESP:
        if message.kind == PUBLISH:
            got.append(message)
    ids = [sorted(m.properties.get("subscription_id", [])) for m in got]
    if len(got) == 1:
        equal(2, got[0].qos, "the QoS of the one copy")
        equal([1, 2] if run.five else [], ids[0], "its subscription identifiers")
    else:
        equal([1, 2], sorted(m.qos for m in got), "the QoS of the copies")
        equal([[1], [2]] if run.five else [[], []], sorted(ids), "their subscription identifiers")


@case(4, 5)
def a_subscribe_with_many_filters_is_answered_in_their_order(run):
    one = run.wire()
    equal([0, 1, 2, 1], run.subscribe(one, *[(f"{run.topic}/{i}", qos) for i, qos in enumerate((0, 1, 2, 1))]).codes)


@case(4, 5)
def a_new_subscribe_replaces_the_options(run):
    one = run.wire()
    run.subscribe(one, (run.topic, 2))
    run.subscribe(one, (run.topic, 0))
    run.publish(run.topic, "x", qos=2)
    equal(0, one.expect(PUBLISH).qos)
    one.nothing()


@case(4, 5, mosquitto="it takes $share/g for a topic")
def filters_that_are_not_valid_are_refused(run):
    for name in ("a/#/b", "a#", "a/b+", "+a/b", "#/", "", "$share/g", "$share//x", "$share/+/x", "$share/g#/x", "$share/g/"):
        # A server may close the connection over them or say so for the one filter (section 4.13).
        one = run.wire()
        one.send(wire.subscribe(run.version, 1, (f"{run.topic}/valid", 1), (name, 1)))
        got = one.read()
        if got is not None and got.kind == SUBACK:
            equal(1, got.codes[0], "the code of the valid filter")
            assert got.codes[1] in ((0x80, 0x8F, 0x9E) if run.five else (0x80,)), f"{got} accepts '{name}'"
            one.ping()
        elif run.five:
            assert got is not None and got.kind == wire.DISCONNECT and got.reason in (0x81, 0x82, 0x8F), f"{got} answers '{name}'"
        else:
            equal(None, got, f"the answer to '{name}'")


@case(4, 5)
def topics_that_begin_with_a_dollar_are_hidden_from_wildcards(run):
    hidden = f"${run.topic}"
    one, own = run.wire(), run.wire()
    run.subscribe(one, ("#", 1), (f"+/{run.name}/x", 1))
    run.subscribe(own, (f"{hidden}/#", 1))
    sender = run.wire()
    sender.send(wire.publish(run.version, f"{hidden}/x", "hidden", 1, 1))
    got = sender.read()
    accepted = got is not None and got.kind == PUBACK and got.reason in (0, 0x10)
    run.publish(f"{run.topic}/x", "end")
    while (message := one.expect(PUBLISH)).payload != "end" or message.topic != f"{run.topic}/x":
        one.send(wire.ack(PUBACK, message.mid))
        assert not message.topic.startswith("$"), f"{message} came"
    # A server may keep such topics to itself (section 4.7.2).
    if accepted and got.reason == 0:
        equal("hidden", own.expect(PUBLISH).payload)


@case(4, 5)
def unsubscribing_ends_delivery(run):
    one = run.wire()
    run.subscribe(one, f"{run.topic}/a", f"{run.topic}/b")
    one.send(wire.unsubscribe(run.version, 5, f"{run.topic}/a", f"{run.topic}/never"))
    got = one.expect(UNSUBACK)
    equal((5, [0, 0x11] if run.five else []), (got.mid, got.codes))
    run.publish(f"{run.topic}/a", "gone")
    run.publish(f"{run.topic}/b", "kept")
    equal("kept", one.expect(PUBLISH).payload)
    one.nothing()


@case(5)
def retain_handling_says_when_retained_messages_come(run):
    run.publish(run.topic, "kept", retain=True)
    for handling, first, second in ((0, 1, 1), (1, 1, 0), (2, 0, 0)):
        client = run.client()
        for expected in (first, second):
            client.subscribe(run.topic, retainHandling=handling)
            if expected:
                equal((b"kept", True), ((message := client.next()).payload, message.retain))
            client.nothing(0.3)


@case(5)
def retain_as_published_keeps_the_bit(run):
    plain, kept = run.client(), run.client()
    plain.subscribe(run.topic)
    kept.subscribe(run.topic, retainAsPublished=True)
    run.publish(run.topic, "retained", retain=True)
    run.publish(run.topic, "not retained")
    equal([False, False], [plain.next().retain, plain.next().retain])
    equal([True, False], [kept.next().retain, kept.next().retain])
    later = run.client()
    later.subscribe(run.topic)
    equal(True, later.next().retain, "RETAIN of a message that was kept")


@case(5)
def no_local_spares_a_client_its_own_messages(run):
    client, other = run.client(), run.client()
    client.subscribe(run.topic, noLocal=True)
    other.subscribe(run.topic)
    client.publish(run.topic, "mine")
    equal(b"mine", other.next().payload)
    other.publish(run.topic, "theirs")
    equal(b"theirs", client.next().payload)
    client.nothing()


@case(5, mosquitto="it accepts it")
def no_local_on_a_shared_subscription_is_a_protocol_error(run):
    one = run.wire()
    one.send(wire.subscribe(5, 1, (f"$share/g/{run.topic}", 1 | 4)))
    one.refused(0x82)


@case(5)
def subscription_identifiers_come_with_live_and_with_retained_messages(run):
    run.publish(f"{run.topic}/kept", "kept", retain=True)
    one = run.wire()
    run.subscribe(one, f"{run.topic}/#", subscription_id=7)
    kept = one.held[0] if one.held else one.expect(PUBLISH)
    equal(("kept", [7]), (kept.payload, kept.properties.get("subscription_id")))
    run.publish(f"{run.topic}/live", "live")
    equal([7], one.expect(PUBLISH).properties.get("subscription_id"))
    run.subscribe(one, (f"{run.topic}/#", 1 | 0x20), subscription_id=268435455)
    run.publish(f"{run.topic}/live", "live")
    equal([268435455], one.expect(PUBLISH).properties.get("subscription_id"), "the identifier after it was changed")
    run.subscribe(one, (f"{run.topic}/#", 1 | 0x20))
    run.publish(f"{run.topic}/live", "live")
    equal(None, one.expect(PUBLISH).properties.get("subscription_id"), "the identifier after it was left out")


@case(5, mosquitto="it calls it a malformed packet")
def subscription_identifier_0_is_a_protocol_error(run):
    one = run.wire()
    one.send(wire.subscribe(5, 1, (run.topic, 1), subscription_id=0))
    one.refused(0x82)


@case(5, mosquitto="it accepts it")
def a_subscription_identifier_sent_by_a_publisher_is_a_protocol_error(run):
    one = run.wire()
    one.send(wire.publish(5, run.topic, "x", 1, 1, subscription_id=1))
    one.refused(0x82, 0x81)
