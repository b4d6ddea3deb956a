"""Commands of everyday ratings (好差评): visit codes on slips, their ledger, the count of a month."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from survey_app.cli.files import new_secret_file
from survey_app.cli.language import _
from survey_app.cli.run import SaysWhy, load_with_database, operator, progress, show
from survey_app.config import Settings, load_keys
from survey_app.domain import codes as code_words
from survey_app.domain import everyday
from survey_app.domain.errors import N_, day_words, fill
from survey_app.exports.everyday import min_n_of
from survey_app.jobs import everyday as work
from survey_app.publishing import build_site
from survey_app.publishing.book import Book
from survey_app.publishing.outputs.built import address_of
from survey_app.publishing.outputs.prints import rating_address
from survey_app.publishing.outputs.slips import Slip, slips_pdf
from survey_app.publishing.pages import read_pages
from survey_app.publishing.services import Service, find_service
from survey_app.store import visits


@click.group(name="everyday", cls=SaysWhy, help=_("好差评：办事码小票、台账、每月结算。"))
def everyday_group() -> None: ...


@everyday_group.command(
    help=_(
        "发一批办事码，印成小票（PDF），只在这一次以明文出现。"
        "例：pingyi everyday codes --unit huzheng --month 2026-12 --count 200 --out slips.pdf"
    )
)
@click.option("--unit", required=True, help=_("单位的代号。"))
@click.option("--procedure", default="", help=_("只评一件事的，写办事指南的代号；不写的可评这个单位任何一件事。"))
@click.option("--month", help=_("哪个月用，例如2026-12；不写的是这个月。"))
@click.option("--count", type=int, required=True, help=_("多少个。"))
@click.option("--out", type=click.Path(path_type=Path), required=True, help=_("小票写到哪个PDF文件。"))
def codes(unit: str, procedure: str, month: str | None, count: int, out: Path) -> None:
    settings = load_with_database()
    today = work.local_day(settings, datetime.now(UTC))
    chosen = everyday.parse_month(month or everyday.month_of(today))
    service = find_service(settings, unit, procedure, today)

    def make() -> bytes:
        fresh = visits.issue_visit_codes(
            service=(unit, procedure),
            month=chosen,
            count=count,
            min_n=min_n_of(work.method_of(settings)),
            keys=load_keys(settings.keys),
            today=today,
            by=operator(),
            now=datetime.now(UTC),
        )
        return slips_pdf(_slip(settings, service, chosen), [code_words.spoken(code) for code in fresh])

    _write(out, make, count)


def _write(out: Path, make: Callable[[], bytes], count: int) -> None:
    with new_secret_file(out) as handle:
        handle.write(make())
    click.echo(
        fill(_("%(count)s张办事码小票写在%(file)s。印好发到窗口后请删除这个文件。"), {"count": count, "file": out})
    )


def _slip(settings: Settings, service: Service, month: str) -> Slip:
    root = address_of(Book(read_pages(settings.pages)))
    address = rating_address(root, service.unit, service.procedure) if root else ""
    return Slip(service.unit_title, service.title, day_words(everyday.codes_until(month)), address)


@everyday_group.command(help=_("办事码台账：各批发了多少、用了多少。例：pingyi everyday ledger --month 2026-11 --json"))
@click.option("--month", default="", help=_("只看一个月。"))
@click.option("--json", "as_json", is_flag=True, help=_("给程序读的格式。"))
def ledger(month: str, as_json: bool) -> None:
    load_with_database()
    rows = [asdict(row) for row in visits.ledger(everyday.parse_month(month) if month else "")]
    if not rows and not as_json:
        click.echo(_("还没有发过办事码。用 pingyi everyday codes 发。"))
    show(
        rows,
        as_json,
        lambda row: fill(
            _("第%(batch)s批　%(month)s　%(unit)s　%(place)s　发%(issued)s个，用%(used)s个"),
            {**row, "place": row["procedure"] or _("任何一件事")},
        ),
    )


@everyday_group.command(
    help=_("结算一个月：冻结、统计、公布，更新网站。每晚也会自动做。例：pingyi everyday close 2026-11")
)
@click.argument("month")
def close(month: str) -> None:
    settings = load_with_database()
    chosen = everyday.parse_month(month)
    progress(N_("统计"))
    folder = work.close_month(chosen, settings, datetime.now(UTC), by=operator())
    build_site(settings, progress)
    click.echo(
        fill(
            _("%(month)s已结算，冻结数据在%(folder)s，公布在网站的 results/%(code)s/。"),
            {"month": chosen, "folder": folder, "code": everyday.round_code(chosen)},
        )
    )
