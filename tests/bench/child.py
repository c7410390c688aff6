"""What is measured, each in a process of its own, which prints one line of JSON: seconds, counts, and its peak memory.

Crawls are measured by the clock on the wall, annotation and extraction by the time of the one core that they use.

``python -m tests.bench.child bare_crawl START_URL ALLOWED.json``
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
import zlib
from pathlib import Path
from typing import Any

from data.records import Page
from tests.bench import findings, reading
from tests.bench.other_tools import after_warming, read_body


def peak_megabytes() -> float:
    """The most memory that this process has held at once, in MB, and the largest of those that it started, which wrote for it."""
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset) / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def crawl(study: str, source: str) -> dict[str, Any]:
    """Our crawl of one source: pages into the database."""
    from crawler.run import crawl as run
    from data.study_file import load

    loaded, cpu = load(Path(study)), time.process_time()
    result = run(loaded, only=[source])
    counts = result.sources[0].counts
    return {
        "seconds": result.seconds,
        "cpu_seconds": time.process_time() - cpu,
        "pages": counts.pages,
        "posts": counts.posts_new,
    }


def bare_crawl(start: str, allowed_file: str) -> dict[str, Any]:
    """The baseline: a spider with Scrapy's own settings that follows the same links and stores nothing."""
    import scrapy
    from scrapy.crawler import CrawlerProcess

    allowed = set(json.loads(Path(allowed_file).read_text(encoding="utf-8")))
    pages = 0

    class Bare(scrapy.Spider):
        name = "bare"
        start_urls = [start]  # noqa: RUF012

        def parse(self, response: Any) -> Any:
            nonlocal pages
            pages += 1
            for link in response.css("a::attr(href)").getall():
                address = response.urljoin(link).partition("#")[0]
                if address in allowed:
                    yield scrapy.Request(address)

    process = CrawlerProcess({"LOG_ENABLED": False, "DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False})
    began, cpu = time.perf_counter(), time.process_time()
    process.crawl(Bare)
    process.start()
    return {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - cpu, "pages": pages}


def annotate(lines_file: str) -> dict[str, Any]:
    """Annotation of JSON Lines on one core, as the command does it, its answers thrown away."""
    import io

    from analysis.text.annotate import annotate_texts
    from analysis.text.annotate_file import annotate_file

    class Counted(io.TextIOBase):
        lines = 0

        def write(self, text: str) -> int:
            self.lines += text.count("\n")
            return len(text)

        def writelines(self, texts: Any) -> None:
            for text in texts:
                self.write(text)

    list(annotate_texts([{"id": "warm", "text": "mình 28 tuổi, ở Hà Nội"}, {"id": "warm", "text": "I am 28"}]))
    out = Counted()
    began = time.process_time()
    with Path(lines_file).open("rb") as lines:
        annotate_file(lines, out, print)  # type: ignore[arg-type]
    return {"seconds": time.process_time() - began, "posts": out.lines}


def extract(pages_of: str, rounds: str) -> dict[str, Any]:
    """Extraction of a database's pages or of a list of saved ones, and the baseline: the same parsed by lxml and nothing more."""
    import lxml.html

    from crawler.extract import extract as read

    pages = _saved(Path(pages_of)) if pages_of.endswith(".jsonl") else _stored(Path(pages_of))
    pages = after_warming(pages, read)
    ours = bare = 0.0
    for _ in range(int(rounds)):
        began = time.process_time()
        for page in pages:
            read(page)
        ours += time.process_time() - began
        began = time.process_time()
        for page in pages:
            lxml.html.fromstring(page.body)
        bare += time.process_time() - began
    return {"seconds": ours, "bare_seconds": bare, "pages": len(pages) * int(rounds)}


def _stored(database: Path) -> list[Page]:
    query = "select url, body, content_type, encoding from pages where status = 200 and kind = 'thread' limit 150"
    with sqlite3.connect(database) as db:
        rows = db.execute(query).fetchall()
    return [Page(url, zlib.decompress(body), 200, kind or "text/html", encoding) for url, body, kind, encoding in rows]


def _saved(listed: Path) -> list[Page]:
    with listed.open(encoding="utf-8") as lines:
        told = [json.loads(line) for line in lines]
    return [Page(page["url"], read_body(page["html_path"])) for page in told]


if __name__ == "__main__":
    texts = (reading.against_pyvi, reading.processes, reading.piped, reading.start_up, reading.growth)
    work: Any = {one.__name__: one for one in (crawl, bare_crawl, annotate, extract, findings.analyse, *texts)}[
        sys.argv[1]
    ]
    found = work(*sys.argv[2:])
    print(json.dumps(found | {"peak_mb": peak_megabytes()}))
