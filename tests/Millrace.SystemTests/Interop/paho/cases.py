"""What a case is, and what it is given: connections by hand and paho clients, all closed when it ends."""

import itertools
import queue

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

import wire

ALL = {}


def case(*versions, mosquitto=None):
    """Registers a function as one case for each version: 4 is MQTT 3.1.1. mosquitto: how it deviates from the specification."""
    def register(function):
        function.deviation = mosquitto
        for version in versions:
            ALL[f"{function.__name__}_{'v5' if version == 5 else 'v311'}"] = (function, version)
        return function
    return register


class Run:
    """One case while it runs. Its topics and client ids are its own."""

    def __init__(self, name, version, port, tls, mosquitto):
        self.version, self.port, self.tls, self.mosquitto = version, port, tls, mosquitto
        self.five = version == 5
        self.topic = f"paho/{name}"
        self.name = name
        self._ids = itertools.count(1)
        self._open = []

    def id(self):
        return f"{self.name}-{next(self._ids)}"

    def wire(self, client_id=None, clean=True, session=None, present=False, **options):
        """A connection whose CONNECT was accepted. session: seconds that it outlives the connection; None for not at all."""
        one = self.bare()
        if session is not None:
            clean = False
            if self.five:
                options["session_expiry"] = session
        one.id = client_id if client_id is not None else self.id()
        one.send(wire.connect(self.version, one.id, clean=clean, **options))
        one.connack = one.expect(wire.CONNACK)
        assert one.connack.reason == 0, f"the server answered CONNECT with {one.connack}"
        assert one.connack.present == present, f"session present is {one.connack.present}, not {present}"
        return one

    def bare(self, version=None):
        """A connection that has sent nothing yet."""
        one = wire.Wire(self.port, version or self.version, self.tls)
        self._open.append(one)
        return one

    def client(self, client_id=None, **options):
        one = Client(self, client_id or self.id(), **options)
        self._open.append(one)
        return one

    def publish(self, topic, *payloads, qos=1, retain=False, **props):
        """All of them acknowledged when it returns."""
        one = self.wire()
        for mid, payload in enumerate(payloads, 1):
            one.send(wire.publish(self.version, topic, payload, qos, mid, retain, **props))
            if qos == 1:
                one.expect(wire.PUBACK)
            if qos == 2:
                one.expect(wire.PUBREC)
                one.send(wire.ack(wire.PUBREL, mid))
                one.expect(wire.PUBCOMP)
        if qos == 0:
            one.ping()
        one.leave()

    def subscribe(self, one, *filters, **props):
        """filters: filter, or pair of filter and options; options are QoS 1 where they are not said."""
        pairs = [name if isinstance(name, tuple) else (name, 1) for name in filters]
        one.send(wire.subscribe(self.version, 1000, *pairs, **props))
        held = []
        while True:
            got = one.read()
            assert got is not None, "the server closed the connection where a SUBACK was due"
            if got.kind == wire.SUBACK:
                one.held = held
                return got
            # Retained messages may come before the SUBACK.
            assert got.kind == wire.PUBLISH, f"{got} came where a SUBACK was due"
            held.append(got)

    def end(self):
        for one in self._open:
            one.close()


class Client:
    """A paho client that runs in its own thread and keeps what it hears."""

    def __init__(self, run, client_id, clean=True, session=None, connect=True, **props):
        self.run, self.id, self.messages, self._events = run, client_id, queue.Queue(), queue.Queue()
        options = {} if run.five else {"clean_session": clean and session is None}
        self.mqtt = mqtt.Client(client_id, protocol=mqtt.MQTTv5 if run.five else mqtt.MQTTv311, **options)
        self.mqtt.on_message = lambda _client, _userdata, message: self.messages.put(message)
        self.mqtt.on_connect = lambda *arguments: self._events.put(("connected", arguments))
        self.mqtt.on_disconnect = lambda *arguments: self._events.put(("disconnected", arguments))
        self.mqtt.on_subscribe = lambda *arguments: self._events.put(("subscribed", arguments))
        self.mqtt.on_unsubscribe = lambda *arguments: self._events.put(("unsubscribed", arguments))
        if run.tls:
            self.mqtt.tls_set(*run.tls)
        self._clean, self._session, self._props = clean, session, props
        if connect:
            self.connect()

    def connect(self):
        options = {}
        if self.run.five:
            options["clean_start"] = self._clean and self._session is None
            options["properties"] = made(PacketTypes.CONNECT, **self._props)
            if self._session is not None:
                options["properties"].SessionExpiryInterval = self._session
        self.mqtt.connect("127.0.0.1", self.run.port, **options)
        self.mqtt.loop_start()
        self.connected = self.event("connected")
        return self

    def event(self, kind, seconds=10):
        """The next event, which must be of this kind."""
        try:
            got, arguments = self._events.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"paho was not {kind} within {seconds} s") from None
        assert got == kind, f"paho was {got} {arguments[2:]} where it should be {kind}"
        return arguments

    def subscribe(self, topic, qos=1, identifier=None, **options):
        if self.run.five:
            properties = made(PacketTypes.SUBSCRIBE, SubscriptionIdentifier=identifier) if identifier else None
            self.mqtt.subscribe(topic, options=SubscribeOptions(qos=qos, **options), properties=properties)
        else:
            self.mqtt.subscribe(topic, qos)
        codes = self.event("subscribed")[3]
        return [code.value if self.run.five else code for code in codes]

    def publish(self, topic, payload, qos=1, retain=False, **props):
        sent = self.mqtt.publish(topic, payload, qos, retain, properties=made(PacketTypes.PUBLISH, **props) if self.run.five else None)
        sent.wait_for_publish(10)
        assert sent.is_published(), f"the message to {topic} was not acknowledged within 10 s"

    def next(self, seconds=10):
        try:
            return self.messages.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"no message came within {seconds} s") from None

    def payloads(self, count):
        return [self.next().payload.decode() for _ in range(count)]

    def nothing(self, seconds=0.4):
        try:
            message = self.messages.get(timeout=seconds)
        except queue.Empty:
            return
        raise AssertionError(f"{message.topic} {message.payload} came where nothing was due")

    def break_off(self):
        """The connection ends without a goodbye and paho does not come back by itself."""
        self.mqtt.loop_stop()
        self.mqtt._sock_close()

    def leave(self):
        self.mqtt.disconnect()
        self.event("disconnected")
        self.mqtt.loop_stop()

    def close(self):
        self.mqtt.loop_stop()
        self.mqtt._sock_close()


def made(kind, **values):
    properties = Properties(kind)
    for name, value in values.items():
        setattr(properties, name, value)
    return properties


def equal(expected, actual, what="it"):
    assert expected == actual, f"{what} is {actual!r}, not {expected!r}"
