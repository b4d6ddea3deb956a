"""Commands of the office: rounds and codes."""

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from survey_app.cli.files import write_codes
from survey_app.cli.language import _
from survey_app.cli.run import SaysWhy, load_with_database, progress, show
from survey_app.config import Settings, load_keys
from survey_app.domain import codes as code_words
from survey_app.domain.errors import fill
from survey_app.domain.rounds import STATUS_WORDS
from survey_app.office import rounds as office
from survey_app.store import ballots, codes
from survey_app.store import rounds as store


def _now(settings: Settings) -> datetime:
    return datetime.now(UTC).astimezone(ZoneInfo(settings.timezone))


@click.group(name="round", cls=SaysWhy, help=_("评议轮次：建、开、截止、算、公布。"))
def round_group() -> None: ...


@round_group.command(help=_("按计划文件建一轮草稿。例：pingyi round create 2026-h2.toml"))
@click.argument("file", type=click.Path(path_type=Path))
def create(file: Path) -> None:
    plan = office.create_round(file, load_with_database())
    click.echo(
        fill(
            _("已建草稿“%(name)s”（%(code)s），评%(count)s个单位。下一步：发评议码，然后 pingyi round open %(code)s"),
            {"name": plan.name, "code": plan.code, "count": len(plan.units)},
        )
    )


@round_group.command(
    name="open",
    help=_(
        "开始一轮：生成私钥两份并当场验证，公布评议办法。"
        "例：pingyi round open 2026-h2 --office /media/a/h2.key --auditor /media/b/h2.key"
    ),
)
@click.argument("code")
@click.option(
    "--office",
    "office_copy",
    type=click.Path(path_type=Path),
    required=True,
    help=_("主办单位那份私钥存到哪个文件（U盘）。"),
)
@click.option(
    "--auditor",
    "auditor_copy",
    type=click.Path(path_type=Path),
    required=True,
    help=_("监督方那份私钥存到哪个文件（另一只U盘）。"),
)
def open_(code: str, office_copy: Path, auditor_copy: Path) -> None:
    settings = load_with_database()
    office.open_round(code, office_copy=office_copy, auditor_copy=auditor_copy, settings=settings, now=_now(settings))
    click.echo(_("已经开始。两份私钥写好并验证过。服务器不留私钥：两份都丢了，这一轮的票就再也打不开。"))
    click.echo(_("请把两份私钥分别交给主办单位和监督方，然后运行 pingyi site build 更新网站。"))


@round_group.command(
    help=_("截止一轮：用一份私钥打开票箱，冻结数据。例：pingyi round close 2026-h2 --key /media/a/h2.key")
)
@click.argument("code")
@click.option("--key", "key_copy", type=click.Path(path_type=Path), required=True, help=_("两份私钥中的任一份。"))
@click.option("--reason", help=_("提前截止的理由，随结果公布。"))
def close(code: str, key_copy: Path, reason: str | None) -> None:
    settings = load_with_database()
    folder = office.close_round(code, key_copy=key_copy, reason=reason, settings=settings, now=_now(settings))
    click.echo(
        fill(
            _("已截止，收到%(count)s张。冻结数据在%(folder)s。下一步：pingyi round compute %(code)s"),
            {"count": ballots.count_ballots(code), "folder": folder, "code": code},
        )
    )


@round_group.command(help=_("从冻结数据算出结果。例：pingyi round compute 2026-h2"))
@click.argument("code")
def compute(code: str) -> None:
    settings = load_with_database()
    click.echo(office.compute_round(code, settings))
    click.echo(
        fill(
            _("已算好，在%(folder)s。看过以后：pingyi round publish %(code)s"),
            {"folder": settings.rounds / code / "release", "code": code},
        )
    )


@round_group.command(help=_("公布结果并更新网站。例：pingyi round publish 2026-h2"))
@click.argument("code")
def publish(code: str) -> None:
    settings = load_with_database()
    office.publish_round(code, settings, _now(settings), progress)
    click.echo(fill(_("已公布，在网站的 results/%(code)s/。"), {"code": code}))


