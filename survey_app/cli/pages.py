"""Commands for pages: check, render."""

from pathlib import Path
from typing import Any

import click

from survey_app.cli.language import _
from survey_app.cli.run import NOT_AS_IT_SHOULD_BE, SaysWhy, load, show
from survey_app.domain.errors import N_, Finding, PagesUnsound, fill
from survey_app.publishing import check_pages, check_rendered, render_pages
from survey_app.publishing.checks import errors

LEVELS = {"error": N_("错误"), "warning": N_("提醒")}
STALE = N_("正文与数据不一致，请运行 pingyi pages render。")


def _folder(given: Path | None) -> Path:
    return given or load().pages


@click.group(name="pages", cls=SaysWhy, help=_("网页：检查、重写正文。"))
def pages_group() -> None: ...


@pages_group.command(help=_("逐页检查，说明哪个文件哪一项要改、为什么。例：pingyi pages check site/pages"))
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help=_("给程序读的格式。"))
@click.option("--rendered", is_flag=True, help=_("也检查正文是否与数据一致。"))
@click.option("--strict", is_flag=True, help=_("有提醒也算没有通过。"))
@click.pass_context
def check(ctx: click.Context, folder: Path | None, as_json: bool, rendered: bool, strict: bool) -> None:
    found = check_pages(_folder(folder))
    if rendered and not errors(found):  # a page that lacks data has no body to compare
        found += [Finding(str(path), "正文", STALE) for path in check_rendered(_folder(folder))]
    show([_row(finding) for finding in found], as_json, _line)
    if not as_json:
        click.echo(_sum_up(found))
    if errors(found) or (strict and found):
        ctx.exit(NOT_AS_IT_SHOULD_BE)


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "path": finding.path,
        "field": finding.field,
        "at": list(finding.at),
        "level": finding.level,
        "message": finding.text(_),
        "why": finding.reason(_),
    }


def _line(row: dict[str, Any]) -> str:
    why = fill(_("（%(why)s）"), {"why": row["why"]}) if row["why"] else ""
    return f"{_(LEVELS[row['level']])}　{row['path']}　{row['field']}　{row['message']}{why}"


def _sum_up(found: list[Finding]) -> str:
    wrong = len(errors(found))
    if not found:
        return _("没有要改的。")
    return fill(_("共%(errors)s处错误、%(warnings)s处提醒。"), {"errors": wrong, "warnings": len(found) - wrong})


@pages_group.command(help=_("按数据重写各页正文，没有变化的不动。例：pingyi pages render site/pages"))
@click.argument("folder", type=click.Path(path_type=Path), required=False)
def render(folder: Path | None) -> None:
    if found := errors(check_pages(_folder(folder))):
        raise PagesUnsound(count=len(found))
    changed = render_pages(_folder(folder))
    for path in changed:
        click.echo(path)
    click.echo(fill(_("重写了%(count)s页。"), {"count": len(changed)}))
