"""Commands of the operator: init, demo, serve, site build."""

import signal
import sys
import threading
from datetime import datetime
from zoneinfo import ZoneInfo

import click
import waitress

from survey_app import create_app
from survey_app.cli.language import _
from survey_app.cli.run import load, progress
from survey_app.cli.sample import Sample, prepare_sample
from survey_app.config import Settings, load_keys, make_keys
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.publishing import build_site, seed_pages
from survey_app.store.database import checkpoint, close_database, open_database, rewrite

CHECKPOINT_EVERY_S = 60
SERVER_THREADS = 8


class PortTaken(Refusal):
    code, status = "port", 409
    message = N_("端口%(port)s打不开：%(reason)s。换一个端口再试，例如 PORT=8001 make run。")


@click.command(help=_("准备一个新的门户：页面、密钥、数据库。已有的不动。例：pingyi init"))
def init() -> None:
    settings = load()
    make_portal(settings)
    click.echo(
        fill(
            _("准备好了。页面在%(pages)s，密钥在%(keys)s，请另行保管密钥。"),
            {"pages": settings.pages, "keys": settings.keys},
        )
    )


@click.command(help=_("准备示例：建网站，开一轮示例评议，并公布一轮用模拟评议票算出的结果。例：pingyi demo"))
def demo() -> None:
    settings = load()
    make_portal(settings)
    sample = prepare_sample(settings, load_keys(settings.keys), progress)
    if not settings.live_site.exists():
        build_site(settings, progress)
    click.echo(fill(_("示例已备好：正在评议的一轮是“%(name)s”。"), {"name": sample.round_name}))


@click.command(help=_("运行门户：网站和评议在同一个地址。Ctrl-C停止。例：pingyi serve --port 8000"))
@click.option("--host", default="127.0.0.1", show_default=True, help=_("监听的地址。"))
@click.option("--port", default=8000, show_default=True, envvar="PORT", help=_("监听的端口。"))
@click.option("--demo", "with_demo", is_flag=True, help=_("先准备示例，再运行。"))
def serve(host: str, port: int, with_demo: bool) -> None:
    settings = load()
    if with_demo:
        make_portal(settings)
    keys = load_keys(settings.keys)
    sample = prepare_sample(settings, keys, progress) if with_demo else None
    if not settings.live_site.exists():
        build_site(settings, progress)
    app = create_app(settings, keys)
    try:
        server = waitress.create_server(
            app, host=host, port=port, threads=SERVER_THREADS, url_prefix=settings.prefix, ident=None
        )
    except OSError as error:
        raise PortTaken(port=port, reason=error.strerror or str(error)) from error
    _announce(f"http://{host}:{port}{settings.prefix}", sample)
    _run(server, settings.timezone)


@click.command(name="build", help=_("检查页面、建网站、建搜索，然后一次换上。例：pingyi site build"))
def site_build() -> None:
    settings = load()
    seed_pages(settings)
    report = build_site(settings, progress)
    click.echo(
        fill(
            _("网站建好了：%(pages)s页，%(seconds).1f秒，在%(place)s。"),
            {"pages": report.pages, "seconds": report.seconds, "place": settings.live_site},
        )
    )


def make_portal(settings: Settings) -> None:
    """Pages, secrets and database, each only where it is absent."""
    seed_pages(settings)
    make_keys(settings.keys)
    open_database(settings.database)


def _announce(address: str, sample: Sample | None) -> None:
    click.echo(fill(_("网站：%(address)s/"), {"address": address}))
    if sample:
        rate = f"{address}/rate/{sample.round_code}"
        click.echo(fill(_("评议：%(address)s"), {"address": rate}))
        click.echo(fill(_("结果：%(address)s"), {"address": f"{address}/results/{sample.published_code}/"}))
        click.echo(fill(_("可以试用的评议码：%(codes)s"), {"codes": "  ".join(sample.unused_codes)}))
    click.echo(_("按Ctrl-C停止。"))
    sys.stdout.flush()


def _run(server: waitress.server.BaseWSGIServer, timezone: str) -> None:
    stopping = threading.Event()
    keeper = threading.Thread(target=_keep_no_order, args=(stopping, timezone), daemon=True)
    keeper.start()
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    try:
        server.run()
    finally:
        stopping.set()
        server.close()
        close_database()
        click.echo(_("已停止，数据都在。"))


def _keep_no_order(stopping: threading.Event, timezone: str) -> None:
    """The order of the write-ahead log and of bytes in a page could join a code to a ballot.

    The log never grows older than a minute; every midnight the file is written anew in the order of its keys.
    """
    day = datetime.now(ZoneInfo(timezone)).date()
    while not stopping.wait(CHECKPOINT_EVERY_S):
        checkpoint()
        today = datetime.now(ZoneInfo(timezone)).date()
        if today != day:
            rewrite()
            day = today
