"""Commands of the issuer: codes made here or on a computer without a database, and their ledger."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from survey_app.cli.files import flush, new_secret_file, write_codes
from survey_app.cli.language import _
from survey_app.cli.run import SaysWhy, load_with_database, now_at, operator, show
from survey_app.config import Settings, load_keys
from survey_app.domain import batches as rules
from survey_app.domain.batches import Scope
from survey_app.domain.codes import spoken
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.domain.rounds import CHANNEL_WORDS
from survey_app.office import issuing
from survey_app.office.issuing import CARDS, MESSAGES, Ordered, Sheet
from survey_app.store import batches
from survey_app.store import rounds as store


class OneFileOnly(Refusal):
    code, status = "one-file", 422
    message = N_("评议码只在一份文件里出现：--out、--cards、--messages 只写一个。")


@click.group(name="codes", cls=SaysWhy, help=_("评议码：发放、导入、作废和台账。"))
def codes_group() -> None: ...


def _scope(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--channel", default="invited", show_default=True, help=_("渠道：") + "、".join(CHANNEL_WORDS)),
        click.option("--unit", "unit_slug", default="", help=_("只评一个单位的，写它的代号；不写的可评任何单位。")),
        click.option("--count", type=int, required=True, help=_("多少个。")),
        click.option("--group", required=True, help=_("评议主体的代号，例如citizen。")),
    ):
        command = option(command)
    return command


@codes_group.command(
    help=_(
        "发一批评议码，只在这一次以明文出现。"
        "例：pingyi codes issue 2026-h2 --group citizen --count 200 --cards cards.pdf"
    )
)
@click.argument("round_code")
@_scope
@click.option(
    "--cards", type=click.Path(path_type=Path), help=_("做成可打印的卡片（PDF）；渠道是paper的做成征求意见卡。")
)
@click.option("--messages", type=click.Path(path_type=Path), help=_("做成短信平台用的CSV。"))
@click.option("--out", type=click.Path(path_type=Path), help=_("只要评议码，写到CSV文件；都不写的显示在屏幕上。"))
@click.option("--replaces", default="", metavar=_("批次号"), help=_("同时作废这一批，由新的一批代替。"))
@click.option("--reason", default="", help=_("为什么作废，记入操作记录。"))
def issue(
    round_code: str,
    group: str,
    count: int,
    unit_slug: str,
    channel: str,
    cards: Path | None,
    messages: Path | None,
    out: Path | None,
    replaces: str,
    reason: str,
) -> None:
    settings = load_with_database()
    if sum(1 for file in (cards, messages, out) if file) > 1:
        raise OneFileOnly
    kind = MESSAGES if messages else CARDS
    ordered = Ordered(Scope(group, channel, unit_slug), count, kind, replaces=replaces.upper(), reason=reason)
    if file := cards or messages:
        label = _issue_into(file, settings, round_code, ordered)
        click.echo(
            fill(
                _("第%(label)s批，%(count)s个，在%(file)s。印好或发出后请删除这个文件。"),
                {"label": label, "count": count, "file": file},
            )
        )
        return
    _issue_plain(out, settings, round_code, ordered)


def _issue_into(file: Path, settings: Settings, round_code: str, ordered: Ordered) -> str:
    """The file is on the disk before the codes are in the ledger, and gone if they do not get there."""
    with new_secret_file(file) as handle:

        def keep(sheet: Sheet) -> None:
            handle.write(sheet.content)
            flush(handle)

        made, _sheet = issuing.issue(round_code, ordered, **_here(settings), settings=settings, keep=keep)
    batches.record_download(round_code, made.label, file.name, actor=operator(), now=now_at(settings))
    return made.label


def _issue_plain(out: Path | None, settings: Settings, round_code: str, ordered: Ordered) -> None:
    def issue_now() -> list[str]:
        made, _sheet = issuing.issue(round_code, ordered, **_here(settings), settings=settings)
        return [spoken(code) for code in made.codes]

    if not out:
        click.echo("\n".join(issue_now()))
        return
    written = write_codes(out, issue_now)
    click.echo(fill(_("%(count)s个评议码写在%(file)s。印好发出后请删除这个文件。"), {"count": written, "file": out}))


def _here(settings: Settings) -> dict[str, Any]:
    now: datetime = now_at(settings)
    return {"keys": load_keys(settings.keys), "actor": operator(), "now": now, "today": now.date()}


@codes_group.command(
    name="key",
    help=_(
        "取一轮的发码文件，交给发码人：凭它在没有数据库的电脑上做评议码。"
        "例：pingyi codes key 2026-h2 --out h2.issue.json"
    ),
)
@click.argument("round_code")
@click.option("--out", type=click.Path(path_type=Path), required=True, help=_("存到哪个文件（U盘）。"))
@click.option("--address", default="", help=_("印在卡片上的网址；不写的取首页的address。"))
def key(round_code: str, out: Path, address: str) -> None:
    settings = load_with_database()
    whole = address and address.rstrip("/") + "/"
    with new_secret_file(out) as handle:
        text = issuing.hand_out_kit(
            round_code, address=whole, settings=settings, actor=operator(), now=now_at(settings)
        )
        handle.write(text.encode())
    click.echo(fill(_("发码文件在%(file)s。有它就能做这一轮的评议码：只交给发码人，这一轮截止后删除。"), {"file": out}))


@codes_group.command(
    help=_(
        "用发码文件做一批评议码，不用数据库和服务器密钥。"
        "例：pingyi codes make h2.issue.json --group citizen --count 200 --into cards-01"
    )
)
@click.argument("kit", type=click.Path(path_type=Path))
@_scope
@click.option("--into", type=click.Path(path_type=Path), required=True, help=_("新文件夹，放卡片和标签文件。"))
@click.option("--messages", is_flag=True, help=_("另做一份短信平台用的CSV。"))
def make(kit: Path, group: str, count: int, unit_slug: str, channel: str, into: Path, messages: bool) -> None:
    try:
        read = rules.read_kit(kit.read_text("utf-8"), file=kit.name)
    except UnicodeDecodeError as error:
        raise rules.KitUnreadable(file=kit.name) from error
    ordered = Ordered(Scope(group, channel, unit_slug), count)
    for file in issuing.make_elsewhere(read, ordered, into, with_messages=messages):
        click.echo(file)
    click.echo(_("卡片印好后封装。只把 tags.json 交给服务器：pingyi codes import。导入以后评议码才有效。"))


@codes_group.command(name="import", help=_("导入发码人做的标签文件。例：pingyi codes import 2026-h2-7KQ4-tags.json"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def import_(files: tuple[Path, ...]) -> None:
    settings = load_with_database()
    for file in files:
        batch = issuing.import_tags(file, **_here(settings))
        told = {"file": file.name, "label": batch.label, "count": len(batch.tags)}
        click.echo(fill(_("%(file)s：第%(label)s批，%(count)s个评议码可以用了。"), told))


@codes_group.command(help=_("作废一批没用过的评议码；已经投的票不动。例：pingyi codes void 2026-h2 7KQ4 --reason 印错"))
@click.argument("round_code")
@click.argument("label")
@click.option("--reason", default="", help=_("为什么作废，记入操作记录。"))
def void(round_code: str, label: str, reason: str) -> None:
    settings = load_with_database()
    now = now_at(settings)
    batch = batches.void_batch(round_code, label.upper(), reason=reason, actor=operator(), now=now, today=now.date())
    told = {"label": batch.label, "void": batch.void, "used": batch.used}
    click.echo(fill(_("第%(label)s批作废：%(void)s个不能再用；用过的%(used)s个，票还在。"), told))


@codes_group.command(
    name="ledger", help=_("评议码台账：各批发了多少、用了多少、作废多少。例：pingyi codes ledger 2026-h2 --json")
)
@click.argument("round_code")
@click.option("--json", "as_json", is_flag=True, help=_("给程序读的格式。"))
def ledger(round_code: str, as_json: bool) -> None:
    load_with_database()
    store.get_round(round_code)
    rows = [{**asdict(row), "unused": row.unused} for row in batches.ledger(round_code)]
    show(
        rows,
        as_json,
        lambda row: fill(
            _(
                "第%(label)s批　%(group)s　%(place)s　%(channel)s　"
                "发%(issued)s个，用%(used)s个，作废%(void)s个，剩%(unused)s个"
            ),
            {**row, "place": row["unit_slug"] or _("任何单位")},
        ),
    )
