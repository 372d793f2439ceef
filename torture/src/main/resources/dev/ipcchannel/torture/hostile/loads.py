"""Messages of the storm, as bytes (docs/codec.md), and random changes of bytes."""

import struct

import wire


def load(random, text=None, senders=0, receivers=0, shared=None, receiver_words=None,
         receiver_descriptors=1):
    """A message `Load`, which needs one descriptor for each of its ends."""
    text = (text or "t" * random.randrange(40)).encode()
    content = random.randbytes(random.choice([0, 1, 100, 900]))
    items = random.sample(range(1 << 30), random.randrange(5))
    out = [struct.pack("<q", random.randrange(1 << 40)), wire.varint(len(text)), text,
           wire.varint(len(content)), content, wire.varint(len(items))]
    out += [struct.pack("<ii", item, -item) for item in items]
    out.append(wire.varint(senders))
    out += [wire.end(wire.sender_words(4096), 1)] * senders
    if receiver_words is None:
        receiver_words = wire.receiver_words(4096)
    else:
        receivers = 1
    out.append(wire.varint(receivers))
    out += [wire.end(receiver_words, receiver_descriptors)] * receivers
    out.append(b"\0" if shared is None else b"\1" + wire.end([shared], 1 if shared else 0))
    return b"".join(out)


def ends(random):
    """A message with ends, and their descriptors, as an honest peer makes them."""
    own, far = wire.pair()
    outward, further = wire.pair()
    file = wire.memory_file(4096, wire.SEALS | wire.SEAL_WRITE)
    return (load(random, senders=1, receivers=1, shared=4096),
            [own.detach(), further.detach(), file], [far, outward])


def mutated(random, data):
    """The same bytes with one to four changes."""
    data = bytearray(data)
    for _ in range(random.randrange(1, 5)):
        at = random.randrange(len(data) + 1)
        match random.randrange(7):
            case 0 | 1 if data:
                data[at % len(data)] ^= 1 << random.randrange(8)
            case 2 if data:
                data[at % len(data)] = random.choice([0, 1, 127, 128, 255])
            case 3:
                del data[at:]
            case 4:
                data += random.randbytes(random.choice([1, 8, 64, 1100]))
            case 5:
                at -= at % 8
                data[at:at + 8] = struct.pack("<Q", random.choice(wire.LIMITS))
            case _:
                data[at:at + random.randrange(9)] = random.randbytes(random.randrange(9))
    return bytes(data)
