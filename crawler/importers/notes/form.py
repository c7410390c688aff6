"""A row of notes as a row of posts: the customer's words as its text, an agent's beside them, names of both hidden."""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Mapping as AnyMapping

from crawler.importers.formats import Format
from crawler.importers.mapping import Mapping
from crawler.importers.notes.mapping import NotesMapping
from crawler.importers.notes.speakers import Said, Who, reported, role_of, taken_apart, without_greetings
from crawler.importers.persons import person_in
from data.folding import words
from data.guests import nobody_in_particular

#: All customers of a study's notes are known by the same ids, whatever file they stand in.
SITE = "notes"
#: How a row says that its customer's words are a report of them; in the rest of the row.
TOLD_BY = "told_by"
#: Why a row is no post: it is an agent's, or a text that was sent to many.
AGENT, TEMPLATE = "agent", "template"
_PHONE = re.compile(r"\+?[\d .\-()]{8,20}")
_KIN = r"(?:anh|chị|em|cô|chú|bác|bạn|dì|mr\.?|mrs\.?|ms\.?|miss)"
_LONGEST_NAME = 60


class NotesForm(Format):
    """Notes in a table, or in an export of private messages (``base``). ``agents`` are names in lower case of those who answer;
    ``templates`` the texts that many were sent, as :func:`plain_text` writes them."""

    name = "notes"
    site = SITE
    kind = "notes"
    private = True

    def __init__(self, base: Format | None, agents: Collection[str], templates: Collection[str] = ()) -> None:
        self.base, self.agents, self.templates = base, frozenset(agents), templates
        #: Ids of the accounts to which customers write.
        self.our_ids: Collection[str] = frozenset()

    def mend(self, cells: dict[str, str], mapping: Mapping) -> dict[str, str]:
        assert isinstance(mapping, NotesMapping)
        cells = self.base.mend(cells, mapping) if self.base else cells
        text = cells.get(mapping.text or "", "").strip()
        if mapping.author_id:
            cells[mapping.author_id] = own = same_person(cells.get(mapping.author_id, ""))
            if any(map(str.isdigit, own)) and nobody_in_particular(own):
                cells["@author"] = f"{SITE}:{own}"  # “Khách 12” is somebody where it is an id
        customer = person_in(cells.get(mapping.author or "", "").strip())[0]
        agent = cells.get(mapping.agent or "", "").strip()
        if not cells.get("@thread") and (who := cells.get(mapping.author_id or "", "") or customer):
            cells["@thread"] = who
        if not text:
            return cells
        if plain_text(text) in self.templates:
            return self._left(cells, mapping, TEMPLATE)
        said = self._said(text, cells, mapping, customer, agent)
        if not words(said.customer):
            return self._left(cells, mapping, AGENT)
        answer = "\n".join(filter(None, (said.agent, cells.get(mapping.answer or "", "").strip())))
        cells[mapping.text or ""] = without_names(said.customer, (customer, agent))
        cells["@quoted"] = without_names(without_greetings(answer), (customer, agent))
        if said.how == "report":
            cells[TOLD_BY] = said.how
        return cells

    def _said(self, text: str, cells: dict[str, str], mapping: NotesMapping, customer: str, agent: str) -> Said:
        role = role_of(cells.get(mapping.role or "", "")) if mapping.role else None
        if role is None and self._sent_by_us(cells):
            role = "agent"
        if role is None and customer and self._answers(customer):
            role = "agent"
        if role == "agent":
            return Said("", text)
        names: dict[str, Who] = {**dict.fromkeys(filter(None, (agent,)), "agent")}
        names |= {customer: "customer"} if customer else {}
        if role is None and (apart := taken_apart(text, names)) is not None:
            return apart
        return reported(text, (agent, *self.agents)) if role is None and mapping.words == "agent" else Said(text, "")

    def _sent_by_us(self, cells: AnyMapping[str, str]) -> bool:
        """Whether an export of messages says that this one is the shop's: by a mark, or by the id to which customers write."""
        if self.base is None:
            return False
        sender = cells.get(self.base.sent[0], "").strip() if self.base.sent else ""
        return self.base.is_ours(cells) or bool(sender and sender in self.our_ids)

    def _answers(self, name: str) -> bool:
        return name.casefold() in self.agents

    @staticmethod
    def _left(cells: dict[str, str], mapping: NotesMapping, why: str) -> dict[str, str]:
        cells.pop(mapping.text or "", None)
        cells["@why"] = why
        return cells

    def whole(self, head: AnyMapping[str, str]) -> str | None:
        return self.base.whole(head) if self.base else None

    def common(self, head: AnyMapping[str, str]) -> dict[str, str]:
        return self.base.common(head) if self.base else {}


def plain_text(text: str) -> str:
    """A text as repeated texts are compared: its folded words, without numbers."""
    return " ".join(word for word in words(text[:2_000]) if not word.isdigit())


def same_person(said: str) -> str:
    """A customer's id, the same however a telephone is written: ``+84 912 345 678`` is ``0912345678``, and so is ``912345678``."""
    said = said.strip()
    if not _PHONE.fullmatch(said):
        return said.casefold() if "@" in said else said
    digits = re.sub(r"\D", "", said)
    if digits.startswith("84") and len(digits) in (11, 12):
        return "0" + digits[2:]
    return "0" + digits if re.fullmatch(r"[35789]\d{8}", digits) else digits if said != digits else said


def without_names(text: str, names: Collection[str]) -> str:
    """``text`` with each of ``names`` hidden, and the last word of each behind a word of address (“chị Lan”)."""
    for name in names:
        if not 2 <= len(name) <= _LONGEST_NAME or nobody_in_particular(name) or not any(map(str.isalpha, name)):
            continue
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "[name]", text, flags=re.I)
        parts = [part for part in re.findall(r"\w+", name) if part[:1].isupper() and len(part) > 1]
        for part in parts:
            text = re.sub(rf"(?<!\w)({_KIN})\s+{re.escape(part)}(?!\w)", r"\1 [name]", text, flags=re.I)
    return text
