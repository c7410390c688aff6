"""Colours that must be told apart are told apart by people who see two of the three primaries.

Simulated after Machado, Oliveira and Fernandes (2009), at full severity, and measured as a distance in CIELAB (about 2 is just seen).
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from analysis.report import figure_drawn, paper, xlsx_charts

STYLE = (Path(paper.__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
KINDS = {
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
LEAST = 12.0
#: Of bars, dots, lines and marks beside each other; ``muted`` is what is undecided.
PAIRS = (
    ("accent", "warn"), ("accent", "muted"), ("warn", "muted"), ("accent", "track"), ("warn", "track"), ("muted", "track"),
    ("warn", "soft"), ("accent", "ink"), ("warn", "ink"),
)  # fmt: skip


def _palettes() -> dict[str, dict[str, str]]:
    light, dark, *_ = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    printed = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[-1]
    return {
        name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", _six(text)))
        for name, text in (("light", light), ("dark", dark), ("print", printed))
    }


def _six(text: str) -> str:
    return re.sub(r"#([0-9a-f])([0-9a-f])([0-9a-f])(?![0-9a-f])", r"#\1\1\2\2\3\3", text)


def _lab(colour: str, kind: str) -> np.ndarray:
    part = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(KINDS[kind]) @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ seen / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str, kind: str) -> float:
    return float(np.linalg.norm(_lab(one, kind) - _lab(other, kind)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_what_must_be_told_apart_is_told_apart(scheme: str, kind: str) -> None:
    colours = _palettes()[scheme]
    alike = {pair: distance(colours[pair[0]], colours[pair[1]], kind) for pair in PAIRS}
    assert {pair: found for pair, found in alike.items() if found < LEAST} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_nor_do_bars_of_pictures_and_series_of_charts_become_alike(kind: str) -> None:
    assert distance(figure_drawn.BAR, figure_drawn.BESIDE, kind) >= LEAST
    assert distance(paper.shade(1), paper.shade(0), kind) >= LEAST
    series = xlsx_charts.COLOURS[:4]  # more brands are drawn seldom, and every series has its name beside it
    for place, colour in enumerate(series):
        for other in series[place + 1 :]:
            assert distance(colour, other, kind) >= LEAST / 2, (colour, other)
