"""A round: its questionnaire as frozen in method.toml, its dates, and the moves it may make."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from survey_app.domain.errors import N_, Refusal

DRAFT, OPEN, CLOSED, PUBLISHED, VOID = "draft", "open", "closed", "published", "void"
WEB, WINDOW, INVITED, PAPER, PHONE = "web", "window", "invited", "paper", "phone"

_MOVES = {DRAFT: {OPEN}, OPEN: {CLOSED, VOID}, CLOSED: {PUBLISHED, VOID}, PUBLISHED: {PUBLISHED}, VOID: set()}


class RoundUnknown(Refusal):
    code, status = "round-unknown", 404
    message = N_("没有这一轮评议：%(round)s。")


class UnitNotRated(Refusal):
    code, status = "unit-not-rated", 404
    message = N_("这一轮不评这个单位：%(unit)s。")


class RoundNotYetOpen(Refusal):
    code, status = "round-not-open", 409
    message = N_("这一轮评议%(opens_on)s才开始，现在还不能提交。")


class RoundClosed(Refusal):
    code, status = "round-closed", 409
    message = N_("这一轮评议%(closes_on)s已经结束，这次填的没有计入。结果公布后可以在“评议结果”里看到。")


class RoundPaused(Refusal):
    code, status = "round-paused", 409
    message = N_("这一轮评议现在暂停，这次填的没有计入。原因：%(reason)s。恢复以后可以再来评，评议码照样能用。")


class RoundVoid(Refusal):
    code, status = "round-void", 409
    message = N_("这一轮评议已经作废，这次填的没有计入。原因写在网站的“评议结果”里。")


class IllegalMove(Refusal):
    code, status = "illegal-move", 409
    message = N_("这一轮现在是“%(status)s”，不能%(step)s。用 pingyi round list 看各轮的状态。")


STEP_WORDS = {DRAFT: N_("退回草稿"), OPEN: N_("开始"), CLOSED: N_("截止"), PUBLISHED: N_("公布"), VOID: N_("作废")}
STATUS_WORDS = {
    DRAFT: N_("草稿"),
    OPEN: N_("正在评议"),
    CLOSED: N_("已截止"),
    PUBLISHED: N_("已公布"),
    VOID: N_("已作废"),
}


@dataclass(frozen=True)
class Named:
    """A code of the method with its Chinese name."""

    code: str
    zh: str


@dataclass(frozen=True)
class Questionnaire:
    """What collecting needs of method.toml; analysis alone checks and uses the rest."""

    dimensions: tuple[Named, ...]
    groups: tuple[Named, ...]
    classes: tuple[Named, ...]
    counted_channels: frozenset[str]
    min_n: int
    flags: frozenset[str] = frozenset()
    leaves_out_upheld: bool = False  # ballots of weeks that a review of two people found doubtful
    takes_open: bool = False  # ballots without a code, shown beside and never counted


OPEN_CHANNEL = "open"
DEFAULT_COUNTED = frozenset({WEB, WINDOW, INVITED, PAPER, PHONE})
CHANNEL_WORDS = {
    WEB: N_("网页"),
    WINDOW: N_("窗口二维码"),
    INVITED: N_("邀请码"),
    PAPER: N_("纸质征求意见卡"),
    PHONE: N_("电话"),
}


@lru_cache(maxsize=64)
def read_questionnaire(method_toml: bytes) -> Questionnaire:
    """The questionnaire of a method file that analysis has already accepted."""
    method = tomllib.loads(method_toml.decode())
    channels, flags = method.get("channel"), method.get("flag", [])
    counted = {c["code"] for c in channels if c.get("counted", True)} if channels else DEFAULT_COUNTED
    return Questionnaire(
        dimensions=_named(method["dimension"]),
        groups=_named(method["group"]),
        classes=_named(method["class"]),
        counted_channels=frozenset(counted),
        min_n=method.get("min_n", 10),
        flags=frozenset(flag["code"] for flag in flags if not flag.get("by_review")),
        leaves_out_upheld=any(flag.get("by_review") and flag["excluded"] for flag in flags),
        takes_open=any(c["code"] == OPEN_CHANNEL and not c.get("counted", True) for c in channels or []),
    )


def _named(tables: list[dict[str, str]]) -> tuple[Named, ...]:
    return tuple(Named(table["code"], table["zh"]) for table in tables)


def require_move(status: str, to: str, step: str = "") -> None:
    """Raises IllegalMove unless a round in `status` may become `to`; `step` is the verb people used for it."""
    if to not in _MOVES[status]:
        raise IllegalMove(status=STATUS_WORDS[status], step=step or STEP_WORDS[to])


def require_rating_time(*, status: str, opens_on: date, closes_on: date, today: date, paused: str = "") -> None:
    """Raises RoundNotYetOpen, RoundVoid, RoundClosed or RoundPaused unless ballots are taken on `today` (local day,
    both ends included); `paused` is the reason of a pause."""
    if status == VOID:
        raise RoundVoid
    if status == DRAFT or (status == OPEN and today < opens_on):
        raise RoundNotYetOpen(opens_on=opens_on)
    if status != OPEN or today > closes_on:
        raise RoundClosed(closes_on=closes_on)
    if paused:
        raise RoundPaused(reason=paused)


def week_of(day: date) -> date:
    """The Monday of the day's week: all that a ballot keeps of its time."""
    return day - timedelta(days=day.weekday())
