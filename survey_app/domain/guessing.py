"""Guessing is slowed: after a few wrong tries comes a wait that doubles. Success and time forget them."""

from datetime import datetime, timedelta

from survey_app.domain.errors import N_, Refusal

FREE_BY_NAME, FREE_BY_SOURCE = 5, 20  # behind one address sits a whole office
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
FORGET_AFTER = timedelta(hours=24)


class TooManyTries(Refusal):
    """`at` is when to try again, on the wall clock of the district."""

    code, status = "too-many-tries", 429
    message = N_("试错的次数太多。请在%(at)s以后再试，或请系统管理员重置账号。")


def wait_after(failed: int, free: int) -> timedelta:
    """How long to wait after `failed` wrong tries in a row: nothing, then 30 s, 1 min, 2 min … at most an hour."""
    over = failed - free
    if over < 0:
        return timedelta(0)
    doubled: int = 2 ** min(over, 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def is_forgotten(failed_at: datetime, now: datetime) -> bool:
    """Whether wrong tries are old enough not to count any more."""
    return now - failed_at >= FORGET_AFTER
