"""Tables at the desk: download, upload, columns, dry run, confirm. One unit's own pages, or all for the office."""

import io
import zipfile
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain.errors import N_, Refusal, fill
from survey_app.domain.roles import PUBLICITY
from survey_app.publishing.book import Book, read_book
from survey_app.publishing.pages import Page
from survey_app.publishing.revisions import revising
from survey_app.publishing.tables import applying, exporting, report, uploads
from survey_app.publishing.tables.columns import main_sheet, sheet_named, sheets
from survey_app.publishing.tables.csvfile import write_csv
from survey_app.publishing.tables.mapping import SKIP, Mapped
from survey_app.publishing.tables.plan import REFUSE, Plan
from survey_app.publishing.tables.planning import Bounds
from survey_app.publishing.tables.reading import MOST_BYTES
from survey_app.publishing.tables.uploads import Upload
from survey_app.store import audit
from survey_app.store.database import write
from survey_app.unit import desk
from survey_app.web import training
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door
from survey_app.web.language import say
from survey_app.web.people import NotYourUnit, Person, person
from survey_app.web.sending import CSV, XLSX, send_download

blueprint = Blueprint("tables", __name__, url_prefix="/desk/tables", template_folder="templates")
FORMATS = {"xlsx": N_("Excel"), "csv": N_("CSV（UTF-8）"), "gb18030": N_("CSV（GB18030，旧版Excel）")}
SHOWN = 200
SAMPLES = 3


@dataclass(frozen=True)
class Scope:
    """Whose tables: one unit's, or, for the office, all."""

    person: Person
    unit: str

    @property
    def bounds(self) -> Bounds:
        """What an import may touch."""
        return Bounds(self.unit)


@blueprint.url_value_preprocessor
def _allow_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Only this one route takes more than a form; set before anything reads the body."""
    if endpoint == "tables.upload":
        request.max_content_length = MOST_BYTES + 64 * 1024


@blueprint.context_processor
def _tabs() -> dict[str, object]:
    """The desk's tabs; the office, which has no unit, finds the way back to these pages beside them."""
    who = person()
    if who is None:
        return {}
    own = {
        "title": say(N_("表格导入导出")),
        "href": url_for("tables.index"),
        "here": request.endpoint == "tables.index",
    }
    found = desk.tabs(who)
    return {"tabs": found if any(tab["href"] == own["href"] for tab in found) else [*found, {**own, "count": 0}]}


def _scope() -> Scope:
    """Raises NotYourUnit for an editor without a unit."""
    here = person()
    if here is None or (PUBLICITY not in here.roles and not here.unit_slug):
        raise NotYourUnit
    return Scope(here, "" if PUBLICITY in here.roles else here.unit_slug)


@blueprint.get("/")
@door("desk")
def index() -> ResponseReturnValue:
    scope = _scope()
    book = revising.book_of(settings())
    units = [] if scope.unit else sorted(book.live_units, key=lambda page: page.title)
    return render_template(
        "tables/index.html", scope=scope, units=units, formats=FORMATS, most=MOST_BYTES // 1024**2, sheets=sheets()
    )


# ---- out


@blueprint.get("/template")
@door("desk")
def template() -> ResponseReturnValue:
    _scope()
    return send_download(_workbook(Book([]), [], template=True), say(N_("政务公开表格模板")) + ".xlsx", XLSX)


@blueprint.get("/export")
@door("desk")
def export() -> ResponseReturnValue:
    scope = _scope()
    book = read_book(settings().pages)
    wanted, kind = request.args.get("unit", ""), request.args.get("format", "xlsx")
    unit = scope.unit or (exporting.unit_called(book, wanted) if wanted not in ("", "each") else "")
    if wanted == "each" and not scope.unit:
        return _zip(_workbooks(book), say(N_("各单位表格")))
    name = exporting.file_names(book).get(unit, "") or say(N_("全部单位"))
    pages = exporting.pages_of(book, unit)
    if kind == "xlsx":
        return send_download(_workbook(book, pages), f"{name}.xlsx", XLSX)
    encoding = "gb18030" if kind == "gb18030" else "utf-8"
    return _zip(list(exporting.csv_files(book, pages, (), encoding)), name)


def _workbook(book: Book, pages: list[Page], *, template: bool = False) -> bytes:
    return exporting.one_file(book, pages, template=template, note=training.note())


def _workbooks(book: Book) -> list[tuple[str, bytes]]:
    names = exporting.file_names(book)
    return [(f"{names[u.unit]}.xlsx", _workbook(book, exporting.pages_of(book, u.unit))) for u in book.live_units]


def _zip(files: list[tuple[str, bytes]], name: str) -> ResponseReturnValue:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, data in files:
            archive.writestr(file, data)
    return send_download(out.getvalue(), f"{name}.zip", "application/zip")


# ---- in


