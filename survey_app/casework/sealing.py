"""A report on its way into the sealed inbox, and the public key it is sealed to.

The words are in this process's memory until they are sealed, and nowhere else: no case, no event, no log line.
"""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from werkzeug.datastructures import FileStorage

from survey_app.casework.attachments import checked
from survey_app.config import Keys, Settings
from survey_app.domain import sealed, sealed_key
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.rounds import week_of
from survey_app.files import write_atomically
from survey_app.pingyi_sealed import Enclosed, Report, fingerprint, public_text, spoken
from survey_app.store import sealed as store

PUBLIC_FILE = "sealed.pub"  # in PINGYI_KEYS: whoever may change secrets may change it, and nobody else


class NoSealedInbox(Refusal):
    code, status = "sealed-none", 503
    message = N_("这里还没有开密封信箱，什么也没有收下。举报违纪违法请打12388，或在12388举报网站上写。")


class OtherKeyInstalled(Refusal):
    code, status = "sealed-installed", 409
    message = N_(
        "服务器上已经有一把公钥（指纹%(mark)s），信箱里还有%(count)s份封给它的举报。"
        "要换，请先取走举报，再加 --replace 运行一次；旧私钥要留到举报都读完。"
    )


def installed(settings: Settings) -> bytes | None:
    """The officer's public key, asked of the disk each time; None where no inbox has been opened.

    Raises PublicKeyWrong.
    """
    file = settings.keys / PUBLIC_FILE
    return read_public(file) if file.is_file() else None


def require_installed(settings: Settings) -> bytes:
    """The same. Raises NoSealedInbox, PublicKeyWrong."""
    public = installed(settings)
    if public is None:
        raise NoSealedInbox
    return public


def read_public(file: Path) -> bytes:
    """The public key in a file. Raises PublicKeyWrong."""
    try:
        return sealed_key.read_public(file.read_text("ascii"), file=file.name)
    except UnicodeDecodeError as error:
        raise sealed_key.PublicKeyWrong(file=file.name) from error


def install(file: Path, settings: Settings, *, replace: bool, actor: str, now: datetime) -> str:
    """Seal to this key from now on; returns its fingerprint. Raises PublicKeyWrong, OtherKeyInstalled."""
    public, before = read_public(file), installed(settings)
    mark = spoken(fingerprint(public))
    if before and before != public and not replace:
        old = spoken(fingerprint(before))
        raise OtherKeyInstalled(mark=old, count=sum(row.sealed_to == old for row in store.list_waiting()))
    write_atomically(settings.keys / PUBLIC_FILE, public_text(public).encode("ascii"), mode=0o600)
    store.record_install(mark, actor=actor, now=now)
    return mark


def enclosed(files: Iterable[FileStorage]) -> tuple[Enclosed, ...]:
    """Files as they go into a report. Raises what `checked` raises."""
    return tuple(Enclosed(file.name, file.media_type, file.content) for file in checked(files))


def hand_in(report: Report, *, settings: Settings, today: date) -> None:
    """Seal a report and keep it. Raises NoSealedInbox, ReportTooHeavy, InboxFull, StorageUnavailable."""
    bundle = sealed.seal(require_installed(settings), report)
    store.put_in(report.code, bundle, week=week_of(today))


def new_code(form_nonce: str, keys: Keys) -> str:
    """The code of the report that this form becomes."""
    return sealed.make_code(keys.receipt, form_nonce)
