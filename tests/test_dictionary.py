"""Every table, view and column of a study's database is described, in both languages."""

from pathlib import Path

import pytest

from data.dictionary import INTERNAL, tables
from data.store import open_store
from data.words import LANGUAGES


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    path: Path = tmp_path_factory.mktemp("dictionary") / "study.db"
    with open_store(path, create=True) as store:
        names = [
            row["name"]
            for row in store.query("select name from sqlite_master where type in ('table', 'view')")
            if row["name"] not in INTERNAL and not row["name"].startswith("sqlite_")
        ]
        return {
            name: [row["name"] for row in store.query("select name from pragma_table_info(?)", (name,))]
            for name in names
        }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_dictionary_names_exactly_what_the_database_has(lang: str, real: dict[str, list[str]]) -> None:
    described = {name: list(table["columns"]) for name, table in tables(lang).items()}
    assert described == real


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_description_is_a_sentence(lang: str) -> None:
    for name, table in tables(lang).items():
        for what, sentence in {"about": table["about"], **table["columns"]}.items():
            assert sentence.endswith((".", "…", "?")), f"{name}.{what}: {sentence}"
