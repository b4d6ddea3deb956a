"""A district of the largest size: 200 units with their pages, a million ballots, 50,000 cases, years of supervision.

Rows are multiplied in their tables: their number is what costs, not what they say. What their shape matters for, such
as the steps of an order, is taken from a few that the verbs made.
"""

import itertools
import json
import shutil
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from survey_app.config import HOME, Settings, load_keys
from survey_app.domain import yearend as year_rules
from survey_app.domain.assessments import BODIES, Reading
from survey_app.domain.orders import steps
from survey_app.domain.orders.rules import Text, Wish
from survey_app.store import orders, yearend
from survey_app.store.database import database, write
from survey_app.store.orders import Drawn, Step
from survey_app.store.rounds import RatedUnit
from tests.factories import Clock, make_codes, make_round

ROUND, GROUPS = "2026-h2", ("citizen", "enterprise")
MODELS = ("shuiwu", "yiyuan", "zhujian", "shebao", "gongjiao")  # units of the sample, each with five pages or more
ROWS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
BALLOTS = (
    f"{ROWS}INSERT INTO ballot (ballot_key, unit, 'group', channel, period, proof, commitment, sealed) "  # noqa: S608  # our own table names
    "SELECT randomblob(32), ? + i % ?, 'citizen', 'invited', date('2026-10-12', (i % 7 * 7) || ' days'), "
    "randomblob(32), randomblob(32), randomblob(200) FROM n"
)
WEEKS = (
    "INSERT INTO box_week SELECT round_unit.round, period, count(*) FROM ballot "
    "JOIN round_unit ON round_unit.id = ballot.unit GROUP BY round_unit.round, period"
)
# Two years of them; one in ten is open.
CASES = (
    f"{ROWS}INSERT INTO case_record (number, case_key, kind, channel, unit_slug, procedure_slug, state, received_at, "  # noqa: S608  # our own table names
    "stage, due_on, raised, extension, dispute, satisfied, reopened, version, closed_at, has_contact) "
    "SELECT printf('2026-%06d', i), randomblob(32), 'complaint', 'web', printf('u%03d', i % ?), '', "
    "CASE WHEN i % 10 THEN 'closed' ELSE 'received' END, datetime('2024-11-01', (i % 730) || ' days'), "
    "'', CASE WHEN i % 10 THEN NULL ELSE date('2024-11-12', (i % 730) || ' days') END, '', '', '', '', 0, "
    "CASE WHEN i % 10 THEN 8 ELSE 1 END, "
    "CASE WHEN i % 10 THEN datetime('2024-11-07', (i % 730) || ' days') END, 0 FROM n"
)
WAY = ("received", "assigned", "contacted", "transferred", "answered", "verified", "satisfied", "closed")
EVENTS = (
    f"{ROWS}INSERT INTO case_event (case_number, number, at, actor, role, step, public_words, internal_words, detail) "  # noqa: S608  # our own table names
    "SELECT case_record.number, i, datetime(received_at, (i - 1) || ' days'), 'clerk', 'unit', "
    f"json_extract('{json.dumps(WAY)}', '$[' || (i - 1) || ']'), '已经办好。', '', "
    """'{"unit": "' || unit_slug || '", "outcome": "solved", "channel": "web"}' """
    "FROM n JOIN case_record ON i <= version"
)
ORDERS = (
    f"{ROWS}INSERT INTO order_record SELECT printf('2026-%04d', i + 5), kind, printf('u%03d', i % ?), source, "  # noqa: S608  # our own table names
    "'', basis, '', 'copy-' || i, drawn_on, state, title, paper_number, issued_by, "
    "date(issued_on, -(i % 200) || ' days'), date(due_on, -(i % 200) || ' days'), replied_on, closed_on, '', "
    "overdue, version FROM n JOIN order_record ON number = printf('2026-%04d', 1 + i % 5)"
)
ORDER_EVENTS = (
    f"{ROWS}INSERT INTO order_event SELECT printf('2026-%04d', i + 5), number, at, order_event.'on', actor, role, "  # noqa: S608  # our own table names
    "step, words, detail, NULL FROM n JOIN order_event ON order_number = printf('2026-%04d', 1 + i % 5)"
)
FINDINGS = (
    f"{ROWS}INSERT INTO inspection_finding (unit_slug, 'on', at_time, place, covert, kind, words, "  # noqa: S608  # our own table names
    "found_by, kept_at, form_mark) "
    "SELECT printf('u%03d', i % ?), date('2025-01-06', (i % 660) || ' days'), '09:20', '一楼大厅', i % 2, "
    "CASE WHEN i % 3 THEN 'absent' ELSE 'good' END, '九点二十分，四个窗口开了一个，排队十一人。', 'inspector', "
    "datetime('2025-01-06', (i % 660) || ' days'), 'finding-' || i FROM n"
)
NOTES = (
    f'{ROWS}INSERT INTO field_note (unit_slug, "on", words, tags, written_by, kept_at, form_mark) '  # noqa: S608  # our own table names
    "SELECT printf('u%03d', i % ?), date('2026-01-05', (i % 300) || ' days'), '门口停车难，办事的人绕了三圈。', "
    "'停车 噪声', 'inspector', datetime('2026-01-05', (i % 300) || ' days'), 'note-' || i FROM n"
)
READINGS = (
    f"{ROWS}INSERT INTO assessment_reading (unit_slug, body, year, counts, reason, read_by, read_at, form_mark) "  # noqa: S608  # our own table names
    "SELECT printf('u%03d', i / 4), CASE WHEN i % 4 < 2 THEN ? ELSE ? END, 2025, ?, '', "
    "CASE WHEN i % 2 THEN 'clerk-a' ELSE 'clerk-b' END, '2025-12-20 08:00:00', 'reading-' || i FROM n"
)


