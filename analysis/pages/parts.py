"""Pieces of HTML that several pages of a release use."""

from collections.abc import Iterable, Sequence

from ..words import cell, esc, head

NUMBER = "p-num-end"


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, kind: str = "cards") -> list[str]:
    """A table of HTML cells whose first column names the row; numbers stand at the end of their cells.

    kind: cards (rows become cards on a phone) or fit (few narrow columns). [] without rows.
    """
    rows = list(rows)
    if not rows:
        return []
    ends = ["" if place == 0 or _wordy(rows, place) else NUMBER for place in range(len(columns))]
    return [
        f'<table class="p-table p-table--{kind}" role="table"><caption>{esc(caption)}</caption>',
        head([(end, esc(name)) for end, name in zip(ends, columns, strict=True)]),
        '<tbody role="rowgroup">',
        *(_row(row, columns, ends) for row in rows),
        "</tbody></table>",
    ]


def _wordy(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a column holds words rather than numbers."""
    texts = [row[place] for row in rows if row[place] not in ("", "—")]
    return any(not any(sign.isdigit() for sign in text[:8]) for text in texts)


def _row(row: Sequence[str], columns: Sequence[str], ends: Sequence[str]) -> str:
    cells = "".join(
        cell(f"<div>{text or '—'}</div>", end, name)
        for text, end, name in zip(row[1:], ends[1:], columns[1:], strict=True)
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{row[0]}</th>{cells}</tr>'


def paragraph(text: str) -> str:
    """Plain text as a paragraph; nothing for none."""
    return f"<p>{esc(text)}</p>" if text else ""


def note(text: str, kind: str = "") -> str:
    """Something to be read before the rest."""
    return f'<div class="p-note{f" p-note--{kind}" if kind else ""}"><p>{esc(text)}</p></div>'


def section(code: str, title: str, lines: Sequence[str]) -> list[str]:
    """A heading with what stands below it; nothing where nothing does."""
    return [f'<h2 id="{esc(code)}">{esc(title)}</h2>', *lines] if lines else []
