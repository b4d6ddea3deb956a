"""What proves who somebody is: password, second factor, recovery codes, sessions. Each proof that is good once is taken
in the statement that finds it, so that two who try it at the same moment do not both come in."""

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from survey_app.store import audit, guesses
from survey_app.store.accounts import find_row
from survey_app.store.database import write
from survey_app.store.models import Account


def by_session(session_id: str) -> Account | None:
    """The active account that a session names."""
    return Account.get_or_none(fs_uniquifier=session_id, active=True) if session_id else None


def by_username(username: str) -> Account | None:
    """The account of a typed username, folded; None where there is none."""
    return Account.get_or_none(username=username)


def note_sign_in(username: str, *, key: bytes, now: datetime) -> None:
    """Somebody came in: wrong tries are forgotten, the day is kept."""
    with write():
        row = find_row(username)
        guesses.forget(name=row.username, key=key)
        Account.update(signed_in_at=_utc(now)).where(Account.id == row.id).execute()
        audit.record(actor=row.username, action="sign_in", subject=row.username, now=now)


def note_slowed(username: str, *, known: bool, now: datetime) -> None:
    """Too many wrong tries. A name nobody has is not kept: it may be a password in the wrong field."""
    subject = username if known else "-"
    with write():
        audit.record(actor="-", action="sign_in.slowed", subject=subject, now=now)


def set_password(username: str, password_hash: str, *, now: datetime) -> str:
    """The person's own new password. All sessions end; returns the name for the one that goes on."""
    with write():
        row = find_row(username)
        session_id = _renew(row, password=password_hash, must_change_password=False)
        audit.record(actor=row.username, action="account.password", subject=row.username, now=now)
    return session_id


def reset_account(
    username: str, password_hash: str, *, key: bytes, actor: str, now: datetime, must_change_password: bool = True
) -> None:
    """A new start password; second factor and recovery codes gone, sessions ended, wrong tries forgotten."""
    with write():
        row = find_row(username)
        _renew(
            row,
            password=password_hash,
            must_change_password=must_change_password,
            totp_secret=None,
            totp_counter=None,
            recovery_codes="[]",
        )
        guesses.forget(name=row.username, key=key)
        audit.record(actor=actor, action="account.reset", subject=row.username, now=now)


def end_sessions(username: str, *, now: datetime) -> str:
    """End every session of a person; returns the name for the one that goes on."""
    with write():
        row = find_row(username)
        session_id = _renew(row)
        audit.record(actor=row.username, action="account.sessions", subject=row.username, now=now)
    return session_id


def set_second_factor(
    username: str, *, sealed: str, counter: int, recovery_codes: Sequence[str], now: datetime
) -> None:
    """Keep a second factor that has just been proved, with the digests of its recovery codes."""
    with write():
        row = find_row(username)
        fields = {"totp_secret": sealed, "totp_counter": counter, "recovery_codes": json.dumps(list(recovery_codes))}
        Account.update(**fields).where(Account.id == row.id).execute()
        audit.record(actor=row.username, action="account.factor", subject=row.username, now=now)


def remove_second_factor(username: str, *, now: datetime) -> None:
    """The person does without."""
    with write():
        row = find_row(username)
        fields = {"totp_secret": None, "totp_counter": None, "recovery_codes": "[]"}
        Account.update(**fields).where(Account.id == row.id).execute()
        audit.record(actor=row.username, action="account.factor_off", subject=row.username, now=now)


def set_recovery_codes(username: str, digests: Sequence[str], *, now: datetime) -> None:
    """New recovery codes; the old ones are worth nothing."""
    with write():
        row = find_row(username)
        Account.update(recovery_codes=json.dumps(list(digests))).where(Account.id == row.id).execute()
        audit.record(actor=row.username, action="account.recovery", subject=row.username, now=now)


def recovery_codes_left(username: str) -> int:
    """How many recovery codes have not been used."""
    return len(json.loads(find_row(username).recovery_codes))


def take_counter(username: str, counter: int) -> bool:
    """Use up a time step: False where it, or a later one, has been used before."""
    fresh = Account.totp_counter.is_null() | (Account.totp_counter < counter)
    with write():
        row = find_row(username)
        return bool(Account.update(totp_counter=counter).where((Account.id == row.id) & fresh).execute())


def take_recovery_code(username: str, digest: str, *, now: datetime) -> bool:
    """Use up a recovery code: False where there is none such."""
    with write():
        row = find_row(username)
        codes = json.loads(row.recovery_codes)
        if digest not in codes:
            return False
        left = [code for code in codes if code != digest]
        Account.update(recovery_codes=json.dumps(left)).where(Account.id == row.id).execute()
        detail = {"left": len(left)}
        audit.record(actor=row.username, action="account.recovery_used", subject=row.username, detail=detail, now=now)
    return True


def _renew(row: Account, **changes: object) -> str:
    session_id = uuid.uuid4().hex
    Account.update(fs_uniquifier=session_id, **changes).where(Account.id == row.id).execute()
    return session_id


def _utc(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(tzinfo=None)