@blueprint.post("/upload")
@door("desk")
def upload() -> ResponseReturnValue:
    scope = _scope()
    given = [(file.filename or "", file.stream) for file in request.files.getlist("files") if file.filename]
    kept = uploads.keep(settings(), given, owner=scope.person.username, now=now())
    try:
        tables = _tables(kept)
    except Refusal:
        uploads.drop(settings(), kept)
        raise
    unknown = any(table.unknown for table in tables)
    return redirect(url_for("tables.columns" if unknown else "tables.review", name=kept.name), 303)


def _find(name: str) -> tuple[Scope, Upload]:
    scope = _scope()
    return scope, uploads.find(settings(), name, owner=scope.person.username, now=now())


def _tables(kept: Upload) -> list[Mapped]:
    return applying.read_files(uploads.paths(settings(), kept), kept.wishes)


def _plan(scope: Scope, kept: Upload) -> Plan:
    plan, _book = applying.make_plan_for(
        settings().pages, _tables(kept), today=today(), bounds=scope.bounds, progress=lambda _step: None
    )
    return plan


@blueprint.get("/<name>/columns")
@door("desk")
def columns(name: str) -> ResponseReturnValue:
    _, kept = _find(name)
    tables = [table for table in _tables(kept) if table.unknown or table.skipped]
    return render_template("tables/columns.html", upload=kept, tables=tables, skip=SKIP)


@blueprint.post("/<name>/columns")
@door("desk")
def save_columns(name: str) -> ResponseReturnValue:
    _, kept = _find(name)
    wishes = dict(kept.wishes)
    for table in _tables(kept):
        for header in (*table.unknown, *table.skipped):
            wanted = request.form.get(f"{table.sheet.name}|{header}", "")
            known = wanted == SKIP or table.sheet.column(wanted)
            if known:
                wishes[header] = wanted
    applying.read_files(uploads.paths(settings(), kept), wishes)
    uploads.remember(settings(), kept, wishes)
    return redirect(url_for("tables.review", name=kept.name), 303)


@blueprint.get("/<name>")
@door("desk")
def review(name: str) -> ResponseReturnValue:
    scope, kept = _find(name)
    plan = _plan(scope, kept)
    return render_template("tables/review.html", upload=kept, plan=plan, shown=SHOWN, told=report.grouped(plan, say))


@blueprint.get("/<name>/report")
@door("desk")
def whole_report(name: str) -> ResponseReturnValue:
    scope, kept = _find(name)
    header, rows = report.as_rows(_plan(scope, kept), say)
    return send_download(write_csv(header, rows), say(N_("导入核对结果")) + ".csv", CSV)


@blueprint.post("/<name>/confirm")
@door("desk")
def confirm(name: str) -> ResponseReturnValue:
    scope, kept = _find(name)
    plan = _plan(scope, kept)
    applying.require_same(plan, request.form.get("digest") or "?")
    applying.take_good(plan, request.form.get("take") == "good")
    reason = fill(say(N_("表格导入：%(files)s")), {"files": "、".join(kept.files)})
    made = revising.save_many(settings(), pages=plan.pages, author=scope.person.username, reason=reason, now=now())
    _record(scope, kept, plan)
    uploads.drop(settings(), kept)
    left = plan.counts[REFUSE]
    if scope.unit:
        message = N_("做好了%(count)s份修订稿，还没有公开，没有收的有%(left)s行。请在待办里逐份看过后送审。")
    else:
        message = N_("做好了%(count)s份修订稿，放在各单位的待办里，由单位看过后送审；没有收的有%(left)s行。")
    flash(fill(say(message), {"count": len(made), "left": left}), "good")
    return redirect(url_for("tables.index"), 303)


def _record(scope: Scope, kept: Upload, plan: Plan) -> None:
    """What the drafts came from; each draft's own event was recorded with it."""
    detail = {**plan.counts, "digest": plan.digest, "files": "、".join(kept.files)}
    with write():
        audit.record(
            actor=scope.person.username, action="pages.import", subject=scope.unit or "pages", detail=detail, now=now()
        )


@blueprint.post("/<name>/cancel")
@door("desk")
def cancel(name: str) -> ResponseReturnValue:
    _, kept = _find(name)
    uploads.drop(settings(), kept)
    flash(say(N_("已取消，文件已删除，什么也没有改。")), "good")
    return redirect(url_for("tables.index"), 303)


def fields_of(table: Mapped) -> list[tuple[str, str]]:
    """The fields a column of this table may be led to: key and name."""
    used = {column.key for column in table.columns.values()}
    sheet = sheet_named(table.sheet.name) or main_sheet(table.sheet.kind)
    return [(column.key, column.title) for column in sheet.columns if column.key not in used]


def samples_of(table: Mapped, header: str) -> str:
    """The first few texts below a header: what the column holds is often clearer than its name."""
    place = table.headers.index(header)
    below = (str(row.cells[place]).strip() for row in table.rows if place < len(row.cells) and row.cells[place])
    return "、".join(text[:20] for text in islice(filter(None, below), SAMPLES))


blueprint.add_app_template_global(fields_of, "table_fields_of")
blueprint.add_app_template_global(samples_of, "table_samples_of")
