"""A backup of the portal in one folder, and putting it back: whole, named by digests, never over what is there.

Secrets are not in it: whoever holds a backup and the keys could read what is sealed to the server, so they lie apart.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from survey_app.cli.language import _
from survey_app.cli.run import load
from survey_app.config import Settings
from survey_app.domain.errors import N_, BadInput, Refusal, fill
from survey_app.files import digest_of_file, write_atomically

MANIFEST, FORMAT = "backup.json", 1
# What is made again from the rest: the built site, indexes, locks, what a browser asked for once.
MADE_AGAIN = {
    "site",
    "releases",
    "plain-site",
    "cache",
    "previews",
    "uploads",
    "downloads",
    "screenshots",
    "builds.json",
}
_ENDINGS = (".lock", "-wal", "-shm", ".part")
JOBS = "jobs.sqlite3"  # asked for anew at every start


class NotEmpty(Refusal):
    code, status = "backup-not-empty", 409
    message = N_("%(place)s里已经有东西，没有动。请换一个空的文件夹。")


class NoDatabase(Refusal):
    code, status = "backup-no-database", 409
    message = N_("%(place)s里没有数据库，没有可以备份的。请用 PINGYI_VAR 指明门户的文件夹。")


class BackupBroken(Refusal):
    code, status = "backup-broken", 422
    message = N_("备份不完整：%(file)s不见了，或和清单里的指纹对不上。什么也没有恢复，请换一份备份。")


@click.command(
    help=_(
        "把数据库、网页、评议数据和附件备份到一个新文件夹，不含密钥。门户不用停。例：pingyi backup /backup/2026-11-25"
    )
)
@click.argument("into", type=click.Path(path_type=Path))
def backup(into: Path) -> None:
    count = make_backup(load(), into, datetime.now(UTC))
    said = _("备份好了：%(count)s个文件，在%(place)s。密钥不在里面，请另外保管。")
    click.echo(fill(said, {"count": count, "place": into}))


@click.command(
    help=_(
        "把备份放回一个空的门户文件夹，先核对每个文件的指纹。"
        "例：PINGYI_VAR=/srv/pingyi/var pingyi restore /backup/2026-11-25"
    )
)
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(source: Path) -> None:
    settings = load()
    count = put_back(source, settings)
    click.echo(fill(_("恢复好了：%(count)s个文件，在%(place)s。"), {"count": count, "place": settings.var}))
    click.echo(
        _("接着：把密钥放回密钥文件夹，运行 pingyi audit verify 核对操作记录，再运行 pingyi serve，网站会自动重建。")
    )


def make_backup(settings: Settings, into: Path, now: datetime) -> int:
    """Copy everything that cannot be made again; the manifest comes last, so that a broken copy is no backup.

    Returns the number of files. Raises NotEmpty, NoDatabase.
    """
    if not settings.database.is_file():
        raise NoDatabase(place=settings.var)
    if into.exists() and any(into.iterdir()):
        raise NotEmpty(place=into)
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    _copy_database(settings.database, into / settings.database.name)
    for file in _kept(settings):
        target = into / file.relative_to(settings.var)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)
    digests = {str(file.relative_to(into)): digest_of_file(file) for file in sorted(into.rglob("*")) if file.is_file()}
    told = {"format": FORMAT, "made_at": now.isoformat(timespec="seconds"), "files": digests}
    write_atomically(into / MANIFEST, json.dumps(told, ensure_ascii=False, indent=1).encode(), mode=0o600)
    return len(digests)


def put_back(source: Path, settings: Settings) -> int:
    """Check every file against the manifest, then copy them into an empty portal folder; returns their number.

    Raises BackupBroken, NotEmpty, BadInput; nothing is put back then.
    """
    digests = _read(source)
    if settings.var.exists() and any(settings.var.iterdir()):
        raise NotEmpty(place=settings.var)
    for name, digest in digests.items():
        if not (source / name).is_file() or digest_of_file(source / name) != digest:
            raise BackupBroken(file=name)
    settings.var.mkdir(parents=True, exist_ok=True)
    for name in digests:
        target = settings.var / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source / name, target)
    return len(digests)


def _copy_database(database: Path, target: Path) -> None:
    """A copy as of one moment, while others write; rows in the order of their keys, which tells nothing of time."""
    with closing(sqlite3.connect(database)) as source:
        source.execute("VACUUM INTO ?", (str(target),))
    target.chmod(0o600)


def _kept(settings: Settings) -> Iterator[Path]:
    for place in sorted(settings.var.iterdir()):
        name = place.name
        if name in MADE_AGAIN or name.startswith((settings.database.name, JOBS)) or name.endswith(_ENDINGS):
            continue
        yield from (file for file in ([place] if place.is_file() else sorted(place.rglob("*"))) if file.is_file())


def _read(source: Path) -> dict[str, str]:
    try:
        told = json.loads((source / MANIFEST).read_bytes())
        found = {str(name): str(digest) for name, digest in told["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(file=MANIFEST, problem=N_("不是备份的清单。请指明 pingyi backup 做出来的文件夹。")) from error
    if any(Path(name).is_absolute() or ".." in Path(name).parts for name in found):
        raise BadInput(file=MANIFEST, problem=N_("清单里有不在备份里的路径。请换一份备份。"))
    return found
