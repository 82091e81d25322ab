"""Text files: read with errors that say what to do, written whole or not at all."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from stance.errors import DataError, EmptyError, EncodingError
from stance.hints import did_you_mean, near_file
from stance.writing import atomic_path

__all__ = ["atomic_writer", "check_codec", "check_head", "decode", "encodable", "read_text"]

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAVE = "save it as plain text in UTF-8"
_BINARY = (
    (b"%PDF-", "PDF", "take its text out first, with pdftotext for instance"),
    (b"{\\rtf", "RTF", _SAVE),
    (b"PK\3\4", "ZIP, as Word's and Excel's files are", f"{_SAVE}, or unpack it"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file", _SAVE),
    (b"\x1f\x8b", "gzip", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "Zstandard", "unpack it first"),
    (b"\x89PNG", "a PNG picture", "take its text out first, with text recognition (OCR)"),
    (b"\xff\xd8\xff", "a JPEG picture", "take its text out first, with text recognition (OCR)"),
)
"""How files begin that are no text in any encoding, what they are, and what makes text of them."""
_ENCODINGS = ("utf-8", "utf-16", "utf-32", "cp1256", "iso-8859-6")
"""Those in which Arabic is found."""
_TWO_LETTERS = re.compile("[\u0621-\u064a]{2}")


def read_text(path: str | os.PathLike[str], encoding: str = "utf-8") -> str:
    """Read a text file whole.

    Parameters
    ----------
    path : path-like
    encoding : str
        Its encoding; a UTF-8 byte order mark is dropped.

    Returns
    -------
    str

    Raises
    ------
    DataError
        If the file is missing, a directory, empty, or binary.
    EncodingError
        If its bytes are not text in `encoding`; the message names the first wrong byte.
    """
    name = os.fspath(path)
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise DataError(f"{name}: there is no such file{near_file(name)}; check the path") from None
    except IsADirectoryError:
        raise DataError(
            f"{name} is a directory; name the files in it, as in {name.rstrip('/')}/*.txt"
        ) from None
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror or error}") from None
    return decode(data, name, encoding)


def decode(data: bytes, name: str, encoding: str = "utf-8") -> str:
    """Decode the bytes of a file, or say in one sentence why they are not text.

    Parameters
    ----------
    data : bytes
    name : str
        How errors call the file.
    encoding : str

    Returns
    -------
    str

    Raises
    ------
    EmptyError
        If there is nothing in it.
    DataError
        If it is binary.
    EncodingError
        If it is not text in `encoding`.
    """
    if not data.strip():
        raise EmptyError(f"{name} is empty; text is wanted")
    codec = check_codec(encoding)
    check_head(data, name, codec)
    if codec == "utf-8":
        codec = "utf-8-sig"
        if b"\0" in data:
            raise DataError(
                f"{name} is binary (byte {data.index(0)} is NUL); a text file is wanted, so save it as plain text in UTF-8"
            )
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise EncodingError(
            f"{name} is not {encoding}: byte {error.start} is 0x{data[error.start]:02x}; "
            "pass its encoding, for old Arabic Windows files --encoding cp1256"
        ) from None
    except UnicodeError as error:  # as UTF-16 has it where there is no byte order mark
        raise EncodingError(f"{name} is not {encoding} ({error}); pass its encoding") from None


def check_codec(encoding: str) -> str:
    """Return the name by which Python knows an encoding; ``utf-8-sig`` is ``utf-8``.

    Parameters
    ----------
    encoding : str

    Returns
    -------
    str

    Raises
    ------
    EncodingError
        If it is unknown.
    """
    try:
        codec = codecs.lookup(encoding).name
        "".encode(codec)  # there are codecs from bytes to bytes
    except (LookupError, ValueError):
        raise EncodingError(
            f"the encoding {encoding!r} is unknown{did_you_mean(encoding, _ENCODINGS)}; "
            "use a name such as utf-8, utf-16 or cp1256"
        ) from None
    return "utf-8" if codec == "utf-8-sig" else codec


def check_head(data: bytes, name: str, codec: str) -> None:
    """Refuse what is no text, or text in another encoding, by its first bytes.

    Parameters
    ----------
    data : bytes
        A file, or its beginning: the first five bytes at least, the more the surer.
    name : str
        How errors call the file.
    codec : str
        As :func:`check_codec` returns it.

    Raises
    ------
    DataError
        If it is binary by how it begins.
    EncodingError
        If another encoding is at hand.
    """
    for magic, kind, advice in _BINARY:
        if data.startswith(magic):
            raise DataError(f"{name} is binary ({kind}); a text file is wanted, so {advice}")
    if codec != "utf-8":
        if _is_utf8(data):
            raise EncodingError(f"{name} is UTF-8, not {codec}; leave --encoding out for it")
        return
    for mark, name_of_codec in _BOMS:
        if data.startswith(mark):
            raise EncodingError(
                f"{name} begins with a {name_of_codec.upper()} byte order mark and is not UTF-8; pass --encoding {name_of_codec}"
            )


def _is_utf8(data: bytes) -> bool:
    """Tell whether bytes are Arabic in UTF-8, of which the last letter may be cut off.

    Text of another encoding never is: in those of one byte a letter (cp1256: one of four) and a sign or control
    would have to stand by turns throughout, never two letters side by side; UTF-16 has Arabic in bytes of ASCII.
    """
    try:
        text, _ = codecs.utf_8_decode(data, "strict", False)
    except UnicodeDecodeError:
        return False
    return _TWO_LETTERS.search(text) is not None


def encodable(text: str) -> str:
    r"""Write the halves of surrogate pairs in a text, which no file can hold, as ``\udXXX``.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        The text itself where there are none.

    Examples
    --------
    >>> encodable("\ud800 هدنة")
    '\\ud800 هدنة'
    """
    return text.encode(errors="backslashreplace").decode()


@contextmanager
def atomic_writer(path: str | os.PathLike[str]) -> Iterator[IO[str]]:
    """Open a UTF-8 text file that appears under its name only when it is written whole.

    Parameters
    ----------
    path : path-like

    Yields
    ------
    file object
        Written to a temporary name beside `path` and renamed at the end; removed on an error.  Halves of
        surrogate pairs are written as by :func:`encodable`, which JSON reads back as what they were.

    Raises
    ------
    DataError
        If the place cannot be written.
    """
    with (
        atomic_path(path) as temporary,
        temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file,
    ):
        yield file
