"""While very many ratings come in, whoever rates without a voting code lets their device compute for a second first.

ALTCHA (altcha.org): no third party is asked. The library keeps no memory of solutions (measured: the same one passes
twice), so ours does. It makes a flood dearer and stops none; only codes count. Nobody with a code ever meets it.
"""

import json
from datetime import UTC, datetime, timedelta

import altcha

from survey_app.domain.errors import N_, Refusal
from survey_app.web import limits
from survey_app.web.context import keys, now, settings, today
from survey_app.web.daymemory import day_memory

ALGORITHM, COST = "PBKDF2/SHA-256", 5000  # about 256 tries of 2.5 ms
GOOD_FOR = timedelta(minutes=20)


class PuzzleUnsolved(Refusal):
    code, status = "puzzle", 429
    message = N_(
        "现在提交的人非常多，没有评议码的要先等这台设备算几秒钟。您填的还在，请等“可以提交了”出现，再按一次提交。"
    )


class CasePuzzleUnsolved(PuzzleUnsolved):
    message = N_("现在提交的人非常多，要先等这台设备算几秒钟。您写的还在，请等“可以提交了”出现，再按一次提交。")


def new_challenge(what: str = limits.RATING) -> str:
    """A challenge as JSON, for the page to solve; empty while nobody is asked to."""
    if not limits.is_surge(what):
        return ""
    until = datetime.now(UTC) + GOOD_FOR  # the library reads the same clock
    made = altcha.create_challenge(ALGORITHM, COST, expires_at=until, hmac_secret=_secret())
    return json.dumps(made.to_dict(), separators=(",", ":"))


def require_solved(payload: str, what: str = limits.RATING) -> None:
    """Raises PuzzleUnsolved where one is asked and `payload` is no solution, or one that was used before."""
    if not limits.is_surge(what):
        return
    unsolved = CasePuzzleUnsolved if what == limits.CASE else PuzzleUnsolved
    if not altcha.verify_solution(payload, _secret()).verified:
        raise unsolved
    signature = altcha.Payload.from_base64(payload).challenge.signature
    if not day_memory(settings()).count_once(f"puzzle|{signature}", until=now() + GOOD_FOR, now=now(), today=today()):
        raise unsolved


def _secret() -> bytes:
    return b"puzzle-v1|" + keys().receipt
