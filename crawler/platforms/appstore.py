"""Reviews in Apple's App Store, by the feed of customer reviews of each country's store: the newest 500, fifty a page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from crawler.platforms import values
from crawler.platforms.base import Answer, Call, Place, Platform, Reading, by_status
from crawler.reasons import Reason
from data.errors import UnreadablePageError
from data.records import Post, Thread

_PATH: Final = re.compile(r"(?:/(?P<country>[a-z]{2}))?/app/(?:[^/]{1,300}/)?id(?P<id>\d{5,15})/?", re.I)
_PAGE: Final = re.compile(r"/page=(\d{1,3})/")
_HOSTS: Final = ("apps.apple.com", "itunes.apple.com")
_LAST_PAGE: Final = 10


class AppStore(Platform):
    """One app in one country is a thread, its reviews the posts."""

    name = "appstore"
    kind = "reviews"
    api = "https://itunes.apple.com"

    def knows(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.hostname in _HOSTS and bool(_PATH.fullmatch(parts.path))

    def start(self, place: Place) -> Sequence[Call]:
        country, app = _app(place)
        return [Call(values.with_query(f"{place.api}/lookup", id=app, country=country), "lookup")]

    def read(self, call: Call, answer: Answer, place: Place) -> Reading:
        data = answer.json
        if call.what == "lookup":
            return self._read_app(data, answer, place)
        feed = values.get(data, "feed")
        if not isinstance(feed, Mapping):
            raise UnreadablePageError("not_the_api", url=answer.url)
        entries = feed.get("entry")
        # A page with one review alone holds it without a list.
        found = [entries] if isinstance(entries, Mapping) else values.items(entries)
        reviews = tuple(post for one in found if (post := _review(one, place)) is not None)
        page = int(match[1]) if (match := _PAGE.search(call.url)) else 1
        is_last = page >= (_last_page(feed) or _LAST_PAGE) or not reviews
        calls = () if is_last else (call.to(_PAGE.sub(f"/page={page + 1}/", call.url)),)
        is_cut = page == _LAST_PAGE and bool(reviews)
        notes = (Reason("platforms.appstore.newest_only", {"url": place.url, "count": 500}),) if is_cut else ()
        country, app = _app(place)
        title = str(place.memory.get("name") or app)
        thread = Thread(f"{country}/{app}", f"https://apps.apple.com/{country}/app/id{app}", self.name, title, reviews)
        return Reading((thread,), calls=calls, notes=notes)

    def _read_app(self, data: Any, answer: Answer, place: Place) -> Reading:
        """What the app is called, and whether this country's store has it at all."""
        found = values.needed_items(data, "results", url=answer.url)
        country, app = _app(place)
        if not found:
            told: dict[str, object] = {"url": place.url, "country": country.upper(), "app": app}
            return Reading(problem=Reason("platforms.appstore.no_app", told))
        place.memory["name"] = values.line(found[0], "trackName")
        url = f"{place.api}/{country}/rss/customerreviews/page=1/id={app}/sortby=mostrecent/json"
        return Reading(calls=(Call(url, "stream"),))

    def read_error(self, call: Call, answer: Answer, place: Place) -> Reading:
        if call.what == "stream" and answer.status in (400, 404) and call.page > 1:
            return Reading()  # the feed ends here
        return by_status(call, answer, place)


def _app(place: Place) -> tuple[str, str]:
    """The country, that of the United States where the address names none, and the app's number."""
    found = _PATH.fullmatch(urlsplit(place.url).path)
    if found is None:
        raise UnreadablePageError("not_the_api", url=place.url)
    return (found["country"] or "us").lower(), found["id"]


def _last_page(feed: Mapping[str, Any]) -> int | None:
    for link in values.items(feed, "link"):
        address = values.word(link, "attributes", "href")
        if values.word(link, "attributes", "rel") == "last" and (found := _PAGE.search(address)):
            return int(found[1])
    return None


def _review(entry: Mapping[str, Any], place: Place) -> Post | None:
    """A review; the first entry of some feeds is the app itself, which has no stars."""
    number, stars = values.word(entry, "id", "label"), values.count(entry, "im:rating", "label")
    if not number or stars is None or stars > 5:
        return None
    title, text = values.line(entry, "title", "label"), values.text(entry, "content", "label")
    helpful = values.count(entry, "im:voteSum", "label")
    return Post(
        post_id=number,
        text=text if text.startswith(title) else f"{title}\n\n{text}".strip(),
        author=values.line(entry, "author", "name", "label") or None,
        posted_at=values.moment(entry, "updated", "label"),
        url=place.url,
        reactions=None if helpful is None else {"helpful": helpful},
        rating=float(stars),
        variant=values.line(entry, "im:version", "label") or None,
    )
