"""Ports of this computer."""

from __future__ import annotations

import os
import socket
import zlib
from contextlib import closing

HOST = "127.0.0.1"
_FIRST, _MANY = 8100, 700


def usual_port(study: str) -> int:
    """The port at which the data of a study are shown where nobody asks for another: the same at every start, and hardly ever that
    of another study. ``study`` is the name of its database without the ending."""
    return _FIRST + zlib.crc32(study.encode("utf-8")) % _MANY


def is_free(port: int) -> bool:
    """Whether a server could listen on ``port`` of this computer now."""
    with closing(socket.socket()) as probe:
        if (
            os.name == "posix"
        ):  # connections that have just ended do not count; on Windows the option means another thing
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
