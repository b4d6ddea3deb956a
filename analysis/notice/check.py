"""Whether the figures of a Word notice are those of a release.

Three things are looked at: the release digest; every row of the annex; every sentence, against the sentence of the
release that is most alike. An office may shorten and rephrase; a figure, a unit's name or a tier it may not change.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from ..view import Model
from .content import HEAD, SHORT, Part, annex, body, brief
from .issue import BLANK
from .reading import Written, plain, read_docx

ALIKE = 0.6  # two sentences of which this share agrees say the same thing in other words
HEX = re.compile(r"[0-9a-f]{64}")
NUMBER = r"\d[\d,]*(?:\.\d+)?%?"
# A number that claims something, in a sentence the release does not have.
CLAIM = re.compile(r"(\d[\d,]*(?:\.\d+)?)(%|分(?!类)|张|个(?:单位)?|位)")
WORDS = ("高于平均", "低于平均", "与平均无显著差异", "明显上升", "明显下降", "未见显著变化", "不可比", "没有得分")
Found = tuple[str, str]  # the same finding in Chinese and English


class Compared(NamedTuple):
    """What differs, and how many blanks the office has not filled in."""

    differ: list[Found]
    blanks: int


def compare(name: object, content: bytes, model: Model, digest: str) -> Compared:
    """Compare a .docx with a release. Raises BadInput if it is none."""
    document = read_docx(name, content)
    differ = [*_digest(document, digest), *_tables(document, annex(model)), *_sentences(document, model, digest)]
    return Compared(differ, document.whole.count(BLANK))


def _digest(document: Written, digest: str) -> Iterator[Found]:
    known = HEX.findall(document.whole)
    if digest not in known:
        yield (
            "发布版指纹不是这一版的，或没有写" if known else "没有写发布版指纹",
            "the release digest is another one, or missing" if known else "the release digest is missing",
        )


def _tables(document: Written, parts: list[Part]) -> Iterator[Found]:
    """The rows of annex tables by the name in their first cell."""
    for head in (HEAD, SHORT):
        expected = _by_name(row for p in parts if p.head == head for row in p.rows)
        present = [t for t in document.tables if t and t[0][:1] == [plain(head[0])] and plain(head[1]) in t[0]]
        if present:
            yield from _compare_rows(head, expected, present)


def _by_name(rows: Iterable[Sequence[str]]) -> dict[tuple[str, int], list[str]]:
    """(name, how often it stood before) -> row: two units may have one name."""
    seen: Counter[str] = Counter()
    found = {}
    for row in rows:
        name = plain(row[0])
        found[name, seen[name]] = [plain(cell) for cell in row]
        seen[name] += 1
    return found


def _compare_rows(
    head: Sequence[str], expected: dict[tuple[str, int], list[str]], tables: list[list[list[str]]]
) -> Iterator[Found]:
    columns = tables[0][0]
    for name in [plain(h) for h in head if plain(h) not in columns]:
        yield f"表里没有“{name}”这一列", f'the table has no column "{name}"'
    present = _by_name(row for table in tables for row in table[1:] if row)
    for key in [key for key in expected if key not in present]:
        yield f"表里没有“{key[0]}”这一行", f'the table has no row "{key[0]}"'
    for key in [key for key in present if key not in expected]:
        yield f"表里多出“{key[0]}”这一行", f'the table has a row "{key[0]}" that the release has not'
    for key in [key for key in expected if key in present]:
        right = dict(zip([plain(h) for h in head], expected[key], strict=True))
        for column, said in zip(columns, present[key], strict=False):
            if said != right.get(column, said):
                yield _cell(key[0], column, said, right[column])


def _cell(name: str, column: str, said: str, right: str) -> Found:
    return (
        f"{name}“{column}”：文件写“{said}”，发布版是“{right}”",
        f'{name} "{column}": the document says "{said}", the release "{right}"',
    )


def _sentences(document: Written, model: Model, digest: str) -> Iterator[Found]:
    parts = [*body(model, digest), *brief(model, digest), *annex(model)]
    right = list(dict.fromkeys(s for p in parts for s in _split(plain(p.text))))
    allowed = set(re.findall(NUMBER, "".join(right))) | {
        n for p in parts for row in p.rows for n in re.findall(NUMBER, plain("|".join(row)))
    }
    tokens = _tokens(model)
    for said in dict.fromkeys(s for p in document.paragraphs for s in _split(p)):
        if said not in right:
            yield from _judge(said, right, tokens, {n.rstrip("%") for n in allowed})


def _split(text: str) -> list[str]:
    return [sentence for sentence in re.split("[。;]", text) if sentence]


def _tokens(model: Model) -> re.Pattern[str]:
    """What may not change in a sentence: units' names, tiers and other verdicts, numbers."""
    names = sorted({plain(u["zh"]) for u in model["units"]}, key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, (n for n in names if n)), *WORDS, NUMBER]))


def _judge(said: str, right: list[str], tokens: re.Pattern[str], allowed: set[str]) -> Iterator[Found]:
    """A sentence the release does not have: changed figures, or claims of its own."""
    near = max(right, key=lambda one: SequenceMatcher(None, said, one, autojunk=False).ratio())
    if SequenceMatcher(None, said, near, autojunk=False).ratio() >= ALIKE:
        if tokens.findall(said) != tokens.findall(near):
            yield f"文件写“{said}”，发布版是“{near}”", f'the document says "{said}", the release "{near}"'
        return
    for number, unit in CLAIM.findall(said):
        if number not in allowed:
            yield (
                f"“{said}”里的{number}{unit}，发布版里没有",
                f'"{said}": the release has no {number}{unit}',
            )
