"""What every command shares: settings, progress, and how a refusal becomes words and an exit code."""

import getpass
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console

from survey_app.cli.language import _
from survey_app.config import KeysMissing, Settings, SettingWrong, load_settings
from survey_app.domain.errors import Refusal, fill
from survey_app.store.database import open_database

NOT_AS_IT_SHOULD_BE, BAD_INPUT = 1, 2
_console = Console(stderr=True, highlight=False)


class SaysWhy(click.Group):
    """A group that ends every foreseen refusal with one message and the right exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            click.echo(refusal.text(_), err=True)
            ctx.exit(exit_code(refusal))
        except OSError as error:
            named = fill(
                _("%(file)s：%(reason)s。请核对路径、权限和磁盘空间，再运行一次。"),
                {"file": error.filename or "", "reason": error.strerror or str(error)},
            )
            click.echo(named, err=True)
            ctx.exit(BAD_INPUT)
        except SettingWrong as error:
            click.echo(fill(_("设置不对：%(setting)s。请改正后再运行。"), {"setting": str(error)}), err=True)
            ctx.exit(BAD_INPUT)
        except KeysMissing as error:
            click.echo(
                _(
                    "没有密钥，不能开始。新的门户请先运行 pingyi init；"
                    "恢复备份的请放回原来的密钥，不要运行 pingyi init。密钥在别处的，用 PINGYI_KEYS 指明。"
                )
                + f" ({error})",
                err=True,
            )
            ctx.exit(BAD_INPUT)


def exit_code(refusal: Refusal) -> int:
    """2 where the input is to be corrected, 1 where the state of things is in the way."""
    return BAD_INPUT if refusal.status in (400, 404, 422) else NOT_AS_IT_SHOULD_BE


def load() -> Settings:
    """Settings of this environment."""
    return load_settings()


def load_with_database() -> Settings:
    """Settings, with the database open."""
    settings = load_settings()
    open_database(settings.database)
    return settings


def now_at(settings: Settings) -> datetime:
    """The time on the wall clock of the district."""
    return datetime.now(UTC).astimezone(ZoneInfo(settings.timezone))


def operator() -> str:
    """Whose hands an event was done by: no account, but whoever sits at the server."""
    return f"cli:{getpass.getuser()}"


def progress(text: str) -> None:
    """A line about long work, on stderr."""
    _console.print(_(text), style="dim")


def show(rows: Any, as_json: bool, line: Callable[[Any], str]) -> None:
    """Rows for a program, or a line each for a person."""
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        return
    for row in rows:
        click.echo(line(row))
