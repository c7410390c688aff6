"""The little world over HTTP on loopback: one process, one port a site, pages kept ready in memory.

In a thread, for tests::

    with serve(world.make()) as running:
        running.bases["forum"]          # http://127.0.0.1:40123

As a process of its own (any system)::

    python -m data.demo.server --port 8820

It prints one line of JSON, ``{"bases": {"forum": "http://127.0.0.1:8820", …}}``, and serves until it is ended (Ctrl-C,
or with ``--with-parent`` when its standard input closes). :func:`start` does this and waits for the line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from data.demo import world as worlds
from data.demo.answers import Site, short
from data.demo.world import SITES, World
from data.words import tell

HOST = "127.0.0.1"
_LONGEST_REQUEST = 32 * 1024


class _Protocol(asyncio.Protocol):
    """HTTP/1.1 with keep-alive and pipelining, as much of it as reading pages needs."""

    def __init__(self, site: Site) -> None:
        self._site, self._buffer = site, b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._site.readers.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._site.readers.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        assert self._transport is not None
        while 0 <= (end := self._buffer.find(b"\r\n\r\n")) <= _LONGEST_REQUEST:
            raw, self._buffer = self._buffer[:end], self._buffer[end + 4 :]
            if not self._respond(raw, self._transport):
                return
        if len(self._buffer) > _LONGEST_REQUEST:
            self._transport.write(short(400, "Yêu cầu quá dài."))
            self._transport.close()

    def _respond(self, raw: bytes, transport: asyncio.Transport) -> bool:
        lines = raw.decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        if len(words) != 3:
            transport.write(short(400, "Không hiểu yêu cầu."))
            transport.close()
            return False
        wanted, closing = {}, words[2] == "HTTP/1.0"
        for line in lines[1:]:
            name, _, value = line.partition(":")
            name = name.lower()
            if name.startswith("if-"):
                wanted[name] = value.strip()
            elif name == "connection":
                closing = value.strip().lower() == "close" or (closing and value.strip().lower() != "keep-alive")
            elif name in ("content-length", "transfer-encoding") and value.strip() != "0":
                closing = True  # a body is never read, so the connection cannot go on
        transport.write(self._site.answer(words[0], words[1], wanted))
        if closing:
            transport.close()
        return not closing


@dataclass(slots=True)
class Running:
    """A server at work. ``bases``: site → address without a slash at its end; ``seen``: (site, path) → requests."""

    bases: dict[str, str]
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    sites: dict[str, Site] = field(default_factory=dict, repr=False)

    def show(self, world: World) -> None:
        """From now on serve this state of the world, under the same addresses."""
        for name, pages in world.pages().items():
            self.sites[name].fill(pages, self.bases)


async def _open(ports: Mapping[str, int]) -> tuple[Running, list[asyncio.Server]]:
    running = Running({})
    servers: list[asyncio.Server] = []
    loop = asyncio.get_running_loop()
    for name in SITES:
        site = running.sites[name] = Site(name, running.seen)
        try:
            server = await loop.create_server(lambda site=site: _Protocol(site), HOST, ports.get(name, 0))  # type: ignore[misc]
        except OSError:
            await _close(running, servers)
            raise
        servers.append(server)
        running.bases[name] = f"http://{HOST}:{server.sockets[0].getsockname()[1]}"
    return running, servers


async def _close(running: Running, servers: list[asyncio.Server]) -> None:
    """Stop listening and hang up on whoever still reads."""
    for server in servers:
        server.close()
    for site in running.sites.values():
        for reader in list(site.readers):
            reader.abort()
    await asyncio.sleep(0)  # lets what was hung up on be closed
    await asyncio.sleep(0)


def _ports(first: int | Mapping[str, int]) -> Mapping[str, int]:
    """Ports by site: a free one each for 0, else one after the other from ``first``."""
    if isinstance(first, int):
        return {name: first + place if first else 0 for place, name in enumerate(SITES)}
    return first


@contextmanager
def serve(world: World | Path | None = None, ports: int | Mapping[str, int] = 0) -> Iterator[Running]:
    """Serve ``world`` (or the one saved in a folder, or the usual one) from a thread while the block runs.

    ``ports``: 0 takes free ones, a number is the first of six in a row, a mapping names them by site.
    Raises ``OSError`` where a port is taken.
    """
    shown = worlds.load(world) if isinstance(world, Path) else world or worlds.make()
    loop = asyncio.new_event_loop()
    try:
        running, servers = loop.run_until_complete(_open(_ports(ports)))
        running.show(shown)
    except BaseException:
        loop.close()
        raise
    thread = threading.Thread(target=loop.run_forever, name="demo-server", daemon=True)
    thread.start()
    try:
        yield running
    finally:
        asyncio.run_coroutine_threadsafe(_close(running, servers), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        if not loop.is_running():
            loop.close()


@contextmanager
def start(
    first_port: int = 0, *, folder: Path | None = None, seed: int | None = None, grown: int = 0, timeout: float = 60
) -> Iterator[dict[str, str]]:
    """Serve from a process of its own while the block runs; gives the addresses by site.

    Raises ``TimeoutError`` or ``OSError`` where it does not come up.
    """
    command = [
        sys.executable,
        "-m",
        "data.demo.server",
        "--port",
        str(first_port),
        "--grown",
        str(grown),
        "--with-parent",
    ]
    command += ["--world", str(folder)] if folder else []
    command += ["--seed", str(seed)] if seed is not None else []
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    lines: list[bytes] = []
    reader = threading.Thread(target=_first_line, args=(child, lines), daemon=True)
    reader.start()
    try:
        reader.join(timeout)
        if not lines:
            raise TimeoutError(tell("demo.server.silent", seconds=round(timeout)))
        if not lines[0]:
            raise OSError(tell("demo.server.ended", code=child.wait(5)))
        yield json.loads(lines[0])["bases"]
    finally:
        child.terminate()
        child.wait(10)
        reader.join(5)
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()


def _first_line(child: subprocess.Popen[bytes], lines: list[bytes]) -> None:
    assert child.stdout is not None
    lines.append(child.stdout.readline())


def main(arguments: list[str] | None = None) -> int:
    """The process: make the world, print the addresses, serve."""
    parser = argparse.ArgumentParser(prog="python -m data.demo.server", description=tell("demo.server.about"))
    parser.add_argument("--port", type=int, default=0, help=tell("demo.server.port"))
    parser.add_argument("--world", type=Path, help=tell("demo.server.world"))
    parser.add_argument("--seed", type=int, help=tell("demo.server.seed"))
    parser.add_argument("--grown", type=int, default=0, help=tell("demo.server.grown"))
    parser.add_argument("--with-parent", action="store_true", help=tell("demo.server.with_parent"))
    chosen = parser.parse_args(arguments)
    shown = worlds.load(chosen.world) if chosen.world else worlds.make(chosen.seed)
    for _ in range(chosen.grown):
        shown = shown.grow()
    try:
        with serve(shown, chosen.port) as running:
            print(json.dumps({"bases": running.bases}), flush=True)
            wait(with_parent=chosen.with_parent)
    except OSError as error:
        print(tell("demo.server.port_taken", port=chosen.port, error=error), file=sys.stderr)
        return 1
    return 0


def wait(*, with_parent: bool = False) -> None:
    """Until Ctrl-C, or until the parent's end of standard input closes."""
    try:
        if with_parent:
            sys.stdin.buffer.read()
        else:
            while not threading.Event().wait(1):
                pass
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    raise SystemExit(main())
