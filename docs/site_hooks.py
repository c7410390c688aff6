"""What the documentation's site needs beside its pages: links out of `docs/` led elsewhere, and a search that reads Vietnamese."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parent.parent
_LINK = re.compile(r"\[([^\]]*)\]\(((?:\.\./)+[^)#\s]+)(#[^)]*)?\)")
_VIETNAMESE = re.compile(r"(\]\([^)\s:]+)\.vi\.md(?=[#)])")
_LANGUAGE_LINE = re.compile(r"^\[(?:Tiếng Việt|English)\]\([^)]*\)\.?\s*", re.MULTILINE)
_ORDER = {
    "tutorial": ("ten-minutes", "first-study"),
    "how-to": (
        "add-a-source", "script-pages", "crawl-politely", "competitors", "import-posts", "survey", "import-analytics",
        "import-notes", "import-references", "query", "explore", "report", "export", "pandas", "ask-an-assistant", "assumptions",
        "label-and-train", "lexicons", "measure", "schedule", "alerts",
    ),
    "reference": ("commands", "study", "tables", "codebook", "gold"),
    "explanation": ("methods", "limits", "text", "crawling", "profiles", "comparison", "decisions", "demonstration", "credits"),
    "gallery": ("consumer", "services", "industrial"),
}  # fmt: skip
#: What mkdocs.yml translates.
_TITLES = {
    "tutorial": "Tutorial",
    "how-to": "How-to",
    "reference": "Reference",
    "explanation": "Explanation",
    "gallery": "Gallery",
}
_OUTPUT = re.compile(r'<div class="(?:language-(?:text|sh) )?highlight">.*?</div>', re.DOTALL)
_CONFIG = re.compile(r'(<script id="__config" type="application/json">)(.*?)(?=</script>)', re.DOTALL)
_LANGUAGE = re.compile(r'<html lang="(\w+)"')
_THEMES_WORKER = re.compile(r"assets/javascripts/workers/search\.\w+\.min\.js$")
_LOADING = {"en": "Loading the search …", "vi": "Đang tải mục tìm kiếm …"}
#: Where the theme's words are missing or odd.
_SEARCH_WORDS = {
    "en": {},
    "vi": {
        "search.result.placeholder": "Gõ từ cần tìm, có dấu hay không dấu đều được",
        "search.result.none": "Không tìm thấy trang nào",
        "search.result.one": "Tìm thấy 1 trang",
        "search.result.other": "Tìm thấy # trang",
        "search.result.more.one": "1 chỗ khác trong trang này",
        "search.result.more.other": "# chỗ khác trong trang này",
        "search.result.term.missing": "Không có",
    },
}


def on_config(config: Any, **_: Any) -> Any:
    """The navigation, from the folders: a new page stands in it by itself, behind those that have a place."""
    docs = Path(config.docs_dir)
    config.nav = ["index.md"]
    for folder, order in _ORDER.items():
        names = sorted(path.stem for path in (docs / folder).glob("*.md") if not path.name.endswith(".vi.md"))
        placed = [name for name in order if name in names]
        pages = [f"{folder}/{name}.md" for name in (*placed, *(name for name in names if name not in placed))]
        config.nav += [{_TITLES[folder]: pages}] if pages else []
    return config


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """A page as the site needs it: its language is chosen above, and files beside `docs/` have no page."""
    markdown = _LANGUAGE_LINE.sub("", markdown)
    place = Path(page.file.abs_src_path).parent

    def led(match: re.Match[str]) -> str:
        words, target, anchor = match.groups()
        there = (place / target).resolve()
        if there.is_relative_to(_ROOT / "docs"):
            return match[0]
        if there.name.startswith("README"):
            home = "../" * len(Path(page.file.src_uri).parent.parts) + "index.md"
            return f"[{words}]({home}{anchor or ''})"
        return words

    markdown = _LINK.sub(led, markdown)
    uri = Path(page.file.src_uri)
    if uri.name.endswith(".vi.md"):
        # a page may lead to its English twin, which in this language's site would be the page itself
        twin = uri.name.removesuffix(".vi.md")
        up = "../" * len(uri.parts)
        there = f"{up}{(uri.parent / twin).as_posix()}.html"
        markdown = re.sub(
            rf"\[([^\]]*)\]\({re.escape(twin)}\.md(#[^)]*)?\)", rf'<a href="{there}\2" hreflang="en">\1</a>', markdown
        )
    return _VIETNAMESE.sub(r"\1.md", markdown)


def on_page_content(html: str, **_: Any) -> str:
    """What a command says in sentences may be broken into lines, its tables may not: those scroll."""

    def marked(match: re.Match[str]) -> str:
        return match[0] if "───" in match[0] else match[0].replace('class="', 'class="said ', 1)

    return _OUTPUT.sub(marked, html)


def on_post_page(output: str, **_: Any) -> str:
    return _with_our_search(output)


def on_post_template(output_content: str, **_: Any) -> str:
    return _with_our_search(output_content)


def _with_our_search(html: str) -> str:
    """The page with `javascripts/search_worker.js` in place of the theme's search, and its words in the page's language."""
    found = _CONFIG.search(html)
    language = _LANGUAGE.search(html)
    if found is None or language is None:
        return html
    lang = language[1] if language[1] in _SEARCH_WORDS else "en"
    config = json.loads(found[2])
    config["search"] = _THEMES_WORKER.sub(f"javascripts/search_worker.js?lang={lang}", config["search"])
    config["translations"] |= _SEARCH_WORDS[lang]
    text = json.dumps(config).replace("</", "<\\/")
    html = html[: found.start(2)] + text + html[found.end(2) :]
    return html.replace("Initializing search", _LOADING[lang])
