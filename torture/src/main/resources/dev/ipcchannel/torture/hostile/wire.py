"""The wire format of docs/wire-format.md, written by hand, for what a hostile peer can send.

The numbers are repeated here on purpose: a change of the format has to change them too. Nothing
here waits for long: a peer without an answer continues.
"""

import array
import fcntl
import mmap
import os
import socket
import struct
import time

MAGIC = b"ipc-chan"
VERSION = 2
ANNOUNCEMENT, BELL, PARTS = 1, 2, 3
MOST_DESCRIPTORS = 253
LONGEST = 1 << 30
BOOTSTRAP_CAPACITY = 64 * 1024
CONTROL = 4096  # bytes of the region after the ring
COMMITTED, PADDING, SPILLED, RETIREMENT = 1 << 32, 1 << 33, 1 << 34, 1 << 35
WRITER_ASLEEP = 0  # from the ring's end, like the next three
READER_POSITION, READER_ASLEEP, READER_CLOSED = 128, 256, 264
SEAL_SHRINK, SEAL_GROW, SEAL_WRITE, SEAL_FUTURE_WRITE = 2, 4, 8, 16
SEALS = 1 | SEAL_SHRINK | SEAL_GROW  # with F_SEAL_SEAL
F_ADD_SEALS = 1033
PATIENCE = 1.0  # seconds that a packet or a record waits for room

WORD = 2**64 - 1
LIMITS = [0, 1, 2, 7, 8, 63, 64, 65, 253, 254, 4095, 4096, 8192, 65535, 65536, 2**30, 2**31 - 1,
          2**31, 2**32 - 1, 2**32, 2**63 - 64, 2**63 - 1, 2**63, WORD - 63, WORD - 1, WORD]


class Full(Exception):
    """Failure of a send: the parent did not make room, or is gone."""


def pair():
    """Two ends of a socket of the kind for announcements and lanes."""
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (one, other):
        end.settimeout(PATIENCE)
    return one, other


def number(descriptor):
    """The number of a descriptor, given as a number or as an object with a descriptor."""
    return descriptor if isinstance(descriptor, int) else descriptor.fileno()


def send(sock, data, descriptors=()):
    """Sends one packet; raises Full if the parent does not take it."""
    ancillary = []
    if descriptors:
        numbers = array.array("i", [number(each) for each in descriptors])
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, numbers)]
    try:
        sock.sendmsg([data], ancillary)
    except OSError as failure:  # no room in time, the parent gone, too many on their way
        raise Full(str(failure)) from failure


def take(sock):
    """The next packet and its descriptors; raises Full if none comes."""
    try:
        data, ancillary, _, _ = sock.recvmsg(2048, socket.CMSG_SPACE(4 * MOST_DESCRIPTORS))
    except OSError as failure:
        raise Full(str(failure)) from failure
    numbers = array.array("i")
    for level, kind, content in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            numbers.frombytes(content[:len(content) - len(content) % numbers.itemsize])
    return data, list(numbers)


