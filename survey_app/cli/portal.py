"""Commands of the operator: init, demo, serve, site build."""

import dataclasses
import signal
import socket
import sys
from collections.abc import Sequence

import click
import waitress

from survey_app import create_app, jobs
from survey_app.cli.language import _
from survey_app.cli.run import load, progress
from survey_app.cli.sample import Sample, prepare_sample, training
from survey_app.cli.sample.people import Player, prepare_people
from survey_app.cli.sample.year import live_a_year
from survey_app.config import OPTIONAL, Settings, load_keys, make_keys, make_later_keys
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.domain.roles import ROLES
from survey_app.publishing import build_site, seed_pages
from survey_app.store.database import close_database, open_database
from survey_app.web import upkeep
from survey_app.web.daymemory import day_memory
from survey_app.web.files import POLICY_FILE

SERVER_THREADS = 8


class AddressUnusable(Refusal):
    code, status = "address", 409
    message = N_("地址%(host)s:%(port)s不能用：%(reason)s。端口被占用时换一个，例如 PORT=8001 make run。")


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


@click.command(
    help=_(
        "准备演练用的示范区：各种情况的评议轮次、一年的好差评、办件和督查件，全是模拟数据。做一半停了，再运行会接着做。"
        "例：pingyi demo；重来：pingyi demo --reset"
    )
)
@click.option("--reset", "starts_anew", is_flag=True, help=_("先删掉演练数据和它的密钥，再做一遍。真实的数据不会删。"))
@click.option("--yes", is_flag=True, help=_("不再问一遍。"))
def demo(starts_anew: bool, yes: bool) -> None:
    settings = load()
    if starts_anew:
        _reset(settings, yes)
    _make_training(settings)
    keys = load_keys(settings.keys)
    sample = prepare_sample(settings, keys, progress)
    live_a_year(settings, keys, progress)
    build_site(settings, progress)
    click.echo(fill(_("示例已备好：正在评议的一轮是“%(name)s”。"), {"name": sample.round_name}))
    _announce_people(prepare_people(settings, keys))


def _reset(settings: Settings, yes: bool) -> None:
    training.require_training(settings)
    asked = fill(_("要删掉%(place)s里的全部演练数据和密钥，再做一遍。继续吗？"), {"place": settings.var})
    if yes or click.confirm(asked):
        training.reset(settings)
    else:
        raise click.Abort


@click.command(help=_("运行门户：网站和评议在同一个地址。Ctrl-C停止。例：pingyi serve --port 8000"))
@click.option("--host", default="127.0.0.1", show_default=True, help=_("监听的地址。"))
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, envvar="PORT", help=_("监听的端口。")
)
@click.option("--demo", "with_demo", is_flag=True, help=_("先准备示例，再运行。"))
def serve(host: str, port: int, with_demo: bool) -> None:
    settings = load()
    _require_free_port(host, port)
    if with_demo:
        settings = dataclasses.replace(settings, second_factor=OPTIONAL)
        _make_training(settings)
    make_later_keys(settings.keys)
    keys = load_keys(settings.keys)
    sample = prepare_sample(settings, keys, progress) if with_demo else None
    _build_if_needed(settings, sample)
    players = prepare_people(settings, keys) if with_demo else []
    app = create_app(settings, keys)
    most = settings.file_limit_mib * 2**20 + 2**16  # the largest a desk may hand in; waitress would take a gigabyte
    server = waitress.create_server(
        app, host=host, port=port, threads=SERVER_THREADS, ident=None, max_request_body_size=most
    )
    _announce(f"http://{host}:{port}{settings.prefix}", sample, players)
    _run(server, settings)


@click.command(name="build", help=_("检查页面、建网站、建搜索，然后一次换上。例：pingyi site build"))
def site_build() -> None:
    settings = load()
    seed_pages(settings)
    report = build_site(settings, progress)
    for remark in report.remarks:
        click.echo(_(remark), err=True)
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


def _make_training(settings: Settings) -> None:
    training.claim_keys(settings)
    make_portal(settings)
    training.claim(settings)


def _require_free_port(host: str, port: int) -> None:
    """Tried before any long work, so that nobody waits a minute to hear of it. Raises AddressUnusable."""
    try:
        with socket.create_server((host, port), reuse_port=False):
            return
    except OSError as error:
        raise AddressUnusable(host=host, port=port, reason=error.strerror or str(error)) from error


def _build_if_needed(settings: Settings, sample: Sample | None) -> None:
    """Build where there is no site, where a bare build left a plain folder, or where the sample has changed."""
    whole = (settings.live_site / POLICY_FILE).is_file()
    if not whole or not settings.live_site.is_symlink() or (sample and sample.site_is_stale):
        build_site(settings, progress)


def _announce(address: str, sample: Sample | None, players: Sequence[Player]) -> None:
    click.echo(fill(_("网站：%(address)s/"), {"address": address}))
    if sample:
        rate = f"{address}/rate/{sample.round_code}"
        click.echo(fill(_("评议：%(address)s"), {"address": rate}))
        click.echo(fill(_("结果：%(address)s"), {"address": f"{address}/results/{sample.published_code}/"}))
        click.echo(fill(_("可以试用的评议码：%(codes)s"), {"codes": "  ".join(sample.unused_codes)}))
        click.echo(fill(_("工作人员登录：%(address)s"), {"address": f"{address}/account/login"}))
        _announce_people(players)
    click.echo(_("按Ctrl-C停止。"))
    sys.stdout.flush()


def _announce_people(players: Sequence[Player]) -> None:
    click.echo(_("可以试用的账号，密码每次启动都换："))
    for player in players:
        click.echo(f"  {player.username}  {player.password}  {_(ROLES[player.role])}  {player.unit_slug}".rstrip())


def _run(server: waitress.server.BaseWSGIServer, settings: Settings) -> None:
    signal.signal(signal.SIGTERM, _stop)
    stopping, working = upkeep.start(settings), jobs.start(settings)
    try:
        server.run()
    finally:
        stopping.set()
        working.stop()
        server.close()
        day_memory(settings).forget()
        _close_quietly()
        click.echo(_("已停止，数据都在。"))


def _close_quietly() -> None:
    """A full disk must not turn a stop into a fault: every ballot is stored, only the tidying is left for later."""
    try:
        close_database()
    except Refusal as refusal:
        click.echo(fill(_("数据库没有整理：%(reason)s"), {"reason": refusal.text(_)}), err=True)


def _stop(_signal: int, _frame: object) -> None:
    """A service manager's stop is the same as Ctrl-C."""
    raise KeyboardInterrupt