@round_group.command(
    help=_("写一份Word通报（--brief写简报）。例：pingyi round notice 2026-h2 --facts facts.toml --out 通报.docx")
)
@click.argument("code")
@click.option("--facts", type=click.Path(path_type=Path), help=_("发文机关、文号、成文日期等，不写的留作待填。"))
@click.option("--brief", is_flag=True, help=_("写简报。"))
@click.option("--out", type=click.Path(path_type=Path), required=True, help=_("写到哪个.docx。"))
def notice(code: str, facts: Path | None, brief: bool, out: Path) -> None:
    settings = load_with_database()
    click.echo(office.write_notice(code, out, settings, facts=facts, brief=brief))


@round_group.command(
    name="check-notice",
    help=_("核对Word通报或简报里的数与发布版是否相同。例：pingyi round check-notice 2026-h2 通报.docx"),
)
@click.argument("code")
@click.argument("file", type=click.Path(path_type=Path))
def check_notice(code: str, file: Path) -> None:
    same, said = office.check_notice(code, file, load_with_database())
    click.echo(said)
    if not same:
        sys.exit(1)


@round_group.command(name="list", help=_("列出各轮。例：pingyi round list --json"))
@click.option("--json", "as_json", is_flag=True, help=_("给程序读的格式。"))
def list_(as_json: bool) -> None:
    load_with_database()
    rows = [
        {
            "code": r.code,
            "name": r.name,
            "status": r.status,
            "opens_on": r.opens_on,
            "closes_on": r.closes_on,
            "units": len(r.units),
            "ballots": ballots.count_ballots(r.code),
            "method_sha256": r.method_sha256,
        }
        for r in store.list_rounds()
    ]
    if not rows and not as_json:
        click.echo(_("还没有评议轮次。用 pingyi round create 建一轮。"))
    show(
        rows,
        as_json,
        lambda row: fill(
            _("%(code)s　%(name)s　%(word)s　%(opens_on)s至%(closes_on)s　%(units)s个单位　%(ballots)s张"),
            {**row, "word": STATUS_WORDS[row["status"]]},
            _,
        ),
    )


@click.group(name="codes", cls=SaysWhy, help=_("评议码：发放和台账。"))
def codes_group() -> None: ...


@codes_group.command(
    help=_(
        "发一批评议码，只在这一次以明文出现。例：pingyi codes issue 2026-h2 --group citizen --count 200 --out codes.csv"
    )
)
@click.argument("round_code")
@click.option("--group", required=True, help=_("评议主体的代号，例如citizen。"))
@click.option("--count", type=int, required=True, help=_("多少个。"))
@click.option("--unit", "unit_slug", help=_("只评一个单位的，写它的代号；不写的可评这一轮任何单位。"))
@click.option("--channel", default="invited", show_default=True, help=_("渠道：invited、window、paper、phone、web。"))
@click.option("--out", type=click.Path(path_type=Path), help=_("写到CSV文件；不写的显示在屏幕上。"))
def issue(round_code: str, group: str, count: int, unit_slug: str | None, channel: str, out: Path | None) -> None:
    settings = load_with_database()

    def issue_now() -> list[str]:
        fresh = codes.issue_codes(
            round_code=round_code,
            group=group,
            count=count,
            channel=channel,
            unit_slug=unit_slug,
            keys=load_keys(settings.keys),
            today=_now(settings).date(),
        )
        return [code_words.spoken(code) for code in fresh]

    if not out:
        click.echo("\n".join(issue_now()))
        return
    written = write_codes(out, issue_now)
    click.echo(fill(_("%(count)s个评议码写在%(file)s。印好发出后请删除这个文件。"), {"count": written, "file": out}))


@codes_group.command(
    name="ledger", help=_("评议码台账：各批发了多少、用了多少。例：pingyi codes ledger 2026-h2 --json")
)
@click.argument("round_code")
@click.option("--json", "as_json", is_flag=True, help=_("给程序读的格式。"))
def ledger(round_code: str, as_json: bool) -> None:
    load_with_database()
    store.get_round(round_code)
    rows = [{**asdict(row), "number": number} for number, row in enumerate(codes.ledger(round_code), 1)]
    show(
        rows,
        as_json,
        lambda row: fill(
            _("第%(number)s批　%(group)s　%(place)s　%(channel)s　发%(issued)s个，用%(used)s个"),
            {**row, "place": row["unit_slug"] or _("任何单位")},
        ),
    )
