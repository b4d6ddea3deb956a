"""Things made for tests, small enough to check by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from survey_app.config import Keys, Settings
from survey_app.domain import ballot_box
from survey_app.domain.ballot_box import Answers
from survey_app.store import ballots, codes
from survey_app.store import rounds as round_store
from survey_app.store.rounds import RatedUnit, Round

METHOD = """format = 1
min_n = 10
min_weight = "7/10"
confidence = "0.95"
satisfied_levels = [3, 4, 5]
period = "week"

[scale]
5 = 100
4 = 80
3 = 60
2 = 30
1 = 0

[[dimension]]
code = "attitude"
zh = "服务态度"
weight = "1/2"

[[dimension]]
code = "efficiency"
zh = "办事效率"
weight = "1/2"

[[dimension]]
code = "overall"
zh = "总体评价"
weight = "0"

[[group]]
code = "citizen"
zh = "群众"
weight = "7/10"

[[group]]
code = "enterprise"
zh = "企业"
weight = "3/10"

[[class]]
code = "window"
zh = "窗口服务"
"""

METHOD_WITH_OPEN = (
    METHOD
    + """
[[channel]]
code = "invited"
zh = "邀请码"
counted = true

[[channel]]
code = "open"
zh = "公开渠道"
counted = false

[[flag]]
code = "surge"
zh = "短时间内大量提交"
excluded = false
"""
)

UNITS = (
    RatedUnit("tax", "办税服务厅", "window"),
    RatedUnit("water", "供水服务厅", "window", None, {"panel": {"enterprise": 40}}),
    RatedUnit("noise", "无关单位", "window"),
)


@dataclass
class Clock:
    """Time that stands still until a test moves it."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)

    @property
    def today(self):
        return self.at.date()


def make_pages(folder: Path) -> None:
    """The least a portal needs: a home page and the pages of three units."""
    home = "---\nkind: home\ntitle: 首页\ndistrict: 试验区\nsite_name: 试验区政务公开\n"
    home += "sponsor: [试验区办公室]\nband: 办什么事\nhot: []\n---\n"
    _write(folder / "index.md", home)
    for unit in UNITS:
        page = f"---\nkind: unit\ntitle: {unit.zh}\nclass: window\nimported: true\nupdated_on: 2026-01-05\n---\n"
        _write(folder / "units" / unit.slug / "index.md", page)


def make_round(
    settings: Settings,
    code: str,
    *,
    clock: Clock,
    opens_on: str = "2026-10-09",
    closes_on: str = "2026-11-30",
    opened: bool = True,
    method: str = METHOD,
    units: tuple[RatedUnit, ...] = UNITS,
) -> Round:
    """A round in the database; opened ones have their key in keys/<code>.key."""
    day = datetime.fromisoformat
    round_store.create_round(
        code=code,
        name=f"{code}群众评议",
        instrument="campaign",
        opens_on=day(opens_on).date(),
        closes_on=day(closes_on).date(),
        method_toml=method.encode(),
        units=units,
    )
    if opened:
        key = ballot_box.new_round_key()
        (settings.keys / f"{code}.key").write_text(ballot_box.key_text(code, key))
        round_store.mark_open(code, public_key=bytes(key.public_key), now=clock())
    return round_store.get_round(code)


def make_codes(keys: Keys, clock: Clock, *, round_code: str = "2026-h2", **how: object) -> list[str]:
    """A batch of ten codes for citizens and any unit, unless told otherwise."""
    asked: dict[str, object] = {"group": "citizen", "count": 10, "channel": "invited", "unit_slug": None, **how}
    return codes.issue_codes(round_code=round_code, keys=keys, today=clock.today, **asked)


def cast(
    keys: Keys,
    clock: Clock,
    code: str,
    *,
    unit: str = "tax",
    round_code: str = "2026-h2",
    nonce: str = "",
    answers: Answers | None = None,
) -> str:
    """One ballot, all 5 unless told otherwise; returns its receipt."""
    return ballots.cast_ballot(
        round_=round_store.get_round(round_code),
        unit_slug=unit,
        code=code,
        form_nonce=nonce or sha256(f"{code}{unit}".encode()).hexdigest()[:32],
        answers=answers or {"attitude": 5, "efficiency": 5, "overall": 5},
        keys=keys,
        today=clock.today,
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
