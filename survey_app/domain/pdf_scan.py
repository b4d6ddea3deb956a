"""Whether a PDF does anything by itself: a strict look at its bytes, not a reader.

The names of a PDF's objects stand in clear, or in object streams packed with Flate. Both are searched for actions that
run, start, send or fetch something, and for files inside (ISO 32000-1, 7.11.4, 12.6.4, 12.7.8). What cannot be looked
into (a password, another packing, a stream that unpacks without end) is refused.

Not seen: faults of a reader that fonts or pictures exploit, links that a person clicks, and an object stream that hides
what it is behind references. That is why a PDF is quarantined even so.
"""

import re
import zlib
from collections.abc import Iterator

from survey_app.domain.errors import N_, Refusal

MOST_UNPACKED = 64 * 2**20
ACTIVE = frozenset(
    (
        b"JavaScript,Launch,EmbeddedFile,EmbeddedFiles,RichMedia,XFA,SubmitForm,ImportData,GoToE,GoToR,Rendition,Movie,"
        b"Sound"
    ).split(b",")
)
_OTHER_PACKING = frozenset(
    b"ASCII85Decode,A85,ASCIIHexDecode,AHx,LZWDecode,LZW,RunLengthDecode,RL,Predictor".split(b",")
)
_FLATE = frozenset({b"FlateDecode", b"Fl"})
_NAME = re.compile(rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]{2,127})")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n?")
_TEXT = re.compile(rb"[\t\n\f\r\x20-\x7e]*")
_END_OF_ZIP = b"PK\x05\x06"
_HEAD, _TAIL, _PEEK = 4096, 70_000, 64


class PdfBroken(Refusal):
    code, status = "pdf-broken", 422
    message = N_("“%(name)s”这份PDF不完整，或里面有看不进去的部分，没有收下。请打印成PDF（打印时选“另存为PDF”）再传。")


class PdfLocked(Refusal):
    code, status = "pdf-locked", 422
    message = N_("“%(name)s”这份PDF加了密码，没有收下。请去掉密码，或打印成PDF再传。")


class PdfActive(Refusal):
    code, status = "pdf-active", 422
    message = N_(
        "“%(name)s”这份PDF里有脚本、会自己动的东西或夹带的文件，没有收下。请打印成PDF（打印时选“另存为PDF”）再传，或拍成照片。"
    )


def require_still(content: bytes, *, name: str) -> None:
    """Raises PdfBroken, PdfLocked or PdfActive. `content` begins with %PDF-."""
    if b"%%EOF" not in content[-2048:] or _END_OF_ZIP in content[-_TAIL:]:
        raise PdfBroken(name=name)
    found = _names(content)
    for unpacked in _unpacked(content, name):
        found |= _names(unpacked)
    if b"Encrypt" in found:
        raise PdfLocked(name=name)
    if found & ACTIVE:
        raise PdfActive(name=name)


def _names(content: bytes) -> set[bytes]:
    """Every name in clear, with its #xx escapes undone."""
    return {_ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), name) for name in set(_NAME.findall(content))}


def _unpacked(content: bytes, name: str) -> Iterator[bytes]:
    """Streams of objects, and whatever else unpacks to text. Raises PdfBroken for one that cannot be looked into."""
    left = MOST_UNPACKED
    for stream in _STREAM.finditer(content):
        end = content.find(b"endstream", stream.end())
        if end < 0:
            continue
        about = _names(content[max(0, stream.start() - _HEAD) : stream.start()].rpartition(b"obj")[2])
        text = _opened(content[stream.end() : end], about, left, name)
        left -= len(text)
        yield text


def _opened(packed: bytes, about: set[bytes], most: int, name: str) -> bytes:
    """The text in a stream; nothing where it holds a picture or a font."""
    holds_objects, opener = b"ObjStm" in about, zlib.decompressobj()
    if holds_objects and about & _OTHER_PACKING:
        raise PdfBroken(name=name)
    try:
        begins = opener.decompress(packed, _PEEK)
        if not holds_objects and not _TEXT.fullmatch(begins):
            return b""
        text = begins + opener.decompress(opener.unconsumed_tail, max(most, 1))
    except zlib.error as error:
        if holds_objects and about & _FLATE:
            raise PdfBroken(name=name) from error
        return b""
    if opener.unconsumed_tail or (holds_objects and not opener.eof):
        raise PdfBroken(name=name)
    return text
