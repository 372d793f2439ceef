"""A peer that breaks the protocol in one way, at random: peer.py SEED MODE SERVER FOUND.

SERVER is the socket of a one-shot server; for the modes of names.py the directory of names, a slash
and the name.

It writes each of its actions to the file FOUND, a line each, and runs until it is killed or ends.
The storm checks the parent's reaction. The exit code is 1 if the peer itself is wrong.

This file is longer than others because it has one function for each way to break the protocol.
"""

import os
import random
import struct
import sys
import threading
import time

import files
import loads
import names
import places
import wire
from wire import Full

LONGEST_LIFE = 40  # seconds


class Peer:
    """The common part of all modes: random numbers, the server's name, and the file of actions."""

    def __init__(self, seed, mode, server, found):
        self.mode = mode
        self.random = random.Random(f"{seed} {mode}")
        self.server = server
        self.found = os.open(found, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.closers = []

    def count(self, what, times=1):
        """Records an action."""
        if times:
            os.write(self.found, f"count\t{times}\t{self.mode}: {what}\n".encode())

    def fault(self, what):
        """Records that the parent has broken a promise."""
        os.write(self.found, f"fault\t1\t{self.mode}: {what}\n".encode())

    def left_out(self, what, why):
        """Records that an action is impossible here."""
        os.write(self.found, f"left\t{what}\t{why}\n".encode())

    def talk(self, capacity=None):
        """Completes the handshake."""
        talk = wire.Talk(self.server, capacity or self.random.choice([4096, 65536, 1 << 18]))
        talk.random = self.random
        talk.kept = []  # sockets that may not be closed yet
        lane = []

        def adopted():
            if not lane:
                lane.append(talk.parents_lane())
            return lane[0]
        talk.adopted = adopted
        return talk

    def foreign(self):
        """Descriptors of some kind of file."""
        while True:
            try:
                return files.KINDS[self.random.choice(list(files.KINDS))]()
            except OSError:
                continue  # not on this machine

    def give(self, place, talk, make):
        """Gives descriptors away at a place. Does not close them last: that close may wait."""
        given = place(talk, make)
        closer = threading.Thread(target=lambda: [os.close(each) for each in given], daemon=True)
        closer.start()
        closer.join(0.2)
        self.closers.append(closer)

    def some(self, most):
        """Numbers up to a random one below `most`."""
        return range(self.random.randrange(1, most))

    def traffic(self, lane, times):
        """Honest messages, some with ends."""
        for _ in range(times):
            if self.random.randrange(4) == 0:
                payload, descriptors, kept = loads.ends(self.random)
                lane.send(payload, descriptors)
                for each in descriptors:
                    os.close(each)
                for each in kept:
                    each.close()
            else:
                lane.send(loads.load(self.random))


def hello(peer):
    """Greets wrongly several times, and in half of the cases correctly after that."""
    for _ in peer.some(12):
        proper = struct.pack("<8sQ", wire.MAGIC, wire.VERSION)
        channel, far = wire.pair()
        descriptors = peer.random.choice(
            [[far], [far], [], [far, channel], [far] * 253, peer.foreign()])
        connection = wire.connect(peer.server)
        packet = loads.mutated(peer.random, proper) if peer.random.random() < 0.8 else proper
        if packet == proper and len(descriptors) == 1:
            packet = b""
        wire.send(connection, packet, descriptors)
        peer.count("mutated packets sent")
        if peer.random.random() < 0.5:
            wire.send(connection, peer.random.randbytes(40), peer.foreign())
    if peer.random.random() < 0.5:
        talk = peer.talk()
        peer.traffic(talk.lane(), 5)
        wire.send(talk.bootstrap.connection, b"more", peer.foreign())


def first(peer):
    """Sends an invalid first message."""
    boot = wire.Bootstrap(peer.server)
    out, in_ = wire.pair(), wire.pair()
    descriptors = peer.random.choice(
        [[in_[1], out[1]], [in_[1]], [], [in_[1], out[1], out[0]], peer.foreign(),
         [out[1]] + peer.foreign()])
    message = wire.talk(4096)
    match peer.random.randrange(4):
        case 0:
            message = wire.talk(peer.random.choice(wire.LIMITS) & 2**62 - 1)
        case 1:
            message = wire.talk(4096, peer.random.choice([0, 2, 300]),
                                peer.random.choice([0, 2, 2**31]))
        case _:
            message = loads.mutated(peer.random, message)
    peer.count("mutated messages sent")
    if peer.random.randrange(4) == 0:
        boot.lane.spill(1, peer.random.choice(wire.LIMITS), 65536, descriptors)
    else:
        boot.lane.send(message, descriptors)


def announcement(peer):
    """Announces wrongly: bits, and descriptors too few, too many or of other kinds."""
    talk = peer.talk()
    for _ in peer.some(4):
        peer.traffic(talk.lane(), 3)
    proper = wire.announcement(talk.capacity)
    for _ in range(3):
        packet = peer.random.choice(
            [proper, loads.mutated(peer.random, proper), wire.announcement(
                peer.random.choice(wire.LIMITS), peer.random.choice(wire.LIMITS))])
        own, far = wire.pair()
        talk.kept.append(own)
        region = wire.memory_file(talk.capacity + wire.CONTROL)
        descriptors = [far, region] if packet != proper else peer.random.choice(
            [[], [region], [region, far], [far, region, own], [region] * 250, peer.foreign(),
             [region] + peer.foreign()])
        wire.send(talk.outward, packet, descriptors)
        peer.count("mutated packets sent")


def packets(peer):
    """Sends packets over lanes that are neither bells nor parts, or come at the wrong time."""
    talk = peer.talk()
    for _ in peer.some(16):
        lane = talk.lane()
        peer.traffic(lane, peer.random.randrange(3))
        random_ = peer.random
        packet = random_.choice([
            bytes([wire.BELL]), wire.parts(lane.position, lane.ticket + 1),
            wire.parts(random_.choice(wire.LIMITS), random_.choice(wire.LIMITS),
                       random_.randrange(256), random_.randrange(256))])
        packet = loads.mutated(random_, packet) if random_.random() < 0.7 else packet
        descriptors = random_.choice([[], [], [talk.outward], [talk.inward] * 253])
        for _ in range(random_.choice([1, 1, 1, 70])):
            wire.send(lane.socket, packet, descriptors)
            peer.count("packets sent")
        lane.send(loads.load(peer.random, senders=1))  # without its descriptor


def _near_valid(peer, capacity):
    """A header with one field, or two, at a limit."""
    random_ = peer.random
    length = random_.choice([0, 8, 24, 56, 57, capacity // 2 - 8, capacity // 2 - 7, capacity,
                             capacity - 8, 2**31 - 1, 2**31, 2**32 - 1])
    flags = random_.choice([0, wire.PADDING, wire.SPILLED, wire.RETIREMENT, 1 << 36, 1 << 39,
                            wire.PADDING | wire.SPILLED, wire.SPILLED | wire.RETIREMENT])
    return wire.header(length, flags, random_.choice([0, 0, 0, 1, 64, 65, 255]),
                       random_.choice([0, 0, 1, 65535]))


def records(peer):
    """Commits invalid records, at positions up to the last."""
    talk = peer.talk(peer.random.choice([4096, 65536]))
    for _ in peer.some(16):
        lane = talk.lane(peer.random.choice([0, 0, 64, talk.capacity - 64, -64, 2**63 - 64]))
        start = lane.position & talk.capacity - 1
        match peer.random.randrange(5):
            case 0:
                lane.store(start, peer.random.randrange(1 << 64) | wire.COMMITTED)
            case 1:
                for _ in peer.some(4):
                    lane.send(loads.mutated(peer.random, loads.load(peer.random)))
            case 2:  # padding after padding
                lane.store(start, wire.header(talk.capacity - start - 8, wire.PADDING))
                lane.store(0, wire.header(talk.capacity - 8, wire.PADDING))
            case 3:
                lane.memory[:talk.capacity] = peer.random.randbytes(talk.capacity)
                lane.store(start, _near_valid(peer, talk.capacity))
            case _:
                lane.store(start, _near_valid(peer, talk.capacity))
        lane.ring()
        peer.count("records committed that are none")


def reader(peer):
    """Is a wrong reader of the parent's messages: words at limits, bells with descriptors."""
    talk = peer.talk(4096)
    lane = talk.adopted()
    for _ in peer.some(400):
        word = peer.random.choice([wire.READER_POSITION] * 4
                                  + [wire.READER_ASLEEP, wire.READER_CLOSED])
        value = peer.random.choice(
            wire.LIMITS + [lane.position + 64 * peer.random.randrange(-70, 70)])
        if word == wire.READER_CLOSED and peer.random.random() < 0.9:
            continue  # rarely, because nothing comes after it
        lane.control(word, value)
        peer.count("words stored")
        if peer.random.random() < 0.5:
            lane.drain()
        lane.ring(peer.foreign() if peer.random.random() < 0.05 else ())
        time.sleep(0.001)


def scribble(peer):
    """Overwrites whole regions at full speed while there is traffic."""
    talk = peer.talk(peer.random.choice([4096, 65536]))
    lanes = [talk.lane() for _ in peer.some(4)]
    if peer.random.random() < 0.5:
        lanes.append(talk.adopted())
    length = talk.capacity + wire.CONTROL
    noise = peer.random.randbytes(length * 2)
    end = time.monotonic() + 0.6
    times = 0
    while time.monotonic() < end:
        lane = peer.random.choice(lanes)
        if peer.random.random() < 0.2 and lane is not lanes[-1]:
            lane.put(loads.load(peer.random), at=(lane.position, 0)
                     if (lane.position & talk.capacity - 1) < talk.capacity // 2 else None)
        at = 8 * peer.random.randrange(length // 8)
        lane.memory[:] = noise[at:at + length]
        times += 1
        if times % 64 == 0:
            peer.count("regions overwritten", 64)
            if len(lanes) < 6:
                lanes.insert(0, talk.lane())
        if peer.random.random() < 0.1:
            lane.ring()


def spill(peer):
    """Spills wrongly: ids, lengths, files and retirements."""
    talk = peer.talk(4096)
    for _ in peer.some(16):
        lane = talk.lane()
        random_ = peer.random
        capacity = random_.choice([65536, 131072])
        file = wire.memory_file(capacity)
        payload = loads.load(random_)
        os.pwrite(file, payload, 0)
        if random_.random() < 0.5:
            lane.spill(5, len(payload), capacity, [file])  # correct
        foreign = peer.foreign()
        match random_.randrange(6):
            case 0:
                lane.spill(random_.choice(wire.LIMITS), len(payload), 0)
            case 1:
                lane.spill(6, random_.choice(wire.LIMITS), capacity, [file])
            case 2:
                lane.spill(6, len(payload), random_.choice(wire.LIMITS), [file])
            case 3:
                lane.spill(6, len(payload), capacity, random_.choice([[], foreign, [file] * 9]))
            case 4:
                ids = [random_.choice(wire.LIMITS) for _ in range(random_.choice([0, 1, 64, 65]))]
                lane.send(struct.pack(f"<{len(ids)}Q", *ids), (), wire.RETIREMENT)
            case _:
                for identity in range(100, 170):
                    lane.spill(identity, len(payload), capacity, [file])
        peer.count("wrong spills sent")
        os.close(file)
        for each in foreign:
            os.close(each)


def descriptors(peer):
    """Gives away descriptors of every kind of file, each kind at a random place."""
    talk = peer.talk(4096)
    kinds = list(files.KINDS)
    peer.random.shuffle(kinds)
    for i, kind in enumerate(kinds):
        place = peer.random.choice(places.LANES if i + 1 < len(kinds) else places.CHANNELS)
        try:
            peer.give(place, talk, files.KINDS[kind])
        except Full:
            continue  # the parent has closed, or may have too many on their way
        except OSError as failure:
            peer.left_out(f"descriptors: {kind}", str(failure))
            continue
        peer.count(kind)
        peer.count(place.__name__.replace("_", " "))


def _give_everywhere(peer, talk, make):
    """Gives a descriptor away at each place, and last at a place that ends the channel."""
    lanes = list(places.LANES)
    peer.random.shuffle(lanes)
    for place in lanes + [peer.random.choice(places.CHANNELS)]:
        try:
            peer.give(place, talk, make)
        except Full:
            continue  # the parent does not read this place any more
        peer.count(place.__name__.replace("_", " "))


def linger(peer):
    """Gives away the last reference to TCP sockets whose close waits for a minute."""
    lingering = files.Lingering()

    def make():
        return [lingering.make()]
    if peer.random.random() < 0.2:
        connection = wire.connect(peer.server)
        peer.give(lambda _, make: _greet_with(connection, make()), None, make)
        peer.count("with a hello")
    try:
        talk = peer.talk(4096)
        for what, sock in (("with the connection", talk.bootstrap.connection),
                           ("with the first announcement", talk.bootstrap.channel)):
            try:
                peer.give(lambda _, make: _greet_with(sock, make()), None, make)
                peer.count(what)
            except Full:
                pass  # the parent was quicker to close it
        _give_everywhere(peer, talk, make)
    except Full:
        pass
    counted = 0
    while True:
        ours = sum(closer.is_alive() for closer in peer.closers)
        closing = lingering.closing() - ours
        peer.count("closes that wait, begun in the parent", max(0, closing - counted))
        counted = max(counted, closing)
        time.sleep(0.01)


def _greet_with(connection, given):
    wire.send(connection, struct.pack("<8sQ", wire.MAGIC, wire.VERSION), given)
    return given


def fuse(peer):
    """Gives away open files of a file system whose flush waits."""
    import fuse as system
    try:
        folder = system.mount(lambda: peer.count("closes that wait, begun in the parent"))
    except OSError as failure:
        peer.left_out("fuse", f"a file system cannot be mounted: {failure}")
        return
    try:
        talk = peer.talk(4096)
        _give_everywhere(peer, talk, lambda: [os.open(folder + "/file", os.O_RDONLY)])
    finally:
        system.unmount(folder)


def flood(peer):
    """Sends bells, announcements and parts as fast as it can."""
    talk = peer.talk(4096)
    lane = talk.lane()
    form = peer.random.randrange(4)
    end = time.monotonic() + 0.8
    for sock in (lane.socket, talk.outward, talk.bootstrap.connection):
        sock.settimeout(0.05)
    sent = 0
    while time.monotonic() < end:
        try:
            match form:
                case 0:
                    lane.ring()
                case 1:
                    talk.kept.append(talk.lane())
                case 2:
                    wire.send(lane.socket, wire.parts(lane.position + 64, sent), [talk.inward] * 9)
                case _:
                    wire.send(talk.bootstrap.connection, b"", ())
            sent += 1
        except Full:
            time.sleep(0.001)
        if sent == 64:
            peer.count("packets sent", sent)
            sent = 0
    peer.count("packets sent", sent)


def silence(peer):
    """Sends nothing after a random step."""
    step = peer.random.randrange(6)
    peer.count("silent from step %d on" % step)
    if step == 0:
        return time.sleep(LONGEST_LIFE)
    connection = wire.connect(peer.server)
    if step == 1:
        return time.sleep(LONGEST_LIFE)
    channel, far = wire.pair()
    wire.send(connection, struct.pack("<8sQ", wire.MAGIC, wire.VERSION), [far])
    if step == 2:
        return time.sleep(LONGEST_LIFE)
    lane = wire.Lane.announced(channel, wire.BOOTSTRAP_CAPACITY)
    lane.store(0, wire.header(20) & ~wire.COMMITTED)
    if step == 3:
        return time.sleep(LONGEST_LIFE)
    connection.close()
    talk = peer.talk()
    lane = talk.lane()
    peer.traffic(lane, 3)
    lane.control(wire.WRITER_ASLEEP, 1)
    if step == 4:
        wire.send(lane.socket, wire.parts(lane.position, lane.ticket + 1, 0, 2), [talk.inward])
    time.sleep(LONGEST_LIFE)


def stop(peer):
    """Is honest until the storm stops it in the middle."""
    talk = peer.talk()
    lane = talk.lane()
    peer.count("honest until it was stopped")
    while True:
        peer.traffic(lane, 5)
        time.sleep(0.001)


def death(peer):
    """Ends at a random step of an honest peer."""
    left = peer.random.randrange(120)

    def tracer(_frame, event, _argument):
        nonlocal left
        if event == "line":
            left -= 1
            if left < 0:
                peer.count("ended in the middle")
                os._exit(0)
        return tracer
    left += peer.random.choice([0, 0, 600])
    sys.settrace(tracer)
    talk = peer.talk()
    lane = talk.lane()
    while True:
        peer.traffic(lane, 5)


MODES = [hello, first, announcement, packets, records, reader, scribble, spill, descriptors, linger,
         fuse, flood, silence, stop, death, *names.MODES]


def main():
    """Runs one mode."""
    seed, mode, server, found = sys.argv[1:]
    peer = Peer(seed, mode, server, found)
    try:
        {each.__name__: each for each in MODES}[mode](peer)
    except Full:
        pass  # the parent has ended it, as it may
    by_name = mode in [each.__name__ for each in names.MODES]  # the storm awaits its end
    if mode in ("linger", "fuse") or (not by_name and peer.random.random() < 0.6):
        time.sleep(LONGEST_LIFE)
    os._exit(0)


main()
