"""The commands about Word documents: write a notice or a brief, check one."""

import sys
from pathlib import Path

import click

from .console import example, refusing
from .messages import say
from .options import FOLDER

NOTICE_EXAMPLE = (
    'issuer = "清河示范区纪律检查委员会"',
    'number = "清纪发〔2026〕12号"',
    "signed_on = 2026-07-15",
    'to = "各有关单位"',
    'copies = "区委办公室，区政府办公室"',
    'printed_by = "清河示范区纪委办公室"   # printed_on; serial: 简报第几期',
)


def check_a_notice(folder: Path, file: Path) -> None:
    """Say what of a Word file is not as in the release, and how many blanks are left."""
    from .papers import check_notice  # it loads all of analysis, which other commands have no use for

    found = check_notice(folder, file)
    if found.blanks:
        click.echo(say(f"还有{found.blanks}处待填", f"{found.blanks} blanks are still to be filled in"))
    for zh, en in found.differ:
        click.echo(say(f"不一致：{zh}", f"differs: {en}"))
    if found.differ:
        sys.exit(1)
    click.echo(say("一致：数和发布版相同", "same: the figures are those of the release"))


@click.command(
    help=example(
        "按 FACTS.toml 里的发文机关、文号等，从发布版写一份 Word 通报（--brief 写简报）。每一项都可以不写，留作待填。",
        "Write a Word notice (--brief: a brief) of a release, with the issuer, number and days in FACTS.toml. "
        "Every key may be left out and stands as a blank then.",
        "python -m analysis notice var/rounds/2026-h1 --facts facts.toml --out 通报.docx",
        "",
        *NOTICE_EXAMPLE,
    )
)
@click.argument("folder", type=FOLDER)
@click.option("--facts", type=FOLDER, help=say("发文机关、文号等", "issuer, number, days"))
@click.option("--brief", is_flag=True, help=say("写简报", "write a brief"))
@click.option("--out", type=FOLDER, required=True, help=say("写到哪个 .docx", "the .docx to write"))
@refusing
def notice(folder: Path, facts: Path | None, brief: bool, out: Path) -> None:
    """Write one document and say where."""
    from .papers import write_notice

    write_notice(folder, facts, out, brief=brief)
    click.echo(say(f"已写好 {out}", f"Wrote {out}"))
