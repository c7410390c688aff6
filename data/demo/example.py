"""The demonstration's study file, with the addresses at which the little world is served."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from data.demo.world import SITES


def study_text(bases: Mapping[str, str], language: str = "vi", report: str | None = None) -> str:
    """The study file in ``language`` (``vi`` or ``en``), its report in ``report`` (the same by default).

    ``bases`` maps every site of the world to its address, as the server gives them. Raises ``KeyError`` for a site without one.
    """
    text = (Path(__file__).parent / f"study.{language}.yaml").read_text(encoding="utf-8")
    for site in SITES:
        text = text.replace(f"{{{site}}}", bases[site].rstrip("/"))
    return text.replace("{language}", report or language)


def write_study(folder: Path, bases: Mapping[str, str], language: str = "vi", report: str | None = None) -> Path:
    """Write the study file as ``study.yaml`` into ``folder``, which is made where it lacks."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "study.yaml"
    path.write_text(study_text(bases, language, report), encoding="utf-8")
    return path
