"""MQTT packets by hand, for what a client library hides: packet ids, DUP, what is on the wire and what is not."""

import socket
import ssl
import struct
import time

CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP = range(1, 8)
SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT, AUTH = range(8, 16)
NAMES = "? CONNECT CONNACK PUBLISH PUBACK PUBREC PUBREL PUBCOMP SUBSCRIBE SUBACK UNSUBSCRIBE UNSUBACK PINGREQ PINGRESP DISCONNECT AUTH".split()

# Section 2.2.2.2 of MQTT 5: name, identifier, kind.
PROPERTIES = {
    "payload_format": (0x01, "u8"), "message_expiry": (0x02, "u32"), "content_type": (0x03, "text"), "response_topic": (0x08, "text"),
    "correlation_data": (0x09, "bytes"), "subscription_id": (0x0B, "varint"), "session_expiry": (0x11, "u32"), "assigned_id": (0x12, "text"),
    "server_keep_alive": (0x13, "u16"), "auth_method": (0x15, "text"), "auth_data": (0x16, "bytes"), "problem_information": (0x17, "u8"),
    "will_delay": (0x18, "u32"), "request_response_information": (0x19, "u8"), "response_information": (0x1A, "text"),
    "server_reference": (0x1C, "text"), "reason_string": (0x1F, "text"), "receive_maximum": (0x21, "u16"), "alias_maximum": (0x22, "u16"),
    "alias": (0x23, "u16"), "maximum_qos": (0x24, "u8"), "retain_available": (0x25, "u8"), "user": (0x26, "pair"),
    "maximum_packet_size": (0x27, "u32"), "wildcard_available": (0x28, "u8"), "subscription_ids_available": (0x29, "u8"),
    "shared_available": (0x2A, "u8"),
}
BY_ID = {number: (name, kind) for name, (number, kind) in PROPERTIES.items()}
WIDTH = {"u8": ">B", "u16": ">H", "u32": ">I"}


def varint(number):
    out = bytearray()
    while True:
        number, low = divmod(number, 128)
        out.append(low | (128 if number else 0))
        if not number:
            return bytes(out)


def text(value):
    value = value if isinstance(value, bytes) else value.encode()
    return struct.pack(">H", len(value)) + value


def properties(given):
    """From a dictionary; user properties are a list of pairs."""
    out = b""
    for name, value in given.items():
        number, kind = PROPERTIES[name]
        for one in value if kind == "pair" else [value]:
            out += bytes([number])
            if kind in WIDTH:
                out += struct.pack(WIDTH[kind], one)
            elif kind == "varint":
                out += varint(one)
            elif kind == "pair":
                out += text(one[0]) + text(one[1])
            else:
                out += text(one)
    return varint(len(out)) + out


def packet(kind, flags, body):
    return bytes([kind << 4 | flags]) + varint(len(body)) + body


def connect(version, client_id, clean=True, keep_alive=60, will=None, user=None, password=None, **props):
    """will: topic, payload, qos, retain, and a dictionary of properties."""
    flags = 2 if clean else 0
    body = text(client_id)
    if will:
        topic, payload, qos, retain, will_properties = will
        flags |= 4 | qos << 3 | (32 if retain else 0)
        body += (properties(will_properties) if version == 5 else b"") + text(topic) + text(payload)
    if user is not None:
        flags |= 128
        body += text(user)
    if password is not None:
        flags |= 64
        body += text(password)
    head = text("MQTT") + bytes([version, flags]) + struct.pack(">H", keep_alive) + (properties(props) if version == 5 else b"")
    return packet(CONNECT, 0, head + body)


def publish(version, topic, payload, qos=0, mid=None, retain=False, dup=False, **props):
    payload = payload if isinstance(payload, bytes) else payload.encode()
    head = text(topic) + (struct.pack(">H", mid) if qos else b"") + (properties(props) if version == 5 else b"")
    return packet(PUBLISH, (8 if dup else 0) | qos << 1 | (1 if retain else 0), head + payload)


def subscribe(version, mid, *filters, **props):
    """filters: pairs of filter and options."""
    head = struct.pack(">H", mid) + (properties(props) if version == 5 else b"")
    return packet(SUBSCRIBE, 2, head + b"".join(text(name) + bytes([options]) for name, options in filters))


def unsubscribe(version, mid, *filters):
    head = struct.pack(">H", mid) + (properties({}) if version == 5 else b"")
    return packet(UNSUBSCRIBE, 2, head + b"".join(text(name) for name in filters))


def ack(kind, mid, reason=None):
    return packet(kind, 2 if kind == PUBREL else 0, struct.pack(">H", mid) + (bytes([reason]) if reason is not None else b""))


def disconnect(reason=None, **props):
    return packet(DISCONNECT, 0, b"" if reason is None else bytes([reason]) + properties(props))


