"""What the tests of the demonstration's world share."""

from __future__ import annotations

from data.demo.pages import Resource
from data.demo.world import World

FICTION = "Thế giới hư cấu để trình diễn Chandung"
FICTION_EN = "A fictional world made for Chandung's demonstration"


def pages(little: World, site: str) -> dict[str, Resource]:
    return {path: page for path, page in little.pages()[site].items() if page.location is None}
