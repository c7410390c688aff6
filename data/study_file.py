"""Reading ``study.yaml``: from text to :class:`data.study.Study`, and from every error to its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from data.assumptions import claims
from data.errors import InputError
from data.folding import words as fold_words
from data.near import did_you_mean
from data.study import MARKET, Study
from data.study_assumption import Assumption, faults
from data.study_parts import Wrong
from data.study_text import PACKAGE
from data.study_yaml import fault
from data.words import entry, tell

#: A field's place in the file, and what is wrong there.
Problem = tuple[tuple[str | int, ...], str]
FILE_NAME = "study.yaml"
_SHARES = ("at_least", "at_most")
#: Thresholds that are no fault beside any other.
_POSSIBLE = {"at_least": 1e-9, "at_most": 1 - 1e-9}
_LARGEST = 2_000_000
_MOST_NODES = 200_000
_SECRET = re.compile(r"\$\{(\w{1,60})\}")
# In a flow mapping YAML reads the brace of ${NAME} as a nested mapping; these brackets are plain characters to it.
_OPEN, _CLOSE = "\u27e6", "\u27e7"


def find(given: Path | None = None) -> Path:
    """The study file: the one given, the one in the folder given, or the one in the current folder."""
    path = given or Path()
    if path.is_dir():
        path = path / FILE_NAME
    if not path.exists():
        raise InputError("no_study" if given is None else "no_such_study", path=path)
    return path


def load(given: Path | None = None) -> Study:
    """Read and check a study file. Raises :class:`InputError` with one line for each thing that is wrong.

    The error's ``values["found"]`` holds each as a :data:`Problem`.
    """
    path = find(given)
    tree = _tree(path)
    plain = _plain(tree)
    try:
        study = Study.model_validate(plain)
    except ValidationError as error:
        found = [problem(item) for item in error.errors()]
        found += _of_the_assumptions(plain, [place for place, _ in found])
        found += _of_the_whole(plain, path.resolve().parent)
        found = list(dict.fromkeys(found))
    else:
        study._path = path
        found = _files_outside(plain, study.folder)
        if not found:
            return study
    lines = dict.fromkeys(_at(path, tree, place, sentence) for place, sentence in found)
    raise InputError("study_wrong", problems="\n".join(lines), found=tuple(found))


def _of_the_whole(plain: Any, folder: Path) -> list[Problem]:
    """What is looked at only when every field is right by itself, for a file that has other faults too."""
    brands: list[str] = []
    names: set[str] = {MARKET}
    for brand in [plain.get("own"), *_mappings(plain.get("competitors"))]:
        if isinstance(brand, Mapping) and isinstance(brand.get("name"), str):
            brands.append(brand["name"])
            aliases = brand.get("aliases")
            names |= {str(name).casefold() for name in [brand["name"], *(aliases if isinstance(aliases, list) else [])]}
    found = _files_outside(plain, folder)
    for field in ("sources", "imports"):
        for index, item in enumerate(_mappings(plain.get(field))):
            about = item.get("about")
            if brands and isinstance(about, str) and about.casefold() not in names:
                wrong = Wrong("not_one_of", got=about, options=(MARKET, *brands))
                found.append(((field, index, "about"), _of_wrong(wrong)))
    return found


def _of_the_assumptions(plain: Any, wrong: list[tuple[str | int, ...]]) -> list[Problem]:
    """What is wrong between the fields of each assumption; a field at one of the places ``wrong`` has been told of."""
    found: list[Problem] = []
    own = plain.get("own")
    for i, segment in enumerate(_mappings(own.get("target") if isinstance(own, Mapping) else None)):
        for j, given in enumerate(_mappings(segment.get("assumptions"))):
            at = ("own", "target", i, "assumptions", j)
            # A threshold told to be wrong is still there; where none is, that is a fault of its own.
            fields: dict[str, Any] = {name: given.get(name) for name in Assumption.model_fields}
            fields |= {name: _POSSIBLE[name] for name in _SHARES if (*at, name) in wrong}
            if not given or any((*at, name) in wrong for name in ("attribute", "pain")) or not _readable(fields):
                continue
            found += [(at + fault.at, _of_wrong(fault)) for fault in faults(Assumption.model_construct(None, **fields))]
    return found


def _readable(fields: Mapping[str, Any]) -> bool:
    """Whether the fields of an assumption have the types that its own checks need."""
    expect = fields["expect"]
    values = expect if isinstance(expect, list) else [expect]
    return (
        all(fields[name] is None or isinstance(fields[name], str) for name in ("attribute", "pain"))
        and all(fields[name] is None or isinstance(fields[name], int | float) for name in _SHARES)
        and all(isinstance(value, str | int | float) for value in values)
    )


def _files_outside(plain: Any, folder: Path) -> list[Problem]:
    """The files of imports, lexicons, models and alerts that lead out of the study's folder. One that is only missing stops nothing but the
    command that needs it.
    """
    named: list[tuple[tuple[str | int, ...], Any]] = [
        (("imports", index, field), item.get(field))
        for index, item in enumerate(_mappings(plain.get("imports")))
        for field in ("file", "mapping")
    ]
    lexicons = plain.get("lexicons")
    named += [(("lexicons", index), name) for index, name in enumerate(lexicons if isinstance(lexicons, list) else [])]
    told = plain.get("alerts")
    channels = _mappings(told.get("to") if isinstance(told, Mapping) else None)
    named += [(("alerts", "to", index, "file"), item.get("file")) for index, item in enumerate(channels)]
    text = plain.get("text")
    if isinstance(text, Mapping):
        named.append((("text", "pains_model"), text.get("pains_model")))
        for index, item in enumerate(_mappings(text.get("take_over"))):
            pipeline = item.get("pipeline")
            if not str(pipeline).startswith(PACKAGE):
                named.append((("text", "take_over", index, "pipeline"), pipeline))
    return [
        (place, tell("study.wrong.outside", got=name))
        for place, name in named
        if isinstance(name, str) and name and not _is_inside(folder, name)
    ]


def _is_inside(folder: Path, name: str) -> bool:
    """Whether ``name`` stays in the folder, links followed. A drive or a root leads out on every system."""
    if PureWindowsPath(name).anchor or PurePosixPath(name).anchor:
        return False
    try:
        return (folder / name.replace("\\", "/")).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError):
        return False


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def notes(study: Study) -> list[str]:
    """A sentence for each thing that is no error and yet hardly meant: the contact of an example, a file that is not there."""
    missing = [
        name
        for one in study.imports
        for name in (one.file, one.mapping)
        if name and not _is_there(study.folder / name.replace("\\", "/"))
    ]
    found = [tell("study.notes.missing_import", name=name) for name in missing]
    found += [
        tell("study.notes.missing_lexicon", name=file.name) for file in study.lexicon_files if not _is_there(file)
    ]
    found += [
        tell("study.notes.missing_model", name=name)
        for name in study.text.files
        if not _is_there(study.folder / name.replace("\\", "/"))
    ]
    if _is_example(study.contact) and not all(_is_here(source.url) for source in study.all_sources()):
        found.insert(0, tell("study.notes.example_contact", contact=study.contact))
    today = f"{datetime.now(ZoneInfo(study.timezone)):%Y-%m-%d}"
    found += [
        tell("study.notes.future_assumption", id=claim.id, since=claim.assumption.made)
        for claim in claims(study)
        if (claim.assumption.made or "") > today
    ]
    return found + [
        tell("study.notes.future_since", url=source.url, since=source.since)
        for source in study.sources
        if source.since is not None and source.since > today
    ]


def _is_example(contact: str) -> bool:
    """Whether a contact is at one of the domains that are reserved for examples (RFC 2606)."""
    host = contact.rpartition("@")[2] if "@" in contact else urlsplit(contact).hostname or ""
    return re.search(r"(?:^|\.)(?:example(?:\.(?:com|org|net))?|invalid|test)$", host.casefold()) is not None


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.") or host.endswith(".localhost")


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    """The items of a list, each as a mapping, empty where it is none, so that every item keeps its place."""
    return [item if isinstance(item, Mapping) else {} for item in value] if isinstance(value, list) else []


def _tree(path: Path) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if path.stat().st_size > _LARGEST:
        raise InputError("study_too_large", path=path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("study_not_utf8", path=path) from None
    except OSError as error:
        raise InputError("unreadable_file", path=path, why=error.strerror) from None
    try:
        tree = YAML(typ="rt").load(_SECRET.sub(rf"{_OPEN}\1{_CLOSE}", text))
    except (YAMLError, RecursionError, ValueError) as error:
        line, why = fault(error, text)
        raise InputError("study_not_yaml", path=path, line=line, why=why) from None
    if not isinstance(tree, Mapping):
        raise InputError("study_not_yaml", path=path, line=1, why=tell("study.wrong.not_a_mapping"))
    return tree


def _plain(tree: Any) -> Any:
    """``tree`` without ruamel's types. Anchors are written out, so depth and size are bounded: ten lines can mean billions."""
    left = _MOST_NODES

    def plain(node: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if depth > 30 or left < 0:
            raise InputError("study_too_deep")
        if isinstance(node, Mapping):
            return {str(key): plain(value, depth + 1) for key, value in node.items()}
        if isinstance(node, list):
            return [plain(value, depth + 1) for value in node]
        if isinstance(node, str):
            return str(node).replace(_OPEN, "${").replace(_CLOSE, "}")
        if isinstance(node, float) and not isinstance(node, bool):
            return float(node)
        if isinstance(node, int) and not isinstance(node, bool):
            return int(node)
        return node

    return plain(tree, 0)


def _line(tree: Any, place: tuple[str | int, ...]) -> int:
    """The line, from 1, of the deepest part of ``place`` that the file has."""
    line = 1
    node = tree
    for step in place:
        position = getattr(node, "lc", None)
        try:
            found = position.key(step) if isinstance(node, Mapping) else position.item(step)  # type: ignore[union-attr]
            line, node = found[0] + 1, node[step]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line


def _at(path: Path, tree: Any, place: tuple[str | int, ...], sentence: str) -> str:
    if not place:
        return tell("study.at_top", path=path, line=1, problem=sentence)
    return tell("study.at", path=path, line=_line(tree, place), field=_dotted(place), problem=sentence)


def _dotted(place: tuple[str | int, ...]) -> str:
    text = ""
    for step in place:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def problem(item: Any) -> Problem:
    """One of a ``ValidationError``'s errors as the place of its field and a sentence."""
    place = tuple(step for step in item["loc"] if not _is_type_name(step))
    kind, context = item["type"], item.get("ctx") or {}
    cause = context.get("error")
    if isinstance(cause, Wrong):
        return place + cause.at, _of_wrong(cause)
    if kind == "extra_forbidden":
        options = _fields(place[:-1])
        near = nearest(str(place[-1]), options)
        return place, tell("study.wrong.unknown", got=place[-1], nearest=near, options=", ".join(options))
    if kind == "missing":
        inside = _dotted(place[:-1])
        where = "missing_inside" if inside else "missing_top"
        return place[:-1], tell(f"study.wrong.{where}", field=place[-1], inside=inside)
    if kind == "literal_error":
        options = tuple(re.findall(r"'([^']+)'", str(context.get("expected"))))
        return place, _of_wrong(Wrong("not_one_of", got=_as_written(item["input"]), options=options))
    if kind == "string_pattern_mismatch":
        return place, tell("study.wrong.short_name", got=item["input"])
    if kind in {"string_too_short", "string_too_long"}:
        return place, tell("study.wrong.length")
    expected = _EXPECTED.get(kind.split("_")[0], kind)
    if kind in _BOUNDS:
        # As one would write it in YAML, where pydantic has 168.0.
        expected = f"{_BOUNDS[kind]} {str(next(iter(context.values()), '')).removesuffix('.0')}"
    return place, tell("study.wrong.type", got=_as_written(item["input"])[:60], expected=tell_type(expected))


def _of_wrong(wrong: Wrong) -> str:
    values = dict(wrong.values)
    options = values.pop("options", None)
    if isinstance(options, tuple):
        values["options"] = ", ".join(options)
        values["nearest"] = nearest(str(values.get("got")), options)
    return tell(f"study.wrong.{wrong.key}", **values)


def _as_written(value: object) -> str:
    """``value`` as it stands in YAML, not in Python; lists and mappings only by their brackets."""
    if isinstance(value, list | Mapping):
        return "[…]" if isinstance(value, list) else "{…}"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


_EXPECTED = {
    "string": "text", "float": "number", "int": "whole_number", "list": "list", "bool": "yes_no", "model": "mapping",
}  # fmt: skip
_BOUNDS = {"greater_than_equal": "≥", "less_than_equal": "≤", "greater_than": ">", "less_than": "<"}


def tell_type(name: str) -> str:
    """What kind of value was expected, in the user's language; a bound such as ``≤ 1`` stands as it is."""
    return tell(f"study.types.{name}") if name in set(_EXPECTED.values()) else name


def _is_type_name(step: str | int) -> bool:
    return isinstance(step, str) and (
        step in {"str", "int", "float"} or step.startswith(("list[", "function-", "constrained"))
    )


def _named(got: str, options: tuple[str, ...]) -> str | None:
    """Which of ``options`` the words of the codebook call ``got``, in either language: “nữ” is ``female``."""
    said = tuple(fold_words(got))
    names: dict[tuple[str, ...], str] = {}
    for lang in ("vi", "en"):
        tables = (
            entry("codes.attributes", lang),
            entry("codes.categories", lang),
            *entry("codes.values", lang).values(),
        )
        for code, name in ((code, name) for table in tables for code, name in table.items() if code in options):
            for words in (name, *str(name).split(",")):
                names.setdefault(tuple(fold_words(words)), code)
    run_together = {"".join(name): code for name, code in names.items()}
    if not said or "".join(said) in run_together:
        return run_together.get("".join(said))
    begun = {code for name, code in names.items() if name[: len(said)] == said}
    return begun.pop() if len(begun) == 1 else None


def nearest(got: str, options: tuple[str, ...]) -> str:
    """“Did you mean …?” with the option that ``got`` is nearly or is called in words; empty where none is."""
    if (meant := _named(got, options)) is not None:
        return tell("study.nearest", word=meant)
    return did_you_mean(got, options)


def _fields(place: tuple[str | int, ...]) -> tuple[str, ...]:
    """The fields that the model at ``place`` knows."""
    model: type[BaseModel] = Study
    for step in place:
        if isinstance(step, int):
            continue
        inner = _model_in(model.model_fields[step].annotation) if step in model.model_fields else None
        if inner is None:
            return ()
        model = inner
    return tuple(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found is not None:
            return found
    return None
