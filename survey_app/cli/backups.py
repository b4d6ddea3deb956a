"""Commands of the operator: a portal copied whole, and put back."""

import shlex
from pathlib import Path

import click

from survey_app import safekeeping
from survey_app.cli.language import _
from survey_app.cli.run import load, load_with_database, now_at, operator
from survey_app.config import Settings
from survey_app.domain.errors import N_, Refusal, fill


class NothingToKeep(Refusal):
    code, status = "no-portal", 404
    message = N_("%(place)s里没有门户，没有东西可以备份。请核对 PINGYI_VAR。")


@click.command(
    help=_(
        "把整个门户（数据库、网页、各轮数据、附件）备份到一个新文件夹，每个文件有摘要。运行着也能做。密钥不在里面，要另外保管。"
        "例：pingyi backup /media/a/pingyi-20261126"
    )
)
@click.argument("into", type=click.Path(path_type=Path))
def backup(into: Path) -> None:
    settings = _there(load())
    load_with_database()
    made = safekeeping.back_up(settings, into, actor=operator(), now=now_at(settings))
    click.echo(fill(_("备份好了：%(place)s，%(count)s个文件。"), {"place": into, "count": len(made.files)}))
    click.echo(fill(_("操作记录到：%(head)s，请抄下来。"), {"head": made.head}))
    click.echo(fill(_("密钥（%(keys)s）不在里面，请另外保管。"), {"keys": settings.keys}))


@click.command(
    help=_(
        "把一份备份恢复到空的地方。先逐个文件核对，有一个不对就什么也不写；不覆盖已有的数据。"
        "例：pingyi restore /media/a/pingyi-20261126"
    )
)
@click.argument("source", metavar="FROM", type=click.Path(path_type=Path))
def restore(source: Path) -> None:
    settings = load()
    told = safekeeping.restore(settings, source)
    done = {"place": settings.var, "made_at": told.made_at, "count": len(told.files)}
    click.echo(fill(_("恢复好了：%(place)s，%(made_at)s的备份，%(count)s个文件，全部核对过。"), done))
    if lacking := safekeeping.lacking_keys(settings, told):
        named = {"place": settings.keys, "files": " ".join(lacking)}
        click.echo(fill(_("先把密钥放回%(place)s：还缺%(files)s。不要运行 pingyi init，它会做新的密钥。"), named))
    click.echo(fill(_("然后核对：pingyi audit verify --expect %(head)s"), {"head": shlex.quote(told.head)}))


def _there(settings: Settings) -> Settings:
    """Raises NothingToKeep: opening a database that is absent would make an empty one."""
    if not settings.database.is_file():
        raise NothingToKeep(place=settings.var)
    return settings
