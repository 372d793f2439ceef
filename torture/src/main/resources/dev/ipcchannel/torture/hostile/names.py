"""A peer that connects to the members of a broadcast channel by name, and misbehaves.

As a sender it sends long messages for many receivers in invalid files, or changes what it has sent.
As a receiver it takes such files of an honest sender and misuses them. docs/wire-format.md has the
format.
"""

import hashlib
import mmap
import os
import socket
import struct
import time

import files
import wire
from wire import Full

MAGIC = b"ipc-name"
HELLO, WELCOME = 1, 2
FILES_LET_GO = 272  # from the ring's end on
PUNCH_HOLE = 1 | 2  # with FALLOC_FL_KEEP_SIZE
CAPACITY = 65536  # of a file
LENGTH = 5000  # of a message in it
PATIENCE = 10.0  # seconds in which even a busy receiver reads what was sent
LIMITS = [0, 1, 2, 2**31 - 1, 2**31, 2**32, 2**62, 2**63 - 1, 2**63, wire.WORD]


def found(server, role):
    """The sockets of the members with this role."""
    directory, name = server.rsplit("/", 1)
    folder = f"{directory}/broadcast-{hashlib.sha256(name.encode()).digest()[:8].hex()}"
    sockets = []
    for entry in sorted(os.listdir(folder)):
        if "." not in entry:
            with open(f"{folder}/{entry}", encoding="utf-8") as text:
                if f"\nrole {role}\n" in text.read():
                    sockets.append(f"{folder}/{entry}.s")
    return sockets


class Meeting:
    """A connection with a member that has answered."""

    def __init__(self, random, path, words=(), descriptors=()):
        self.connection = wire.connect(path)
        greeting = struct.pack("<B7x8s3Q", HELLO, MAGIC, wire.VERSION, random.getrandbits(64),
                               os.getpid())
        wire.send(self.connection, greeting + struct.pack(f"<{len(words)}Q", *words), descriptors)
        packet, self.descriptors = wire.take(self.connection)
        if len(packet) < len(greeting) or packet[0] != WELCOME:
            raise Full("the member does not take this one up")
        self.words = struct.unpack_from(f"<{(len(packet) - len(greeting)) // 8}Q", packet,
                                        len(greeting))


# As a sender.


def shown_file(content=b"", seals=wire.SEALS | wire.SEAL_FUTURE_WRITE, capacity=CAPACITY):
    """A file as an honest sender makes it, with its contents and its mapping."""
    file = wire.memory_file(capacity, 0)
    memory = mmap.mmap(file, capacity) if capacity else None
    if content:
        memory[:len(content)] = content
    if seals:
        wire.seal(file, seals)
    return file, memory


class Record:
    """The fields of a record about a file, and the change of that file once the record is sent."""

    def __init__(self, descriptors, length=LENGTH, capacity=CAPACITY, after=None, identity=2):
        self.descriptors = descriptors
        self.length = length
        self.capacity = capacity
        self.after = after or (lambda: None)
        self.identity = identity


def _sealed(seals):
    return lambda peer: Record([shown_file(seals=seals)[0]])


def _cut(_peer):
    file, memory = shown_file(seals=wire.SEAL_GROW)
    memory.close()
    return Record([file], after=lambda: os.ftruncate(file, 0))


def _of(capacity):
    return lambda peer: Record([shown_file(capacity=capacity)[0]])


def _foreign(kind):
    return lambda peer: Record(files.KINDS[kind]()[:1])


def _says(**words):
    return lambda peer: Record([shown_file()[0]], **words)


