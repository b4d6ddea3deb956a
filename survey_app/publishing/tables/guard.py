"""Text that a spreadsheet would misread, made harmless and given back exactly.

Three rules, each a bijection on what it touches, so that export and import meet at the same text:

- CSV: a cell that begins with a sign of a formula gets one apostrophe in front; a cell that begins with apostrophes and
  then such a sign gets one more. Reading takes one away. Every other cell is left alone.
- XLSX: what XML cannot hold is written _xHHHH_, as Excel itself does, and so is the underscore of a text that looks
  like such an escape. Cells are typed as text, so a formula never arises there.
- Lists in one cell: one entry a line; a further line of the same entry begins with ↳; a backslash keeps an entry that
  itself begins so.
"""

import re

FORMULA = "=+-@\t\r\n＝＋－＠"
_TO_GUARD = re.compile(rf"'*[{re.escape(FORMULA)}]")
_GUARDED = re.compile(rf"'+[{re.escape(FORMULA)}]")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_KEPT = re.compile(r"\\(?=↳|\\|\s*$)")
FURTHER = "↳"


def for_csv(text: str) -> str:
    """The text as a CSV cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _TO_GUARD.match(text) else text


def from_csv(cell: str) -> str:
    """The text behind a CSV cell."""
    return cell[1:] if _GUARDED.match(cell) else cell


def for_xlsx(text: str) -> str:
    """The text as XML can hold it."""
    return _NOT_XML.sub(lambda sign: f"_x{ord(sign[0]):04X}_", text)


def from_xlsx(cell: str) -> str:
    """The text behind a cell of a workbook."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), cell)


def join_lines(entries: list[str]) -> str:
    """A list as one cell."""
    return "\n".join(_entry(entry) for entry in entries)


def _entry(text: str) -> str:
    first, *further = text.split("\n")
    kept = f"\\{first}" if not first.strip() or first.startswith((FURTHER, "\\")) else first
    return "\n".join([kept, *(FURTHER + line for line in further)])


def split_lines(cell: str) -> list[str]:
    """The list behind one cell; blank lines are no entries."""
    entries: list[str] = []
    for line in cell.split("\n"):
        if line.startswith(FURTHER) and entries:
            entries[-1] += "\n" + line[1:]
        elif line.strip():
            entries.append(_KEPT.sub("", line, count=1) if line.startswith("\\") else line)
    return entries
