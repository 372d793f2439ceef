"""A process kept amid an exec, which closes a file of FUSE whose server does not answer.

Prints the number of the server, which has no environment and goes on when this one is killed, and
that of the process that is kept. Both end after a minute at the latest. Exits with 77 where no such
file system can be had.
"""

import ctypes
import os
import signal
import struct
import sys
import tempfile
import time

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS = 0x20000
MS_REC, MS_PRIVATE, MNT_DETACH = 0x4000, 1 << 18, 2
LOOKUP, GETATTR, OPEN, FLUSH, INIT = 1, 3, 14, 25, 26
FORGET, RELEASE, INTERRUPT, BATCH_FORGET = 2, 18, 36, 42
ENOSYS = 38


def call(name, *arguments):
    if getattr(LIBC, name)(*arguments) < 0:
        sys.exit(77)


def attributes(node):
    mode = 0o40755 if node == 1 else 0o100644
    return struct.pack("<QQQQQQIIIIIIIIII", node, 4096, 8, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096,
                       0)


def answer(operation, node):
    if operation == INIT:
        return struct.pack("<IIIIHHIIHHIIII", 7, 31, 65536, 0, 8, 8, 65536, 1, 0, 0, 0, 0, 0,
                           0) + bytes(16)
    if operation == LOOKUP:
        return struct.pack("<QQQQII", 2, 0, 60, 60, 0, 0) + attributes(2)
    if operation == GETATTR:
        return struct.pack("<QII", 60, 0, 0) + attributes(node)
    return struct.pack("<QII", 1, 1, 0) if operation == OPEN else None


def serve(device, pipe):
    signal.alarm(60)
    while True:
        request = os.read(device, 1 << 17)
        _, operation, unique, node = struct.unpack_from("<IIQQ", request)
        if operation == FLUSH:
            os.write(pipe, b"!")  # and no answer
        elif operation not in (FORGET, RELEASE, INTERRUPT, BATCH_FORGET):
            body = answer(operation, node)
            error = -ENOSYS if body is None else 0
            body = body or b""
            os.write(device, struct.pack("<IiQ", 16 + len(body), error, unique) + body)


def main():
    try:
        device = os.open("/dev/fuse", os.O_RDWR)
    except OSError:
        sys.exit(77)
    call("unshare", CLONE_NEWNS)
    call("mount", b"none", b"/", None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None)
    folder = tempfile.mkdtemp()
    options = f"fd={device},rootmode=40000,user_id={os.getuid()},group_id={os.getgid()}"
    call("mount", b"ipc-channel-test", folder.encode(), b"fuse", ctypes.c_ulong(0),
         options.encode())
    waits, told = os.pipe()
    server = os.fork()
    if server == 0:
        os.set_inheritable(device, True)
        os.set_inheritable(told, True)
        os.execve(sys.executable, [sys.executable, __file__, str(device), str(told)], {})
    os.close(device)
    held = os.fork()
    if held == 0:
        file = os.open(folder + "/file", os.O_RDWR)  # closed by the exec
        os.execv("/bin/sleep", ["sleep", "60"])
    os.read(waits, 1)
    call("umount2", folder.encode(), MNT_DETACH)
    os.rmdir(folder)
    print(server, held, flush=True)
    time.sleep(60)


if len(sys.argv) == 3:
    serve(int(sys.argv[1]), int(sys.argv[2]))
else:
    main()
