"""Drafts that units have been shown, and reviews of what integrity tests found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from survey_app.domain import objections as rules
from survey_app.domain.objections import DOUBTFUL, REVIEW_WORDS
from survey_app.store import audit
from survey_app.store.database import write
from survey_app.store.models import DraftRelease, FlagReview
from survey_app.store.rounds import Round

Flag = tuple[str, str, str]  # unit slug, test, detail: what names a row of integrity.csv


@dataclass(frozen=True)
class Draft:
    """A release that units were shown, with the last day on which they may object."""

    digest: str
    version: int
    shown_by: str
    shown_on: date
    until_on: date


@dataclass(frozen=True)
class Review:
    """What was decided of a flag; a doubt holds when a second person has confirmed it."""

    decision: str
    reason: str
    reviewed_by: str
    reviewed_on: date
    confirmed_by: str
    confirmed_on: date | None

    @property
    def is_upheld(self) -> bool:
        """Whether two people found it doubtful."""
        return self.decision == DOUBTFUL and bool(self.confirmed_by)

    @property
    def is_settled(self) -> bool:
        """Whether nobody has to look at it any more."""
        return self.decision != DOUBTFUL or bool(self.confirmed_by)


def show(round_: Round, *, digest: str, version: int, until_on: date, by: str, now: datetime, today: date) -> Draft:
    """Note that units see this release from now on. The same release again changes nothing."""
    with write():
        row = DraftRelease.get_or_none(round=round_.row, digest=digest)
        if row is None:
            row = DraftRelease.create(
                round=round_.row,
                digest=digest,
                version=version,
                shown_by=by,
                shown_at=now.astimezone(UTC).replace(tzinfo=None),
                shown_on=today,
                until_on=until_on,
            )
            detail = {"digest": digest, "until": until_on.isoformat()}
            audit.record(actor=by, action="draft.show", subject=f"rounds/{round_.code}", detail=detail, now=now)
    return _draft(row)


def shown(round_: Round) -> list[Draft]:
    """All drafts of the round that units have seen, oldest first."""
    rows = DraftRelease.select().where(DraftRelease.round == round_.row).order_by(DraftRelease.id)
    return [_draft(row) for row in rows]


def reviews(round_: Round) -> Mapping[Flag, Review]:
    """What was decided of the round's flags."""
    rows = FlagReview.select().where(FlagReview.round == round_.row)
    return {(row.unit_slug, row.test, row.detail): _review(row) for row in rows}


def review(round_: Round, flag: Flag, *, decision: str, reason: str, by: str, now: datetime, today: date) -> Review:
    """Decide of a flag. A doubt waits for a second person.

    Raises DecisionMissing, ReasonNeeded, AlreadyDone, what `require_plain` raises.
    """
    said = rules.require_ruling(decision, reason, REVIEW_WORDS)
    with write():
        if FlagReview.get_or_none(*_place(round_, flag)):
            raise rules.AlreadyDone
        unit, test, detail = flag
        row = FlagReview.create(
            round=round_.row,
            unit_slug=unit,
            test=test,
            detail=detail,
            decision=decision,
            reason=said,
            reviewed_by=by,
            reviewed_on=today,
        )
        _record(round_, flag, "flag.review", {"decision": decision, "reason": said}, by, now)
    return _review(row)


def confirm(round_: Round, flag: Flag, *, agree: bool, by: str, now: datetime, today: date) -> None:
    """A second person confirms a doubt, or sends the flag back to be reviewed anew. Raises AlreadyDone, SameHand."""
    with write():
        row = FlagReview.get_or_none(*_place(round_, flag), FlagReview.decision == DOUBTFUL)
        if row is None or row.confirmed_by:
            raise rules.AlreadyDone
        rules.require_other_hand(row.reviewed_by, by)
        if agree:
            FlagReview.update(confirmed_by=by, confirmed_on=today).where(FlagReview.id == row.id).execute()
        else:
            row.delete_instance()
        _record(round_, flag, "flag.confirm" if agree else "flag.send_back", {}, by, now)


def _place(round_: Round, flag: Flag) -> tuple[object, ...]:
    unit, test, detail = flag
    return (
        FlagReview.round == round_.row,
        FlagReview.unit_slug == unit,
        FlagReview.test == test,
        FlagReview.detail == detail,
    )


def _record(round_: Round, flag: Flag, action: str, more: Mapping[str, object], by: str, now: datetime) -> None:
    detail = {"flag": " ".join(flag).strip(), **more}
    audit.record(actor=by, action=action, subject=f"rounds/{round_.code}", detail=detail, now=now)


def _draft(row: DraftRelease) -> Draft:
    return Draft(row.digest, row.version, row.shown_by, row.shown_on, row.until_on)


def _review(row: FlagReview) -> Review:
    return Review(row.decision, row.reason, row.reviewed_by, row.reviewed_on, row.confirmed_by, row.confirmed_on)
