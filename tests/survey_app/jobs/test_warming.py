"""A portal that starts reads its pages ahead: the first person to ask for late pages waits for none of it."""

import shutil
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from survey_app.jobs import warming, work
from survey_app.publishing import findings, schemas
from survey_app.publishing.revisions import revising

SHANGHAI = ZoneInfo("Asia/Shanghai")
PAGES = 4  # home and three units, one of which was broken by hand


@pytest.fixture
def checked(monkeypatch):
    """The pages whose data were checked, in order."""
    seen = []

    def check(page):
        seen.append(page.path)
        return schemas.check_schema(page)

    monkeypatch.setattr(findings, "check_schema", check)
    return seen


def test_what_was_read_ahead_is_checked_no_more_on_that_day_nor_on_the_next(settings, store, checked):
    (settings.pages / "units" / "noise" / "index.md").write_text("---\nkind: unit\n---\n")

    warming.start(settings).join(30)

    assert len(checked) == PAGES
    for day in (date(2026, 11, 3), date(2026, 11, 4)):
        findings.late_findings(settings.pages, revising.book_of(settings), day)
    assert len(checked) == PAGES


def test_a_page_that_changes_is_checked_alone(settings, store, checked):
    warming.read_ahead(settings)
    file = settings.pages / "units" / "tax" / "index.md"
    file.write_text(file.read_text().replace("2026-01-05", "2026-02-05"))

    findings.late_findings(settings.pages, revising.book_of(settings), date(2026, 11, 3))

    assert checked[PAGES:] == ["units/tax/index.md"]


def test_after_a_publication_all_pages_were_looked_at_before_the_publicity_office_asks(settings, store, monkeypatch):
    monkeypatch.setattr(work, "_publish", lambda _settings: work.Outcome())
    looks = []
    monkeypatch.setattr(findings, "check_page", lambda page, *_rest: looks.append(page.path) or [])

    work.publish(settings)
    assert len(looks) == PAGES
    findings.all_findings(settings.pages, revising.book_of(settings), datetime.now(SHANGHAI).date())
    assert len(looks) == PAGES


def test_a_folder_that_cannot_be_read_is_said_in_the_log_and_stops_nothing(settings, store, caplog):
    shutil.rmtree(settings.pages)

    warming.start(settings).join(30)

    assert "没有这个文件夹" in caplog.text
