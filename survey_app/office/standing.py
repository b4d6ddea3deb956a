"""Where a round stands between its last day and its publication, and what is still missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from survey_app.config import Settings
from survey_app.domain import rounds as rules
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.objections import RULED
from survey_app.exports import releases
from survey_app.exports.frozen import SNAPSHOT
from survey_app.exports.releases import Released, Row
from survey_app.office import rulings, versions
from survey_app.office.versions import NotComputed
from survey_app.store import drafts, objections, steps
from survey_app.store.drafts import Draft, Flag, Review
from survey_app.store.objections import Filed
from survey_app.store.rounds import Round
from survey_app.store.steps import Step


class NotShut(Refusal):
    code, status = "not-shut", 409
    message = N_("还没有截止：要等%(closes_on)s过完，或写明理由提前截止。")


class VoidHasNoResult(Refusal):
    code, status = "void-no-result", 409
    message = N_("这一轮已经作废，没有结果要公布。")


class KeyNeeded(Refusal):
    code, status = "key-needed", 409
    message = N_("票箱还没有打开：请交回一份私钥。")


class ReleaseMissing(Refusal):
    code, status = "release-missing", 409
    message = N_("结果还没有算出来：请先计算。")


class CorrectionsWait(Refusal):
    code, status = "corrections-wait", 409
    message = N_("成立的异议还没有算进去：请重新计算。")


class NotShown(Refusal):
    code, status = "not-shown", 409
    message = N_("这一版还没有送单位核对。")


class PeriodRuns(Refusal):
    code, status = "period-runs", 409
    message = N_("单位的核对期到%(until)s为止，过了这一天才能公布。")


class ObjectionsWait(Refusal):
    code, status = "objections-wait", 409
    message = N_("还有%(count)s条异议没有裁定。")


class FlagsWait(Refusal):
    code, status = "flags-wait", 409
    message = N_("还有%(count)s处提请复核的情况没有处理完。")


class AlreadyPublic(Refusal):
    code, status = "already-public", 409
    message = N_("这一版已经公布，没有新的要公布。")


@dataclass(frozen=True)
class FlagRow:
    """A row of integrity.csv that asks for a review, and what was decided of it."""

    flag: Flag
    row: Row
    review: Review | None

    @property
    def is_settled(self) -> bool:
        """Whether nobody has to look at it any more."""
        return self.review is not None and self.review.is_settled


@dataclass(frozen=True)
class Standing:
    """A round as far as it has come; `draft`: units see the newest release now.

    `facts_hold`: rulings are in that release; `public` is the digest that stands on the pages.
    """

    round: Round
    unsealed: bool
    release: Released | None
    draft: Draft | None
    facts_hold: bool
    public: str
    filed: tuple[Filed, ...]
    flags: tuple[FlagRow, ...]
    step: Step | None

    @property
    def is_busy(self) -> bool:
        """Whether a step of this round waits or runs."""
        return self.step is not None and self.step.ended_at is None

    @property
    def open_objections(self) -> int:
        """Objections without a ruling."""
        return sum(one.state != RULED for one in self.filed)

    @property
    def open_flags(self) -> int:
        """Flags that somebody has to look at."""
        return sum(not one.is_settled for one in self.flags)

    @property
    def counts(self) -> Mapping[str, int]:
        """What waits, by page."""
        return {"flags": self.open_flags, "objections_": self.open_objections}


def standing_of(round_: Round, settings: Settings) -> Standing:
    """How far the round has come, read from its folder and the database."""
    folder = settings.rounds / round_.code
    release, shown = newest(round_.code, settings), drafts.shown(round_)
    current = [draft for draft in shown if release and draft.digest == release.digest]
    return Standing(
        round=round_,
        unsealed=(folder / SNAPSHOT).is_dir(),
        release=release,
        draft=current[-1] if current else None,
        facts_hold=not rulings.waiting(round_, release),
        public=published_digest(round_.code, settings),
        filed=tuple(objections.of_round(round_)),
        flags=_flags(release, round_),
        step=steps.last(round_),
    )


def newest(code: str, settings: Settings) -> Released | None:
    """The newest computed version; None before the first."""
    try:
        return releases.computed(versions.folders(code, settings)[-1])
    except NotComputed:
        return None


def published_digest(code: str, settings: Settings) -> str:
    """What names the version on the pages; empty before there is one."""
    found = releases.read_release(settings.pages / "results" / code)
    return found.digest if found else ""


def missing(found: Standing, today: date) -> list[Refusal]:
    """All that stands between the round and its publication, in the order in which it is done."""
    if found.round.status == rules.VOID:
        return [VoidHasNoResult()]
    if found.round.status in (rules.DRAFT, rules.OPEN):
        return [NotShut(closes_on=found.round.closes_on)]
    if not found.unsealed:
        return [KeyNeeded()]
    if found.release is None:
        return [ReleaseMissing()]
    if found.release.digest == found.public:
        return [AlreadyPublic()]
    return _before_publishing(found, today)


def require_ready(round_: Round, settings: Settings, today: date) -> None:
    """Raises the first thing missing, where units have been shown a draft.

    At the command line a round may go without drafts, as before: whoever sits there answers for it.
    """
    found = standing_of(round_, settings)
    if drafts.shown(round_) and found.release and found.release.digest != found.public:
        require_nothing_missing(found, today)


def require_nothing_missing(found: Standing, today: date) -> None:
    """Raises the first thing missing."""
    for refusal in missing(found, today):
        raise refusal


def _before_publishing(found: Standing, today: date) -> list[Refusal]:
    wanted: list[tuple[bool, Refusal]] = [
        (not found.facts_hold, CorrectionsWait()),
        (found.draft is None, NotShown()),
        (found.draft is not None and today <= found.draft.until_on, PeriodRuns(until=_until(found))),
        (found.open_objections > 0, ObjectionsWait(count=found.open_objections)),
        (found.open_flags > 0, FlagsWait(count=found.open_flags)),
    ]
    return [refusal for is_missing, refusal in wanted if is_missing]


def _until(found: Standing) -> date | str:
    return found.draft.until_on if found.draft else ""


def _flags(release: Released | None, round_: Round) -> tuple[FlagRow, ...]:
    decided = drafts.reviews(round_)
    found = [] if release is None else release.flags
    named = [((row["unit"], row["test"], row.get("detail") or ""), row) for row in found]
    return tuple(FlagRow(flag, row, decided.get(flag)) for flag, row in named)
