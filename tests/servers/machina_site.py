"""A django-machina forum in one file, run by the Python of its own environment: ``python machina_site.py ACTION FOLDER …``.

Actions: ``fill CONTENT.json``, ``serve PORT``, ``reply TITLE AUTHOR TIME TEXT …``, ``edit OLD NEW``.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import django
from django.conf import settings

FOLDER = Path(sys.argv[2])

from machina import MACHINA_MAIN_STATIC_DIR, MACHINA_MAIN_TEMPLATE_DIR  # noqa: E402

_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
_DJANGO = [
    f"django.contrib.{name}"
    for name in ("auth", "contenttypes", "sessions", "messages", "staticfiles", "humanize", "sites")
]
_FORUM = [
    "forum", "forum_conversation", "forum_conversation.forum_attachments", "forum_conversation.forum_polls", "forum_feeds",
    "forum_moderation", "forum_search", "forum_tracking", "forum_member", "forum_permission",
]  # fmt: skip
settings.configure(
    DEBUG=False,
    SECRET_KEY="for tests only",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    TIME_ZONE="UTC",
    LANGUAGE_CODE="en",
    STATIC_URL="/static/",
    STATIC_ROOT=str(FOLDER / "static"),
    STATICFILES_DIRS=[MACHINA_MAIN_STATIC_DIR],
    MEDIA_ROOT=str(FOLDER / "media"),
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    SITE_ID=1,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(FOLDER / "forum.sqlite3")}},
    CACHES={"default": {"BACKEND": _MEMORY}, "machina_attachments": {"BACKEND": _MEMORY, "LOCATION": "attachments"}},
    HAYSTACK_CONNECTIONS={"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    INSTALLED_APPS=[
        *_DJANGO,
        "mptt",
        "haystack",
        "widget_tweaks",
        "machina",
        *(f"machina.apps.{name}" for name in _FORUM),
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "machina.apps.forum_permission.middleware.ForumPermissionMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [MACHINA_MAIN_TEMPLATE_DIR],
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.contrib.auth.context_processors.auth",
                    "django.template.context_processors.debug",
                    "django.template.context_processors.i18n",
                    "django.template.context_processors.media",
                    "django.template.context_processors.static",
                    "django.template.context_processors.request",
                    "django.contrib.messages.context_processors.messages",
                    "machina.core.context_processors.metadata",
                ]
            },
        }
    ],
)
django.setup()

from django.contrib.auth import get_user_model, views  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.urls import include, path  # noqa: E402
from machina.core.db.models import get_model  # noqa: E402

urlpatterns = [
    path("accounts/login/", views.LoginView.as_view(template_name="_base.html"), name="login"),
    path("", include("machina.urls")),
]
User, Forum = get_user_model(), get_model("forum", "Forum")
Topic, Post = get_model("forum_conversation", "Topic"), get_model("forum_conversation", "Post")


def fill(content: str) -> None:
    made = json.loads(Path(content).read_text(encoding="utf-8"))
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    with transaction.atomic():
        users = {name: User.objects.create_user(name, f"{name}@example.com", "x") for name in made["people"]}
        category = Forum.objects.create(name="Làng nhỏ (hư cấu)", type=Forum.FORUM_CAT)
        boards = {
            key: Forum.objects.create(name=name, type=Forum.FORUM_POST, parent=category)
            for key, name in made["boards"].items()
        }
        _let_everybody_read()
        for thread in made["threads"]:
            _write(thread, Forum.objects.get(pk=boards[thread["board"]].pk), users)


def _let_everybody_read() -> None:
    permission, given = (
        get_model("forum_permission", "ForumPermission"),
        get_model("forum_permission", "UserForumPermission"),
    )
    for name in ("can_see_forum", "can_read_forum"):
        given.objects.create(permission=permission.objects.get(codename=name), anonymous_user=True, has_perm=True)


def _write(thread: dict[str, Any], forum: Any, users: dict[str, Any]) -> None:
    first = thread["posts"][0]
    topic = Topic.objects.create(
        forum=forum,
        poster=users[first["author"]],
        subject=thread["title"],
        type=Topic.TOPIC_POST,
        status=Topic.TOPIC_UNLOCKED,
        approved=True,
    )
    Topic.objects.filter(pk=topic.pk).update(created=datetime.fromisoformat(first["at"]))
    for post in thread["posts"]:
        text = post["text"]
        if post["quotes"] is not None:
            quoted = thread["posts"][post["quotes"]]
            lines = quoted["text"].replace("\n", "\n> ")
            text = f"> **{quoted['author']} wrote:**\n>\n> {lines}\n\n{text}"
        _post(topic, users[post["author"]], datetime.fromisoformat(post["at"]), text)


def _post(topic: Any, user: Any, at: datetime, text: str) -> None:
    # The first post's subject becomes the topic's.
    subject = f"Re: {topic.subject}" if Post.objects.filter(topic=topic).exists() else topic.subject
    post = Post.objects.create(topic=topic, poster=user, subject=subject, content=text, approved=True)
    Post.objects.filter(pk=post.pk).update(created=at, updated=at)
    Topic.objects.filter(pk=topic.pk).update(updated=at, last_post_on=at)


def _reply(title: str, author: str, at: str, text: str) -> None:
    _post(Topic.objects.get(subject=title), User.objects.get(username=author), datetime.fromisoformat(at), text)


def reply(*words: str) -> None:
    for place in range(0, len(words), 4):
        _reply(*words[place : place + 4])


def edit(old: str, new: str) -> None:
    [post] = Post.objects.filter(content__contains=old)
    Post.objects.filter(pk=post.pk).update(content=post.content.raw.replace(old, new))
    changed = Post.objects.get(pk=post.pk)
    created = changed.created
    changed.save()
    Post.objects.filter(pk=post.pk).update(created=created, updated=created)


def serve(port: str) -> None:
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application
    from waitress import serve as forever

    forever(StaticFilesHandler(get_wsgi_application()), host="127.0.0.1", port=int(port), threads=4)


if __name__ == "__main__":
    {"fill": fill, "reply": reply, "edit": edit, "serve": serve}[sys.argv[1]](*sys.argv[3:])
