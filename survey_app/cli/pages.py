"""Commands for pages: check, render, import."""

from pathlib import Path

import click

from survey_app.cli.language import _
from survey_app.cli.run import NOT_AS_IT_SHOULD_BE, SaysWhy, load, progress, show
from survey_app.domain.errors import PagesUnsound, fill
from survey_app.publishing import check_pages, check_rendered, import_lists, render_pages


def _folder(given: Path | None) -> Path:
    return given or load().pages


@click.group(name="pages", cls=SaysWhy, help=_("网页：检查、重写正文。"))
def pages_group() -> None: ...


@pages_group.command(help=_("逐页检查，说明哪个文件哪一项要改。例：pingyi pages check site/pages"))
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help=_("给程序读的格式。"))
@click.option("--rendered", is_flag=True, help=_("也检查正文是否与数据一致。"))
@click.pass_context
def check(ctx: click.Context, folder: Path | None, as_json: bool, rendered: bool) -> None:
    found = check_pages(_folder(folder))
    rows = [{"path": f.path, "field": f.field, "message": f.text(_)} for f in found]
    if rendered and not rows:  # a page that lacks data has no body to compare
        stale = _("正文与数据不一致，请运行 pingyi pages render。")
        rows += [{"path": str(p), "field": _("正文"), "message": stale} for p in check_rendered(_folder(folder))]
    show(rows, as_json, lambda row: f"{row['path']}　{row['field']}　{row['message']}")
    if rows:
        ctx.exit(NOT_AS_IT_SHOULD_BE)
    if not as_json:
        click.echo(_("没有要改的。"))


@pages_group.command(help=_("按数据重写各页正文，没有变化的不动。例：pingyi pages render site/pages"))
@click.argument("folder", type=click.Path(path_type=Path), required=False)
def render(folder: Path | None) -> None:
    if found := check_pages(_folder(folder)):
        raise PagesUnsound(count=len(found))
    changed = render_pages(_folder(folder))
    for path in changed:
        click.echo(path)
    click.echo(fill(_("重写了%(count)s页。"), {"count": len(changed)}))


@click.command(
    name="import", help=_("从单位清单和事项清单做出一整套页面。例：pingyi import units.csv items.csv --into pages")
)
@click.argument("units_csv", type=click.Path(path_type=Path))
@click.argument("items_csv", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), required=True, help=_("放到哪个文件夹。"))
@click.option("--district", help=_("地区名称，例如：清河区。"))
def import_(units_csv: Path, items_csv: Path, into: Path, district: str | None) -> None:
    report = import_lists(units_csv, items_csv, into, progress, district=district)
    click.echo(
        fill(
            _("做好了%(units)s个单位、%(procedures)s个事项的页面，在%(into)s。"),
            {"units": report.units, "procedures": report.procedures, "into": into},
        )
    )
    for unit, name in report.duplicates:
        click.echo(fill(_("提醒：%(unit)s有重名的事项“%(name)s”，都保留了，请核对。"), {"unit": unit, "name": name}))
