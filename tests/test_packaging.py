"""The wheel carries everything that the commands need, and works from wherever it is unpacked."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("crawler", "analysis", "data")
CODE_OR_NOISE = {".pyc", ".db"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    try:
        import hatchling  # noqa: F401
    except ImportError:
        pytest.skip("hatchling is not installed: pip install -e '.[dev]'")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet", "-w", folder, ROOT],
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def unpacked(wheel: Path) -> Path:
    folder = wheel.parent / "installed"
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def run(unpacked: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the unpacked wheel away from the source folder."""
    code = f"import sys; sys.path.insert(0, {str(unpacked)!r}); import chandung; chandung.main({list(arguments)!r})"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=unpacked.parent,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"CHANDUNG_LANG": "en", "PYTHONPATH": str(unpacked), "PYTHONIOENCODING": "utf-8"},
        timeout=600,
    )


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in CODE_OR_NOISE and "__pycache__" not in path.parts
    }
    assert wanted - packed == set()
    assert {"chandung.py", "data/languages/vi/words/cli.toml", "data/store/schema/0001_gathered.sql"} <= packed


def test_nothing_else_is_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {*PACKAGES, "chandung.py"}
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_modules_come_from_the_wheel(unpacked: Path) -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import chandung, data.words; print(chandung.__file__, data.words.__file__)"
    done = subprocess.run([sys.executable, "-c", code, unpacked], cwd=unpacked, capture_output=True, encoding="utf-8")
    assert done.stdout.count(str(unpacked)) == 2


@pytest.mark.parametrize("name", ["--help", "crawl --help", "analyze --help", "serve --help", "demo --help"])
def test_help_works_from_the_wheel(unpacked: Path, name: str) -> None:
    done = run(unpacked, *name.split())
    assert done.returncode == 0, done.stderr
    assert "Usage:" in done.stdout


def test_annotate_works_from_the_wheel(unpacked: Path) -> None:
    line = json.dumps({"id": "1", "text": "mình 28 tuổi ở Hà Nội, bỉm này bị tràn, thất vọng quá"})
    done = run(unpacked, "annotate", "-", stdin=line + "\n")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["lang"] == "vi"
    assert {"age", "location"} <= {cue["attribute"] for cue in found["cues"]}


def test_the_gold_posts_are_in_the_wheel(unpacked: Path) -> None:
    done = run(unpacked, "eval", "--language", "en", "--domain", "baby", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["posts"]["en"] > 10


def test_extract_works_from_the_wheel(unpacked: Path) -> None:
    line = json.dumps(
        {
            "id": "1",
            "url": "https://a.example/",
            "html": "<article><h1>Tã</h1><p>Bé nhà mình hợp tã này lắm.</p></article>",
        }
    )
    done = run(unpacked, "extract", "-", stdin=line + "\n")
    assert done.returncode == 0, done.stderr
    assert "Bé nhà mình" in json.loads(done.stdout)["text"]


def test_a_study_begins_and_is_looked_at_from_the_wheel(unpacked: Path, tmp_path: Path) -> None:
    assert run(unpacked, "init", str(tmp_path), "--yes").returncode == 0
    assert run(unpacked, "doctor", str(tmp_path)).returncode == 0
    assert "posts_flat" in run(unpacked, "schema", "--tables").stdout
