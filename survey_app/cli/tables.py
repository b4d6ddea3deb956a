"""Commands for tables: export, import."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from survey_app.cli.language import _
from survey_app.cli.run import NOT_AS_IT_SHOULD_BE, load, load_with_database, progress
from survey_app.config import Settings
from survey_app.domain.errors import N_, BadInput, FileTaken, fill
from survey_app.domain.training import PAPER
from survey_app.files import write_new
from survey_app.publishing.book import Book, read_book
from survey_app.publishing.building.releases import one_build_at_a_time
from survey_app.publishing.tables import applying, exporting
from survey_app.publishing.tables.columns import TABLE_KINDS
from survey_app.publishing.tables.plan import ADD, REFUSE, Entry, Plan, Remark, as_data
from survey_app.publishing.tables.report import WORDS
from survey_app.store import audit
from survey_app.store.database import write

OPERATOR = "operator"
SHORT = 60


@click.command(
    name="export",
    help=_(
        "把网页导出成Excel或CSV。例：pingyi export --all --into outbox；"
        "pingyi export --unit 区人社局；pingyi export --template"
    ),
)
@click.option("--unit", "unit", help=_("单位全称或文件夹名；不写的导出所有单位，放在一个文件里。"))
@click.option("--kind", "kinds", multiple=True, type=click.Choice(list(TABLE_KINDS)), help=_("只要这一类，可写几次。"))
@click.option("--all", "each", is_flag=True, help=_("每个单位一个文件。"))
@click.option("--template", is_flag=True, help=_("空白模板，带一行示例。"))
@click.option("--csv", "as_csv", is_flag=True, help=_("导出CSV，每张表一个文件。"))
@click.option("--encoding", type=click.Choice(["utf-8", "gb18030"]), default="utf-8", show_default=True)
@click.option("--into", type=click.Path(path_type=Path), help=_("放到哪个文件或文件夹；不写的放在当前文件夹。"))
def export(
    unit: str | None, kinds: tuple[str, ...], each: bool, template: bool, as_csv: bool, encoding: str, into: Path | None
) -> None:
    settings = load()
    note = PAPER if settings.training else ""
    book = Book([]) if template else read_book(settings.pages)
    if template:
        content = exporting.one_file(book, [], kinds, template=True, note=note)
        written = [_put(into, _("政务公开表格模板") + ".xlsx", content)]
    else:
        slug = exporting.unit_called(book, unit) if unit else ""
        units = [page.unit for page in book.kind("unit")] if each else [slug]
        written = [
            file for one in units for file in _write_unit(book, one, kinds, into, note, encoding if as_csv else "")
        ]
    for file in written[:SHORT]:
        click.echo(file)
    click.echo(fill(_("导出了%(count)s个文件。"), {"count": len(written)}))


def _write_unit(
    book: Book, unit: str, kinds: tuple[str, ...], into: Path | None, note: str, encoding: str
) -> Iterator[Path]:
    name = exporting.file_names(book).get(unit, "") or _("全部单位")
    pages = exporting.pages_of(book, unit, kinds)
    if not encoding:
        yield _put(into, f"{name}.xlsx", exporting.one_file(book, pages, kinds, note=note))
        return
    for file, data in exporting.csv_files(book, pages, kinds, encoding):
        yield _put((into or Path()) / name / file, file, data)


def _put(into: Path | None, name: str, data: bytes) -> Path:
    """Write one file where nothing stands. Raises FileTaken."""
    into = into or Path()
    file = into if into.suffix in (".xlsx", ".csv") else into / name
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_new(file, data, mode=0o644)
    except FileExistsError as error:
        raise FileTaken(file=file) from error
    return file


@click.command(
    name="import",
    help=_(
        "把Excel或CSV表格导入网页，要么全收要么不收。先用 --dry-run 看会改什么。"
        "例：pingyi import 区人社局.xlsx --dry-run；pingyi import units.csv items.csv --into pages --district 清河区"
    ),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help=_("只列出会新增、改动、不收的，什么也不写。"))
@click.option(
    "--map", "maps", multiple=True, metavar=_("列名=字段"), help=_("这一列对应哪一项；写“列名=-”是不要这一列。")
)
@click.option("--take-good", is_flag=True, help=_("有不能收的行时，只收好的行。"))
@click.option("--expect", default="", metavar="DIGEST", help=_("与核对时的摘要不同就不导入。"))
@click.option(
    "--encoding", type=click.Choice(["utf-8", "gb18030", "utf-16"]), help=_("CSV的编码；不写的逐一严格试读。")
)
@click.option("--into", type=click.Path(path_type=Path), help=_("另一个页面文件夹；没有的就新做一套页面。"))
@click.option("--district", help=_("新做一套页面时的地区名称，例如：清河区。"))
@click.option("--json", "as_json", is_flag=True, help=_("给程序读的格式。"))
@click.pass_context
def import_(
    ctx: click.Context,
    files: tuple[Path, ...],
    dry_run: bool,
    maps: tuple[str, ...],
    take_good: bool,
    expect: str,
    encoding: str | None,
    into: Path | None,
    district: str | None,
    as_json: bool,
) -> None:
    settings = load()
    tables = applying.read_files([(file, file.name) for file in files], _wishes(maps), encoding or "")
    folder = into or settings.pages
    new = into is not None and (district is not None or not into.exists() or not any(into.iterdir()))
    plan, book = _plan(settings, folder, tables, (district or "本区") if new else None)
    _tell(plan, dry_run=dry_run, as_json=as_json)
    applying.require_same(plan, expect)
    if not dry_run:
        _apply(settings, folder, plan, book, take_good=take_good, district=district or "本区", as_json=as_json)
    elif plan.counts[REFUSE]:
        ctx.exit(NOT_AS_IT_SHOULD_BE)


def _wishes(maps: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.partition("=") for text in maps]
    for header, sign, _wanted in pairs:
        if not sign or not header.strip():
            raise BadInput(file="--map", problem=N_("要写成“列名=字段”，例如 --map 受理地点=place。"))
    return {header: wanted for header, _sign, wanted in pairs}


def _plan(settings: Settings, folder: Path, tables: Any, district: str | None) -> tuple[Plan, Book | None]:
    """The dry run; no book where the folder is to be made."""
    today = datetime.now(ZoneInfo(settings.timezone)).date()
    if district is not None:
        return applying.make_plan_for_new(folder, tables, district, today=today, progress=progress), None
    return applying.make_plan_for(folder, tables, today=today, progress=progress)


def _apply(
    settings: Settings, folder: Path, plan: Plan, book: Book | None, *, take_good: bool, district: str, as_json: bool
) -> None:
    if not plan.good and not plan.counts[REFUSE]:
        _say(as_json, _("没有变化，什么也没有写。"))
        return
    applying.take_good(plan, take_good)
    if book is None:
        pages = applying.write_new_folder(folder, plan, district)
        _say(as_json, fill(_("做好了一套页面，共%(count)s页，在%(into)s。"), {"count": pages, "into": folder}))
        return
    if folder == settings.pages:
        _write_own(settings, plan, book)
    else:
        applying.apply_to_folder(folder, plan, book, progress)
    _say(as_json, fill(_("导入好了：新增%(add)s页，改动%(change)s页。下一步：pingyi site build"), plan.counts))


def _write_own(settings: Settings, plan: Plan, book: Book) -> None:
    """The portal's own pages. The event comes first: one without a change can be explained, the reverse cannot."""
    load_with_database()
    with one_build_at_a_time(settings.releases):
        _record("pages.import", plan)
        try:
            applying.apply_to_folder(settings.pages, plan, book, progress)
        except BaseException:
            _record("pages.import_failed", plan)
            raise


