"""What an import would do, row by row: the dry run that a person reads and an apply step must match."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, field

from survey_app.domain.errors import Translate, fill
from survey_app.publishing.pages import Page

ADD, CHANGE, SAME, REFUSE = "add", "change", "same", "refuse"


@dataclass(frozen=True)
class Remark:
    """One sentence about one cell, with row and column as the spreadsheet shows them; no column: the whole row."""

    sheet: str
    row: int
    column: str
    message: str
    params: dict[str, object] = field(default_factory=dict)
    level: str = "error"

    def text(self, translate: Translate = str) -> str:
        """The sentence in the reader's language."""
        return fill(self.message, self.params, translate)


@dataclass(frozen=True)
class Change:
    """One field of one page: its Chinese name, the text before and after."""

    field: str
    before: str
    after: str


@dataclass
class Entry:
    """One page that the tables speak of."""

    kind: str
    path: str
    unit: str
    title: str
    sheet: str
    row: int
    verdict: str
    changes: list[Change] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    base: str = ""  # digest of the page as it is; empty for a new one
    page: Page | None = field(default=None, repr=False)

    @property
    def errors(self) -> list[Remark]:
        """What keeps this row out."""
        return [remark for remark in self.remarks if remark.level == "error"]

    def refuse(self, remark: Remark) -> None:
        """Keep this row out, and say why."""
        self.remarks.append(remark)
        self.verdict = REFUSE


@dataclass(frozen=True)
class SheetReport:
    """How one table was understood."""

    file: str
    sheet: str
    kind: str
    rows: int
    columns: tuple[tuple[str, str], ...]  # header, field
    unknown: tuple[str, ...]
    skipped: tuple[str, ...]


@dataclass
class Plan:
    """All of it. `remarks` belong to no page: columns that led nowhere, examples passed over, hidden sheets."""

    sheets: list[SheetReport] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many pages of each verdict."""
        found = Counter(entry.verdict for entry in self.entries)
        return {verdict: found[verdict] for verdict in (ADD, CHANGE, SAME, REFUSE)}

    def of(self, verdict: str) -> list[Entry]:
        """The pages of one verdict."""
        return [entry for entry in self.entries if entry.verdict == verdict]

    @property
    def good(self) -> list[Entry]:
        """What would go in."""
        return [entry for entry in self.entries if entry.verdict in (ADD, CHANGE)]

    @property
    def pages(self) -> list[Page]:
        """The pages that would be written."""
        return [entry.page for entry in self.good if entry.page]

    @property
    def digest(self) -> str:
        """The same files over the same pages give the same digest; another one means that something has changed."""
        told = [
            [
                e.kind,
                e.path,
                e.verdict,
                e.base,
                [asdict(change) for change in e.changes],
                e.page.data if e.page else None,
            ]
            for e in self.entries
        ]
        canonical = json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=str)
        return hashlib.sha256(canonical.encode()).hexdigest()


def as_data(plan: Plan, translate: Translate = str) -> dict[str, object]:
    """The plan for a program."""
    return {
        "digest": plan.digest,
        "counts": plan.counts,
        "sheets": [asdict(sheet) for sheet in plan.sheets],
        "entries": [_entry_data(entry, translate) for entry in plan.entries],
        "remarks": [_remark_data(remark, translate) for remark in plan.remarks],
    }


def _entry_data(entry: Entry, translate: Translate) -> dict[str, object]:
    told = {name: getattr(entry, name) for name in ("kind", "path", "unit", "title", "sheet", "row", "verdict")}
    changes = [asdict(change) for change in entry.changes]
    return {**told, "changes": changes, "remarks": [_remark_data(remark, translate) for remark in entry.remarks]}


def _remark_data(remark: Remark, translate: Translate) -> dict[str, object]:
    told = {name: getattr(remark, name) for name in ("sheet", "row", "column", "level")}
    return {**told, "message": remark.text(translate)}
