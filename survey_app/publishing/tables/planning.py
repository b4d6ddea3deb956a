"""The dry run: tables held against the pages, every page checked, nothing written."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from survey_app.domain.errors import N_, fill
from survey_app.publishing.book import Book
from survey_app.publishing.imports import slug as slug_of
from survey_app.publishing.pages import Page
from survey_app.publishing.revisions.fields import OFFICE_ONLY
from survey_app.publishing.tables import checking
from survey_app.publishing.tables.cells import Names
from survey_app.publishing.tables.columns import CODES, SLUG, TABLE_KINDS, UNIT, Sheet, lists_of, main_sheet
from survey_app.publishing.tables.drafts import Draft, Line, missing
from survey_app.publishing.tables.mapping import Mapped
from survey_app.publishing.tables.matching import Wanted, match, namesakes
from survey_app.publishing.tables.merged import remark_merged
from survey_app.publishing.tables.plan import REFUSE, Entry, Plan, Remark, SheetReport
from survey_app.publishing.tables.rows import Cells, add_unit, names_of, unit_of, whose
from survey_app.publishing.tables.sheet import Row

Progress = Callable[[str], None]
FOLDERS = {"procedure": "procedures", "commitment": "commitments"}


@dataclass(frozen=True)
class Bounds:
    """Whose rows may go in: those of one unit, or of all; a unit's editor makes no new units."""

    unit: str = ""


def make_plan(
    tables: list[Mapped],
    book: Book,
    *,
    today: date,
    bounds: Bounds | None = None,
    progress: Progress = lambda _step: None,
) -> Plan:
    """What these tables would do to these pages."""
    planner = _Planner(book, today, bounds or Bounds())
    for kind in TABLE_KINDS:
        progress(fill(N_("核对%(kind)s"), {"kind": TABLE_KINDS[kind]}))
        planner.take_kind(kind, [table for table in tables if table.sheet.kind == kind])
    progress(N_("逐页检查"))
    entries = checking.entries_of(planner.drafts, planner.refused, book, planner.names, today)
    return Plan([_report(table) for table in tables], entries, [*_notes(tables), *planner.remarks])


def _report(table: Mapped) -> SheetReport:
    pairs = tuple((table.headers[place], column.title) for place, column in sorted(table.columns.items()))
    named = table.table
    return SheetReport(named.file, named.sheet, table.sheet.name, len(table.rows), pairs, table.unknown, table.skipped)


def _notes(tables: list[Mapped]) -> Iterable[Remark]:
    for table in tables:
        for message, params in table.table.notes:
            yield Remark(table.table.sheet, 0, "", message, params, "note")
        if table.unknown:
            message = N_("这些列没有对上，里面的内容不会导入：%(names)s。要导入的，请说明对应哪一项。")
            yield Remark(
                table.table.sheet, table.header_row, "", message, {"names": "、".join(table.unknown)}, "warning"
            )


