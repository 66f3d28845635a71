"""Wills."""

import time

import wire
from cases import case, equal


def heir(run):
    client = run.client()
    client.subscribe(f"{run.topic}/#", 2)
    return client


def will(run, name="will", qos=1, retain=False, **props):
    return (f"{run.topic}/{name}", "gone", qos, retain, props)


@case(4, 5)
def a_connection_that_breaks_has_its_will_published(run):
    client = heir(run)
    for qos in (0, 1, 2):
        run.wire(will=will(run, str(qos), qos)).close()
        message = client.next()
        equal((f"{run.topic}/{qos}", b"gone", qos, False), (message.topic, message.payload, message.qos, message.retain))


@case(4, 5)
def a_will_can_be_retained(run):
    client = heir(run)
    run.wire(will=will(run, retain=True)).close()
    equal(False, client.next().retain)
    equal(True, heir(run).next().retain, "RETAIN for who comes later")


@case(4, 5)
def a_goodbye_removes_the_will(run):
    client = heir(run)
    run.wire(will=will(run)).leave()
    client.nothing(0.7)


@case(4, 5)
def a_will_may_be_empty_and_binary(run):
    client = heir(run)
    topic = f"{run.topic}/x"
    run.wire(will=(topic, b"", 1, False, {})).close()
    equal(b"", client.next().payload)
    run.wire(will=(topic, bytes(range(256)), 1, False, {})).close()
    equal(bytes(range(256)), client.next().payload)


@case(4, 5)
def a_keep_alive_that_passes_has_the_will_published(run):
    client = heir(run)
    run.wire(will=will(run), keep_alive=1)
    equal(b"gone", client.next().payload)


@case(4, 5, mosquitto="it closes without the reason, and drops the will")
def a_protocol_error_has_the_will_published(run):
    client = heir(run)
    one = run.wire(will=will(run))
    one.send(wire.connect(run.version, one.id))
    one.refused(0x82)
    equal(b"gone", client.next().payload)


@case(4, 5)
def a_takeover_has_the_will_published(run):
    client, identity = heir(run), run.id()
    run.wire(identity, will=will(run))
    run.wire(identity)
    equal(b"gone", client.next().payload)


@case(5)
def disconnect_with_will_has_it_published(run):
    client = heir(run)
    one = run.wire(will=will(run, payload_format=1, content_type="text/plain", response_topic="r", correlation_data=b"c", user=[("a", "1"), ("a", "2")]))
    one.send(wire.disconnect(4))
    properties = client.next().properties
    equal((1, "text/plain", "r", b"c", [("a", "1"), ("a", "2")]),
          (properties.PayloadFormatIndicator, properties.ContentType, properties.ResponseTopic, properties.CorrelationData, properties.UserProperty))


@case(5, mosquitto="it drops the will")
def a_delayed_will_is_published_at_once_when_the_session_ends(run):
    client, identity = heir(run), run.id()
    run.wire(identity, session=600, will=will(run, will_delay=600)).close()
    client.nothing(0.5)
    run.wire(identity)
    equal(b"gone", client.next().payload)


@case(5)
def a_delayed_will_waits_and_a_new_connection_stops_it(run):
    client, waits, stopped = heir(run), run.id(), run.id()
    started = time.monotonic()
    run.wire(waits, session=600, will=will(run, "waits", will_delay=2)).close()
    run.wire(stopped, session=600, will=will(run, "stopped", will_delay=2)).close()
    run.wire(stopped, session=600, present=True)
    message = client.next()
    equal(f"{run.topic}/waits", message.topic)
    assert 1.5 < time.monotonic() - started < 5, f"it waited {time.monotonic() - started:.1f} s"
    client.nothing(1.5)


@case(5)
def a_will_can_expire(run):
    client = heir(run)
    run.wire(will=will(run, message_expiry=60)).close()
    assert 55 <= client.next().properties.MessageExpiryInterval <= 60
