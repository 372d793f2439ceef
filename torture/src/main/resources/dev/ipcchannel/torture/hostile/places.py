"""The places at which a peer can give the parent a descriptor that does not belong there.

Each place takes a talk and `make`, which returns new descriptors, and returns those that the parent
has now and that are to be closed here.
"""

import loads
import wire


def in_place_of_the_region(talk, make):
    given = make()
    own, far = wire.pair()
    talk.kept.append(own)
    wire.send(talk.outward, wire.announcement(talk.capacity), [far, given[0]])
    far.close()
    return given


def in_place_of_the_lane_socket(talk, make):
    given = make()
    region = wire.memory_file(talk.capacity + wire.CONTROL)
    wire.send(talk.outward, wire.announcement(talk.capacity), [given[0], region])
    return given + [region]


def beside_an_announcement(talk, make):
    given = make()
    own, far = wire.pair()
    talk.kept.append(own)
    region = wire.memory_file(talk.capacity + wire.CONTROL)
    wire.send(talk.outward, wire.announcement(talk.capacity), [far, region, *given])
    far.close()
    return given + [region]


def to_the_parents_announcements(talk, make):
    given = make()
    wire.send(talk.inward, bytes([wire.BELL]), given)
    return given


def with_a_bell(talk, make):
    given = make()
    talk.lane().ring(given)
    return given


def with_a_bell_to_the_sender(talk, make):
    given = make()
    wire.send(talk.adopted().socket, bytes([wire.BELL]), given)
    return given


def in_place_of_a_sender(talk, make):
    given = make()
    talk.lane().send(loads.load(talk.random, senders=1), given[:1])
    return given


def in_place_of_a_receiver(talk, make):
    given = make()
    talk.lane().send(loads.load(talk.random, receivers=1), given[:1])
    return given


def in_place_of_shared_bytes(talk, make):
    given = make()
    talk.lane().send(loads.load(talk.random, shared=8192), given[:1])
    return given


def with_a_message_without_ends(talk, make):
    given = make()
    talk.lane().send(loads.load(talk.random), given)
    return given


def with_a_message_given_up(talk, make):
    given = make()
    lane = talk.lane()
    lane.ticket += 1
    wire.send(lane.socket, wire.parts(lane.position, lane.ticket, 0, 2), given)
    lane.send(loads.load(talk.random))
    return given


def for_a_record_that_never_comes(talk, make):
    given = make()
    lane = talk.lane()
    wire.send(lane.socket, wire.parts(lane.position + 640, 9), given)
    return given


def in_place_of_a_spill_file(talk, make):
    given = make()
    talk.lane().spill(7, 5000, 65536, given[:1])
    return given


def beside_a_spill_file(talk, make):
    given = make()
    file = wire.memory_file(65536)
    talk.lane().spill(7, 5000, 65536, [file, *given])
    return given + [file]


def in_the_queue_of_a_receiver(talk, make):
    """Sends the parent a channel whose announcement socket is full of unread descriptors."""
    given = make()
    own, far = wire.pair()
    wire.send(own, wire.announcement(4096), given)
    own.close()
    talk.lane().send(loads.load(talk.random, receivers=1), [far])
    far.close()
    return given


def as_a_lane_of_a_receiver(talk, make):
    given = make()
    own, far = wire.pair()
    talk.kept.append(own)
    words = wire.receiver_words(4096, [[4096, 0, 1, 0, 5, 0, 1, 1, 0]])
    region = wire.memory_file(4096 + wire.CONTROL)
    talk.lane().send(loads.load(talk.random, receiver_words=words, receiver_descriptors=4),
                     [far, region, given[0], given[-1]])
    far.close()
    return given + [region]


LANES = [with_a_bell, in_place_of_a_sender, in_place_of_a_receiver, in_place_of_shared_bytes,
         with_a_message_without_ends, with_a_message_given_up, for_a_record_that_never_comes,
         in_place_of_a_spill_file, beside_a_spill_file, in_the_queue_of_a_receiver,
         as_a_lane_of_a_receiver, with_a_bell_to_the_sender, to_the_parents_announcements]
CHANNELS = [in_place_of_the_region, in_place_of_the_lane_socket, beside_an_announcement]
