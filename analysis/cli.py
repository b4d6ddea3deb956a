"""The commands of python -m analysis: parse, call one function, say what happened."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from .console import example, refusing
from .messages import say
from .options import FOLDER, comparing_options, counting_of, counting_options
from .papercommands import check_a_notice, notice
from .terminal import working

MAP_EXAMPLE = (
    "format = 1",
    'file = "responses.csv"   # encoding, delimiter, day_format, duplicates = [columns]',
    'shape = "wide"           # "long": one row an answer',
    'method = "method.toml"   # or tables below [method]',
    "[columns]                # unit, group, channel, day, flags; long: dimension, value, respondent",
    'unit = "office"',
    "[constants]              # what has no column: unit, group, channel, day, dimension",
    'day = "2024-02-26"',
    "[dimensions]             # code = column (wide) or value (long)",
    'attitude = "politeness"',
    "[values]                 # source value = level 5..1, 0 don't know, empty not answered; [values_of.CODE]",
    '"Very good" = 5',
    "[groups]                 # source value = code; likewise [channels]",
    '"North" = "north"',
    "[units]                  # class, file, name, slug, zh, parent; or [[unit]] source, slug, zh",
    'class = "window"',
    "[round]                  # code, name, instrument; opens_on, closes_on",
    'code = "2024-02"',
)


@click.group(
    help=say(
        "把冻结的评议票算成可以公布的结果。退出码：0完成，1不一致，2输入有误。",
        "Turn a frozen folder of ballots into published results. Exit codes: 0 done, 1 differs, 2 bad input.",
    )
)
def main() -> None:
    """The group of all commands."""


@main.command(
    help=example(
        "统计 FOLDER，写出发布版（默认在 FOLDER/release）。FOLDER 里要有 snapshot/。",
        "Count FOLDER (which holds snapshot/) and write its release, by default FOLDER/release.",
        "python -m analysis compute var/rounds/2026-h1",
        "python -m analysis compute var/rounds/2026-h2 --previous var/rounds/2026-h1",
        "python -m analysis compute province --partitions 'part-*.parquet'",
    )
)
@click.argument("folder", type=FOLDER)
@click.option("--out", type=FOLDER, help=say("发布版写到哪里", "where to write the release"))
@click.option(
    "--allow-no-ballots", is_flag=True, help=say("允许有单位一张票也没有", "let units stand that nobody rated")
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help=say("同时画图的进程数", "how many processes draw the charts"),
)
@click.option("--timing", is_flag=True, help=say("最后说明时间花在哪里", "say at the end where the time went"))
@comparing_options
@counting_options
@refusing
def compute(folder: Path, scheduler: str, timing: bool, **given: Any) -> None:
    """Count a folder and say where its release is."""
    from . import publish as work

    with working("正在统计……", "Counting …", timing=timing):
        target = work.compute(folder, counting=counting_of(scheduler), **given)
    click.echo(say(f"已写好 {target}", f"Wrote {target}"))


@main.command(
    help=example(
        "只读一遍 FOLDER，看能不能统计，什么也不写。",
        "Read FOLDER and see whether it can be counted; write nothing.",
        "python -m analysis read var/rounds/2026-h1",
    )
)
@click.argument("folder", type=FOLDER)
@refusing
def read(folder: Path) -> None:
    """Say that a folder can be counted."""
    from . import publish as work

    units = work.read(folder)
    click.echo(say(f"读得通，{units}个单位", f"sound, {units} units"))


@main.command(
    help=example(
        "重新统计 FOLDER，和已有的发布版逐字节比较。加 --notice 只核对一份 Word 通报或简报里的数，不要评议票。",
        "Count FOLDER again and compare with its release byte by byte. With --notice only check the figures of a Word "
        "notice or brief against the release; no ballots needed.",
        "python -m analysis check var/rounds/2026-h1",
        "python -m analysis check var/rounds/2026-h1 --notice 通报.docx",
    )
)
@click.argument("folder", type=FOLDER)
@comparing_options
@counting_options
@click.option("--notice", "notice_file", type=FOLDER, help=say("要核对的 Word 文件", "the Word file to check"))
@refusing
def check(folder: Path, scheduler: str, notice_file: Path | None, **given: Any) -> None:
    """Leave with 1 where the release differs from what the ballots give, or the notice from the release."""
    if notice_file:
        check_a_notice(folder, notice_file)
        return
    from . import publish as work

    with working("正在重算……", "Counting again …"):
        differ, documents = work.check(folder, counting=counting_of(scheduler), **given)
    for name in documents:
        click.echo(
            say(f"{name}：数据一致，文件因软件版本不同", f"{name}: same data, bytes differ with software versions")
        )
    for name in differ:
        click.echo(say(f"不一致：{name}", f"differs: {name}"))
    if differ:
        sys.exit(1)
    click.echo(say("一致", "same"))


@main.command(
    help=example(
        "把发布版放进网站页面 PAGES/results/<轮次>/，替换旧的。",
        "Put the release into the site's pages, PAGES/results/<round>/, in place of an older one.",
        "python -m analysis publish var/rounds/2026-h1 --into var/pages",
    )
)
@click.argument("folder", type=FOLDER)
@click.option("--into", "pages", type=FOLDER, required=True, help=say("网站页面文件夹", "folder of the site's pages"))
@click.option(
    "--published-on",
    type=click.DateTime(["%Y-%m-%d"]),
    help=say("公布日期，默认是截止日期", "day of publication, by default the closing day"),
)
@refusing
def publish(folder: Path, pages: Path, published_on: Any) -> None:
    """Copy a release into the pages and say where."""
    from . import publication as work

    target = work.publish(folder, pages, published_on.date().isoformat() if published_on else None)
    click.echo(say(f"已公布到 {target}", f"Published to {target}"))


@main.command(
    help=example(
        "从发布版排出先看哪些单位，只供纪检内部安排工作，不得公布。",
        "Order the units of a release by where to look first: for the discipline office alone, never published.",
        "python -m analysis worklist var/rounds/2026-h1",
    )
)
@click.argument("folder", type=FOLDER)
@refusing
def worklist(folder: Path) -> None:
    """Print class, unit, score and the score drawn towards its class."""
    from .worklist import worklist as rows_of

    click.echo(say("类别,单位,得分,收缩后的得分（内部参考）", "class,unit,score,shrunk score (internal)"))
    for code, slug, score, drawn in rows_of(folder):
        click.echo(f"{code},{slug},{score:.2f},{drawn:.2f}")


@main.command(
    help=example(
        "看公布的数会不会把不公布的格推算出来：PATH是发布版，或者是一张.csv表（不公布的数写在括号里，行、列合计视为公布）。"
        "列出范围太窄的格，有则退出码1。",
        "See whether published figures give hidden cells away: PATH is a release, or a .csv table with hidden numbers "
        "in brackets, its row and column totals taken as known. Lists cells confined too narrowly and leaves with 1.",
        "python -m analysis audit var/rounds/2026-h1",
        "python -m analysis audit 表.csv --min-n 10",
    )
)
@click.argument("path", type=FOLDER)
@click.option(
    "--min-n",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help=say("表里不公布的格至少要有多宽的范围", "how wide the range of a table's hidden cell must be"),
)
@refusing
def audit(path: Path, min_n: int) -> None:
    """Leave with 1 where a hidden cell is known too well."""
    from .audit import audit as narrow_cells

    found = narrow_cells(path, min_n)
    for row, column, low, high in found:
        click.echo(say(f"{row}，{column}：只可能是{low}到{high}", f"{row}, {column}: can only be {low} to {high}"))
    if found:
        sys.exit(1)
    click.echo(say("没有推算得出的格", "no hidden cell is given away"))


@main.command(
    help=example(
        "只检查一个评议办法文件，打印它的 SHA-256。",
        "Check a method file alone and print its SHA-256.",
        "python -m analysis method method.toml",
    )
)
@click.argument("file", type=FOLDER)
@refusing
def method(file: Path) -> None:
    """Print the digest of a method file that is sound."""
    from .method import load_method

    click.echo(load_method(file).sha256)


@main.command(
    help=example(
        "按 FOLDER 里的 method.toml 和 round.toml 估计这个计划看得出什么（codes_issued 是计划发的码），打印 JSON。",
        "Say as JSON what the plan in FOLDER (method.toml, round.toml) could show; codes_issued is what is planned.",
        "python -m analysis foresee plan",
    )
)
@click.argument("folder", type=FOLDER)
@refusing
def foresee(folder: Path) -> None:
    """Print expected widths and what ranks could be told apart, by class."""
    from .foresight import foresee as rows_of

    click.echo(json.dumps(rows_of(folder), ensure_ascii=False, indent=1))


@main.command(
    help=example(
        "打印数据字典（Markdown）。",
        "Print the data dictionary (Markdown).",
        "python -m analysis dictionary > docs/data-dictionary.md",
    )
)
def dictionary() -> None:
    """Print the data dictionary."""
    from .columns import dictionary as text

    click.echo(text(), nl=False)


@main.command(
    help=example(
        "按 MAP.toml 把外来的评价数据转成冻结文件夹：OUT/snapshot/ 和 OUT/convert.json。",
        "Turn foreign ratings into a frozen folder as MAP.toml says: OUT/snapshot/ and OUT/convert.json.",
        "python -m analysis convert survey.toml --out survey",
        "",
        *MAP_EXAMPLE,
    )
)
@click.argument("map_file", metavar="MAP.toml", type=FOLDER)
@click.option(
    "--out", type=FOLDER, help=say("写到哪里，默认是 MAP.toml 旁边同名的文件夹", "default: a folder beside MAP.toml")
)
@refusing
def convert(map_file: Path, out: Path | None) -> None:
    """Write a frozen folder from a map and say where."""
    from . import convert as work

    with working("正在转换……", "Converting …"):
        target = work.convert(map_file, out)
    click.echo(
        say(f"已写好 {target}/snapshot 和 {target}/convert.json", f"Wrote {target}/snapshot and {target}/convert.json")
    )


main.add_command(notice)
