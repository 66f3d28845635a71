"""What MQTT 5 added to messages and answers."""

import time

import wire
from cases import case, equal
from wire import CONNACK, PUBACK, PUBLISH, SUBACK, UNSUBACK


@case(5)
def properties_of_a_message_pass_through_in_their_order(run):
    client, sender = run.client(), run.client()
    client.subscribe(run.topic, 2)
    user = [("b", "1"), ("a", "2"), ("b", "1"), ("", ""), ("ä", "ö")]
    for qos in (0, 1, 2):
        sender.publish(run.topic, "x", qos, PayloadFormatIndicator=1, ContentType="text/plain", ResponseTopic="answers/here",
                       CorrelationData=bytes(range(256)), UserProperty=user, MessageExpiryInterval=600)
        got = client.next().properties
        equal((1, "text/plain", "answers/here", bytes(range(256)), user),
              (got.PayloadFormatIndicator, got.ContentType, got.ResponseTopic, got.CorrelationData, got.UserProperty), f"what passed with QoS {qos}")
        assert 595 <= got.MessageExpiryInterval <= 600


@case(5)
def properties_wait_with_their_message(run):
    identity = run.id()
    one = run.wire(identity, session=600)
    run.subscribe(one, (run.topic, 2))
    one.leave()
    given = {"payload_format": 1, "content_type": "t", "response_topic": "r", "correlation_data": b"\0c", "user": [("a", "2"), ("a", "1")]}
    run.publish(run.topic, "x", qos=2, **given)
    equal(given, run.wire(identity, session=600, present=True).expect(PUBLISH).properties)


@case(5, mosquitto="it accepts it")
def a_response_topic_with_a_wildcard_is_a_protocol_error(run):
    one = run.wire()
    one.send(wire.publish(5, run.topic, "x", 1, 1, response_topic="a/+"))
    one.refused(0x82, 0x90)


@case(5)
def a_message_expires_while_it_waits(run):
    identity = run.id()
    one = run.wire(identity, session=600)
    run.subscribe(one, run.topic)
    one.leave()
    run.publish(run.topic, "stale", message_expiry=1)
    run.publish(run.topic, "fresh", message_expiry=100)
    run.publish(run.topic, "ageless")
    time.sleep(2.2)
    back = run.wire(identity, session=600, present=True)
    fresh, ageless = back.expect(PUBLISH), back.expect(PUBLISH)
    equal(("fresh", "ageless"), (fresh.payload, ageless.payload))
    assert 90 <= fresh.properties["message_expiry"] <= 98, f"{fresh} has not lost what it waited"
    assert "message_expiry" not in ageless.properties


@case(5)
def answers_say_no_more_than_was_asked_for(run):
    one = run.wire(problem_information=0)
    one.send(wire.subscribe(5, 1, (run.topic, 1), ("a/#/b", 1)))
    answers = [one.read()]
    if answers[0].kind == wire.DISCONNECT:
        return  # A reason may stand in a DISCONNECT.
    one.send(wire.unsubscribe(5, 2, "never"), wire.publish(5, f"{run.topic}/nobody", "x", 1, 3), wire.ack(wire.PUBREL, 4))
    answers += [one.read() for _ in range(3)]
    for answer in answers:
        assert not {"reason_string", "user"} & set(answer.properties), f"{answer} says more"


@case(5)
def response_information_is_given_only_to_who_asks(run):
    assert "response_information" not in run.wire().connack.properties
    assert "response_information" not in run.wire(request_response_information=0).connack.properties
    run.wire(request_response_information=1).ping()


@case(5)
def connack_says_nothing_that_is_not_so(run):
    said = run.wire().connack.properties
    for name in ("retain_available", "wildcard_available", "subscription_ids_available", "shared_available"):
        equal(1, said.get(name, 1), name)
    assert "maximum_qos" not in said, f"the server says {said}"
    assert said.get("receive_maximum", 65535) > 0
    assert said.get("alias_maximum", 0) > 0, "the server takes no topic alias"


@case(5)
def enhanced_authentication_is_refused(run):
    one = run.bare()
    one.send(wire.connect(5, run.id(), auth_method="SCRAM-SHA-1", auth_data=b"n,,n=user"))
    equal(0x8C, one.expect(CONNACK).reason, "the reason")
    equal(None, one.read())


