"""What a demonstration's folder remembers of its first time: under another address every post would count as another one."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data.demo.example import study_text
from data.demo.world import SITES
from data.ports import HOST, is_free
from data.words import LANGUAGES

FIRST_PORT = 8820
_LAST_PORT = 65_535
_FILE = ".demo.json"
_NAME = re.compile(r"^study:\s*(\S+)", re.MULTILINE)


@dataclass(slots=True)
class Memory:
    """The folder's market. ``asked`` is the port that was asked for where ``port`` is the next free one.

    ``study`` is a digest of the study file as it was written, by which an edit by the user shows.
    """

    port: int
    seed: int | None = None
    language: str | None = None
    asked: int | None = None
    study: str | None = None

    @property
    def ports(self) -> range:
        """One port a site."""
        return range(self.port, self.port + len(SITES))

    @property
    def bases(self) -> dict[str, str]:
        """Site → its address."""
        return {site: f"http://{HOST}:{port}" for site, port in zip(SITES, self.ports, strict=True)}


def remembered(folder: Path) -> Memory | None:
    """What the folder remembers; ``None`` where it holds no demonstration."""
    path = folder / _FILE
    if not path.exists():
        return None
    known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    memory = Memory(**{name: value for name, value in known.items() if name in Memory.__dataclass_fields__})
    memory.language = memory.language or _language_of(folder, memory.bases)
    return memory


def remember(folder: Path, memory: Memory) -> None:
    """Write ``memory`` into the folder, which is made where it lacks."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _FILE).write_text(json.dumps(asdict(memory)), encoding="utf-8")


def edited(folder: Path, memory: Memory) -> bool:
    """Whether the user changed the study file that the demonstration wrote."""
    path = folder / "study.yaml"
    if not path.exists():
        return False
    text = path.read_text(encoding="utf-8", errors="replace")
    if memory.study:
        return digest(text) != memory.study
    return all(text != study_text(memory.bases, lang) for lang in LANGUAGES)


def digest(text: str) -> str:
    """What stands for a study file's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def free_ports(first: int) -> int | None:
    """The first of as many free ports in a row as there are sites, from ``first`` on."""
    for port in range(first, _LAST_PORT - len(SITES)):
        if all_free(range(port, port + len(SITES))):
            return port
    return None


def all_free(ports: range) -> bool:
    """Whether nobody listens on any of ``ports``."""
    return all(is_free(port) for port in ports)


def _language_of(folder: Path, bases: dict[str, str]) -> str | None:
    """The language of a demonstration that was made before languages were remembered: by its study's name."""
    path = folder / "study.yaml"
    named = _NAME.search(path.read_text(encoding="utf-8", errors="replace")) if path.exists() else None
    for lang in LANGUAGES:
        ours = _NAME.search(study_text(bases, lang))
        if named and ours and named[1] == ours[1]:
            return lang
    return None
