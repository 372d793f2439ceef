"""Descriptors of every kind of file that this kernel has."""

import ctypes
import os
import select
import signal
import socket
import struct
import tempfile
import time

import wire

LIBC = ctypes.CDLL(None, use_errno=True)
MFD_HUGETLB = 4
LINGER_SECONDS = 60


def call(name, *arguments):
    """Calls a function of the C library; raises OSError if it returns less than 0."""
    result = getattr(LIBC, name)(*arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")
    return result


def _regular():
    file, path = tempfile.mkstemp()
    os.unlink(path)
    os.write(file, bytes(8192))
    return [file]


def _fifo():
    path = tempfile.mktemp()
    os.mkfifo(path)
    try:
        return [os.open(path, os.O_RDWR)]
    finally:
        os.unlink(path)


def _signalfd():
    mask = (ctypes.c_uint64 * 16)()
    mask[0] = 1 << signal.SIGUSR1 - 1
    return [call("signalfd", -1, mask, 0)]


def _epoll():
    watched = _pipe()
    epoll = os.dup((made := select.epoll()).fileno())
    made.register(watched[0], select.EPOLLIN)
    made.close()
    return [epoll, *watched]


def _pipe():
    return list(os.pipe())


def _sockets(kind):
    return [each.detach() for each in socket.socketpair(socket.AF_UNIX, kind)]


def _listening(family):
    made = socket.socket(family)
    made.bind(("127.0.0.1", 0) if family == socket.AF_INET else b"")  # b"": a free abstract name
    made.listen(1)
    return [made.detach()]


def _netlink():
    return [socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).detach()]


def _cycle():
    one, other = wire.pair()
    wire.send(one, b"\x02", [one, other])  # the last reference to each is in a queue of the two
    return [one.detach(), other.detach()]


def _huge():
    file = os.memfd_create("huge", MFD_HUGETLB | os.MFD_ALLOW_SEALING)
    os.ftruncate(file, 1 << 21)
    return [file]


def _path_only():
    return [os.open("/proc/self/exe", os.O_PATH)]


KINDS = {
    "regular file": _regular,
    "file opened for its path only": _path_only,
    "directory": lambda: [os.open(".", os.O_RDONLY)],
    "pipe": _pipe,
    "FIFO": _fifo,
    "eventfd": lambda: [os.eventfd(1)],
    "epoll": _epoll,
    "timerfd": lambda: [call("timerfd_create", time.CLOCK_MONOTONIC, 0)],
    "signalfd": _signalfd,
    "inotify": lambda: [call("inotify_init1", 0)],
    "pidfd": lambda: [os.pidfd_open(os.getpid())],
    "/dev/null": lambda: [os.open("/dev/null", os.O_RDWR)],
    "/dev/zero": lambda: [os.open("/dev/zero", os.O_RDWR)],
    "pty": lambda: list(os.openpty()),
    "memory file without seals": lambda: [wire.memory_file(8192, 0)],
    "memory file sealed against writing too": lambda: [
        wire.memory_file(8192, wire.SEALS | wire.SEAL_WRITE)],
    "memory file of another length": lambda: [wire.memory_file(12288)],
    "memory file without a byte": lambda: [wire.memory_file(0)],
    "memory file of huge pages": _huge,
    "unix stream": lambda: _sockets(socket.SOCK_STREAM),
    "unix datagram": lambda: _sockets(socket.SOCK_DGRAM),
    "unix seqpacket": lambda: _sockets(socket.SOCK_SEQPACKET),
    "unix listener": lambda: _listening(socket.AF_UNIX),
    "sockets in their own queue": _cycle,
    "udp": lambda: [socket.socket(socket.AF_INET, socket.SOCK_DGRAM).detach()],
    "listening tcp": lambda: _listening(socket.AF_INET),
    "netlink": _netlink,
}


class Lingering:
    """TCP connections on loopback whose last close waits: full buffers, and a silent peer."""

    def __init__(self):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.port = self.listener.getsockname()[1]
        self.silent = []

    def make(self):
        """One side of such a connection."""
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
        client.connect(("127.0.0.1", self.port))
        self.silent.append(self.listener.accept()[0])
        client.setblocking(False)
        try:
            while True:
                client.send(bytes(65536))
        except BlockingIOError:
            client.setblocking(True)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack("ii", 1, LINGER_SECONDS))
        return client.detach()

    def closing(self):
        """The number of connections whose last reference was closed."""
        waiting = f":{self.port:04X} 04 "  # FIN_WAIT_1: closed on that side, without an answer yet
        with open("/proc/net/tcp", encoding="ascii") as lines:
            return sum(waiting in line for line in lines)
