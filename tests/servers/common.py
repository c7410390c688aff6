"""What every real server needs: a free port, and a name for «not on this machine»."""

from __future__ import annotations

import socket


class CannotInstallError(Exception):
    """The package index cannot be reached, or no longer has what is needed, or a program is missing."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