@case(5, mosquitto="it closes without the reason")
def auth_that_nobody_asked_for_is_a_protocol_error(run):
    one = run.wire()
    one.send(wire.packet(wire.AUTH, 0, bytes([0x19]) + wire.properties({"auth_method": "x"})))
    one.refused(0x82, 0x8C)


@case(5)
def aliases_stand_for_topics(run):
    client = run.client()
    client.subscribe(f"{run.topic}/#", 1)
    one = run.wire()
    highest = one.connack.properties["alias_maximum"]
    for topic, alias, payload in (("a", 1, "1"), ("b", highest, "2"), ("", 1, "3"), ("", highest, "4"), ("c", 1, "5"), ("", 1, "6")):
        one.send(wire.publish(5, f"{run.topic}/{topic}" if topic else "", payload, 1, int(payload), alias=alias))
        equal(int(payload), one.expect(PUBACK).mid)
    got = [client.next() for _ in range(6)]
    equal([f"{run.topic}/{end}" for end in "abab" + "cc"], [m.topic for m in got])
    assert all(not hasattr(m.properties, "TopicAlias") for m in got), "the publisher's alias came through"


@case(5)
def aliases_end_with_their_connection(run):
    identity = run.id()
    one = run.wire(identity, session=600)
    one.send(wire.publish(5, run.topic, "x", 1, 1, alias=1))
    one.expect(PUBACK)
    one.close()
    again = run.wire(identity, session=600, present=True)
    again.send(wire.publish(5, "", "x", 1, 1, alias=1))
    again.refused(0x82)


@case(5, mosquitto="it calls it a malformed packet")
def an_alias_is_not_0_and_not_above_the_maximum(run):
    for alias in (0, None):
        one = run.wire()
        alias = one.connack.properties["alias_maximum"] + 1 if alias is None else alias
        one.send(wire.publish(5, run.topic, "x", 1, 1, alias=alias))
        one.refused(0x94)


@case(5)
def the_server_uses_aliases_only_as_far_as_it_may(run):
    for maximum in (0, 2):
        one = run.wire(**({"alias_maximum": maximum} if maximum else {}))
        run.subscribe(one, f"{run.topic}/#")
        for topic in ("a", "b", "c", "d"):
            run.publish(f"{run.topic}/{topic}", *[topic] * 10)
        known, saved = {}, 0
        for _ in range(40):
            message = one.expect(PUBLISH)
            one.send(wire.ack(PUBACK, message.mid))
            alias = message.properties.get("alias")
            assert alias is None or 1 <= alias <= maximum, f"{message} has an alias above {maximum}"
            if message.topic and alias:
                known[alias] = message.topic
            saved += not message.topic
            equal(f"{run.topic}/{message.payload}", message.topic or known.get(alias), "the topic that is meant")
        if maximum and not run.mosquitto:
            assert saved >= 30, f"the server has left out the topic {saved} times of 40"


@case(5)
def acknowledgements_have_reasons(run):
    one = run.wire()
    one.send(wire.publish(5, f"{run.topic}/nobody", "x", 1, 1))
    assert one.expect(PUBACK).reason in (0, 0x10)
    one.send(wire.publish(5, f"{run.topic}/nobody", "x", 2, 2))
    assert one.expect(wire.PUBREC).reason in (0, 0x10)
    one.send(wire.ack(wire.PUBREL, 2, 0))
    equal(0, one.expect(wire.PUBCOMP).reason)
    one.send(wire.subscribe(5, 3, (run.topic, 0), (f"{run.topic}/2", 2)))
    equal([0, 2], one.expect(SUBACK).codes)
    one.send(wire.unsubscribe(5, 4, run.topic, f"{run.topic}/3"))
    equal([0, 0x11], one.expect(UNSUBACK).codes)


@case(5)
def a_refused_message_is_not_sent_again(run):
    identity = run.id()
    one = run.wire(identity, session=600)
    run.subscribe(one, (run.topic, 2))
    run.publish(run.topic, "1", qos=1)
    run.publish(run.topic, "2", qos=2)
    for _ in range(2):
        message = one.expect(PUBLISH)
        one.send(wire.ack(PUBACK if message.qos == 1 else wire.PUBREC, message.mid, 0x80))
    one.ping()
    one.close()
    run.wire(identity, session=600, present=True).nothing()