def memory_file(length, seals=SEALS):
    """A memory file, allocated in full and sealed."""
    file = os.memfd_create("ipc-channel-hostile", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(file, length)
    if length:
        os.posix_fallocate(file, 0, length)
    if seals:
        seal(file, seals)
    return file


def seal(file, seals):
    """Adds seals to a memory file."""
    fcntl.fcntl(file, F_ADD_SEALS, seals)


def varint(value):
    """A number in LEB128."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def end(words, descriptors):
    """An end of a channel inside a message."""
    return (varint(len(words)) + varint(descriptors)
            + b"".join(struct.pack("<Q", word & WORD) for word in words))


def sender_words(capacity):
    """The bytes that stand for a sender."""
    return [capacity, 0, LONGEST, 0]


def receiver_words(capacity, lanes=()):
    """The bytes that stand for a receiver, with the words, parts and files of each lane."""
    return [capacity, 0, LONGEST, 0, 0, 0, len(lanes)] + [word for lane in lanes for word in lane]


def announcement(capacity, position=0):
    """The packet that announces a lane."""
    return struct.pack("<B7xQQ", ANNOUNCEMENT, capacity, position & WORD)


def parts(position, ticket, part=0, of=1):
    """The packet that brings descriptors of a record."""
    return struct.pack("<BBB5xQQ", PARTS, part & 255, of & 255, position & WORD, ticket & WORD)


def header(length, flags=0, packets=0, ticket=0):
    """The word that commits a record."""
    return (length & 0xFFFFFFFF | COMMITTED | flags | (packets & 255) << 40
            | (ticket & 0xFFFF) << 48)


class Lane:
    """A region and a socket. It obeys the protocol unless a caller asks for something else."""

    def __init__(self, capacity, file, sock, position=0):
        self.capacity = capacity
        self.file = file
        self.memory = mmap.mmap(file, capacity + CONTROL)
        self.words = memoryview(self.memory).cast("Q")
        self.socket = sock
        self.position = position & WORD
        self.ticket = 0

    @classmethod
    def announced(cls, channel, capacity, position=0):
        """Makes a lane and announces it, as an honest sender does."""
        own, far = pair()
        lane = cls(capacity, memory_file(capacity + CONTROL), own, position)
        try:
            send(channel, announcement(capacity, position), [far, lane.file])
        finally:
            far.close()
        return lane

    @classmethod
    def adopted(cls, channel, capacity):
        """Accepts the lane that the parent announces with its first message."""
        data, descriptors = take(channel)
        if len(descriptors) != 2 or len(data) < 24:
            raise Full("the parent announced nothing")
        sock = socket.socket(fileno=descriptors[0])
        sock.settimeout(PATIENCE)
        return cls(capacity, descriptors[1], sock, struct.unpack_from("<Q", data, 16)[0])

    def close(self):
        """Ends the lane without a farewell, as a dying process does."""
        self.socket.close()
        self.words.release()
        self.memory.close()
        os.close(self.file)

    def store(self, offset, value):
        """Stores a word anywhere in the region."""
        self.words[offset // 8] = value & WORD

    def load(self, offset):
        """Loads a word of the region."""
        return self.words[offset // 8]

    def control(self, offset, value):
        """Stores one of the words after the ring."""
        self.store(self.capacity + offset, value)

    def ring(self, descriptors=()):
        """Rings the bell."""
        send(self.socket, bytes([BELL]), descriptors)

    def claim(self, length):
        """Waits for room; returns the record's position and the length of the padding before it."""
        size = 8 + length + 63 & ~63
        rest = self.capacity - (self.position & self.capacity - 1)
        padding = rest if size > rest else 0
        start = time.monotonic()
        while (self.position + padding + size + 64
               - self.load(self.capacity + READER_POSITION) & WORD) > self.capacity:
            if time.monotonic() - start > PATIENCE:
                raise Full("the parent does not read")
            time.sleep(0.0005)
        return self.position + padding & WORD, padding

    def put(self, payload, flags=0, packets=0, at=None):
        """Commits a record at a claimed place, and rings."""
        position, padding = at if at else self.claim(len(payload))
        index = position & self.capacity - 1
        size = 8 + len(payload) + 63 & ~63
        self.store(position + size & self.capacity - 1, 0)
        self.memory[index + 8:index + 8 + len(payload)] = payload
        self.store(index, header(len(payload), flags, packets, self.ticket if packets else 0))
        if padding:
            self.store(self.position & self.capacity - 1, header(padding - 8, PADDING))
        self.position = position + size & WORD
        self.ring()

    def send(self, payload, descriptors=(), flags=0):
        """Sends a correct message."""
        at = self.claim(len(payload))
        if descriptors:
            self.ticket += 1
            send(self.socket, parts(at[0], self.ticket), descriptors)
        self.put(payload, flags, 1 if descriptors else 0, at)

    def spill(self, identity, length, capacity, descriptors=()):
        """Sends a spilled record."""
        self.send(struct.pack("<QQQ", identity & WORD, length & WORD, capacity & WORD),
                  descriptors, SPILLED)

    def drain(self):
        """Reads and ignores everything that the parent has sent."""
        for _ in range(self.capacity // 64):
            word = self.load(self.position & self.capacity - 1)
            if not word & COMMITTED:
                break
            self.position = self.position + (8 + (word & 0x7FFFFFFF) + 63 & ~63) & WORD
            self.control(READER_POSITION, self.position)
        if self.load(self.capacity + WRITER_ASLEEP) & 1:
            self.ring()


class Talk:
    """A peer after the handshake, with the bare sockets of its two channels."""

    def __init__(self, name, capacity):
        self.capacity = capacity
        self.outward, far_out = pair()  # the parent receives from the other end
        self.inward, far_in = pair()  # the parent announces its lane here
        self.bootstrap = Bootstrap(name)
        self.bootstrap.lane.send(talk(capacity), [far_in, far_out])
        far_in.close()
        far_out.close()

    def lane(self, position=0):
        """Makes another lane to the parent."""
        return Lane.announced(self.outward, self.capacity, position)

    def parents_lane(self):
        """The lane of the parent's sender, once it has sent."""
        return Lane.adopted(self.inward, self.capacity)


def talk(capacity, sender_descriptors=1, receiver_descriptors=1):
    """The first message: a sender to this process and a receiver from it."""
    return (end(sender_words(capacity), sender_descriptors)
            + end(receiver_words(capacity), receiver_descriptors))


def connect(name):
    """A connection without a greeting."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection.settimeout(PATIENCE)
    try:
        connection.connect(name)
    except OSError as failure:
        raise Full(str(failure)) from failure
    return connection


class Bootstrap:
    """A connection that has greeted, and the lane for the first message."""

    def __init__(self, name):
        self.channel, far = pair()
        self.lane = Lane.announced(self.channel, BOOTSTRAP_CAPACITY)
        self.connection = connect(name)
        send(self.connection, struct.pack("<8sQ", MAGIC, VERSION), [far])
        far.close()
