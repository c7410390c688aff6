"""A little forum whose pages are empty: a script draws boards and threads from JSON. Its people are invented."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from tests.servers.site import Answer, Site

BEGIN = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
PEOPLE = ("Lan", "Mẹ Bắp", "hoa.nguyen", "Tú Anh", "Bác Hai")

_SHELL = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Làng Mẹ (hư cấu)</title>
<link rel="stylesheet" href="/style.css"><script defer src="/draw.js"></script></head>
<body><div id="app"></div><noscript>Hãy bật JavaScript.</noscript></body></html>"""

_DRAW = """
const tag = (name, attributes, ...inside) => {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...inside)
  return element
}
const onward = (next) => next ? [tag('a', {class: 'next', rel: 'next', href: next}, 'Sau »')] : []
const list = (data) => data.threads.map(one => tag('article', {class: 'row'},
  tag('a', {class: 'title', href: one.url}, one.title),
  tag('span', {class: 'replies'}, `${one.replies} trả lời`), tag('time', {datetime: one.last}, one.last)))
const thread = (data) => [tag('h1', {}, data.title), ...data.posts.map(one => tag('div', {class: 'post', id: `post-${one.id}`},
  tag('div', {class: 'author'}, one.author), tag('time', {datetime: one.at}, one.at), tag('div', {class: 'body'}, one.text)))]
setTimeout(async () => {
  const answer = await fetch('/api' + location.pathname + location.search)
  const data = await answer.json()
  document.title = data.title
  const picture = tag('img', {src: '/logo.png'})
  document.querySelector('#app').replaceChildren(picture, ...(data.posts ? thread(data) : list(data)), ...onward(data.next))
}, 50)
"""


@dataclass
class ScriptThread:
    number: int
    title: str
    posts: list[dict[str, str]] = field(default_factory=list)


class ScriptForum(Site):
    """``per_page`` posts a page, ``per_list`` threads a list; ``shell`` is what every page is before its script has run."""

    shell = _SHELL

    def __init__(self, *, per_page: int = 4, per_list: int = 5, **named: object) -> None:
        super().__init__(**named)  # type: ignore[arg-type]
        self.threads: list[ScriptThread] = []
        self.per_page, self.per_list = per_page, per_list
        self.broken: dict[str, Answer] = {}
        self._posts = 0

    def thread(self, title: str, *texts: str) -> ScriptThread:
        thread = ScriptThread(len(self.threads) + 1, title)
        self.threads.append(thread)
        for text in texts:
            self.reply(thread, text)
        return thread

    def reply(self, thread: ScriptThread, text: str) -> None:
        self._posts += 1
        at = (BEGIN + timedelta(hours=self._posts)).isoformat()
        thread.posts.append({"id": str(self._posts), "author": PEOPLE[self._posts % 5], "at": at, "text": text})

    @property
    def written(self) -> set[tuple[str, str]]:
        return {(post["text"], post["at"]) for thread in self.threads for post in thread.posts}

    def page(self, path: str) -> Answer | str | None:
        parts = urlsplit(path)
        number = int(parse_qs(parts.query).get("page", ["1"])[0])
        if path in self.broken:
            return self.broken[path]
        if parts.path == "/draw.js":
            return Answer(_DRAW, kind="text/javascript")
        if parts.path.startswith("/api/"):
            data = self._data(parts.path.removeprefix("/api").strip("/").split("/"), number)
            return Answer(json.dumps(data, ensure_ascii=False), kind="application/json")
        if parts.path == "/" or parts.path.startswith("/threads/"):
            # The empty page never changes, whatever is written: its ETag must not be believed.
            return Answer(self.shell, headers={"ETag": '"shell"', "Set-Cookie": "visitor=1"})
        return None

    def _data(self, steps: list[str], page: int) -> dict[str, object]:
        if steps[0] == "threads":
            thread = self.threads[int(steps[1].split("-")[0]) - 1]
            part = thread.posts[(page - 1) * self.per_page : page * self.per_page]
            more = len(thread.posts) > page * self.per_page
            return {
                "title": thread.title,
                "posts": part,
                "next": f"/threads/{steps[1]}/?page={page + 1}" if more else None,
            }
        ordered = sorted(self.threads, key=lambda one: one.posts[-1]["at"], reverse=True)
        lines = [
            {
                "title": one.title,
                "url": f"/threads/{one.number}-chu-de/",
                "replies": len(one.posts) - 1,
                "last": one.posts[-1]["at"],
            }
            for one in ordered[(page - 1) * self.per_list : page * self.per_list]
        ]
        more = len(ordered) > page * self.per_list
        return {"title": "Làng Mẹ (hư cấu)", "threads": lines, "next": f"/?page={page + 1}" if more else None}
