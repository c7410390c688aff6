"""A Misago forum on PostgreSQL, run by the Python of its own environment: ``python misago_site.py ACTION FOLDER …``.

Actions: ``fill CONTENT.json``, ``serve PORT``, ``reply TITLE AUTHOR TIME TEXT …``, ``edit OLD NEW``. The port of PostgreSQL is
in ``POSTGRES_PORT``. Misago comes without a project of its own: its developers' one is taken, with the settings below.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

FOLDER = Path(sys.argv[2])
_SETTINGS = """
import os
from devproject.settings import *
_HERE = {folder!r}
DEBUG = False
SECRET_KEY = "for tests only"
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES["default"].update(NAME="postgres", USER="postgres", HOST="127.0.0.1", PORT=os.environ["POSTGRES_PORT"])
CELERY_BROKER_URL = "memory://"
STATIC_ROOT = _HERE + "/static"
MEDIA_ROOT = _HERE + "/media"
MISAGO_AVATAR_GALLERY = _HERE + "/gallery"
MISAGO_USER_DATA_DOWNLOADS_WORKING_DIR = _HERE + "/users"
INSTALLED_APPS = [name for name in INSTALLED_APPS if name != "debug_toolbar"]
MIDDLEWARE = [name for name in MIDDLEWARE if "debug_toolbar" not in name]
MIDDLEWARE.insert(0, "whitenoise.middleware.WhiteNoiseMiddleware")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
ROOT_URLCONF = "tests_urls"
WSGI_APPLICATION = None
"""
_URLS = """
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog
urlpatterns = [
    path("", include("misago.urls", namespace="misago")),
    path("django-i18n.js", JavaScriptCatalog.as_view(packages=["misago"]), name="django-i18n"),
]
handler403 = "misago.core.errorpages.permission_denied"
handler404 = "misago.core.errorpages.page_not_found"
"""


def set_up() -> None:
    """Let Django know Misago's settings in the folder."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tests_settings",
        POSTGRES_DB="postgres",
        POSTGRES_USER="postgres",
        POSTGRES_HOST="127.0.0.1",
        POSTGRES_PASSWORD="none",
    )
    sys.path.insert(0, str(FOLDER))
    import django

    django.setup()


def user_name(name: str) -> str:
    """Misago's user names have letters and digits only."""
    return "".join(filter(str.isalnum, name))


def fill(content: str) -> None:
    for name in ("static", "media", "gallery", "users"):
        (FOLDER / name).mkdir(exist_ok=True)
    (FOLDER / "tests_settings.py").write_text(_SETTINGS.format(folder=str(FOLDER)), encoding="utf-8")
    (FOLDER / "tests_urls.py").write_text(_URLS, encoding="utf-8")
    set_up()
    from django.core.management import call_command
    from django.db import transaction
    from misago.cache.versions import invalidate_all_caches
    from misago.categories.models import Category
    from misago.users.test import create_test_user

    made = json.loads(Path(content).read_text(encoding="utf-8"))
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    with transaction.atomic():
        users = {
            name: create_test_user(user_name(name), f"{user_name(name)}@example.com", "for tests only")
            for name in made["people"]
        }
        boards = {slug: _board(slug, name).pk for slug, name in made["boards"].items()}
        for thread in made["threads"]:
            _write(thread, Category.objects.get(pk=boards[thread["board"]]), users)
    invalidate_all_caches()


def _board(slug: str, name: str) -> Any:
    """A category that everybody may read."""
    from misago.acl.models import Role
    from misago.categories.models import Category, CategoryRole, RoleCategoryACL

    board = Category(name=name, slug=slug)
    board.insert_at(Category.objects.root_category(), position="last-child", save=True)
    may = CategoryRole.objects.filter(name__icontains="Start and reply").first()
    for role in Role.objects.all():
        RoleCategoryACL.objects.create(role=role, category_id=board.pk, category_role=may)
    return board


def _write(thread: dict[str, Any], board: Any, users: dict[str, Any]) -> None:
    from misago.threads.test import like_post, post_thread, reply_thread

    topic, written = None, []
    for post in thread["posts"]:
        text, author, at = post["text"], users[post["author"]], datetime.fromisoformat(post["at"])
        if post["quotes"] is not None:
            quoted = thread["posts"][post["quotes"]]
            whom = f"@{user_name(quoted['author'])}, post: {written[post['quotes']].pk}"
            text = f'[quote="{whom}"]\n{quoted["text"]}\n[/quote]\n\n{text}'
        if topic is None:
            topic = post_thread(board, title=thread["title"], poster=author, started_on=at)
            row = topic.first_post
        else:
            row = reply_thread(topic, poster=author, message=text, posted_on=at)
        _set_words(row, text)
        for name in post["likes"]:
            like_post(row, users[name])
        written.append(row)
    _tidy(topic)


def _set_words(post: Any, text: str) -> None:
    from misago.markup.parser import parse
    from misago.threads.checksums import update_post_checksum

    asked = SimpleNamespace(get_host=lambda: "127.0.0.1", settings=SimpleNamespace(forum_address=None), user=None)
    post.original, post.parsed = text, parse(text, asked, None)["parsed_text"]
    update_post_checksum(post)
    post.save()


def _tidy(topic: Any) -> None:
    topic.synchronize()
    topic.save()
    topic.category.synchronize()
    topic.category.save()


def _reply(title: str, author: str, at: str, text: str) -> None:
    set_up()
    from django.contrib.auth import get_user_model
    from misago.threads.models import Thread
    from misago.threads.test import reply_thread

    topic = Thread.objects.get(title=title)
    user = get_user_model().objects.get(username=user_name(author))
    _set_words(reply_thread(topic, poster=user, message=text, posted_on=datetime.fromisoformat(at)), text)
    _tidy(topic)


def reply(*words: str) -> None:
    for place in range(0, len(words), 4):
        _reply(*words[place : place + 4])


def edit(old: str, new: str) -> None:
    set_up()
    from misago.threads.models import Post

    [post] = Post.objects.filter(original__contains=old)
    _set_words(post, post.original.replace(old, new))


def serve(port: str) -> None:
    set_up()
    from django.core.wsgi import get_wsgi_application
    from waitress import serve as forever

    forever(get_wsgi_application(), host="127.0.0.1", port=int(port), threads=4)


if __name__ == "__main__":
    {"fill": fill, "reply": reply, "edit": edit, "serve": serve}[sys.argv[1]](*sys.argv[3:])
