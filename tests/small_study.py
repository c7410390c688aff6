"""A tiny study with a filled database, for tests of the commands. Its brands and people are fiction."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from data.privacy import study_key
from data.records import Annotation, Pain, Post, Thread
from data.store import WriteBatch, open_store
from data.store.base import PostReading
from data.study_file import load

STUDY = """\
study: small
language: vi
contact: research@example.com
own: {name: An Nhiên, sites: ["https://annhien.example/"]}
competitors:
  - {name: MiniCare, aliases: [mini care]}
sources:
  - {url: "https://forum.example/f/1/", kind: forum}
"""

#: What hostile people write into forums.
TEXTS = (
    "Điện thoại MiniCare mới mua mà hay bị nóng",
    '=HYPERLINK("http://evil.example";"bấm đi")',
    "\x1b[31mđỏ\x1b[0m \u202egnourt",
    "<script>alert(1)</script> bỉm bị hăm",
    "dien thoai nay dung tot",
)


def write_study(folder: Path) -> Path:
    """Write the study with its database into ``folder`` and return the study file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "study.yaml"
    path.write_text(STUDY, encoding="utf-8")
    study = load(path)
    posts = tuple(
        Post(
            post_id=f"p{number}",
            text=text,
            author=f"người {number}",
            posted_at=datetime(2026, 10, number + 1, 7, tzinfo=UTC),
            url=f"https://forum.example/t/1#p{number}",
        )
        for number, text in enumerate(TEXTS)
    )
    thread = Thread("t1", "https://forum.example/t/1", "general", "Điện thoại nào tốt", posts)
    with open_store(study.database, create=True) as store:
        store.author_key_secret = study_key(study.key_file)
        store.sync_study(study)
        source = store.source_id("https://forum.example/f/1/")
        store.write(WriteBatch(threads=[(source, thread)]))
        run = store.begin_run("analyze")
        pain = Pain("complaint", "performance", "MiniCare", 2, 31, 42, "hay bị nóng", 0.9, "test 1")
        first = next(store.posts_to_read("test"))[0]
        store.save_annotations(
            run,
            "test",
            [
                PostReading(
                    first, Annotation(str(first.key), "vi", pains=(pain,)), (("MiniCare", "text"),), ("MiniCare",)
                )
            ],
        )
        store.end_run(run, "done")
    return path
