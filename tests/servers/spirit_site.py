"""A Spirit forum, run by the Python of its own environment: ``python spirit_site.py ACTION FOLDER …``.

Actions: ``fill CONTENT.json``, ``serve PORT``, ``reply TITLE AUTHOR TIME TEXT …``, ``edit OLD NEW``. Spirit writes its own project
into the folder; the settings for tests lie beside it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

FOLDER = Path(sys.argv[2])
_SETTINGS = """
from .base import *
DEBUG = False
SECRET_KEY = "for tests only"
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(BASE_DIR, "forum.sqlite3")}}
_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
CACHES.update({"default": {"BACKEND": _MEMORY}, "st_rate_limit": {"BACKEND": _MEMORY, "LOCATION": "rate", "TIMEOUT": None}})
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
globals().pop("STATICFILES_STORAGE", None)
ST_TASK_MANAGER = None
ST_SITE_URL = "http://127.0.0.1/"
"""


def set_up() -> None:
    """Let Django know Spirit's project in the folder."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "site1.settings.local"
    sys.path.insert(0, str(FOLDER))
    import django

    django.setup()


def fill(content: str) -> None:
    arguments = ["spirit", "startproject", "site1", "--path", str(FOLDER)]
    script = f"import sys; sys.argv = {arguments!r}; from spirit.extra.bin.spirit import main; main()"
    subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)
    (FOLDER / "site1" / "settings" / "local.py").write_text("import os\n" + _SETTINGS, encoding="utf-8")
    set_up()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import transaction
    from spirit.category.models import Category
    from spirit.topic.models import Topic

    made = json.loads(Path(content).read_text(encoding="utf-8"))
    with (FOLDER / "install.log").open("w", encoding="utf-8") as log:
        call_command("spiritinstall", stdout=log, stderr=log, verbosity=0)
    with transaction.atomic():
        create = get_user_model().objects.create_user
        users = {name: create(username=name, email=f"{name}@example.com", password="x") for name in made["people"]}
        boards = {key: Category.objects.create(title=name) for key, name in made["boards"].items()}
        for thread in made["threads"]:
            first = thread["posts"][0]
            topic = Topic.objects.create(
                user=users[first["author"]],
                category=boards[thread["board"]],
                title=thread["title"],
                date=datetime.fromisoformat(first["at"]),
            )
            done: list[object] = []
            for post in thread["posts"]:
                quoted = done[post["quotes"]] if post["quotes"] is not None else None
                done.append(
                    _comment(topic, users[post["author"]], datetime.fromisoformat(post["at"]), post["text"], quoted)
                )


def _comment(topic: object, user: object, at: datetime, text: str, quoted: object = None) -> object:
    from spirit.comment.models import Comment
    from spirit.core.utils.markdown import Markdown, quotify
    from spirit.topic.models import Topic

    if quoted is not None:
        text = quotify(quoted.comment, quoted.user) + text  # type: ignore[attr-defined]
    made = Comment.objects.create(user=user, topic=topic, comment=text, comment_html=Markdown().render(text), date=at)
    count = Comment.objects.filter(topic=topic).count()
    Topic.objects.filter(pk=topic.pk).update(comment_count=count, last_active=at)  # type: ignore[attr-defined]
    return made


def _reply(title: str, author: str, at: str, text: str) -> None:
    set_up()
    from django.contrib.auth import get_user_model
    from spirit.topic.models import Topic

    _comment(
        Topic.objects.get(title=title), get_user_model().objects.get(username=author), datetime.fromisoformat(at), text
    )


def reply(*words: str) -> None:
    for place in range(0, len(words), 4):
        _reply(*words[place : place + 4])


def edit(old: str, new: str) -> None:
    set_up()
    from spirit.comment.models import Comment
    from spirit.core.utils.markdown import Markdown

    [comment] = [one for one in Comment.objects.filter(comment__contains=old) if f"> {old}" not in one.comment]
    text = comment.comment.replace(old, new)
    Comment.objects.filter(pk=comment.pk).update(comment=text, comment_html=Markdown().render(text), is_modified=True)


def serve(port: str) -> None:
    set_up()
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application
    from waitress import serve as forever

    forever(StaticFilesHandler(get_wsgi_application()), host="127.0.0.1", port=int(port), threads=4)


if __name__ == "__main__":
    {"fill": fill, "reply": reply, "edit": edit, "serve": serve}[sys.argv[1]](*sys.argv[3:])
