"""Commands of the sealed inbox. `key` and `open` are those of the officer's own file (`pingyi_sealed.py`): no
server, no database, no network."""

from pathlib import Path

import click

from survey_app import pingyi_sealed
from survey_app.casework import sealing
from survey_app.cli.language import _
from survey_app.cli.run import SaysWhy, load_with_database, now_at, operator
from survey_app.domain.errors import fill

_handed_on = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


@click.group(name="sealed", cls=SaysWhy, help=_("密封举报：做钥匙、装公钥、打开举报。"))
def sealed_group() -> None: ...


@sealed_group.command(
    context_settings=_handed_on,
    help=_(
        "纪检人员在自己的电脑上做一对钥匙：私钥两份，上口令；公钥一份，交给运维。"
        "例：pingyi sealed key --key a.key --copy b.key --public sealed.pub"
    ),
)
@click.pass_context
def key(context: click.Context) -> None:
    _hand_on(context)


@sealed_group.command(help=_("在服务器上装公钥，从此网站收密封举报。例：pingyi sealed install sealed.pub"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help=_("换掉已经装了的公钥。"))
def install(file: Path, replace: bool) -> None:
    settings = load_with_database()
    mark = sealing.install(file, settings, replace=replace, actor=operator(), now=now_at(settings))
    click.echo(fill(_("装好了，指纹：%(mark)s。请纪检人员打开网站的“密封举报”页核对。"), {"mark": mark}))


@sealed_group.command(
    name="open",
    context_settings=_handed_on,
    help=_("在纪检人员的电脑上打开一份密封举报，不用网络。例：pingyi sealed open 3f2a.sealed --key a.key --out 举报"),
)
@click.pass_context
def open_(context: click.Context) -> None:
    _hand_on(context)


def _hand_on(context: click.Context) -> None:
    """Options, questions and words are the stand-alone file's own, so that there is one of each."""
    context.exit(pingyi_sealed.main([context.info_name or "", *context.args], "pingyi sealed"))
