"""Commands of the office: rounds."""

import sys
from pathlib import Path

import click

from survey_app.cli.language import _
from survey_app.cli.run import SaysWhy, load, load_with_database, now_at, operator, progress, show
from survey_app.domain.errors import fill
from survey_app.domain.rounds import STATUS_WORDS
from survey_app.office import rounds as office
from survey_app.office.methods import TEMPLATES, method_text, write_template
from survey_app.store import ballots
from survey_app.store import rounds as store


def _ask_for_key(context: click.Context, option: click.Parameter, given: Path | None) -> Path:
    """A person is asked for the stick; a script that forgot it is told so."""
    if given:
        return given
    if not sys.stdin.isatty():
        raise click.MissingParameter(ctx=context, param=option)
    return Path(click.prompt(_("请插上存私钥的U盘，写出私钥文件的路径（两份中的任一份）")))


@click.group(name="round", cls=SaysWhy, help=_("评议轮次：建、开、截止、算、公布。"))
def round_group() -> None: ...


@round_group.command(
    help=_("写出一套可以直接用的评议办法和计划。例：pingyi round template standard --into 2026-h2")
    + "".join(f"\n\n{name}：{_(words)}" for name, words in TEMPLATES.items())
)
@click.argument("name", type=click.Choice(tuple(TEMPLATES)))
@click.option("--into", type=click.Path(path_type=Path), help=_("写到哪个文件夹；不写的，只把办法显示在屏幕上。"))
def template(name: str, into: Path | None) -> None:
    if not into:
        click.echo(method_text(name).decode(), nl=False)
        return
    plan, method = write_template(name, into, now_at(load()).date())
    words = _("写好了：%(plan)s、%(method)s。按本地依据改好，再运行 pingyi round create %(plan)s")
    click.echo(fill(words, {"plan": plan, "method": method}))


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
    office.open_round(code, office_copy=office_copy, auditor_copy=auditor_copy, settings=settings, now=now_at(settings))
    click.echo(
        _("已经开始。两份私钥写好并验证过。服务器不留私钥：两份都丢了，这一轮的票就再也打不开，等于这一轮作废。")
    )
    click.echo(_("请把两份私钥分别交给主办单位和监督方，然后运行 pingyi site build 更新网站。"))


@round_group.command(
    help=_("截止一轮：用一份私钥打开票箱，冻结数据。例：pingyi round close 2026-h2 --key /media/a/h2.key")
)
@click.argument("code")
@click.option(
    "--key",
    "key_copy",
    type=click.Path(path_type=Path),
    callback=_ask_for_key,
    help=_("两份私钥中的任一份。"),
)
@click.option("--reason", help=_("提前截止的理由，随结果公布。"))
def close(code: str, key_copy: Path, reason: str | None) -> None:
    settings = load_with_database()
    folder = office.close_round(code, key_copy=key_copy, reason=reason, settings=settings, now=now_at(settings))
    click.echo(
        fill(
            _("已截止，收到%(count)s张。冻结数据在%(folder)s。下一步：pingyi round compute %(code)s"),
            {"count": ballots.count_ballots(code), "folder": folder, "code": code},
        )
    )


@round_group.command(
    help=_(
        "从冻结数据算出结果；加 --correct 的，另算一版更正，原来的不动。"
        "例：pingyi round compute 2026-h2 --correct 名册人数写错"
    )
)
@click.argument("code")
@click.option("--correct", "reason", help=_("更正的理由，随新的一版公布。"))
def compute(code: str, reason: str | None) -> None:
    settings = load_with_database()
    if reason is None:
        click.echo(office.compute_round(code, settings))
        folder = settings.rounds / code
    else:
        folder = office.correct_round(code, reason, settings, now_at(settings))
    click.echo(
        fill(
            _("已算好，在%(folder)s。看过以后：pingyi round publish %(code)s"),
            {"folder": folder / "release", "code": code},
        )
    )


@round_group.command(help=_("公布结果并更新网站。例：pingyi round publish 2026-h2"))
@click.argument("code")
@click.option("--without-objections", "reason", default="", help=_("没有送单位核对就公布的理由，记进操作记录。"))
def publish(code: str, reason: str) -> None:
    settings = load_with_database()
    office.require_shown(store.get_round(code), reason, by=operator(), settings=settings, now=now_at(settings))
    office.publish_round(code, settings, now_at(settings), progress)
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
