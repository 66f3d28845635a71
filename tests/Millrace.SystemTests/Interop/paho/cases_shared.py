"""Shared subscriptions."""

import time

import wire
from cases import case, equal
from wire import PUBACK, PUBLISH


@case(4, 5)
def members_divide_the_messages(run):
    groups = {name: [run.client() for _ in range(count)] for name, count in (("two", 2), ("three", 3))}
    for name, members in groups.items():
        for member in members:
            member.subscribe(f"$share/{name}/{run.topic}/+", 1)
    plain = run.client()
    plain.subscribe(f"{run.topic}/+", 1)
    run.publish(f"{run.topic}/x", *[str(i) for i in range(120)])
    everything = [str(i) for i in range(120)]
    equal(everything, plain.payloads(120), "what came to a subscriber apart from them")
    for name, members in groups.items():
        until, parts = time.monotonic() + 10, [[] for _ in members]
        while sum(map(len, parts)) < 120 and time.monotonic() < until:
            for member, part in zip(members, parts):
                while not member.messages.empty():
                    part.append(member.next().payload.decode())
            time.sleep(0.02)
        equal(sorted(everything), sorted(sum(parts, [])), f"what came to all of {name}")
        for part in parts:
            assert len(part) >= 120 / len(members) / 4, f"the members have {[len(p) for p in parts]} messages"
            equal(sorted(part, key=int), part, "the order at one member")


@case(4, 5, mosquitto="it sends them")
def shared_subscriptions_bring_no_retained_messages(run):
    run.publish(run.topic, "kept", retain=True)
    one = run.wire()
    run.subscribe(one, f"$share/g/{run.topic}")
    equal([], one.held, "what came before the SUBACK")
    one.nothing()


@case(4, 5, mosquitto="it drops what the member had not acknowledged, as it may")
def a_member_that_leaves_takes_no_message_along(run):
    # What a member had when its session ended may go to another (section 4.8.2), and must not be lost here.
    leaver, stayer = run.wire(), run.client()
    run.subscribe(leaver, f"$share/g/{run.topic}")
    stayer.subscribe(f"$share/g/{run.topic}", 1)
    run.publish(run.topic, *[str(i) for i in range(20)])
    taken = leaver.expect(PUBLISH)
    leaver.send(wire.ack(PUBACK, taken.mid))
    leaver.close()
    run.publish(run.topic, *[str(i) for i in range(20, 40)])
    expected = {str(i) for i in range(40)} - {taken.payload}
    got, until = set(), time.monotonic() + 10
    while not expected <= got and time.monotonic() < until:
        if not stayer.messages.empty():
            got.add(stayer.next().payload.decode())
        else:
            time.sleep(0.02)
    equal(set(), expected - got, "what never came")


@case(4, 5)
def a_member_that_unsubscribes_is_passed_over(run):
    leaver, stayer = run.wire(), run.client()
    run.subscribe(leaver, f"$share/g/{run.topic}")
    stayer.subscribe(f"$share/g/{run.topic}", 1)
    leaver.send(wire.unsubscribe(run.version, 3, f"$share/g/{run.topic}"))
    leaver.expect(wire.UNSUBACK)
    run.publish(run.topic, *[str(i) for i in range(10)])
    equal([str(i) for i in range(10)], stayer.payloads(10))
    leaver.nothing(0.1)


@case(4, 5)
def the_last_members_session_keeps_messages_while_it_is_away(run):
    identity = run.id()
    one = run.wire(identity, session=600)
    run.subscribe(one, f"$share/g/{run.topic}")
    one.leave()
    run.publish(run.topic, "1", "2", "3")
    back = run.wire(identity, session=600, present=True)
    equal(["1", "2", "3"], [back.expect(PUBLISH).payload for _ in range(3)])


@case(5)
def members_have_their_own_qos_and_identifier(run):
    one = run.wire()
    run.subscribe(one, (f"$share/g/{run.topic}", 0), subscription_id=9)
    run.publish(run.topic, "x", qos=2)
    got = one.expect(PUBLISH)
    equal((0, [9]), (got.qos, got.properties.get("subscription_id")))
