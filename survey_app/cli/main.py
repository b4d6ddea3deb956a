"""The group that holds every command."""

import click

from survey_app.cli.audit import audit_group
from survey_app.cli.backups import backup, restore
from survey_app.cli.codes import codes_group
from survey_app.cli.everyday import everyday_group
from survey_app.cli.language import _
from survey_app.cli.pages import pages_group
from survey_app.cli.portal import demo, init, serve, site_build
from survey_app.cli.rounds import round_group
from survey_app.cli.routes import routes
from survey_app.cli.run import SaysWhy
from survey_app.cli.sealed import sealed_group
from survey_app.cli.tables import export, import_
from survey_app.cli.users import user_group
from survey_app.cli.worker import worker


@click.group(cls=SaysWhy, help=_("评议：政务公开与群众评议门户。每条命令都有 --help 和例子。"))
@click.version_option(package_name="pingyi")
def main() -> None: ...


@main.group(name="site", cls=SaysWhy, help=_("公开网站。"))
def site_group() -> None: ...


site_group.add_command(site_build)
groups = (pages_group, round_group, codes_group, everyday_group, user_group, audit_group, sealed_group)
for command in (init, demo, serve, worker, routes, import_, export, backup, restore, *groups):
    main.add_command(command)
