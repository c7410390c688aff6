"""What every answer of ``serve`` goes through: only this computer is answered, and a page may load nothing from elsewhere."""

from __future__ import annotations

from analysis.serve_csv import App, Receive, Scope, Send
from data.ports import HOST

_NAMES = ("127.0.0.1", "localhost", "[::1]")
_MISDIRECTED = 421
#: Reports have their style and small pictures inside; no page of ours has a script inside.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    b"content-security-policy": _POLICY.encode("ascii"),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
}


def only_here(app: App) -> App:
    """Answer only to this computer's own names, so that no web page can point its own name at us and read along."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers") or ())
        host = headers.get(b"host", b"").decode("latin-1").rsplit(":", 1)[0] if b"host" in headers else HOST
        if scope["type"] == "http" and host not in _NAMES:
            start = {
                "type": "http.response.start",
                "status": _MISDIRECTED,
                "headers": [(b"content-type", b"text/plain")],
            }
            await send(start)
            await send({"type": "http.response.body", "body": b"Misdirected request"})
            return
        await app(scope, receive, send)

    return guarded


def nothing_from_elsewhere(app: App) -> App:
    """Send with every answer that its page may load from here alone, be shown in no other page and be taken for nothing else."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                sent = [(n, v) for n, v in message["headers"] if n.lower() not in _HEADERS]  # type: ignore[attr-defined]
                message = {**message, "headers": [*sent, *_HEADERS.items()]}
            await send(message)

        await app(scope, receive, told if scope["type"] == "http" else send)

    return guarded
