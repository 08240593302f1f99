"""Bytes as text, and text as the bytes that it was."""

from __future__ import annotations

from typing import NamedTuple

from healthlint.errors import ReadError

LARGEST = 5_000_000
"""The largest file that is read, in bytes, unless more is allowed; a health article is a hundred times smaller."""

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# Control characters that no text has; NUL is left out because stray ones are common in old exports.
_CONTROL = bytes(set(range(1, 32)) - set(b"\t\n\r\x0b\x0c\x1b"))


class Decoded(NamedTuple):
    """The text of a file, and how it is written."""

    text: str
    """Without the byte-order mark."""
    encoding: str
    """As Python calls it: "utf-8", "cp1252"."""
    mark: bytes
    """The byte-order mark, b"" without one."""

    def encoded(self, text: str) -> bytes:
        """Another text as the bytes of a file that is written so. Raises `UnicodeEncodeError`."""
        return self.mark + text.encode(self.encoding)


def prove_size(size: int, largest: int | None = None) -> None:
    """Raises `ReadError` for more than `largest` bytes; None is `LARGEST`."""
    largest = LARGEST if largest is None else largest
    if size > largest:
        raise ReadError(
            f"is {size:,} bytes; the largest article that is read has {largest:,}. "
            "Split it, exclude it, or allow more with `--largest`"
        )


def decoded(data: bytes, largest: int | None = None) -> Decoded:
    """The text of a file, and how it is written.

    UTF-8, or what the byte-order mark says, or else Windows-1252. Raises `ReadError` for binary data,
    for bytes that are neither encoding, and for more than `largest` bytes; None is `LARGEST`.
    """
    prove_size(len(data), largest)
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return Decoded(data[len(mark) :].decode(encoding), encoding, mark)
            except UnicodeDecodeError as error:
                raise ReadError(
                    f"begins with a {encoding.upper()} byte-order mark but is not {encoding.upper()} "
                    f"at byte {error.start + len(mark)}; save it as UTF-8"
                ) from error
    odd = len(data) - len(data.translate(None, _CONTROL)) + max(0, data.count(0) - 16)
    if odd > len(data) * 0.005:
        raise ReadError("looks like a binary file, not text; exclude it, or save the article as UTF-8")
    try:
        return Decoded(data.decode("utf-8"), "utf-8", b"")
    except UnicodeDecodeError as error:
        place = error.start
    try:
        return Decoded(data.decode("cp1252"), "cp1252", b"")
    except UnicodeDecodeError:
        raise ReadError(f"is neither UTF-8 (see byte {place}) nor Windows-1252; save it as UTF-8") from None
