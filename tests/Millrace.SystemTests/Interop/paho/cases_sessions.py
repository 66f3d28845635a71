"""Who is connected, and what outlives a connection."""

import time

import wire
from cases import case, equal
from wire import CONNACK, PUBACK, PUBLISH


@case(4, 5)
def messages_wait_for_a_client_that_is_away(run):
    identity = run.id()
    first = run.client(identity, session=600)
    first.subscribe(f"{run.topic}/1", 1)
    first.subscribe(f"{run.topic}/2", 2)
    first.leave()
    sender = run.client()
    for i in range(50):
        sender.publish(f"{run.topic}/{1 + i % 2}", str(i), 2)
    back = run.client(identity, session=600)
    equal(1, back.connected[2]["session present"], "session present")
    got = [back.next() for _ in range(50)]
    for qos in (1, 2):
        equal([str(i) for i in range(50) if 1 + i % 2 == qos],
              [m.payload.decode() for m in got if m.topic.endswith(f"/{qos}")], f"what waited with QoS {qos}")
        equal({qos}, {m.qos for m in got if m.topic.endswith(f"/{qos}")}, "the QoS")
    back.nothing()


@case(4, 5)
def messages_wait_also_after_a_connection_that_broke(run):
    identity = run.id()
    first = run.client(identity, session=600)
    first.subscribe(run.topic, 1)
    first.break_off()
    run.publish(run.topic, "1", "2")
    equal(["1", "2"], run.client(identity, session=600).payloads(2))


@case(4, 5)
def more_waits_than_fits_into_any_window(run):
    identity = run.id()
    one = run.wire(identity, session=600)
    run.subscribe(one, run.topic)
    one.leave()
    sender = run.client()
    count = 100 if run.mosquitto else 5000  # mosquitto queues at most 1000
    sent = [sender.mqtt.publish(run.topic, f"{i} {'x' * 200}", 1) for i in range(count)]
    for message in sent:
        message.wait_for_publish(30)
    options = {"receive_maximum": 10} if run.five else {}
    back = run.wire(identity, session=600, present=True, **options)
    for i in range(count):
        message = back.expect(PUBLISH)
        equal(str(i), message.payload.split()[0], "the next message")
        back.send(wire.ack(PUBACK, message.mid))
    back.ping()
    back.nothing(0.2)


@case(4, 5)
def a_clean_start_deletes_the_session(run):
    identity = run.id()
    one = run.wire(identity, session=600)
    run.subscribe(one, run.topic)
    one.leave()
    run.publish(run.topic, "lost")
    clean = run.wire(identity)
    clean.nothing()
    run.publish(run.topic, "lost")
    clean.nothing()
    clean.leave()
    run.wire(identity, session=600, present=False).nothing()


@case(4, 5)
def subscriptions_survive_and_need_no_repeating(run):
    identity = run.id()
    one = run.wire(identity, session=600)
    run.subscribe(one, (f"{run.topic}/a", 0), (f"{run.topic}/b", 2))
    one.close()
    again = run.wire(identity, session=600, present=True)
    run.publish(f"{run.topic}/a", "1", qos=2)
    run.publish(f"{run.topic}/b", "2", qos=2)
    got = [again.expect(PUBLISH), again.expect(PUBLISH)]
    equal([("1", 0), ("2", 2)], sorted((m.payload, m.qos) for m in got))


@case(4)
def an_empty_client_id_needs_a_clean_session(run):
    run.wire("")
    one = run.bare()
    one.send(wire.connect(4, "", clean=False))
    equal(2, one.expect(CONNACK).reason, "the return code")
    equal(None, one.read(), "what follows the CONNACK")


@case(5)
def an_empty_client_id_is_assigned_one(run):
    one, another = run.wire("", session_expiry=600), run.wire("")
    identity = one.connack.properties["assigned_id"]
    assert identity and identity != another.connack.properties["assigned_id"], "the ids are empty or the same"
    run.subscribe(one, run.topic)
    one.close()
    run.publish(run.topic, "x")
    equal("x", run.wire(identity, session=600, present=True).expect(PUBLISH).payload)
    assert "assigned_id" not in run.wire().connack.properties, "a client with an id of its own is assigned one"


@case(4, 5, mosquitto="it closes without the reason")
def a_second_connection_with_the_client_id_ends_the_first(run):
    identity = run.id()
    first = run.wire(identity, session=600)
    run.subscribe(first, run.topic)
    second = run.wire(identity, session=600, present=True)
    first.refused(0x8E)
    run.publish(run.topic, "for the second")
    equal("for the second", second.expect(PUBLISH).payload)


@case(4, 5, mosquitto="it closes without the reason")
def takeovers_in_a_row_leave_the_last(run):
    identity = run.id()
    connections = [run.wire(identity) for _ in range(10)]
    for one in connections[:-1]:
        one.refused(0x8E)
    connections[-1].ping()


@case(4, 5, mosquitto="it looks only every few seconds")
def a_silent_client_is_closed_after_one_and_a_half_keep_alives(run):
    one = run.wire(keep_alive=1)
    started = time.monotonic()
    one.refused(0x8D, seconds=6)
    took = time.monotonic() - started
    assert 1.0 <= took <= 4.5, f"closed after {took:.1f} s"


@case(4, 5)
def a_client_that_pings_stays(run):
    one = run.wire(keep_alive=1)
    for _ in range(8):
        time.sleep(0.5)
        one.ping()


@case(4, 5)
def keep_alive_0_never_ends_a_connection(run):
    # What the server asks for instead in MQTT 5 is its own to choose; 3.1.1 clients cannot be told.
    one = run.wire(keep_alive=0)
    time.sleep(3)
    one.ping()


@case(5)
def a_long_keep_alive_is_shortened_and_said(run):
    one = run.wire(keep_alive=65535)
    if not run.mosquitto:
        assert 0 < one.connack.properties.get("server_keep_alive", 0) < 65535, f"{one.connack} has no shorter keep-alive"
    assert "server_keep_alive" not in run.wire(keep_alive=30).connack.properties, "a keep-alive of 30 s is changed"


@case(5)
def session_expiry_0_ends_the_session_with_the_connection(run):
    identity = run.id()
    one = run.wire(identity, clean=False, session_expiry=0)
    run.subscribe(one, run.topic)
    one.close()
    run.wire(identity, clean=False, present=False)


@case(5)
def a_session_ends_when_its_time_has_passed(run):
    identity = run.id()
    run.wire(identity, session=1).leave()
    time.sleep(2.5)
    run.wire(identity, session=1, present=False)


@case(5)
def disconnect_changes_the_session_expiry(run):
    longer, ended = run.id(), run.id()
    one, other = run.wire(longer, session=1), run.wire(ended, session=600)
    one.send(wire.disconnect(0, session_expiry=600))
    other.send(wire.disconnect(0, session_expiry=0))
    equal((None, None), (one.read(), other.read()))
    time.sleep(2.5)
    run.wire(longer, session=600, present=True)
    run.wire(ended, session=600, present=False)


@case(5)
def disconnect_cannot_bring_a_session_to_life(run):
    identity = run.id()
    one = run.wire(identity)
    one.send(wire.disconnect(0, session_expiry=600))
    one.refused(0x82)
    run.wire(identity, clean=False, present=False)
