"""Every table of the report's model, in the report's order."""

from __future__ import annotations

from dataclasses import replace

from analysis.report.model import Report
from analysis.report.sheets import Sheet
from analysis.report.sheets.of_audiences import Audiences
from analysis.report.sheets.of_reading import Reading
from analysis.report.speech import Speech
from data.words import entry


def sheets(report: Report, say: Speech) -> list[Sheet]:
    """The sheets that have at least one row."""
    found, read = Audiences(report, say), Reading(report, say)
    words = entry("report_files.sheets", say.lang)
    every = (
        ("", found.moved(), found.summary(), found.pains(), found.heat(), found.traits(), found.checks()),
        (words["differences"], found.differences(), found.apart()),
        (words["theirs"], read.promises(), read.offers(), read.pages(), read.openings()),
        ("", read.evidence()),
        (words["method"], read.method(), read.counts(), read.sources(), read.months()),
    )  # fmt: skip
    return [replace(sheet, group=group) for group, *sheets in every for sheet in sheets if sheet.rows]
