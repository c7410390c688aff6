"""Which encoding a text file is in: told by a mark, by its bytes, or not told at all. Nothing is guessed that is not certain."""

from __future__ import annotations

import codecs
import re
import unicodedata
from pathlib import Path

from data.errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PIECE = 1 << 20
#: Old files are judged by so many of their bytes.
_JUDGED = 4 << 20
_MARKED_VOWEL = re.compile("[aăâeêioôơuưyAĂÂEÊIOÔƠUƯY][\u0300\u0301\u0303\u0309\u0323]")
_COMBINING = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_ENOUGH = 3
#: Halves of a character, which JSON can spell and nothing can store.
_HALVES = re.compile("[\ud800-\udfff]")


#: What the first byte of a Vietnamese letter in UTF-8 looks like, taken for Latin-1; no text has them so without it.
_TAKEN_FOR_LATIN = re.compile("[ÃÄÅÆ][\x80-\xff \u0152-\u2122]|á[º»]|Â[\x80-\xbf]|â€|ðŸ")
#: Windows' code page has letters and signs for most of the bytes between 0x80 and 0x9f, Latin-1 has not.
_BYTE_OF = {bytes([byte]).decode("cp1252", "ignore"): byte for byte in range(0x80, 0xA0)} | {
    chr(n): n for n in range(256)
}


def mended(text: str) -> str:
    """``text`` with UTF-8 that was taken for Latin-1 or Windows-1252 put right; any other text as it is."""
    if text.isascii() or _TAKEN_FOR_LATIN.search(text) is None:
        return text
    for written in (text, text.replace("Ã ", "Ã\xa0")):  # an editor may have made spaces of the unbreakable ones
        body = bytearray()
        for sign in written:
            byte = _BYTE_OF.get(sign)
            if byte is None:
                return text
            body.append(byte)
        try:
            return composed(body.decode("utf-8"))
        except UnicodeDecodeError:
            continue
    return text


def encoding_of(path: Path) -> str:
    """Python's name of the file's encoding. Raises ``InputError`` where it is none of those that can be told for certain."""
    with path.open("rb") as file:
        start = file.read(4096)
        for mark, name in _MARKS:
            if start.startswith(mark):
                return name
        if zeros := _of_zeros(start):
            return zeros
    fault = _not_utf8(path)
    if fault is None:
        return "utf-8"
    with path.open("rb") as file:
        if _is_vietnamese(file.read(_JUDGED)):
            return "cp1258"
    raise InputError("import_encoding", path=path.name, place=fault)


def composed(text: str) -> str:
    """The text with every letter and its marks in one character (NFC), as all that is stored, and without what is no text."""
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else unicodedata.normalize("NFC", _HALVES.sub("\ufffd", text))


def _of_zeros(start: bytes) -> str | None:
    """UTF-16 without a mark: Latin letters leave a zero in every other byte."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    most = len(start) // 2
    if most >= 4 and odd > most * 0.4 and even == 0:
        return "utf-16-le"
    if most >= 4 and even > most * 0.4 and odd == 0:
        return "utf-16-be"
    return None


def _not_utf8(path: Path) -> int | None:
    """The number of the first byte that is not UTF-8, ``None`` where all are."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    done = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as error:
                return done + error.start
            done += len(piece)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return done
    return None


def _is_vietnamese(body: bytes) -> bool:
    """Whether bytes are certainly Windows' Vietnamese code page: its tone marks stand behind vowels, and nowhere else."""
    try:
        text = body.decode("cp1258")
    except UnicodeDecodeError:
        return False
    marks = len(_COMBINING.findall(text))
    behind = len(_MARKED_VOWEL.findall(text))
    return behind >= _ENOUGH and marks == behind
