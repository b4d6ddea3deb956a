"""The whole site is built once a night, and once in the morning where the machine was off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from survey_app.jobs import ledger, work
from survey_app.publishing.building import releases
from survey_app.store import revisions
from tests.pages.page_trees import PROCEDURE_PATH


def built_at(settings, when):
    live = releases.live(settings)
    record = replace(live.record, full_at=when.isoformat())
    releases.write_record(live.folder, record)


def test_it_builds_everything_and_what_was_approved_meanwhile_follows(portal, approve):
    one = approve(PROCEDURE_PATH, scope="买卖、赠与双方")
    night = work.build_nightly(portal)
    assert (night.kind, night.outcome) == ("nightly", "ok")
    assert revisions.get(one.number).state == "approved"
    assert work.publish(portal).outcome == "ok"
    assert revisions.get(one.number).state == "published"


# 03:10 in Shanghai is 19:10 of the day before in UTC.
@pytest.mark.parametrize(
    ("built", "now", "due"),
    [
        ("2026-11-19T19:00", "2026-11-19T19:09", False),
        ("2026-11-19T19:00", "2026-11-19T19:11", True),
        ("2026-11-19T19:12", "2026-11-20T19:09", False),
        ("2026-11-17T08:00", "2026-11-20T01:00", True),
    ],
)
def test_it_is_due_after_ten_past_three_once(portal, built, now, due):
    built_at(portal, datetime.fromisoformat(built).replace(tzinfo=UTC))
    assert work.nightly_is_due(portal, datetime.fromisoformat(now).replace(tzinfo=UTC)) is due


def test_a_night_that_failed_is_not_tried_every_minute(portal):
    long_ago = datetime.now(UTC) - timedelta(days=3)
    built_at(portal, long_ago)
    (portal.pages / "about/index.md").write_text("no page at all")
    assert work.nightly_is_due(portal, datetime.now(UTC))
    night = work.build_nightly(portal)
    assert night.outcome == ledger.FAILED
    assert list(night.held) == ["about/index.md"], "the office reads which page and why"
    assert not work.nightly_is_due(portal, datetime.now(UTC))
    assert work.nightly_is_due(portal, datetime.now(UTC) + timedelta(days=1))
