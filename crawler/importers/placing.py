"""From a row to a post, and to what of the row has no place: masked both, and the same whatever file the row stands in."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from crawler.gathered import masked_post
from crawler.importers.damaged_ids import MADE, is_damaged
from crawler.importers.formats import Format
from crawler.importers.mapping import Mapping as Columns
from crawler.importers.moments import Moments
from crawler.importers.nested import hidden, tells_who
from crawler.importers.numbers import count_of, pictures_of, stars_of, yes_or_no
from crawler.importers.own_numbers import is_nobodys, is_number_column
from crawler.importers.persons import person_in
from crawler.importers.tables import Line
from data.guests import nobody_in_particular
from data.privacy import author_key, mask
from data.records import Post

_LONGEST_TEXT, _LONGEST_VALUE = 100_000, 2_000
_MOST_NAMES, _LONGEST_NAME = 300_000, 80
_PERSONS_PAGE = re.compile(
    r"https?://(?:[\w-]{1,20}\.){0,2}(?:"
    r"facebook\.com/(?:profile\.php\S*|people/\S+|[\w.\-]{3,60}/?(?:\?\S*)?)|"
    r"zalo\.me/\S+|t\.me/\w+/?|tiktok\.com/@[\w.\-]+/?|instagram\.com/[\w.\-]+/?|"
    r"youtube\.com/(?:@|channel/|user/)[\w.\-]+/?|(?:twitter|x)\.com/\w+/?)$"
)
_FAILED = {
    "#NAME?",
    "#REF!",
    "#VALUE!",
    "#N/A",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#CALC!",
    "#ERROR!",
    "########",
}
_WORD_END = re.compile(r"\w+")
_HOST = re.compile(r"https?://(?:[^\s/?#@]{0,100}@)?([\w.\-]{1,255}(?::\d{1,5})?)(?=[/?#]|$)", re.I)
#: A link that a workbook writes as a formula; only its address is looked at.
_HYPERLINK = re.compile(r"""=HYPERLINK\(\s{0,3}"(https?://[^"\s]{1,2000})\"""", re.I)
_HOSTS = re.compile(r"^(?:www|m|web|mbasic|mobile|touch|[a-z]{2}-[a-z]{2})\.")


def words_of(cell: str) -> str:
    """What stands in a cell; nothing where a spreadsheet says that its formula has failed."""
    cell = cell.strip()
    return "" if cell[:1] == "#" and cell.upper() in _FAILED else cell


class Names:
    """The names of a file's authors, to find those whom others address. So many are remembered at most."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._first_words: set[str] = set()

    def add(self, name: str) -> None:
        """Remember an author."""
        if 2 <= len(name) <= _LONGEST_NAME and len(self._names) < _MOST_NAMES and not nobody_in_particular(name):
            self._names.add(name)
            first = _WORD_END.match(name)
            if first is not None and first.end() < len(name):
                self._first_words.add(first[0])

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def addressed(self, text: str) -> set[str]:
        """The names that ``text`` holds behind an ``@``, or before “said:”."""
        found: set[str] = set()
        if "@" in text:
            for place in [match.end() for match in re.finditer("@", text)][:50]:
                found |= {name for name in self._from(text, place) if name in self._names}
        if ":" in text:
            for match in re.finditer(r"(?:said|wrote|viết|nói)\s{0,3}:", text):
                before = (
                    text[max(0, match.start() - _LONGEST_NAME) : match.start()].rstrip().removesuffix("đã").rstrip()
                )
                starts = [0, *(word.start() for word in _WORD_END.finditer(before))]
                found |= {before[start:] for start in starts if before[start:] in self._names}
        return found

    def begins(self, text: str) -> str | None:
        """The full name with which ``text`` begins: so comment exports write a person who is addressed."""
        first = _WORD_END.match(text)
        if first is None or first[0] not in self._first_words:
            return None
        names = [name for name in self._from(text, 0) if " " in name and name in self._names]
        return max(names, key=len, default=None)

    @staticmethod
    def _from(text: str, start: int) -> Iterator[str]:
        piece = text[start : start + _LONGEST_NAME]
        for word in _WORD_END.finditer(piece):
            yield piece[: word.end()]


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a row. ``why`` names what could not be placed; ``post`` is ``None`` where nothing could.

    ``key`` is the same for the same row in any file.
    """

    number: int
    key: str
    post: Post | None = None
    thread: str = ""
    thread_url: str = ""
    thread_title: str = ""
    rest: dict[str, str] = field(default_factory=dict)
    why: str | None = None


class Placing:
    """Places the rows of one file. ``whole`` is what all of them belong to where no column says so.

    ``own`` are the names of brands' own accounts in lower case, ``common`` cells that every row has beside its own, ``damaged``
    the fields whose ids a spreadsheet has damaged.
    """

    def __init__(
        self,
        mapping: Columns,
        *,
        form: Format | None,
        site: str,
        whole: str,
        moments: Moments,
        names: Names,
        key: bytes,
        damaged: Collection[str] = (),
        counts: Collection[str] = (),
        own: Collection[str] = (),
        common: Mapping[str, str] | None = None,
    ) -> None:
        self._mapping, self._form, self._site, self._whole = mapping, form, site, whole
        self._moments, self._names, self._key = moments, names, key
        self._private = form is not None and form.private
        self._fields = mapping.columns()
        self._hidden = {*mapping.person, *filter(None, (mapping.author, mapping.author_id))}
        self._left_out, self._counts = set(mapping.leave_out), set(counts)
        self._placed = mapping.used()
        self._damaged = damaged
        self._own, self._common = own, common or {}
        self._moment_columns = {self._fields.get("posted_at"), self._fields.get("edited_at")}
        self._id_columns = {self._fields.get(name) for name in ("id", "thread", "reply_to")}
        self._labelled: dict[str, str] = {}

    def place(self, line: Line) -> Placed:
        """The row as a post and what is left of it."""
        if line.wrong is not None:
            start = line.cells.get("", "").strip()
            start = hidden(start, self._hash) or mask(start)
            rest = {"line": start} if start else {}
            return Placed(
                line.number, self._digest("broken", line.cells.get(""), line.wrong), rest=rest, why=line.wrong
            )
        cells = self._form.mend(dict(line.cells), self._mapping) if self._form else line.cells
        if self._common:
            cells = {**self._common, **cells}
        text = self._text(cells)
        if left := cells.get("@why"):
            return Placed(line.number, self._digest("row", str(line.number)), why=left)
        if not text and stars_of(self._get(cells, "rating")) is None:
            rest = dict(self._rest(cells, set()))
            raw = "\0".join(f"{name}\0{value}" for name, value in sorted(line.cells.items()) if value)
            return Placed(line.number, self._digest("row", raw), rest=rest, why="no_text")
        return self._post(line.number, cells, text, dict(self._rest(cells, self._placed)))

    def _post(self, number: int, cells: dict[str, str], text: str, rest: dict[str, str]) -> Placed:
        why: list[str] = []
        url = self._address(cells)
        of_url = facebook_parts(url)
        posted_at = self._posted_at(cells, rest, why)
        edited_at = self._moment(cells, "edited_at", rest, [])
        thread = (
            self._id(cells, "thread") or of_url.thread or self._get(cells, "thread_url")
            or cells.get("@thread_url")
            or ("" if self._mapping.alone else self._get(cells, "thread_title"))
        )  # fmt: skip
        author = self._author(cells)
        native = of_url.comment if of_url.comment and "@id" not in cells else self._id(cells, "id") or of_url.comment
        begun = self._names.begins(text)
        hidden = "[name]" + text[len(begun) :] if begun else text
        post = masked_post(Post("", hidden, quoted=cells.get("@quoted") or None), self._names.addressed(text))
        rating = self._rating(cells, rest, why)
        if not native:
            moment = self._get(cells, "posted_at") if posted_at is None else posted_at.isoformat()
            words = " ".join(text.split())
            if not words:  # of stars alone there are many alike
                words = f"{rating} {'' if author and moment else number}"
            native = self._digest("post", thread, author, moment, words)
        reply_to = of_url.answers if "@reply_to" not in cells else ""
        reply_to = reply_to or self._id(cells, "reply_to") or of_url.answers or self._within(cells)
        self._label(cells, native)
        if self._mapping.alone and not thread:
            thread = native
        post = Post(
            post_id=native, text=post.text, quoted=post.quoted, author=author[:200] or None, posted_at=posted_at, url=url or None,
            reply_to=reply_to if reply_to != native else None, reactions=self._reactions(cells, rest, why), rating=rating,
            edited_at=edited_at if edited_at != posted_at else None, variant=mask(self._get(cells, "variant")[:200]) or None,
            verified=yes_or_no(self._get(cells, "verified")), pictures=pictures_of(self._get(cells, "pictures")),
        )  # fmt: skip
        title = self._get(cells, "thread_title") or cells.get("@thread_title", "")
        thread, thread_url, title = self._thread(cells, thread, url, title, post.text)
        return Placed(number, "", post, thread, thread_url, title, rest, ", ".join(why) or None)

    def _author(self, cells: dict[str, str]) -> str:
        """Who wrote: an id rather than a name, but for a brand's own account, which is known by its name."""
        name, own = person_in(self._get(cells, "author"))
        if name.casefold() in self._own:
            return name
        return self._id(cells, "author_id") or own or name

    def _id(self, cells: dict[str, str], name: str) -> str:
        """An id as the format puts it together or the file has it; none where a spreadsheet has damaged it."""
        found = (cells.get(MADE[name], ""), self._get(cells, name))
        return next((one for one in found if one and not self._is_lost(name, one)), "")

    def _is_lost(self, name: str, value: str) -> bool:
        return name in self._damaged and is_damaged(value)

    def _within(self, cells: dict[str, str]) -> str:
        """The id of the row that this one lies within, in a file that nests answers or numbers them ``1-1``."""
        return self._labelled.get(cells.get("@within", ""), "") if "@within" in cells else ""

    def _label(self, cells: dict[str, str], native: str) -> None:
        if label := cells.get("@label"):
            if len(self._labelled) > _MOST_NAMES:
                self._labelled.clear()
            self._labelled[label] = native

    def _thread(self, cells: dict[str, str], thread: str, url: str, title: str, text: str) -> tuple[str, str, str]:
        """The thread's id, address (always within the file's site) and title."""
        if self._private:  # names of a conversation are names of people
            thread = self._digest("thread", thread or self._whole)
            return thread, f"import://{self._site}/{thread}", self._site
        alone = self._mapping.alone and not self._get(cells, "thread") and not cells.get("@thread")
        address = (
            cells.get("@thread_url")
            or self._get(cells, "thread_url")
            or (url if alone else facebook_parts(url).address)
            or thread
            or self._whole
        )
        if not title:
            title = " ".join(text.split())[:80] if alone else ""
        thread = thread or self._whole
        return thread, self._in_site(address, thread), mask(title[:300])

    def _in_site(self, address: str, thread: str) -> str:
        start = _HOST.match(address) if len(address) <= _LONGEST_VALUE else None
        if start is not None and host_of(address) == self._site:
            return f"https://{self._site}{address[start.end() :]}"
        return f"import://{self._site}/{quote(thread[:200], safe='')}"

    def _address(self, cells: dict[str, str]) -> str:
        url = self._get(cells, "url")
        if link := _HYPERLINK.match(url):
            url = link[1]
        return url if _HOST.match(url) and len(url) <= _LONGEST_VALUE else ""

    def _text(self, cells: dict[str, str]) -> str:
        text = self._get(cells, "text")[:_LONGEST_TEXT]
        title = self._get(cells, "title")
        if title and text and not text.startswith(title):
            return f"{title}\n{text}"
        return text or title

    def _get(self, cells: dict[str, str], name: str) -> str:
        column = self._fields.get(name)
        return words_of(cells.get(column, "")) if column is not None else ""

    def _moment(self, cells: dict[str, str], name: str, rest: dict[str, str], why: list[str]) -> datetime | None:
        said = self._get(cells, name)
        moment = self._moments.read(said) if said else None
        if said and moment is None:
            rest[self._fields[name]] = mask(said[:200])
            why.append("no_date")
        return moment

    def _posted_at(self, cells: dict[str, str], rest: dict[str, str], why: list[str]) -> datetime | None:
        """When it was written; the time of day may stand in a column of its own."""
        day, clock = self._get(cells, "posted_at"), self._get(cells, "time")
        if day and clock and (moment := self._moments.read(f"{day.removesuffix(' 00:00:00')} {clock}")) is not None:
            return moment
        if clock:
            rest[self._fields["time"]] = mask(clock[:200])
        return self._moment(cells, "posted_at", rest, why)

    def _reactions(self, cells: dict[str, str], rest: dict[str, str], why: list[str]) -> dict[str, int] | None:
        columns = {"like": self._fields.get("likes"), "helpful": self._fields.get("helpful"), **self._mapping.reactions}
        found: dict[str, int] = {}
        for name, column in columns.items():
            if column is None or not (said := cells.get(column, "").strip()):
                continue
            count = count_of(said)
            if count is not None:
                found[name] = count
            else:
                rest[column] = mask(said[:200])
                why.append("no_count")
        return found or None

    def _rating(self, cells: dict[str, str], rest: dict[str, str], why: list[str]) -> float | None:
        said = self._get(cells, "rating")
        rating = stars_of(said) if said else None
        if said and rating is None:
            rest[self._fields["rating"]] = mask(said[:200])
            why.append("no_rating")
        return rating

    def _rest(self, cells: dict[str, str], placed: Collection[str]) -> Iterator[tuple[str, str]]:
        """The columns that are not ``placed``. What tells who somebody is is kept as a keyed hash: enough to see that two are the same."""
        author = self._get(cells, "author")
        for name, value in cells.items():
            value = value.strip()
            if not value or name in placed or name in self._left_out or name.startswith("@"):
                continue
            if (
                name in self._hidden
                or (author and author in value)
                or _PERSONS_PAGE.match(value)
                or value in self._names
                or ("." in name and tells_who(name.split(".")))
            ):
                yield mask(name), self._hash(value)
            elif (nested := hidden(value, self._hash)) is not None:
                yield mask(name), nested[:_LONGEST_VALUE]
            elif (
                name in self._counts
                or (name in self._id_columns and value.isdigit())
                or (is_nobodys(value) and is_number_column(name))
            ):
                yield name, value
            elif name in self._moment_columns and (moment := self._moments.read(value)) is not None:
                yield name, moment.isoformat()
            else:
                yield mask(name), mask(value[:_LONGEST_VALUE])

    def _hash(self, person: str) -> str:
        return f"[{author_key(self._key, self._site, person)}]"

    def _digest(self, *parts: str | None) -> str:
        """Keyed, for texts and names could be found again from a plain digest by trying."""
        whole = "\0".join(part or "" for part in parts).encode("utf-8", "replace")
        return hmac.new(self._key, whole, hashlib.sha256).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the address of a Facebook comment tells."""

    thread: str = ""
    comment: str = ""
    answers: str = ""
    address: str = ""


_NO_PARTS = Parts()
_ASKED = re.compile(r"(?:^|&)(comment_id|reply_comment_id|story_fbid|v|fbid)=([\w.:\-]{1,200})")
_POST = re.compile(r"/(?:posts|videos|photos|permalink|reel)/(?:[\w.\-]{1,80}/)?(\w{5,120})")


def facebook_parts(url: str) -> Parts:
    """Post, comment and the comment answered of a Facebook comment's address (``…?comment_id=1&reply_comment_id=2``)."""
    path, _, query = url.partition("?")
    if "comment_id=" not in query or host_of(url) != "facebook.com":
        return _NO_PARTS
    asked = dict(_ASKED.findall(query))
    comment, reply = asked.get("comment_id", ""), asked.get("reply_comment_id", "")
    found = _POST.search(path)
    thread = asked.get("story_fbid") or asked.get("v") or asked.get("fbid") or (found[1] if found else path)
    return Parts(thread, reply or comment, comment if reply else "", path if found else "")


def host_of(url: str) -> str:
    """The site of an address, mobile and regional hosts of it taken for the one they stand for."""
    found = _HOST.match(url)
    return _HOSTS.sub("", found[1].casefold()) if found else ""
