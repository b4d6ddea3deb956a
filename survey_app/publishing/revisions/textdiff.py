"""Two Chinese texts side by side: what was struck out and what was put in, in pieces a reader takes in at a glance."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Mark = Literal["", "del", "ins", "gap"]
# A number or a foreign word is changed as a whole, a Chinese sign by itself.
WORDS = re.compile(r"[A-Za-z]+|\d+(?:[.,:]\d+)*|[^\S\n]+|.", re.DOTALL)
SENTENCES = re.compile(r"[^。；！？\n]*[。；！？\n]+|[^。；！？\n]+")
LONG_TOKENS = 3000  # comparing sign by sign is quadratic: longer texts are compared by sentences
TOO_DIFFERENT = 0.25
SHOWN_AROUND = 40  # signs of unchanged text on either side of a change


@dataclass(frozen=True)
class Piece:
    """A stretch of text: unchanged, struck out, put in, or left out because nothing changed there."""

    text: str
    mark: Mark = ""


Pieces = tuple[Piece, ...]


def marked(old: str, new: str) -> tuple[Pieces, Pieces]:
    """The old text with what went, the new one with what came."""
    before, after = _tokens(old, new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if old and new and matcher.ratio() < TOO_DIFFERENT:
        return (Piece(old, "del"),), (Piece(new, "ins"),)
    steps = _joined(list(_steps(matcher, before, after)))
    return _side(steps, 1, "del"), _side(steps, 2, "ins")


def _tokens(old: str, new: str) -> tuple[list[str], list[str]]:
    before, after = WORDS.findall(old), WORDS.findall(new)
    if len(before) + len(after) <= LONG_TOKENS:
        return before, after
    return SENTENCES.findall(old), SENTENCES.findall(new)


Step = tuple[bool, str, str]  # unchanged?, old text, new text


def _steps(matcher: "SequenceMatcher[str]", before: list[str], after: list[str]) -> Iterator[Step]:
    for tag, a, b, c, d in matcher.get_opcodes():
        yield tag == "equal", "".join(before[a:b]), "".join(after[c:d])


def _joined(steps: list[Step]) -> list[Step]:
    """A single unchanged sign between two changes belongs to them: otherwise marks fall like confetti."""
    found: list[Step] = []
    for number, (same, old, new) in enumerate(steps):
        lonely = same and len(old.strip()) < 2 and 0 < number < len(steps) - 1
        if found and not found[-1][0] and (lonely or not same):
            _, before, after = found.pop()
            found.append((False, before + old, after + new))
        else:
            found.append((same, old, new))
    return found


def _side(steps: list[Step], side: Literal[1, 2], mark: Mark) -> Pieces:
    pieces: list[Piece] = []
    for number, step in enumerate(steps):
        if not step[side]:
            continue
        if step[0]:
            pieces += _shortened(step[side], first=number == 0, last=number == len(steps) - 1)
        else:
            pieces.append(Piece(step[side], mark))
    return tuple(pieces)


def _shortened(text: str, *, first: bool, last: bool) -> list[Piece]:
    """Unchanged text, of which only what stands beside a change is shown."""
    head, tail = (0 if first else SHOWN_AROUND), (0 if last else SHOWN_AROUND)
    if len(text) <= head + tail + SHOWN_AROUND:
        return [Piece(text)]
    shown = [Piece(text[:head]), Piece(str(len(text) - head - tail), "gap"), Piece(text[len(text) - tail :])]
    return [piece for piece in shown if piece.text]
