"""The kernel's services a step never needs, closed by a filter: keyrings, tracing, mounting, bpf, io_uring …

A second wall behind namespaces and missing capabilities: most ways out of a sandbox go through one of these.
"""

from __future__ import annotations

import platform
import struct

# name of the call → its number; x86_64 and aarch64 have tables of their own.
X86_64 = {
    "ptrace": 101, "syslog": 103, "acct": 163, "mount": 165, "umount2": 166, "swapon": 167,
    "init_module": 175, "quotactl": 179, "kexec_load": 246, "add_key": 248, "request_key": 249,
    "keyctl": 250, "unshare": 272, "perf_event_open": 298, "open_by_handle_at": 304, "setns": 308,
    "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "finit_module": 313,
    "kexec_file_load": 320, "bpf": 321, "userfaultfd": 323,
}  # fmt: skip
AARCH64 = {
    "umount2": 39, "mount": 40, "quotactl": 60, "acct": 89, "unshare": 97, "kexec_load": 104,
    "init_module": 105, "syslog": 116, "ptrace": 117, "add_key": 217, "request_key": 218, "keyctl": 219,
    "swapon": 224, "perf_event_open": 241, "open_by_handle_at": 265, "setns": 268, "process_vm_readv": 270,
    "process_vm_writev": 271, "kcmp": 272, "finit_module": 273, "bpf": 280, "userfaultfd": 282,
    "kexec_file_load": 294,
}  # fmt: skip
# Calls of the last years have one number everywhere.
EVERYWHERE = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428,
    "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "mount_setattr": 442,
}  # fmt: skip
MACHINES = {"x86_64": (0xC000003E, X86_64), "aarch64": (0xC00000B7, AARCH64)}

LOAD, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050001, 0x80000000
NUMBER, ARCHITECTURE = 0, 4
# On x86_64 the same calls are there a second time, with this bit set.
SECOND_TABLE = 0x40000000


def program() -> bytes:
    """The filter as bubblewrap reads it; empty on a machine whose numbers are not known here."""
    known = MACHINES.get(platform.machine())
    if known is None:
        return b""
    architecture, table = known
    numbers = sorted({*table.values(), *EVERYWHERE.values()})
    code = [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
    ]
    refused = len(numbers) + 1
    code.append((JUMP_AT_LEAST, refused, 0, SECOND_TABLE))
    code += [(JUMP_EQUAL, refused - 1 - n, 0, number) for n, number in enumerate(numbers)]
    code += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)
