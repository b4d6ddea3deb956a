"""Everyday ratings: stored once, sealed, read only to freeze a month; a wish for an answer becomes a case at once."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from survey_app.config import Keys
from survey_app.domain import everyday
from survey_app.domain.cases.clocks import Clocks
from survey_app.domain.cases.kinds import BAD_RATING, QUESTION
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.everyday import Rating
from survey_app.domain.everyday_box import KEPT, RATING, WORDS, place, seal, unseal
from survey_app.store import audit, visits
from survey_app.store.cases import NewCase, receive_within
from survey_app.store.database import write
from survey_app.store.models import KeptAnswer, ServiceRating, ServiceWords
from survey_app.store.visits import Visit


class RatingIsFinal(Refusal):
    code, status = "rating-final", 409
    message = N_("这份评价刚才已经存好，评过不能再改。要再评一次服务，请重新打开评价页。")


@dataclass(frozen=True)
class OpenedRating:
    """A rating on its way into the snapshot."""

    unit: str
    channel: str
    period: date
    level: int
    ticks: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True)
class OpenedKept:
    """One answer about one commitment on its way into the snapshot."""

    unit: str
    procedure: str
    commitment: str
    kept: str
    period: date
    verified: bool


@dataclass(frozen=True)
class Rated:
    """What became of a rating: whether it counts, and the code of its case where an answer is wanted."""

    counts: bool
    case_code: str = ""


def rate_service(
    rating: Rating,
    *,
    procedures: Mapping[str, str],
    code: str,
    form_nonce: str,
    keys: Keys,
    clocks: Clocks,
    now: datetime,
    today: date,
) -> Rated:
    """Store one rating and, where an answer is wanted, its case, in one transaction; a visit code makes it count.

    `procedures`: commitment slug -> the procedure it is for, or empty. The same form sent again is stored once.
    Raises the refusals of `require_visit`, VisitCodeUsed, RatingIsFinal; nothing is stored then.
    """
    visit = _visit(rating, code, keys, today)
    month = visit.month if visit else everyday.month_of(today)
    sent = (form_nonce, rating.unit, rating.procedure, code)
    row = _rating_row(rating, sent, verified=visit is not None, period=everyday.week_within(today, month), keys=keys)
    with write():
        if _is_first(row, rating, visit, code, keys):
            ServiceRating.insert(**row).execute()
            for kept in _kept_rows(rating, procedures, sent, visit is not None, month, keys):
                KeptAnswer.insert(**kept).execute()
            _insert_words(rating, keys)
        return Rated(visit is not None, _case_code(rating, row["rating_key"], form_nonce, keys, clocks, now))


def _case_code(rating: Rating, rating_key: bytes, form_nonce: str, keys: Keys, clocks: Clocks, now: datetime) -> str:
    """The case of a rating whose writer wants an answer. What it was made of goes with it, sealed: the form says so."""
    if not rating.asks_answer:
        return ""
    told = {**_content(rating), "kept": dict(rating.kept), "words": rating.words, "rating": rating_key.hex()}
    kind = BAD_RATING if rating.level in everyday.LOW else QUESTION
    new = NewCase(kind, told, unit=rating.unit, procedure=rating.procedure, contact=rating.contact)
    return receive_within(new, form_nonce=form_nonce, keys=keys, clocks=clocks, now=now).code


def _visit(rating: Rating, code: str, keys: Keys, today: date) -> Visit | None:
    if not code:
        return None
    return visits.require_visit(code=code, unit=rating.unit, procedure=rating.procedure, keys=keys, today=today)


def _is_first(row: Mapping[str, Any], rating: Rating, visit: Visit | None, code: str, keys: Keys) -> bool:
    """False for the same form sent again. Raises VisitCodeUsed for another, RatingIsFinal where it says otherwise."""
    stored = ServiceRating.get_or_none(ServiceRating.rating_key == row["rating_key"])
    if stored is not None:
        if unseal(keys.everyday, RATING, bytes(stored.sealed)) != _content(rating):
            raise RatingIsFinal
        return False
    if visit and not visits.spend(visit, code, keys):
        raise visits.VisitCodeUsed
    return True


def _content(rating: Rating) -> dict[str, Any]:
    return {"level": rating.level, "ticks": list(rating.ticks), "flags": list(rating.flags)}


def _rating_row(rating: Rating, sent: tuple[str, ...], *, verified: bool, period: date, keys: Keys) -> dict[str, Any]:
    return {
        "rating_key": place(keys.receipt, RATING, *sent),
        "unit": rating.unit,
        "channel": rating.channel(verified=verified),
        "period": period,
        "sealed": seal(keys.everyday, RATING, _content(rating)),
    }


def _kept_rows(
    rating: Rating, procedures: Mapping[str, str], sent: tuple[str, ...], verified: bool, month: str, keys: Keys
) -> Iterator[dict[str, Any]]:
    for commitment, kept in sorted(rating.kept.items()):
        yield {
            "kept_key": place(keys.receipt, KEPT, *sent, commitment),
            "unit": rating.unit,
            "procedure": procedures.get(commitment, ""),
            "commitment": commitment,
            "verified": verified,
            "period": everyday.first_week(month),
            "sealed": seal(keys.everyday, KEPT, {"kept": kept}),
        }


def _insert_words(rating: Rating, keys: Keys) -> None:
    """Words lie alone. With the wish for an answer they go into the case, and no copy joins the words of others."""
    if rating.words and not rating.asks_answer:
        sealed = seal(keys.everyday, WORDS, {"words": rating.words})
        ServiceWords.insert(words_key=secrets.token_bytes(32), unit=rating.unit, sealed=sealed).execute()


def months_with_ratings() -> list[str]:
    """Months that are not frozen yet, oldest first."""
    rows = ServiceRating.select(ServiceRating.period).distinct().tuples()
    return sorted({everyday.month_of(period) for (period,) in rows})


def count_ratings(month: str) -> int:
    """Ratings of the month in the database: a number of papers, no figure of what they say."""
    return int(ServiceRating.select().where(_in_month(ServiceRating, month)).count())


def ratings_of(month: str, keys: Keys) -> Iterator[OpenedRating]:
    """Every rating of the month in the order of its key, which is random. Raises WrongEverydayKey."""
    rows = ServiceRating.select().where(_in_month(ServiceRating, month)).order_by(ServiceRating.rating_key)
    for row in list(rows):  # read to the end: a key that does not fit must leave no statement open
        told = unseal(keys.everyday, RATING, bytes(row.sealed))
        yield OpenedRating(row.unit, row.channel, row.period, told["level"], tuple(told["ticks"]), tuple(told["flags"]))


def kept_of(month: str, keys: Keys) -> Iterator[OpenedKept]:
    """Every answer about a commitment of the month, in random order. Raises WrongEverydayKey."""
    rows = KeptAnswer.select().where(_in_month(KeptAnswer, month)).order_by(KeptAnswer.kept_key)
    for row in list(rows):  # read to the end: a key that does not fit must leave no statement open
        kept = unseal(keys.everyday, KEPT, bytes(row.sealed))["kept"]
        yield OpenedKept(row.unit, row.procedure, row.commitment, kept, row.period, row.verified)


def words_by_unit(keys: Keys) -> dict[str, list[tuple[bytes, str]]]:
    """Unit slug -> words with their keys, in random order; they know no month. Raises WrongEverydayKey."""
    found: dict[str, list[tuple[bytes, str]]] = {}
    for row in list(ServiceWords.select().order_by(ServiceWords.words_key)):
        text = unseal(keys.everyday, WORDS, bytes(row.sealed))["words"]
        found.setdefault(row.unit, []).append((bytes(row.words_key), text))
    return found


def delete_month(month: str, words: list[bytes], *, by: str, now: datetime) -> None:
    """Delete what stands in the month's frozen folder, with the words of these keys."""
    with write():
        if count := count_ratings(month):
            audit.record(actor=by, action="everyday.freeze", subject=month, detail={"ratings": count}, now=now)
        for table in (ServiceRating, KeptAnswer):
            table.delete().where(_in_month(table, month)).execute()
        for key in words:
            ServiceWords.delete().where(ServiceWords.words_key == key).execute()


def _in_month(table: Any, month: str) -> Any:
    return table.period.between(everyday.first_week(month), everyday.last_week(month))
