"""What cases are counted with: the calendar of the district and the clocks that stand among the public pages."""

from pathlib import Path

from survey_app.config import Settings
from survey_app.domain.cases.clocks import Clocks, read_limits
from survey_app.domain.errors import N_, BadInput
from survey_app.domain.workdays import read_calendar

FILE = Path("about") / "case-clocks.toml"


def clocks_of(settings: Settings) -> Clocks:
    """The portal's clocks; without the file the defaults hold. Raises BadInput."""
    calendar = read_calendar(settings.holidays)
    file = settings.pages / FILE
    if not file.is_file():
        return Clocks(calendar)
    try:
        limits, keeping = read_limits(file.read_text("utf-8-sig"), file.name)
    except UnicodeDecodeError:
        raise BadInput(file=file.name, problem=N_("不是UTF-8编码。请另存为UTF-8。")) from None
    return Clocks(calendar, limits, keeping)
