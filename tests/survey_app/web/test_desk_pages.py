"""Every page of the work side, as every role asks for it: it answers, and it is light."""

import pytest

from survey_app.store.database import close_database
from tests import bench_desk
from tests.large_district import Size


@pytest.fixture
def pages(tmp_path, clock, monkeypatch):
    """All pages of a small district with sixty units, as each role sees them."""
    monkeypatch.setattr(bench_desk, "TIMES", 1)
    app = bench_desk.district(tmp_path, clock, Size(60, 300, 120, orders=20, findings=20, assessments=6))
    yield list(bench_desk.walk(app, clock))
    close_database()


def test_no_page_fails_and_none_weighs_more_than_sixty_kilobytes_gzipped(pages):
    assert [one for one in pages if one.status >= 500] == []
    assert [one for one in pages if one.gzipped > 60 * 1024] == []
    answered = {one.address for one in pages if one.status == 200}
    assert {"/office/", "/desk/", "/desk/review/", "/office/cases", "/office/downloads", "/account/events/"} <= answered
    assert len(answered) > 50
