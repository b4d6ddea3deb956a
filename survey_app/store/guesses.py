"""Wrong tries by typed name. Kept as keyed digests: a name may be a password typed into the wrong field."""

import hmac
from datetime import UTC, datetime

from survey_app.domain import guessing
from survey_app.store.database import write
from survey_app.store.models import SignInGuard

MOST_ROWS = 20_000  # a flood of invented names must not fill the disk


class StillWaiting(Exception):
    """This name was tried too often; `until` (UTC) is when it may be tried again."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(until.isoformat())


def take_try(*, name: str, key: bytes, now: datetime) -> datetime | None:
    """Count a try as wrong before it is looked at, so that many at once are all counted.

    Returns until when the name waits if this try is wrong too, None if it does not. Raises StillWaiting: a try made
    while the name waits is not looked at and not counted.
    """
    at, tag = _utc(now), _tag(name, key)
    with write():
        SignInGuard.delete().where(SignInGuard.failed_at < at - guessing.FORGET_AFTER).execute()
        row = SignInGuard.get_or_none(name_tag=tag)
        if row and row.wait_until > at:
            raise StillWaiting(row.wait_until.replace(tzinfo=UTC))
        failed = (row.failed if row else 0) + 1
        wait = guessing.wait_after(failed, guessing.FREE_BY_NAME)
        SignInGuard.replace(name_tag=tag, failed=failed, failed_at=at, wait_until=at + wait).execute()
        _keep_small()
    return now + wait if wait else None


def give_back(*, name: str, key: bytes) -> None:
    """The try just taken was right, and another step follows: it does not count, those before it do."""
    with write():
        same = SignInGuard.name_tag == _tag(name, key)
        changed = {SignInGuard.failed: SignInGuard.failed - 1, SignInGuard.wait_until: SignInGuard.failed_at}
        SignInGuard.update(changed).where(same).execute()


def forget(*, name: str, key: bytes) -> None:
    """A right try, or a reset, clears the count. Inside the caller's write()."""
    SignInGuard.delete().where(SignInGuard.name_tag == _tag(name, key)).execute()


def forget_now(*, name: str, key: bytes) -> None:
    """The same, in a transaction of its own."""
    with write():
        forget(name=name, key=key)


def _keep_small() -> None:
    over = SignInGuard.select().count() - MOST_ROWS
    if over > 0:
        oldest = SignInGuard.select(SignInGuard.name_tag).order_by(SignInGuard.failed_at).limit(over)
        SignInGuard.delete().where(SignInGuard.name_tag.in_(oldest)).execute()


def _tag(name: str, key: bytes) -> bytes:
    return hmac.digest(key, f"name-v1|{name}".encode(), "sha256")


def _utc(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(tzinfo=None)