def _record(action: str, plan: Plan) -> None:
    detail = {**plan.counts, "digest": plan.digest, "files": "、".join(dict.fromkeys(s.file for s in plan.sheets))}
    with write():
        audit.record(actor=OPERATOR, action=action, subject="pages", detail=detail, now=datetime.now(UTC))


def _say(as_json: bool, text: str) -> None:
    click.echo(text, err=as_json)


# ---- the dry run in words


def _tell(plan: Plan, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(as_data(plan, _), ensure_ascii=False, indent=2))
        return
    for remark in plan.remarks:
        click.echo(_remark(remark))
    if dry_run:
        for entry in plan.good:
            click.echo(_entry(entry))
    told: dict[str, int] = {}
    for entry in plan.entries:
        for remark in entry.remarks:
            _tell_remark(entry, remark, told)
    for text, count in told.items():
        click.echo(fill(_("提醒：%(text)s（%(count)s行）"), {"text": text, "count": count}))
    words = "　".join(f"{_(WORDS[verdict])} {count}" for verdict, count in plan.counts.items())
    click.echo(fill(_("合计：%(words)s　摘要%(digest)s"), {"words": words, "digest": plan.digest[:16]}))


def _tell_remark(entry: Entry, remark: Remark, told: dict[str, int]) -> None:
    """Refusals and remarks on a cell one by one; a reminder that many rows share, once."""
    text = remark.text(_)
    if remark.level == "error" or remark.column:
        click.echo(f"{_(WORDS[entry.verdict])}　{entry.unit}　{entry.title[:SHORT]}　{_remark(remark)}")
    else:
        told[text] = told.get(text, 0) + 1


def _remark(remark: Remark) -> str:
    place = fill(_("第%(row)s行"), {"row": remark.row}) if remark.row else ""
    return "　".join(part for part in (f"“{remark.sheet}”{place}", remark.column, remark.text(_)) if part)


def _entry(entry: Entry) -> str:
    head = f"{_(WORDS[entry.verdict])}　{entry.unit}　{entry.title[:SHORT]}　{entry.path}"
    if entry.verdict == ADD:
        return head
    lines = [f"    {_(c.field)}：{_cut(c.before)} → {_cut(c.after)}" for c in entry.changes]
    return "\n".join([head, *lines])


def _cut(text: str) -> str:
    flat = text.replace("\n", "⏎")
    return (flat if len(flat) <= SHORT else flat[:SHORT] + "…") or _("（空）")