@dataclass(frozen=True)
class Size:
    """How much of everything there is."""

    units: int = 200
    ballots: int = 1_000_000
    cases: int = 50_000
    orders: int = 2_000
    findings: int = 5_000
    assessments: int = 200


def make_district(settings: Settings, clock: Clock, size: Size) -> None:
    """Pages of the sample with so many units more, and a database with all the rest; both are there already, empty."""
    for number, model in zip(range(size.units), itertools.cycle(MODELS), strict=False):
        shutil.copytree(settings.pages / "units" / model, settings.pages / "units" / f"u{number:03}")
    _round(settings, clock, size)
    with write():
        database.execute_sql(CASES, (size.cases, size.units))
        database.execute_sql(EVENTS, (len(WAY),))
    _supervised(clock, size)


def sample_pages(folder: Path) -> None:
    """The sample's pages with the times of their files: a page written this moment is read again at the next look."""
    shutil.copytree(HOME / "site" / "pages", folder)


def _round(settings: Settings, clock: Clock, size: Size) -> None:
    """A running round with its panel, and a batch of codes for each unit and group."""
    sizes = {kind: dict.fromkeys(GROUPS, 40) for kind in ("panel", "codes")}
    rated = tuple(RatedUnit(f"u{n:03}", f"第{n}局", "window", None, sizes) for n in range(size.units))
    round_ = make_round(settings, ROUND, clock=clock, units=rated)
    for unit, group in itertools.product(rated, GROUPS):
        make_codes(load_keys(settings.keys), clock, group=group, unit_slug=unit.slug)
    first = min(unit.row for unit in round_.units)
    with write():
        database.execute_sql(BALLOTS, (size.ballots, first, size.units))
        database.execute_sql(WEEKS)


def _supervised(clock: Clock, size: Size) -> None:
    for number, way in enumerate(ORDER_WAYS, 1):
        _order(clock, number, way)
    counts = json.dumps(asdict(Reading(41, 40, 0, 26, 10, 3, 1, "plain")), sort_keys=True)
    with write():
        database.execute_sql(ORDERS, (size.orders, size.units))
        database.execute_sql(ORDER_EVENTS, (size.orders,))
        database.execute_sql(FINDINGS, (size.findings, size.units))
        database.execute_sql(NOTES, (size.findings, size.units))
        database.execute_sql(READINGS, (2 * size.assessments, *BODIES, counts))
    usual = {f"weight-{name}": str(weight) for name, weight in year_rules.DEFAULTS.items()}
    points = {f"points-{name}": str(value) for name, (_words, value) in year_rules.POINTS.items()}
    plan = year_rules.typed_plan(
        {**usual, **points, **{f"missing-{n}": year_rules.OTHERS for n in year_rules.COMPONENTS}}
    )
    yearend.settle(2026, plan, reason="", by="officer", mark="year", now=clock(), today=clock.today)


ISSUE, REPLY = (steps.ISSUE, "officer", steps.OFFICE), (steps.REPLY, "head", steps.UNIT)
ORDER_WAYS = ((), (ISSUE,), (ISSUE, REPLY), (ISSUE, REPLY, (steps.VERIFY, "second", steps.OFFICE)), (ISSUE,))


def _order(clock: Clock, number: int, way: tuple[tuple[str, str, str], ...]) -> None:
    text = Text("清河示范区作风办", "关于办理超期的整改通知", f"清作督〔2026〕{number}号", "查明的问题：办理超期。", 10)
    drawn = Drawn(steps.RECTIFY, "u001", steps.OWN, "办件清单显示办理超期", text, f"order-{number}", "officer")
    made = orders.draw(drawn, now=clock(), today=clock.today).number
    for step, actor, role in way:
        detail = {"days": 10, "due_on": str(clock.today + timedelta(days=14))} if step == steps.ISSUE else {}
        wish = Wish(step, actor, role, "已看过，属实。", detail)
        orders.take(made, Step(wish, f"{made}-{step}"), now=clock(), today=clock.today)
