"""The sample rounds of the demonstration: one open for rating, two published from simulated ballots.

Simulated ballots take the real way: codes are issued, ballots sealed, the round closed with its key, results computed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import tomli_w

from survey_app.cli.files import read_codes, write_codes
from survey_app.cli.sample.days import noon
from survey_app.cli.sample.simulate import simulate_ballots
from survey_app.config import Keys, Settings
from survey_app.domain import codes as code_words
from survey_app.domain.errors import N_
from survey_app.office import rounds as office
from survey_app.office.methods import METHOD, method_text
from survey_app.publishing import read_pages
from survey_app.store import codes
from survey_app.store import rounds as store
from survey_app.store.rounds import Round

Progress = Callable[[str], None]

PUBLISHED_CODE, EARLIER_CODE = "2026-h1", "2025-h2"
PANEL = 20  # 两代表一委员 invited for each unit of the published round
OPEN_CODES = 60


@dataclass(frozen=True)
class Closed:
    """A simulated round that is closed and published; `scale` is the part of the electorate that it has."""

    code: str
    name: str
    opened_on: date
    closed_on: date
    published_on: date
    scale: float


CLOSED = (
    # Smaller, so that the first start stays short; comparable, so that change shows.
    Closed(
        EARLIER_CODE,
        "2025年下半年群众评议（演练，模拟数据）",
        date(2025, 10, 9),
        date(2025, 12, 31),
        date(2026, 1, 15),
        0.5,
    ),
    Closed(
        PUBLISHED_CODE,
        "2026年上半年群众评议（演练，模拟数据）",
        date(2026, 4, 8),
        date(2026, 6, 30),
        date(2026, 7, 15),
        1.0,
    ),
)


@dataclass(frozen=True)
class Sample:
    """What a newcomer can try."""

    round_code: str
    round_name: str
    published_code: str
    unused_codes: list[str]
    site_is_stale: bool  # the open round is not on the built site yet


def prepare_sample(settings: Settings, keys: Keys, progress: Progress, scale: float = 1.0) -> Sample:
    """Make what is absent of the sample rounds; what is there stays. `scale` shrinks the simulated electorate."""
    round_, opened = _open_round(settings, keys)
    built = [_published_round(closed, settings, keys, progress, scale) for closed in CLOSED]
    unused = _unused_codes(round_, settings, keys)
    return Sample(round_.code, round_.name, PUBLISHED_CODE, unused, site_is_stale=opened and not any(built))


def _published_round(closed: Closed, settings: Settings, keys: Keys, progress: Progress, scale: float) -> bool:
    """Bring a published sample round as far as it is not yet; True if the site was built."""
    code, known = closed.code, {round_.code: round_ for round_ in store.list_rounds()}
    if code not in known:
        _create(settings, code, closed.name, closed.opened_on, closed.closed_on, panel=True)
    if code not in known or known[code].status == "draft":
        _open(settings, code, noon(closed.opened_on))
    round_ = store.get_round(code)
    if round_.status == "open":
        simulate_ballots(round_, keys, progress, scale=scale * closed.scale)
    if store.get_round(code).status == "published":
        return False
    progress(N_("计算示例结果"))
    key = settings.keys / "sample" / f"{code}.office.key"
    office.close_round(code, key_copy=key, reason=None, settings=settings, now=noon(closed.closed_on, 1))
    office.compute_round(code, settings)
    office.publish_round(code, settings, noon(closed.published_on), progress)
    return True


def _open_round(settings: Settings, keys: Keys) -> tuple[Round, bool]:
    """The round that takes ballots today, made if there is none; True if it was."""
    today = datetime.now(ZoneInfo(settings.timezone)).date()
    if taking := store.open_rounds(today):
        return taking[0], False
    half, word = (1, "上") if today.month <= 6 else (2, "下")
    known = {round_.code: round_.status for round_ in store.list_rounds()}
    code = _usable_code(f"{today.year}-h{half}", known)
    if code not in known:
        name = f"{today.year}年{word}半年群众评议（演练示例）"
        _create(settings, code, name, today - timedelta(days=14), today + timedelta(days=60))
    _issue_codes(settings, keys, code, today)
    _open(settings, code, datetime.now(UTC))
    return store.get_round(code), True


def _issue_codes(settings: Settings, keys: Keys, code: str, today: date) -> None:
    """Codes to try, in a file beside the keys; what an interrupted run left of it is replaced."""
    file = settings.keys / "sample" / f"{code}.codes.csv"
    file.unlink(missing_ok=True)
    write_codes(file, lambda: _spoken_codes(code, keys, today))


def _spoken_codes(code: str, keys: Keys, today: date) -> list[str]:
    fresh = codes.issue_codes(
        round_code=code, group="citizen", count=OPEN_CODES, channel="invited", unit_slug=None, keys=keys, today=today
    )
    return [code_words.spoken(one) for one in fresh]


def _create(settings: Settings, code: str, name: str, opens_on: date, closes_on: date, panel: bool = False) -> None:
    """Write the plan as an office would, then create the round from it."""
    folder = settings.var / "plans"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / METHOD).write_bytes(method_text("standard"))
    plan: dict[str, object] = {
        "format": 1,
        "code": code,
        "name": name,
        "opens_on": opens_on,
        "closes_on": closes_on,
        "method": METHOD,
    }
    if panel:
        slugs = [page.slug for page in read_pages(settings.pages) if page.kind == "unit" and "class" in page.data]
        plan["unit"] = [{"slug": slug, "panel": {"deputy": PANEL}} for slug in slugs]
    file = folder / f"{code}.toml"
    file.write_text(tomli_w.dumps(plan), "utf-8")
    office.create_round(file, settings)


def _open(settings: Settings, code: str, now: datetime) -> None:
    folder = settings.keys / "sample"
    for copy in folder.glob(f"{code}.*.key"):  # left by a run that stopped between key and opening
        copy.unlink()
    office.open_round(
        code,
        office_copy=folder / f"{code}.office.key",
        auditor_copy=folder / f"{code}.auditor.key",
        settings=settings,
        now=now,
    )


def _unused_codes(round_: Round, settings: Settings, keys: Keys, how_many: int = 5) -> list[str]:
    file = settings.keys / "sample" / f"{round_.code}.codes.csv"
    known = read_codes(file) if file.exists() else []
    unused = (
        spoken
        for spoken in known
        if not codes.is_used(round_code=round_.code, code=code_words.parse_code(spoken), keys=keys)
    )
    return [spoken for spoken, _number in zip(unused, range(how_many), strict=False)]


def _usable_code(wanted: str, known: dict[str, str]) -> str:
    """The first code that is free, or a draft that an interrupted run left behind."""
    candidates = (wanted, *(f"{wanted}-{number}" for number in range(2, 100)))
    return next(code for code in candidates if known.get(code, "draft") == "draft")