class Body:
    """Reads the parts of a packet off its front."""

    def __init__(self, data):
        self.data = data

    def take(self, length):
        assert length <= len(self.data), "the packet is shorter than it says"
        part, self.data = self.data[:length], self.data[length:]
        return part

    def number(self, kind):
        return struct.unpack(WIDTH[kind], self.take(struct.calcsize(WIDTH[kind])))[0]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def bytes(self):
        return self.take(self.number("u16"))

    def properties(self):
        """A dictionary; user properties and subscription identifiers are lists."""
        if not self.data:
            return {}
        rest, found = Body(self.take(self.varint())), {}
        while rest.data:
            name, kind = BY_ID[rest.varint()]
            if kind in WIDTH:
                found[name] = rest.number(kind)
            elif kind == "varint":
                found.setdefault(name, []).append(rest.varint())
            elif kind == "pair":
                found.setdefault(name, []).append((rest.bytes().decode(), rest.bytes().decode()))
            else:
                found[name] = rest.bytes() if kind == "bytes" else rest.bytes().decode()
        return found


class Packet:
    """A packet that came from the server."""

    def __init__(self, version, first, data):
        self.kind, self.flags = first >> 4, first & 15
        self.size = 1 + len(varint(len(data))) + len(data)
        body, five = Body(data), version == 5
        self.properties, self.mid, self.reason = {}, None, 0
        if self.kind == CONNACK:
            self.present, self.reason = body.take(1)[0] == 1, body.take(1)[0]
        elif self.kind == PUBLISH:
            self.qos, self.retain, self.dup = self.flags >> 1 & 3, bool(self.flags & 1), bool(self.flags & 8)
            self.topic = body.bytes().decode()
            self.mid = body.number("u16") if self.qos else None
        elif self.kind == DISCONNECT:
            self.reason = body.take(1)[0] if body.data else 0
        elif self.kind not in (PINGRESP, AUTH):
            self.mid = body.number("u16")
            if self.kind in (PUBACK, PUBREC, PUBREL, PUBCOMP) and body.data:
                self.reason = body.take(1)[0]
        if five and self.kind not in (PINGRESP, AUTH):
            self.properties = body.properties()
        self.payload = body.data.decode(errors="replace") if self.kind == PUBLISH else None
        self.codes = list(body.data) if self.kind in (SUBACK, UNSUBACK) else None

    def __repr__(self):
        parts = [f"{name}={value!r}" for name, value in self.__dict__.items() if name not in ("kind", "flags", "size") and value is not None]
        return f"{NAMES[self.kind]}({', '.join(parts)})"


class Wire:
    """One connection."""

    def __init__(self, port, version, tls=None):
        self.version = version
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            authority, certificate, key = tls
            context = ssl.create_default_context(cafile=authority)
            context.load_cert_chain(certificate, key)
            self.socket = context.wrap_socket(self.socket, server_hostname="127.0.0.1")
        self.buffer = b""

    def send(self, *packets):
        self.socket.sendall(b"".join(packets))

    def read(self, seconds=10):
        """The next packet; None when the connection has ended; an assertion fails when nothing comes."""
        until = time.monotonic() + seconds
        while True:
            found = self._cut()
            if found:
                return found
            left = until - time.monotonic()
            assert left > 0, f"nothing came for {seconds} s"
            self.socket.settimeout(left)
            try:
                more = self.socket.recv(65536)
            except TimeoutError:
                continue
            except ConnectionError:
                return None
            if not more:
                return None
            self.buffer += more

    def expect(self, kind, seconds=10):
        got = self.read(seconds)
        assert got is not None, f"the server closed the connection where a {NAMES[kind]} was due"
        assert got.kind == kind, f"{got} came where a {NAMES[kind]} was due"
        return got

    def nothing(self, seconds=0.4):
        """Nothing comes for this long, and the connection is alive."""
        try:
            got = self.read(seconds)
        except AssertionError:
            return
        assert got is not None, "the server closed the connection where nothing was due"
        raise AssertionError(f"{got} came where nothing was due")

    def refused(self, *reasons, seconds=10):
        """The server closes the connection; in MQTT 5 it says one of these reasons first."""
        got = self.read(seconds)
        if self.version == 5:
            assert got is not None, f"the server closed the connection without the reason {reasons[0]:#x}"
            assert got.kind == DISCONNECT, f"{got} came where a DISCONNECT was due"
            assert got.reason in reasons, f"{got} came where the reason {' or '.join(f'{r:#x}' for r in reasons)} was due"
            got = self.read(seconds)
        assert got is None, f"{got} came where the end of the connection was due"

    def ping(self):
        self.send(packet(PINGREQ, 0, b""))
        self.expect(PINGRESP)

    def close(self):
        """Without a goodbye."""
        self.socket.close()

    def leave(self):
        """With one."""
        self.send(disconnect())
        self.socket.close()

    def _cut(self):
        length = shift = 0
        for at in range(1, min(5, len(self.buffer))):
            length |= (self.buffer[at] & 127) << shift
            shift += 7
            if self.buffer[at] < 128:
                end = at + 1 + length
                if len(self.buffer) < end:
                    return None
                first, data, self.buffer = self.buffer[0], self.buffer[at + 1:end], self.buffer[end:]
                return Packet(self.version, first, data)
        return None
