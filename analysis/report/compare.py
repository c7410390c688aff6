"""A report beside an earlier one: which analysis or file is meant, what moved beyond chance since, and the marks that say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from analysis import changed, kept
from analysis.changed import Change
from analysis.changes_order import only_diluted, ordered
from analysis.report import as_json, moving
from analysis.report.blocks import Section
from analysis.report.model import Moved, Report
from analysis.report.speech import Speech
from data.errors import InputError
from data.page_changes import per_unit
from data.store import Store
from data.study import Study
from data.words import tell, tell_in

#: A list of what there is names so many.
_LISTED = 8
_BESIDE = (changed.EVIDENCE, changed.ASSUMED, changed.PRICE, changed.CLAIM, changed.SILENT)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since an earlier report, made at ``made_at`` (ISO 8601): an analysis by its number, or a file by its name;
    ``posts`` were read in between."""

    made_at: str
    run: int | None
    file: str | None
    changes: tuple[Change, ...]
    posts: int = 0

    def marked(
        self, report: Report, sections: Sequence[Section], study: Study, say: Speech
    ) -> tuple[Report, tuple[Section, ...]]:
        """The report with what moved in it, and a section that tells it before the others."""
        now = replace(report, moved=tuple(filter(None, map(_moved, self.changes))))
        return now, (
            moving.section(self.changes, self.made_at, self._which(say), study, say, report.made_at),
            *moving.told_once(sections),
        )

    def _which(self, say: Speech) -> str:
        key = "of_file" if self.file is not None else "of_run"
        which = tell_in(
            say.lang, f"report_files.compare.{key}", name=self.file, run=self.run, date=say.hour(self.made_at)
        )
        key = "posts_since" if self.posts else "no_posts_since"
        return f"{which} {tell_in(say.lang, f'report_files.compare.{key}', n=say.count(self.posts))}"


def since(store: Store, study: Study, report: Report, previous: str) -> Since:
    """What changed since ``previous``: the day or number of an earlier analysis, or an earlier report's ``.json``.

    Raises ``InputError`` where there is none such, and where the file is damaged or no report of this study.
    """
    wanted = previous.strip()
    if not wanted:
        raise InputError("report_no_previous_named", known=_known(study, *_earlier(store)))
    if wanted.lower().endswith(".json"):
        return _since_file(store, _path(study, wanted), report)
    earlier, ended = _earlier(store)
    run = _run(wanted, earlier, ended, study.timezone)
    if run is None:
        raise InputError("report_no_previous", name=wanted[:80], known=_known(study, earlier, ended))
    found = changed.changes_since(store, run, minimum=study.privacy.minimum_group)
    return Since(ended[run], run, None, tuple(ordered(found, study.own.name)), _posts(store, ended[run]))


def _earlier(store: Store) -> tuple[list[int], dict[int, str]]:
    """The analyses before the last, and when each ended."""
    ended = {
        row["run_id"]: row["ended_at"]
        for row in store.query("select run_id, ended_at from runs where what = 'find' and state = 'done'")
    }
    return [run for run in kept.runs(store)[:-1] if run in ended], ended


def _path(study: Study, named: str) -> Path:
    """A file as it is named, or of that name among the study's reports."""
    path = Path(named)
    beside = study.reports / named
    return beside if not path.exists() and not path.is_absolute() and beside.exists() else path


def _run(wanted: str, earlier: Sequence[int], ended: Mapping[int, str], timezone: str) -> int | None:
    """The analysis of a number, else the last that had ended by the end of a day or by a moment."""
    if wanted.isdecimal() and len(wanted) < 8:
        return int(wanted) if int(wanted) in earlier else None
    until = _until(wanted, ZoneInfo(timezone))
    if until is None:
        return None
    return max((run for run in earlier if _moment(ended[run]) < until), default=None)


