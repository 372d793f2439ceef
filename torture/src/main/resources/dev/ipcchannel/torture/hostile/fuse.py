"""A file system of one file, which answers FLUSH only to this process: another process that closes
the file waits until the file system is gone.

Its server is a second process, which uses none of its files and dies with this one; its mount is in
a mount namespace of this process alone. So nothing is left, however this process ends: when the
last descriptor of /dev/fuse is closed, the kernel aborts every request.
"""

import ctypes
import os
import signal
import struct
import tempfile

from files import LIBC, call

CLONE_NEWNS = 0x20000
MS_REC, MS_PRIVATE, MNT_DETACH = 0x4000, 1 << 18, 2
PR_SET_PDEATHSIG = 1
LOOKUP, FORGET, GETATTR, OPEN, RELEASE, FLUSH, INIT = 1, 2, 3, 14, 18, 25, 26
INTERRUPT, BATCH_FORGET = 36, 42
ENOSYS = 38
LONGEST_LIFE = 60  # seconds


def _attributes(node):
    mode = 0o40755 if node == 1 else 0o100644
    return struct.pack("<QQQQQQIIIIIIIIII", node, 4096, 8, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0,
                       4096, 0)


def _answer(operation, node):
    if operation == INIT:
        return struct.pack("<IIIIHHIIHHIIII", 7, 31, 65536, 0, 8, 8, 65536, 1, 0, 0, 0, 0, 0,
                           0) + bytes(16)
    if operation == LOOKUP:
        return struct.pack("<QQQQII", 2, 0, 60, 60, 0, 0) + _attributes(2)
    if operation == GETATTR:
        return struct.pack("<QII", 60, 0, 0) + _attributes(node)
    if operation == OPEN:
        return struct.pack("<QII", 1, 1, 0)
    return None


def _serve(device, peer, on_wait):
    """Answers until it is killed."""
    while True:
        request = os.read(device, 1 << 17)
        _, operation, unique, node, _, _, thread = struct.unpack_from("<IIQQIII", request)
        if operation in (FORGET, BATCH_FORGET, INTERRUPT, RELEASE):
            continue  # RELEASE gets no answer on purpose; the others need none
        if operation == FLUSH:
            if not os.path.exists(f"/proc/{peer}/task/{thread}"):
                on_wait()
                continue
            answer = b""
        else:
            answer = _answer(operation, node)
        error = -ENOSYS if answer is None else 0
        answer = answer or b""
        os.write(device, struct.pack("<IiQ", 16 + len(answer), error, unique) + answer)


def mount(on_wait):
    """Mounts the file system and returns the path of its file. Calls `on_wait`, in the other
    process, for each close that waits. Raises OSError if that is impossible."""
    device = os.open("/dev/fuse", os.O_RDWR)
    call("unshare", CLONE_NEWNS)
    call("mount", b"none", b"/", None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None)
    folder = tempfile.mkdtemp()
    options = f"fd={device},rootmode=40000,user_id={os.getuid()},group_id={os.getgid()}"
    call("mount", b"ipc-channel-hostile", folder.encode(), b"fuse", ctypes.c_ulong(0),
          options.encode())
    peer = os.getpid()
    if os.fork() == 0:
        try:
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            signal.alarm(LONGEST_LIFE)
            if os.getppid() == peer:
                _serve(device, peer, on_wait)
        finally:
            os._exit(0)
    os.close(device)
    return folder


def unmount(folder):
    """Unmounts the file system lazily; open files remain open."""
    call("umount2", folder.encode(), MNT_DETACH)
    os.rmdir(folder)
