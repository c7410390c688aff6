"""Real forums from the package index: installed once into ``build/servers``, filled with known content, started on a free port."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from filelock import FileLock

from tests.servers import content
from tests.servers.common import CannotInstallError as CannotInstallError
from tests.servers.common import free_port
from tests.servers.postgres import Postgres

HERE = Path(__file__).parent
BUILD = HERE.parent.parent / "build" / "servers"

#: Name → its script, and what it is made of.
FORUMS = {
    "machina": ("machina_site.py", ["django-machina==1.3.1", "django<5.3", "waitress>=3"]),
    "spirit": ("spirit_site.py", ["django-spirit==0.14.3", "waitress>=3"]),
    "misago": ("misago_site.py", ["misago==0.39.6", "waitress>=3", "whitenoise==6.9.0"]),
}
SHOPS = {
    "oscar": ("oscar_site.py", ["django-oscar[sorl-thumbnail]==4.2.1", "django<5.3", "Whoosh==2.7.4", "waitress>=3"])
}
_ALL = FORUMS | SHOPS
#: Those that keep their posts in PostgreSQL.
_ON_POSTGRES = ("misago",)


def _environment(name: str) -> Path:
    """The Python of the forum's own environment, installed on first use and kept."""
    folder = BUILD / f"{name}-{sys.version_info.major}.{sys.version_info.minor}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):  # tests in another process may be about to install the same
        return _installed(name, folder)


def _installed(name: str, folder: Path) -> Path:
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = "\n".join(_ALL[name][1])
    ready = folder / "ready.txt"
    if ready.exists() and ready.read_text(encoding="utf-8") == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *_ALL[name][1]]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotInstallError(
            f"pip cannot install {name}: {(done.stderr.strip() or 'no reason given').splitlines()[-1]}"
        )
    ready.write_text(wanted, encoding="utf-8")
    return python


@dataclass
class RealForum:
    """A forum that stands, with what was put in. A context manager."""

    name: str
    folder: Path
    python: Path
    threads: list[content.Thread]
    url: str = ""
    _process: subprocess.Popen[bytes] | None = None
    _database: Postgres | None = None

    @classmethod
    def filled(cls, name: str, folder: Path, *, chats: int = 0) -> Self:
        """Install and fill a forum in ``folder``, with so many ``chats`` beyond what is told to all. Raises
        :class:`CannotInstallError`."""
        python = _environment(name)
        forum = cls(name, folder, python, content.threads(chats=chats))
        truth = folder / "content.json"
        truth.write_text(json.dumps(content.as_json(forum.threads), ensure_ascii=False), encoding="utf-8")
        try:
            if name in _ON_POSTGRES:
                forum._database = Postgres()
                forum._database.__enter__()
            forum._do("fill", str(truth))
        except BaseException:
            forum.__exit__()
            raise
        return forum

    def _words(self, *words: str) -> list[str]:
        return [str(self.python), str(HERE / _ALL[self.name][0]), words[0], str(self.folder), *words[1:]]

    def _do(self, *words: str) -> None:
        done = subprocess.run(
            self._words(*words), capture_output=True, text=True, encoding="utf-8", env=self._environment(), check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]

    def _environment(self) -> dict[str, str]:
        """Spirit calls ``django-admin``, which lies beside its Python."""
        return {
            **os.environ,
            **({"POSTGRES_PORT": str(self._database.port)} if self._database is not None else {}),
            "PYTHONUTF8": "1",
            "PATH": f"{self.python.parent}{os.pathsep}{os.environ.get('PATH', '')}",
        }

    @property
    def posts(self) -> list[content.Post]:
        return [post for thread in self.threads for post in thread.posts]

    def shown(self, author: str) -> str:
        """An author's name as the forum shows it."""
        return "".join(filter(str.isalnum, author)) if self.name == "misago" else author

    def reply(self, *news: tuple[content.Thread, content.Post]) -> None:
        """Add posts to the forum and to the truth."""
        self._do("reply", *(word for thread, post in news for word in (thread.title, post.author, post.at, post.text)))
        for thread, post in news:
            thread.posts.append(post)

    def edit(self, post: content.Post, old: str, new: str) -> None:
        """Change a post's words in the forum and in the truth, without moving its thread."""
        self._do("edit", old, new)
        post.text = post.text.replace(old, new)

    def __enter__(self) -> Self:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/"
        with (self.folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                self._words("serve", str(port)), stdout=log, stderr=log, env=self._environment()
            )
        until = time.monotonic() + 600
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(self.url, timeout=60):
                    return self
            except urllib.error.HTTPError:
                return self
            except OSError:
                assert self._process.poll() is None, (self.folder / "server.log").read_text(encoding="utf-8")[-4000:]
                time.sleep(0.2)
        raise AssertionError(f"{self.name} did not start")

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=600)
        if self._database is not None:
            self._database.__exit__()
