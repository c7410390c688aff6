"""A WordPress with MariaDB, from Debian's packages, filled with articles by people and comments below them.

``WordPress.filled(folder)`` gives a context manager: ``url``, ``threads`` (of each the first post is the article, the others
its comments; ``quotes`` names the comment answered), ``reply`` and ``edit``. ``pages`` are further pages of one's own, as
``{"name", "title", "html"}``. As root on Debian, what is missing is installed; elsewhere the tests say what they need.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.servers import content
from tests.servers.common import CannotInstallError, free_port

HERE = Path(__file__).parent
_SHARE = Path("/usr/share/wordpress")
_PACKAGES = (
    "wordpress", "wordpress-theme-twentytwentyone", "php-cli", "php-mysql", "php-gd", "php-xml", "php-mbstring", "php-curl",
    "php-intl", "mariadb-server",
)  # fmt: skip
_CONFIG = """<?php
define('DB_NAME', 'wp'); define('DB_USER', 'wp'); define('DB_PASSWORD', 'wp'); define('DB_HOST', '127.0.0.1:{port}');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
    define("{$name}_KEY", "tests $name");
    define("{$name}_SALT", "only $name");
}
define('WP_DEBUG', false); define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true); define('WP_DEFAULT_THEME', 'twentytwentyone'); define('WPLANG', '');
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _install() -> None:
    """Debian's packages must be there. Raises :class:`CannotInstallError`, which names them."""
    programs = all(shutil.which(name, path=_path()) for name in ("php", "mariadbd", "mariadb-install-db", "mariadb"))
    if not programs or not (_SHARE / "wp-content" / "themes" / "twentytwentyone").exists():
        raise CannotInstallError(f"WordPress needs Debian's packages {' '.join(_PACKAGES)}")


def _path() -> str:
    return f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin"


@dataclass
class WordPress:
    """A WordPress that stands, with what was put in. A context manager."""

    folder: Path
    threads: list[content.Thread]
    url: str = ""
    _port: int = 0
    _database_port: int = 0
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @classmethod
    def filled(cls, *, shows: str = "newest", pages: Sequence[Mapping[str, str]] = (), most: int = 12) -> Self:
        """Install and fill it. ``shows`` is the page of comments that an article's own address shows (``newest`` or
        ``oldest``), ``most`` the number of articles. Raises :class:`CannotInstallError`."""
        _install()
        # MariaDB's user must be able to read it: not a folder under a private home.
        site = cls(Path(tempfile.mkdtemp(prefix="chandung-wordpress-")), content.threads()[:most])
        site.folder.chmod(0o755)
        site._port, site._database_port = free_port(), free_port()
        site.url = f"http://127.0.0.1:{site._port}/"
        try:
            site._start_database()
            shutil.copytree(_SHARE, site.folder / "site", symlinks=False)
            config = site.folder / "site" / "wp-config.php"
            config.unlink(missing_ok=True)
            config.write_text(_CONFIG.replace("{port}", str(site._database_port)), encoding="utf-8")
            made = {
                "name": "Góc nhà nhỏ (hư cấu)",
                "shows": shows,
                "pages": list(pages),
                **content.as_json(site.threads),
            }
            site._do("fill", made)
        except BaseException:
            site.__exit__()
            raise
        return site

    def _start_database(self) -> None:
        data, plain = self.folder / "data", ["--no-defaults"]
        data.mkdir()
        user = []
        if _is_root():
            try:
                shutil.chown(data, "mysql")
            except LookupError:
                raise CannotInstallError("MariaDB refuses to be run by root, and there is no user mysql") from None
            user = ["--user=mysql"]
        where = [f"--datadir={data}"]
        made = [
            "mariadb-install-db",
            *plain,
            *user,
            *where,
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ]
        self._run(made)
        served = [
            "mariadbd", *plain, *user, *where, "--bind-address=127.0.0.1", f"--port={self._database_port}",
            f"--socket={data / 'socket'}", f"--pid-file={data / 'pid'}", "--skip-log-bin", "--character-set-server=utf8mb4",
            "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M", "--sql-mode=NO_ENGINE_SUBSTITUTION",
        ]  # fmt: skip
        self._spawn(served, "database.log")
        ask = ["mariadb", *plain, "-uroot", "-h127.0.0.1", f"-P{self._database_port}", "-e"]
        made_user = "create database wp character set utf8mb4; create user wp@'127.0.0.1' identified by 'wp'; "
        made_user += "create user wp@localhost identified by 'wp'; grant all on wp.* to wp@'127.0.0.1'; grant all on wp.* to wp@localhost"
        until = time.monotonic() + 120
        while subprocess.run([*ask, "select 1"], capture_output=True, check=False).returncode:
            if time.monotonic() > until:
                raise CannotInstallError(f"MariaDB does not start: {self._log('database.log')}")
            time.sleep(0.2)
        self._run([*ask, made_user])

    def _log(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8", errors="replace")[-400:]

    def _run(self, words: list[str]) -> str:
        done = subprocess.run(
            words, capture_output=True, text=True, encoding="utf-8", env={**os.environ, "PATH": _path()}, check=False
        )
        if done.returncode:
            raise CannotInstallError(f"{words[0]} failed: {(done.stderr or done.stdout)[-300:]}")
        return done.stdout

    def _spawn(self, words: list[str], log: str) -> None:
        with (self.folder / log).open("wb") as out:
            environment = {**os.environ, "PATH": _path()}
            self._processes.append(subprocess.Popen(words, stdout=out, stderr=out, env=environment))

    def _do(self, action: str, given: Mapping[str, object]) -> None:
        file = self.folder / "given.json"
        file.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
        words = [
            "php",
            str(HERE / "wordpress_fill.php"),
            str(self.folder / "site"),
            self.url.rstrip("/"),
            action,
            str(file),
        ]
        out = self._run(words)
        assert out.endswith("done"), out[-2000:]

    @property
    def posts(self) -> list[content.Post]:
        return [post for thread in self.threads for post in thread.posts]

    def reply(self, thread: content.Thread, post: content.Post) -> None:
        """Add a comment to the site and to the truth."""
        self._do("reply", {"title": thread.title, "author": post.author, "at": post.at, "text": post.text})
        thread.posts.append(post)

    def edit(self, post: content.Post, old: str, new: str) -> None:
        """Change a comment's words in the site and in the truth."""
        self._do("edit", {"old": old, "new": new})
        post.text = post.text.replace(old, new)

    def __enter__(self) -> Self:
        site = str(self.folder / "site")
        silent = ["-d", "error_reporting=0", "-d", "display_errors=0", "-d", "sendmail_path=/bin/true"]
        self._spawn(
            ["php", *silent, "-S", f"127.0.0.1:{self._port}", "-t", site, str(HERE / "wordpress_router.php")],
            "server.log",
        )
        until = time.monotonic() + 600
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(self.url, timeout=60):
                    return self
            except urllib.error.HTTPError as error:
                raise AssertionError(f"WordPress answers {error.code}: {self._log('server.log')}") from error
            except OSError:
                assert self._processes[-1].poll() is None, self._log("server.log")
                time.sleep(0.2)
        raise AssertionError("WordPress did not start")

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            process.wait(timeout=600)
        shutil.rmtree(self.folder, ignore_errors=True)
