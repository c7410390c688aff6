"""Ports of this computer."""

from __future__ import annotations

import os
import socket
from contextlib import closing

HOST = "127.0.0.1"


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
