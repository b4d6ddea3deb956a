"""The head of the audit log on the site: once a week, and compared by whoever verifies."""

from datetime import UTC, date, datetime

import pytest

from survey_app.domain.errors import BadInput
from survey_app.jobs import work
from survey_app.publishing.auditheads import FILE, publish_head, published_heads, week_of
from survey_app.store import audit
from tests.accounts import make_account

ONE, TWO = b"\x01" * 32, b"\x02" * 32


@pytest.mark.parametrize(
    ("day", "week"),
    # ISO 8601: the week of the year's first Thursday is the first.
    [("2026-11-02", "2026-W45"), ("2026-11-08", "2026-W45"), ("2027-01-03", "2026-W53"), ("2024-12-30", "2025-W01")],
)
def test_a_week_begins_on_monday_and_belongs_to_the_year_of_its_thursday(day, week):
    assert week_of(date.fromisoformat(day)) == week


def test_each_week_has_one_line_that_never_changes(tmp_path):
    assert publish_head(tmp_path, date(2026, 11, 3), (7, ONE))
    assert not publish_head(tmp_path, date(2026, 11, 5), (9, TWO))
    assert publish_head(tmp_path, date(2026, 11, 9), (12, TWO))

    assert (tmp_path / FILE).read_text().splitlines() == [
        "week,number,sha256",
        f"2026-W45,7,{'01' * 32}",
        f"2026-W46,12,{'02' * 32}",
    ]


def test_a_portal_where_nothing_was_done_publishes_nothing(tmp_path):
    assert not publish_head(tmp_path, date(2026, 11, 3), None)
    assert published_heads(tmp_path) == []


@pytest.mark.parametrize("line", ["2026-W45,seven,00", "2026-W45,7", "2026-W45,7,zz", "a,b,c,d"])
def test_a_file_nobody_can_read_is_refused_with_its_line_and_left_alone(tmp_path, line):
    publish_head(tmp_path, date(2026, 11, 3), (7, ONE))
    file = tmp_path / FILE
    file.write_text(file.read_text() + line + "\n")
    before = file.read_bytes()

    with pytest.raises(BadInput, match="第3行"):
        publish_head(tmp_path, date(2026, 11, 9), (12, TWO))
    assert file.read_bytes() == before


def test_the_night_puts_the_head_on_the_site(store, settings, clock, monkeypatch):
    make_account(clock, "zhou", "inspector")
    monkeypatch.setattr(work, "build_site", lambda _settings: type("Report", (), {"pages": 0, "remarks": []}))
    assert work.build_nightly(settings).outcome == "ok"

    [head] = published_heads(settings.pages)
    assert (head.week, head.number, head.digest) == (week_of(datetime.now(UTC).date()), *audit.head())