def _hole(_peer):
    file = os.memfd_create("hole", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(file, CAPACITY)
    wire.seal(file, wire.SEALS)
    return Record([file])


def _hole_made_after(_peer):
    file, _ = shown_file(bytes([7]) * LENGTH, wire.SEALS)
    return Record([file], after=lambda: files.call(
        "fallocate", file, PUNCH_HOLE, files.ctypes.c_long(0), files.ctypes.c_long(CAPACITY)))


def _written_after(peer):
    file, memory = shown_file(bytes([7]) * LENGTH)

    def write():
        for _ in range(50):
            memory[:LENGTH] = peer.random.randbytes(LENGTH)
    return Record([file], after=write)


def _constant(_peer):
    file, memory = shown_file(seals=0)
    memory.close()
    wire.seal(file, wire.SEALS | wire.SEAL_WRITE)
    return Record([file])


REFUSED = {
    "file without seals": _sealed(0),
    "file that may shrink": _sealed(wire.SEALS & ~wire.SEAL_SHRINK),
    "file that may grow": _sealed(wire.SEALS & ~wire.SEAL_GROW),
    "file with other seals to come": _sealed(wire.SEAL_SHRINK | wire.SEAL_GROW),
    "file cut after it was sent": _cut,
    "file that is too short": _of(CAPACITY // 2),
    "file that is too long": _of(CAPACITY * 2),
    "file without a byte": _of(0),
    "directory in place of a file": _foreign("directory"),
    "pipe in place of a file": _foreign("pipe"),
    "socket in place of a file": _foreign("unix seqpacket"),
    "device in place of a file": _foreign("/dev/zero"),
    "file of a disk in place of one": _foreign("regular file"),
    "no file": lambda peer: Record([]),
    "message longer than its file": _says(length=CAPACITY + 1),
    "message that ends before it begins": _says(length=wire.WORD - 7),
    "message of a length at a limit": lambda peer: Record(
        [shown_file()[0]], peer.random.choice([n for n in LIMITS if n > CAPACITY])),
    "capacity that none has": _says(capacity=CAPACITY - 64),
    "capacity beyond the longest message": _says(capacity=1 << 62),
    "file that is known": _says(identity=1),
    "file that is not known": lambda peer: Record([], capacity=0, identity=3),
}
TAKEN = {
    "file with a hole": _hole,
    "hole made after it was sent": _hole_made_after,
    "file written after it was sent": _written_after,
    "file that stays as it is": _constant,
    "file sealed in its length alone": _sealed(wire.SEALS),
}


class Sending:
    """The lanes to all receivers, each of which carries the same file."""

    def __init__(self, peer):
        self.lanes = []
        self.connections = []  # each is open as long as its lane
        for path in found(peer.server, "receiver"):
            meeting = Meeting(peer.random, path)
            channel = socket.socket(fileno=meeting.descriptors[0])
            self.lanes.append(wire.Lane.announced(channel, meeting.words[0]))
            self.connections.append((channel, meeting.connection))

    def send(self, record):
        """Sends a file by each lane that has not ended."""
        for lane in self.lanes:
            try:
                lane.spill(record.identity, record.length, record.capacity, record.descriptors)
            except Full:
                pass
        record.after()
        for each in record.descriptors:
            os.close(each)

    def taken(self):
        """For each lane whether all that it sent was read; None after a timeout."""
        return [_is_taken(lane) for lane in self.lanes]

    def close(self):
        """Ends all lanes."""
        for lane in self.lanes:
            lane.close()
        for channel, connection in self.connections:
            channel.close()
            connection.close()


def _is_taken(lane):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if is_over(lane):
            return False
        if lane.load(lane.capacity + wire.READER_POSITION) == lane.position:
            return True
        time.sleep(0.001)
    return None


def is_over(lane):
    """Whether the other side has ended a lane."""
    lane.socket.setblocking(False)
    try:
        while True:
            if not lane.socket.recv(2048):
                return True
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        lane.socket.settimeout(wire.PATIENCE)


def shown(peer):
    """Sends each invalid and each unusual file, between good files."""
    cases = [(name, make, True) for name, make in TAKEN.items()]
    cases += [(name, make, False) for name, make in REFUSED.items()]
    peer.random.shuffle(cases)
    for name, make, is_good in cases:
        sending = Sending(peer)
        number = struct.pack("<Q", peer.random.choice(LIMITS))
        sending.send(Record([shown_file(number + bytes(100))[0]], identity=1))
        for each in peer.random.choices(LIMITS, k=2):  # gaps, in the eyes of the receiver
            for lane in sending.lanes:
                lane.send(struct.pack("<Q", each))
        if sending.taken() != [True] * len(sending.lanes):
            peer.fault("a good file was not taken, before a " + name)
        sending.send(make(peer))
        sending.send(Record([], capacity=0, identity=1))  # the first once more
        taken = sending.taken()
        if taken != [is_good] * len(sending.lanes):
            peer.fault(f"a {name}: taken={taken}, expected={is_good}")
        peer.count(name, len(taken))
        sending.close()


# As a receiver.


class Taking:
    """A lane of an honest sender, with its messages and their files."""

    def __init__(self, peer):
        own, far = wire.pair()
        self.meeting = Meeting(peer.random, found(peer.server, "sender")[0],
                               wire.sender_words(4096), [far])
        far.close()
        self.announcements = own
        self.lane = wire.Lane.adopted(own, 4096)
        self.files = []

    def take(self):
        """Takes a record with its files; False if none comes for a long time."""
        lane = self.lane
        end = time.monotonic() + wire.PATIENCE
        word = 0
        while not word & wire.COMMITTED:
            if time.monotonic() > end:
                return False
            word = lane.load(lane.position & lane.capacity - 1)
            time.sleep(0.0002)
        while word >> 40 & 255 and word & wire.COMMITTED and not word & wire.PADDING:
            packet, descriptors = wire.take(lane.socket)
            self.files += descriptors
            if not packet or packet[0] == wire.PARTS:
                break
        lane.position = lane.position + (8 + (word & 0x7FFFFFFF) + 63 & ~63) & wire.WORD
        return True

    def publish(self):
        """Gives back the room of all that was taken."""
        self.lane.control(wire.READER_POSITION, self.lane.position)
        self.lane.ring()

    def close(self):
        """Ends the lane and its files, without a farewell."""
        for file in self.files:
            os.close(file)
        self.lane.close()
        self.announcements.close()
        self.meeting.connection.close()


def _write_by_map(file):
    mmap.mmap(file, mmap.PAGESIZE).close()


def _write_anew(file):
    again = os.open(f"/proc/self/fd/{file}", os.O_RDWR)
    try:
        _write_by_map(again)
    finally:
        os.close(again)


WRITES = {
    "a map": _write_by_map,
    "a map of the file opened anew": _write_anew,
    "a write": lambda file: os.pwrite(file, b"\0", 0),
    "a cut": lambda file: os.ftruncate(file, 0),
    "a growth": lambda file: os.ftruncate(file, 1 << 24),
    "a hole": lambda file: files.call("fallocate", file, PUNCH_HOLE, files.ctypes.c_long(0),
                                      files.ctypes.c_long(4096)),
    "a seal": lambda file: wire.seal(file, wire.SEAL_WRITE),
}


def _write_to_files(peer, taking):
    while not taking.files and taking.take():
        taking.publish()
    for file in taking.files:
        for name, write in WRITES.items():
            try:
                write(file)
                peer.fault("a receiver can change what others read, by " + name)
            except OSError:
                peer.count("writes to a file of a sender, refused")


def _let_go_at_random(peer, taking):
    for _ in range(100):
        if not taking.take():
            break
        taking.lane.control(FILES_LET_GO, peer.random.getrandbits(64))
        taking.publish()


def _positions_at_limits(peer, taking):
    for _ in peer.some(50):
        taking.lane.control(wire.READER_POSITION, peer.random.choice(wire.LIMITS))
        taking.lane.ring()
        time.sleep(0.001)


def _never_reads(_peer, _taking):
    time.sleep(0.4)


def _reads_and_gives_nothing_back(_peer, taking):
    while taking.take():
        pass


def _closes_with_files(_peer, taking):
    for _ in range(6):
        taking.take()


def _says_nonsense(peer, taking):
    for _ in peer.some(6):
        value = peer.random.choice(LIMITS)
        packet = struct.pack("<B7xQ", peer.random.choice([1, 2, 3, 4, 5, 6, 7, 8, 255]), value)
        wire.send(taking.meeting.connection, packet, peer.random.choice([(), peer.foreign()]))
        time.sleep(0.002)


def _bells_with_files(peer, taking):
    taking.take()
    taking.lane.ring(taking.files or peer.foreign())


def _words_at_limits(peer, taking):
    for _ in peer.some(50):
        word = peer.random.choice([0, 8, 16, 24, wire.READER_ASLEEP, wire.READER_CLOSED])
        taking.lane.control(word, peer.random.choice(wire.LIMITS))
        taking.lane.ring()
        time.sleep(0.001)


DEEDS = {
    "writes to files": _write_to_files,
    "files let go at random": _let_go_at_random,
    "positions at limits": _positions_at_limits,
    "reads nothing": _never_reads,
    "reads and gives nothing back": _reads_and_gives_nothing_back,
    "ends with files in hand": _closes_with_files,
    "words that are none": _says_nonsense,
    "bells with files": _bells_with_files,
    "control words at limits": _words_at_limits,
}


def taker(peer):
    """Receives from an honest sender, and misbehaves in each way."""
    deeds = list(DEEDS.items())
    peer.random.shuffle(deeds)
    for name, deed in deeds:
        taking = None
        try:
            taking = Taking(peer)
            deed(peer, taking)
        except Full:
            pass  # the sender has ended it, as it may
        peer.count(name, int(taking is not None))
        if taking:
            taking.close()


MODES = [shown, taker]
