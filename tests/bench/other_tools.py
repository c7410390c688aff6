"""What the other tools do with the same pages, run by the Python of their own environment: ``python other_tools.py TOOL …``.

Only their own work is timed, from after their import; the last line printed is JSON.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def forum_dl(address: str, out: str) -> dict[str, Any]:
    """A whole board read by forum-dl, its answers written as JSON Lines; it makes no pauses by itself."""
    import logging

    from forum_dl import ForumDl, options
    from forum_dl.extractors.common import ExtractorOptions
    from forum_dl.session import SessionOptions
    from forum_dl.writers.common import WriterOptions

    logging.getLogger().setLevel(logging.ERROR)
    given = options.build_parser().parse_args([address])
    session = {name: getattr(given, name) for name in ("timeout", "retries", "retry_sleep", "retry_sleep_multiplier")}
    session |= {"warc_output": "", "user_agent": given.user_agent, "get_urls": False}
    written = {
        "output_path": out,
        "files_output_path": "",
        "write_board_objects": True,
        "write_thread_objects": True,
        "write_post_objects": True,
        "write_file_objects": False,
        "write_outside_file_objects": False,
        "textify": False,
        "content_as_title": False,
        "author_as_addr_spec": False,
    }
    began = time.perf_counter()
    ForumDl().download(
        [address], "jsonl", SessionOptions(**session), ExtractorOptions(path=False), WriterOptions(**written)
    )
    seconds = time.perf_counter() - began
    found = set()
    with Path(out).open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if entry["type"] == "post":
                found.add(tuple(entry["item"]["subpath"]))
    return {"seconds": seconds, "posts": len(found)}


def trafilatura(lines_file: str) -> dict[str, Any]:
    """The text of each page as trafilatura finds it by itself."""
    from trafilatura import extract

    with Path(lines_file).open(encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]
    bodies = [(page["url"], read_body(page["html_path"])) for page in pages]
    bodies = after_warming(bodies, lambda page: extract(page[1], url=page[0]))
    began = time.process_time()
    for url, body in bodies:
        extract(body, url=url)
    return {"seconds": time.process_time() - began, "pages": len(bodies)}


def after_warming(pages: list[Any], read: Callable[[Any], object]) -> list[Any]:
    """Three pages of four, the fourth having been read: what a tool loads or builds on first use is no speed of reading."""
    for page in pages[::4]:
        read(page)
    return [page for place, page in enumerate(pages) if place % 4] or pages


def read_body(path: str) -> bytes:
    """A saved page, packed or not."""
    raw = Path(path).read_bytes()
    return gzip.decompress(raw) if path.endswith(".gz") else raw


if __name__ == "__main__":
    print(json.dumps({"forum_dl": forum_dl, "trafilatura": trafilatura}[sys.argv[1]](*sys.argv[2:])))
