"""What a crawl refused, or was refused: the first of each reason one by one, the rest counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from crawler.reasons import GAVE_NOTHING, REFUSALS, Reason
from data.logins import without_logins
from data.privacy import mask
from data.store.polite import Refusal
from data.words import LANGUAGES, tell_in

#: So many refusals for one reason are kept with their addresses.
KEPT = 20
_LONGEST_ADDRESS = 500


@dataclass(slots=True)
class Refused:
    """One source's refusals in one crawl."""

    times: dict[str, int] = field(default_factory=dict)
    _kept: list[tuple[Reason, datetime]] = field(default_factory=list)

    def add(self, reason: Reason) -> None:
        """Note a refusal, or a page that came to nothing; anything else that a page may lack is neither."""
        if reason.key not in REFUSALS | GAVE_NOTHING:
            return
        self.times[reason.key] = times = self.times.get(reason.key, 0) + 1
        if times <= KEPT:
            self._kept.append((reason, datetime.now(UTC)))

    @property
    def refused(self) -> int:
        """How often something was refused."""
        return sum(times for key, times in self.times.items() if key in REFUSALS)

    def lines(self) -> list[Refusal]:
        """As they are stored, addresses masked like every text."""
        found = [self._line(reason, at) for reason, at in self._kept]
        for key, times in self.times.items():
            if times > KEPT:
                said = {lang: tell_in(lang, f"crawl.refused.{key}", count=times - KEPT) for lang in LANGUAGES}
                found.append(Refusal(key, None, datetime.now(UTC), said["vi"], said["en"], times - KEPT))
        return found

    @staticmethod
    def _line(reason: Reason, at: datetime) -> Refusal:
        url = mask(without_logins(str(reason.values.get("url", ""))))[:_LONGEST_ADDRESS] or None
        said = {lang: mask(reason.sentence(lang))[: 3 * _LONGEST_ADDRESS] for lang in LANGUAGES}
        return Refusal(reason.key, url, at, said["vi"], said["en"])
