"""Scrapy's log, kept in a bounded file in the study's folder and away from the terminal."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from data.logins import without_logins
from data.privacy import mask

_LARGEST = 2_000_000
#: Lists of settings and of what is switched on; only what goes wrong there is worth a line.
_TALKATIVE = (
    "scrapy.crawler",
    "scrapy.middleware",
    "scrapy.utils.log",
    "scrapy.addons",
    "scrapy.core.engine",
    "py.warnings",
)


class _Masked(logging.Formatter):
    """Lines without phones, e-mail addresses and passwords, which may stand in an address."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(without_logins(super().format(record)))


def _worth_a_line(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name not in _TALKATIVE


@contextmanager
def logged_to(path: Path | None) -> Iterator[None]:
    """Send everything that is logged meanwhile to ``path`` (at most twice 2 MB), or nowhere."""
    handler: logging.Handler = logging.NullHandler()
    if path is not None:
        handler = RotatingFileHandler(path, maxBytes=_LARGEST, backupCount=1, encoding="utf-8", delay=True)
        handler.setLevel(logging.INFO)
        handler.addFilter(_worth_a_line)
        handler.setFormatter(_Masked("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    level, others = root.level, root.handlers[:]
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO if path is not None else logging.CRITICAL)
    logging.captureWarnings(True)
    try:
        with warnings.catch_warnings():
            yield
    finally:
        logging.captureWarnings(False)
        root.handlers[:] = others
        root.setLevel(level)
        handler.close()
