"""A file system in memory that refuses locks, or sockets, or nothing, and a command that uses it.

    refusing_fs.py <locks|sockets|nothing> <folder> <command...>

The mount is in a mount namespace of this process alone, and its server dies with the command, so
nothing is left in any case. The exit code is 77 if FUSE is not available.
"""

import ctypes
import errno
import os
import signal
import stat
import struct
import sys

CLONE_NEWNS = 0x20000
MS_REC, MS_PRIVATE = 0x4000, 1 << 18
PR_SET_PDEATHSIG = 1
(LOOKUP, FORGET, GETATTR, SETATTR, MKNOD, MKDIR, UNLINK, RMDIR, RENAME, OPEN, READ, WRITE, STATFS,
 RELEASE, FLUSH, INIT, OPENDIR, READDIR, RELEASEDIR, SETLK, ACCESS, CREATE, INTERRUPT, BATCH_FORGET,
 RENAME2) = (1, 2, 3, 4, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 25, 26, 27, 28, 29, 32, 34, 35, 36,
             42, 45)
FUSE_FLOCK_LOCKS = 1 << 10
HEADER = 40
LIBC = ctypes.CDLL(None, use_errno=True)


class Node:
    """A file, folder or socket."""

    def __init__(self, number, mode):
        self.number, self.mode, self.bytes, self.names = number, mode, b"", {}

    def attributes(self):
        return struct.pack("<QQQQQQIIIIIIIIII", self.number, len(self.bytes), 1, 0, 0, 0, 0, 0, 0,
                           self.mode, 1, os.getuid(), os.getgid(), 0, 4096, 0)


class Server:
    """Answers requests until it is killed."""

    def __init__(self, refused):
        self.refused = refused
        self.nodes = {1: Node(1, stat.S_IFDIR | 0o700)}

    def entry(self, node):
        return struct.pack("<QQQQII", node.number, 1, 0, 0, 0, 0) + node.attributes()

    def made(self, folder, name, mode):
        if name in folder.names:
            raise OSError(errno.EEXIST, "")
        node = Node(len(self.nodes) + 1, mode)
        self.nodes[node.number] = node
        folder.names[name] = node
        return node

    def list(self, folder, offset):
        listed = b""
        for at, (name, node) in list(enumerate(folder.names.items(), 1))[offset:]:
            record = struct.pack("<QQII", node.number, at, len(name), node.mode >> 12) + name
            listed += record + bytes(-len(record) % 8)
        return listed

    def rename(self, folder, name, to, new_name):
        to.names[new_name] = folder.names.pop(name)
        return b""

    def answer(self, operation, node, body):
        name = body.split(b"\0")[0]
        opened = struct.pack("<QII", 0, 0, 0)
        if operation == INIT:
            flags = FUSE_FLOCK_LOCKS if self.refused == "locks" else 0
            return struct.pack("<IIIIHHIIHHIIII", 7, 31, 65536, flags, 8, 8, 65536, 1, 0, 0, 0, 0,
                               0, 0) + bytes(16)
        if operation == LOOKUP:
            if name not in node.names:
                raise OSError(errno.ENOENT, "")
            return self.entry(node.names[name])
        if operation in (GETATTR, SETATTR):
            return struct.pack("<QII", 0, 0, 0) + node.attributes()
        if operation == MKDIR:
            return self.entry(self.made(node, body[8:-1], stat.S_IFDIR | 0o700))
        if operation == MKNOD:
            mode = struct.unpack_from("<I", body)[0]
            if stat.S_ISSOCK(mode) and self.refused == "sockets":
                raise OSError(errno.EPERM, "")
            return self.entry(self.made(node, body[16:-1], mode))
        if operation == CREATE:
            return self.entry(self.made(node, body[16:-1], stat.S_IFREG | 0o600)) + opened
        if operation in (OPEN, OPENDIR):
            return opened
        if operation in (UNLINK, RMDIR):
            if node.names[name].names:
                raise OSError(errno.ENOTEMPTY, "")
            del node.names[name]
            return b""
        if operation in (RENAME, RENAME2):
            old, new = body[8 if operation == RENAME else 16:].split(b"\0")[:2]
            return self.rename(node, old, self.nodes[struct.unpack_from("<Q", body)[0]], new)
        if operation == READ:
            offset, size = struct.unpack_from("<QI", body, 8)
            return node.bytes[offset:offset + size]
        if operation == READDIR:
            return self.list(node, struct.unpack_from("<Q", body, 8)[0])
        if operation == WRITE:
            offset, size = struct.unpack_from("<QI", body, 8)
            node.bytes = node.bytes[:offset] + body[40:40 + size]
            return struct.pack("<II", size, 0)
        if operation == STATFS:
            return struct.pack("<QQQQQIII", 9, 9, 9, 9, 9, 4096, 255, 4096) + bytes(28)
        if operation in (FLUSH, RELEASE, RELEASEDIR, ACCESS):
            return b""
        raise OSError(errno.ENOSYS, "")

    def serve(self, device):
        while True:
            request = os.read(device, 1 << 17)
            _, operation, unique, number = struct.unpack_from("<IIQQ", request)
            if operation in (FORGET, BATCH_FORGET, INTERRUPT):
                continue  # are not answered
            error, answer = 0, b""
            try:
                answer = self.answer(operation, self.nodes.get(number), request[HEADER:])
            except OSError as failure:
                error = -failure.errno
            os.write(device, struct.pack("<IiQ", 16 + len(answer), error, unique) + answer)


def call(name, *arguments):
    if getattr(LIBC, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, name + ": " + os.strerror(number))


def mounted(folder):
    """Mounts it, and gives what its server reads."""
    device = os.open("/dev/fuse", os.O_RDWR)
    call("unshare", CLONE_NEWNS)
    call("mount", b"none", b"/", None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None)
    options = f"fd={device},rootmode=40000,user_id={os.getuid()},group_id={os.getgid()}"
    call("mount", b"ipc-channel-test", folder.encode(), b"fuse", ctypes.c_ulong(0),
         options.encode())
    return device


def main():
    refused, folder, *command = sys.argv[1:]
    try:
        device = mounted(folder)
    except OSError as failure:
        print("no FUSE: " + str(failure), flush=True)
        sys.exit(77)
    parent = os.getpid()
    if os.fork() == 0:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        for stream in (0, 1, 2):
            os.dup2(os.open(os.devnull, os.O_RDWR), stream)
        if os.getppid() == parent:
            Server(refused).serve(device)
        os._exit(0)
    os.close(device)
    os.execvp(command[0], command)


main()