class _Planner:
    """Drafts by path; what a sheet names that no page can be made of ends in `refused`."""

    def __init__(self, book: Book, today: date, bounds: Bounds) -> None:
        self.book, self.today, self.bounds = book, today, bounds
        self.names = names_of(book)
        self.drafts: dict[str, Draft] = {}
        self.refused: list[Entry] = []
        self.remarks: list[Remark] = []
        self.left_out: set[tuple[str, str, str]] = set()  # kind, unit, code or title of refused rows
        self.taken: dict[str, set[str]] = defaultdict(set)
        for page in book.pages:
            self.taken[page.path.rpartition("/")[0]].add(page.slug)

    def take_kind(self, kind: str, tables: list[Mapped]) -> None:
        """Pages first, then their lists."""
        for table in tables:
            if not table.sheet.field:
                self._take_main(kind, table)
        lists = [table for table in tables if table.sheet.field]
        finder = _Finder(self.drafts, self.book, kind, self.names) if lists else None
        for sheet in lists_of(kind):
            parts = [table for table in lists if table.sheet is sheet]
            if parts and finder:
                self._take_lists(sheet, parts, finder)

    # ---- the pages themselves

    def _take_main(self, kind: str, table: Mapped) -> None:
        sheet = main_sheet(kind)
        pairs = [pair for line in self._lines(table) if (pair := self._wanted(kind, line))]
        match(kind, [wanted for wanted, _line in pairs], self.book)
        namesakes([wanted for wanted, _line in pairs])
        drafts = [(self._told(kind, wanted, line, table), line) for wanted, line in pairs]
        for draft, line in drafts:  # after all of them have their place: a row may name one further down
            if draft:
                draft.take_line(line, sheet, self.names)

    def _told(self, kind: str, wanted: Wanted, line: Line, table: Mapped) -> Draft | None:
        for message, params in wanted.notes:
            line.say("title", message, params, "warning")
        draft = self._draft(kind, wanted, line)
        if draft:
            draft.book = table.table.book
        return draft

    def _lines(self, table: Mapped) -> list[Line]:
        columns = {column.key: column for column in table.columns.values()}
        lines = [Line(table.table.sheet, row.number, _raw(table, row), columns) for row in table.rows]
        examples = [line.row for line in lines if line.is_example]
        if examples:
            message = N_("第%(row)s行是示例，没有读。")
            self.remarks += [Remark(table.table.sheet, row, "", message, {"row": row}, "note") for row in examples]
        found = [line for line in lines if not line.is_example]
        remark_merged(table.table.merged, found)
        return found

    def _wanted(self, kind: str, line: Line) -> tuple[Wanted, Line] | None:
        code = line.text(CODES.get(kind, "")) or ""
        title, slug = line.text("title") or "", line.text(SLUG) or ""
        unit = "" if kind == "unit" else self._unit(line)
        if not title and not slug:
            missing(line, "title")
        if unit is None or line.has_errors:
            self._leave_out(kind, unit or "", code, title)
            self._refuse(kind, line, title)
            return None
        return Wanted(line.row, unit, slug, code, title), line

    def _unit(self, line: Line) -> str | None:
        """The slug of the unit a row belongs to; remarks and gives None where there is none."""
        text = line.text(UNIT)
        if not text:
            if UNIT not in line.raw and self.bounds.unit:
                return self.bounds.unit
            if text == "" or UNIT not in line.raw:
                missing(line, UNIT)
            return None
        slug: str | None = line.attempt(UNIT, lambda: self.names.slug(text))
        if slug and self.bounds.unit and slug != self.bounds.unit:
            line.say(UNIT, N_("这是“%(unit)s”的，您只能导入本单位的。"), {"unit": text})
            return None
        return slug

    def _draft(self, kind: str, wanted: Wanted, line: Line) -> Draft | None:
        wanted.problem = self._foreign(kind, wanted) or wanted.problem
        if wanted.problem:
            message, params = wanted.problem
            line.say("title", message, params)
            self._leave_out(kind, wanted.unit, wanted.code, wanted.title)
            self._refuse(kind, line, wanted.title)
            return None
        path = wanted.page.path if wanted.page else self._new_path(kind, wanted)
        unit = path.split("/")[1] if kind == "unit" else wanted.unit
        data = deepcopy(wanted.page.data) if wanted.page else self._new_data(kind)
        if kind == "disclosure_item":
            data["unit"] = unit
        if kind == "procedure":
            self.names.procedures.setdefault(unit, {})[path.rpartition("/")[2].removesuffix(".md")] = wanted.title
        if kind == "unit" and wanted.title not in (self.names.units.get(unit), ""):
            add_unit(self.names, unit, wanted.title)
        self.drafts[path] = Draft(
            kind, unit, path, wanted.page, line.sheet, line.row, data, closed=self._closed(wanted.page)
        )
        return self.drafts[path]

    def _foreign(self, kind: str, wanted: Wanted) -> tuple[str, dict[str, object]] | None:
        """Why a unit's own table cannot speak of this page; None where it can."""
        own, page = self.bounds.unit, wanted.page
        if not own or (unit_of(page) == own if page else kind != "unit"):
            return None
        if kind == "unit":
            return N_("这不是本单位。新增单位请找政务公开办公室。"), {}
        return N_("页面名“%(slug)s”是别的单位的。请照导出时的样子放回去；新增的一行空着。"), {"slug": wanted.slug}

    def _closed(self, page: Page | None) -> frozenset[str]:
        """What a unit's own table may not change of a published page."""
        return OFFICE_ONLY.get(page.kind, frozenset()) if page and self.bounds.unit else frozenset()

    def _new_data(self, kind: str) -> dict[str, Any]:
        return {"kind": kind, **({"updated_on": self.today.isoformat()} if kind == "unit" else {})}

    def _new_path(self, kind: str, wanted: Wanted) -> str:
        """An address of its own; one given in the table is kept where it is free and well-formed."""
        folder = {"unit": "units", "disclosure_item": "disclosure/items"}.get(kind, "")
        folder = folder or f"units/{wanted.unit}/{FOLDERS[kind]}"
        taken = self.taken[folder] | ({"index", "map", *self.names.units} if kind == "unit" else set())
        own = wanted.slug if wanted.slug == slug_of(wanted.slug or "-") and wanted.slug not in taken else ""
        own = own or slug_of(wanted.title, taken)
        self.taken[folder].add(own)
        return f"units/{own}/index.md" if kind == "unit" else f"{folder}/{own}.md"

    def _refuse(self, kind: str, line: Line, title: str) -> None:
        raw = line.raw.get(UNIT)
        unit = raw.strip() if isinstance(raw, str) else ""
        self.refused.append(Entry(kind, "", unit, title, line.sheet, line.row, REFUSE, remarks=line.remarks))

    def _leave_out(self, kind: str, unit: str, code: str, title: str) -> None:
        """Rows of lists follow the row of their page."""
        if kind == "unit":
            self.left_out |= {(kind, slug, "") for slug in self.names.slugs.get(title, [])}
        else:
            self.left_out |= {(kind, unit, name) for name in (code, title) if name}

    # ---- their lists

    def _take_lists(self, sheet: Sheet, tables: list[Mapped], finder: "_Finder") -> None:
        """All rows of one list, from however many files. A page in the same workbook that has no row has no entry."""
        groups: dict[str, list[Line]] = defaultdict(list)
        for table in tables:
            for line in self._lines(table):
                page = self._page_of(sheet, line, finder)
                if page:
                    groups[page].append(line)
        books = {table.table.book for table in tables}
        whole = [path for path, draft in self.drafts.items() if draft.kind == sheet.kind and draft.book in books]
        for path in dict.fromkeys([*whole, *groups]):
            self._draft_at(path, groups).take_list(groups.get(path, []), sheet, self.names)

    def _page_of(self, sheet: Sheet, line: Line, finder: "_Finder") -> str:
        unit = self._unit(line)
        code, title = line.text("@code") or "", line.text("@title") or ""
        found = finder.find(unit, code, title) if unit else ""
        if unit and not found:
            key = "@code" if "@code" in line.raw else "@title" if "@title" in line.raw else UNIT
            line.say(
                key,
                N_("“%(sheet)s”表和网站上都没有这一页。请照抄单位、编码和名称。"),
                {"sheet": main_sheet(sheet.kind).name},
            )
        if unit and {(sheet.kind, unit, code or title), (sheet.kind, unit, "")} & self.left_out:
            line.say(UNIT, N_("这一页在“%(sheet)s”表里的那一行没有收。"), {"sheet": main_sheet(sheet.kind).name})
            found = ""
        if line.has_errors and not found:
            self._refuse(sheet.kind, line, title)
        return found

    def _draft_at(self, path: str, groups: dict[str, list[Line]]) -> Draft:
        if path not in self.drafts:
            page, first = self.book.by_path[path], groups[path][0]
            data, closed = deepcopy(page.data), self._closed(page)
            self.drafts[path] = Draft(page.kind, unit_of(page), path, page, first.sheet, first.row, data, closed=closed)
        return self.drafts[path]


class _Finder:
    """The page that a row of a list belongs to: drafts of this import first, then pages that stand."""

    def __init__(self, drafts: dict[str, Draft], book: Book, kind: str, names: Names) -> None:
        self.known: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        self.kind = kind
        ours = [Page(draft.path, draft.data, "", "") for draft in drafts.values() if draft.kind == kind]
        for page in [*ours, *(page for page in book.kind(kind) if page.path not in drafts)]:
            self._add(page, whose(page, names))

    def _add(self, page: Page, cells: Cells) -> None:
        unit = unit_of(page)
        if self.kind == "unit":
            self.known["unit", unit, ""].append(page.path)
            return
        self.known["title", unit, page.title].append(page.path)
        if cells.get("@code"):
            self.known["code", unit, cells["@code"]].append(page.path)

    def find(self, unit: str, code: str, title: str) -> str:
        """The page's path; empty where none or more than one fits."""
        key = ("unit", unit, "") if self.kind == "unit" else ("code", unit, code) if code else ("title", unit, title)
        found = self.known.get(key, [])
        return found[0] if len(found) == 1 else ""


def _raw(table: Mapped, row: Row) -> dict[str, object]:
    return {column.key: row.cells[place] if place < len(row.cells) else None for place, column in table.columns.items()}
