"""How many ballots lie in each box by week, kept beside the box and compared with it every night.

Every verb that puts a ballot into a box, or moves one to another week, changes the number in its own transaction. Such
a number holds no answer and no order of arrival, and is coarser than what the ballots show themselves.
"""

from dataclasses import dataclass
from datetime import date

from survey_app.domain.errors import N_
from survey_app.store.database import database
from survey_app.store.models import BoxWeek, EvaluationRound

# Written out once: building the same statement anew takes as long as the insert of a ballot.
_ADD = (
    "INSERT INTO box_week (round, period, ballots) VALUES (?, ?, ?) "
    "ON CONFLICT (round, period) DO UPDATE SET ballots = ballots + excluded.ballots"
)
_DIFFERING = """
SELECT evaluation_round.code, period, SUM(held), SUM(counted) FROM (
    SELECT round_unit.round AS round, period, held, 0 AS counted
    FROM (SELECT unit, period, COUNT(*) AS held FROM ballot GROUP BY unit, period)
    JOIN round_unit ON round_unit.id = unit
    UNION ALL SELECT round, period, 0, ballots FROM box_week
) AS both JOIN evaluation_round ON evaluation_round.id = both.round
GROUP BY evaluation_round.code, period HAVING SUM(held) <> SUM(counted) ORDER BY 1, 2
"""

DIFFER = N_(
    "%(round_code)s的票箱和按周记的票数不一样（%(week)s那一周，箱里%(held)s张，记着%(counted)s张）：有人绕过本网站动过数据库。"
)


@dataclass(frozen=True)
class Differing:
    """A week of a box of which the number kept is not the number of ballots there."""

    round_code: str
    week: date
    held: int
    counted: int


def add(round_row: int, week: date, ballots: int = 1) -> None:
    """Inside a write: so many ballots more in the week that begins on this Monday; fewer where negative."""
    database.execute_sql(_ADD, (round_row, week, ballots))


def count_by_week(round_code: str) -> list[tuple[date, int]]:
    """Ballots in the box by the Monday of their week, of the whole round: the finest time that is kept."""
    weeks = BoxWeek.select(BoxWeek.period, BoxWeek.ballots).join(EvaluationRound)
    found = weeks.where(EvaluationRound.code == round_code, BoxWeek.ballots > 0)
    return list(found.order_by(BoxWeek.period).tuples())


def differing() -> list[Differing]:
    """Weeks whose number is not that of the box, in one look at both: somebody went past the portal. Takes seconds."""
    rows = database.execute_sql(_DIFFERING).fetchall()
    return [Differing(code, date.fromisoformat(week), held, counted) for code, week, held, counted in rows]