def _until(wanted: str, zone: ZoneInfo) -> datetime | None:
    """The end of the day, or the moment, that is meant: 2026-11-21, 21/11/2026 or 2026-11-21T10:00."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day: date = datetime.strptime(wanted, form).date()
        except ValueError:
            continue
        return datetime.combine(day + timedelta(days=1), time(), zone)
    try:
        moment = datetime.fromisoformat(wanted.replace("Z", "+00:00"))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)) + timedelta(seconds=1)


def _moment(iso: str) -> datetime:
    return datetime.fromisoformat(iso.replace("Z", "+00:00"))


def _known(study: Study, earlier: Sequence[int], ended: Mapping[int, str]) -> str:
    """What may be compared with, the newest first, for the sentence of an error."""
    zone = ZoneInfo(study.timezone)
    runs = [
        tell("report_files.compare.known_run", run=run, date=f"{_moment(ended[run]).astimezone(zone):%Y-%m-%d}")
        for run in list(reversed(earlier))[:_LISTED]
    ]
    beside = sorted(study.reports.glob("*.json"), reverse=True)[:_LISTED]
    files = [path.name for path in beside if _is_earlier(path, study, max(ended.values()))]
    return ", ".join([*runs, *files]) or tell("report_files.compare.known_none")


def _is_earlier(path: Path, study: Study, last: str) -> bool:
    """Whether a file is a report of this study made before its ``last`` analysis, which has nothing to compare itself with."""
    try:
        old = as_json.load(path)
    except InputError:
        return False
    return old.study == study.study and _moment(old.made_at) < _moment(last)


def _posts(store: Store, since: str) -> int:
    """How many posts were read for the first time since then."""
    asked = "select count(*) as n from posts where first_seen > :since"
    return int(next(iter(store.query(asked, {"since": _z(since)})))["n"])


def _z(iso: str) -> str:
    return iso.replace("+00:00", "Z")


def _since_file(store: Store, path: Path, report: Report) -> Since:
    old = as_json.load(path)
    if old.study != report.study:
        raise InputError("report_json_other_study", path=path, other=old.study[:80], study=report.study)
    before, after = _figures(old), _figures(report)
    minimum = max(old.minimum, report.minimum)
    found = [*changed.compared(before, after, minimum), *_beside(store, old, report, minimum)]
    return Since(old.made_at, None, path.name, tuple(ordered(found, report.own)), _posts(store, old.made_at))


def _beside(store: Store, old: Report, report: Report, minimum: int) -> list[Change]:
    """What changed beside the figures: as the analysis knows it on which the file rests, else what both files tell of prices."""
    run = changed.run_before(store, _z(old.made_at))
    if run is None:
        return _prices(old, report)
    return [c for c in changed.changes_since(store, run, minimum=minimum) if c.kind in _BESIDE]


def _figures(report: Report) -> dict[kept.Key, Row]:
    """The shares and verdicts of a report, named as ``kept_figures`` names them; bounds are no figures."""
    found: dict[kept.Key, Row] = {}
    for portrait in report.portraits:
        brand = portrait.brand
        told = [(kept.PAIN, "pain", h.category, h.estimate) for h in portrait.hurts]
        told += [(kept.AUDIENCE, c.attribute, c.value, c.estimate) for t in portrait.traits for c in t.cells]
        for kind, attribute, value, e in told:
            if not e.at_least:
                found[brand, kind, attribute, value] = {
                    "answer": None,
                    "count": e.count,
                    "n": e.n,
                    "share": e.share,
                    "low": e.low,
                    "high": e.high,
                }
    for segment in report.segments:
        for check in segment.checks:
            name = check.name or f"{segment.name}/{check.position}"
            found[check.brand, kept.VERDICT, name, ""] = {"answer": check.verdict}
    for c in report.competitors:
        found[c.name, kept.ANSWER, kept.ANSWER, ""] = {"answer": c.verdict}
    return found


def _prices(old: Report, new: Report) -> list[Change]:
    """Offers of one name and page whose price is another."""
    found = []
    now = dict(_offers(new))
    for brand, offers in _offers(old):
        for key, price in offers.items():
            after = now.get(brand, {}).get(key)
            if after is not None and after != price:
                named = key[0] or key[1] or ""
                said = {
                    lang: tell_in(
                        lang, "report_files.compare.price", name=named,
                        before=per_unit(Speech(lang).money(price, key[2]), key[3], lang),
                        after=per_unit(Speech(lang).money(after, key[2]), key[3], lang),
                    )
                    for lang in ("vi", "en")
                }  # fmt: skip
                found.append(Change(changed.PRICE, brand, changed.PRICE, "price", named, said=said, at=new.made_at))
    return found


def _offers(report: Report) -> list[tuple[str, dict[tuple[str | None, ...], float]]]:
    pages = [(report.own, report.our_pages), *((c.name, c.pages) for c in report.competitors)]
    return [
        (brand, {(o.name, o.url, o.currency, o.per): o.price for o in p.offers if o.price is not None})
        for brand, p in pages
    ]


def _moved(change: Change) -> Moved | None:
    """A share that moved, or that is told for the first time."""
    if change.kind not in (changed.MOVED, changed.NEW) or change.subject not in (kept.AUDIENCE, kept.PAIN):
        return None
    before = change.before.get("share") if change.before else None
    now, diluted = change.after["share"], only_diluted(change)
    return Moved(change.brand, change.attribute, change.value, before, now, change.q or 0.0, diluted)
