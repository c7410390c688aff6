"""Keeping people out of the data: masks for personal numbers, and keyed hashes for names.

The masks for texts are in :mod:`data.masks`, those for raw pages in :mod:`data.masked_pages`.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata
from pathlib import Path

from data.masked_pages import mask_page
from data.masks import mask

__all__ = ["author_key", "mask", "mask_page", "study_key"]


def author_key(key: bytes, host: str, author: str) -> str:
    """The keyed hash (HMAC-SHA256, 80 bits shown) that stands for an author of one site."""
    name = unicodedata.normalize("NFC", author).strip().casefold()
    return hmac.new(key, f"{host.casefold()}\0{name}".encode(), hashlib.sha256).hexdigest()[:20]


def study_key(path: Path) -> bytes:
    """The study's secret, made on first use. Whoever deletes the file makes every author in the database anonymous."""
    if path.exists():
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    key = secrets.token_bytes(32)
    path.write_text(key.hex() + "\n", encoding="ascii")
    os.chmod(path, 0o600)  # noqa: PTH101 - on Windows it only clears the read-only flag, which is harmless
    return key
