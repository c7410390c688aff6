"""A text ten times as long may cost ten times as much, whatever it is made of."""

from __future__ import annotations

import pytest

from analysis.text.annotate import Annotator
from tests.effort import grows_less

ANNOTATOR = Annotator()
#: Ten times the text for at most this many times the time; quadratic would be a hundred.
MOST = 30


def read(text: str) -> None:
    ANNOTATOR.annotate_one({"id": 1, "text": text, "lang": "vi"})


@pytest.mark.parametrize(
    "piece",
    [
        "máy dùng ok nhưng nóng quá, ",
        "máy lag ",
        "không ",
        "😡",
        ")",
        '"a ',
        "1.1,",
        "a.a@",
        "may bi nong qua ",
        ":-",
        "không chê vào đâu được ",
        "mình 29 tuổi ở Hà Nội, bé bị hăm. ",
        "vợ mình lương 3tr làm giáo viên chuyển sang Shopee ",
    ],
)
def test_long_texts_cost_linear_time(piece: str) -> None:
    assert grows_less(MOST, lambda: read(piece * 500), lambda: read(piece * 5_000))
