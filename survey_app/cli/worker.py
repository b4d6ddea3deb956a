"""The command of a process that does nothing but the jobs: where the web server should keep both its processors."""

import signal
import threading

import click

from survey_app.cli.language import _
from survey_app.cli.run import load_with_database
from survey_app.jobs import work_until
from survey_app.store.database import close_database


@click.command(help=_("在自己的进程里公布网页、更新搜索。serve也会做，哪一个先开始就由哪一个做。例：pingyi worker"))
def worker() -> None:
    settings = load_with_database()
    stopping = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda _signal, _frame: stopping.set())
    click.echo(_("等着公布网页。按Ctrl-C停止。"))
    work_until(settings, stopping)
    close_database()
