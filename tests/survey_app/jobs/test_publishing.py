"""An approval goes live: several become one build, what fails is told to whoever approved it."""

import time
from datetime import UTC, datetime

from survey_app import jobs
from survey_app.jobs import ledger, work
from survey_app.publishing.building import releases
from survey_app.store import revisions
from tests.pages.page_trees import NOTICE_PATH, PROCEDURE_PATH, UNIT_PATH

PROCEDURE_PAGE = "units/dengji/procedures/guohu/index.html"


def live(settings, path=PROCEDURE_PAGE):
    return (settings.live_site / path).read_text("utf-8")


def states(*approved):
    return [revisions.get(one.number).state for one in approved]


def test_an_approval_is_live_when_the_wait_ends(portal, approve, worker):
    one = approve(PROCEDURE_PATH, scope="买卖、赠与双方")
    jobs.publish_soon(portal)
    assert jobs.wait_published(portal, timeout_s=30) == "published"
    assert "买卖、赠与双方" in live(portal)
    assert states(one) == ["published"]


def test_approvals_arriving_together_become_one_build(portal, approve):
    approved = [
        approve(PROCEDURE_PATH, scope="买卖、赠与双方"),
        approve(UNIT_PATH, hours="周一至周六9:00–17:00"),
        approve(NOTICE_PATH, summary="周六办到18:00。"),
    ]
    for _one in approved:
        jobs.publish_soon(portal)
    working = jobs.start(portal)
    assert jobs.wait_published(portal, timeout_s=30) == "published"
    working.stop()
    assert states(*approved) == ["published"] * 3
    assert [run.outcome for run in jobs.state(portal).runs if run.kind == "publish"] == ["ok"]
    assert "周一至周六" in live(portal, "units/dengji/index.html")
    assert "18:00" in live(portal, "notices/2026-11-03-zhouliu/index.html")


def test_the_search_index_follows(portal, approve, worker):
    approve(PROCEDURE_PATH, title="二手房屋过户")
    jobs.publish_soon(portal)
    assert jobs.wait_published(portal, timeout_s=30) == "published"
    index = (portal.live_site / "pagefind").resolve().name
    for _look in range(600):
        if releases.live(portal).search_is_current:
            break
        time.sleep(0.05)
    assert releases.live(portal).search_is_current
    assert (portal.live_site / "pagefind").resolve().name != index
    assert (portal.live_site / "pagefind" / "pagefind-entry.json").is_file()


def test_a_failing_build_leaves_the_site_up_and_says_why(portal, approve):
    one, before = approve(PROCEDURE_PATH, scope="买卖、赠与双方"), live(portal)
    about = portal.pages / "about/index.md"
    good = about.read_text()
    about.write_text(good + "\n[没有这个标题](#nowhere)\n")
    run = work.publish(portal)
    assert live(portal) == before
    assert (run.kind, run.failed) == ("publish", True)
    assert "about/index.md" in run.reason
    assert jobs.state(portal).runs[-1] == run
    about.write_text(good)
    assert work.publish(portal).outcome == "ok"
    assert "买卖、赠与双方" in live(portal)
    assert states(one) == ["published"]


def test_one_bad_page_keeps_nobody_elses_from_going_live(portal, approve):
    one, old = approve(UNIT_PATH, hours="周一至周六9:00–17:00"), live(portal)
    file = portal.pages / PROCEDURE_PATH
    file.write_text(file.read_text().replace("promised_limit_days: 5", "promised_limit_days: 50"))
    run = work.publish(portal)
    assert run.outcome == "held"
    assert list(run.held) == [PROCEDURE_PATH]
    assert "承诺" in run.held[PROCEDURE_PATH]
    assert states(one) == ["published"]
    assert "周一至周六" in live(portal, "units/dengji/index.html")
    assert live(portal) == old


def test_the_approver_is_told_to_wait_when_nobody_works(portal, approve):
    one = approve(PROCEDURE_PATH, scope="买卖、赠与双方")
    jobs.publish_soon(portal)
    assert jobs.wait_published(portal, timeout_s=30) == "waiting"
    assert states(one) == ["approved"]


def test_what_a_kill_interrupted_is_finished_at_the_next_start(portal, approve):
    one = approve(PROCEDURE_PATH, scope="买卖、赠与双方")
    ledger.begin(portal, ledger.PUBLISH, datetime.now(UTC))  # killed here: the queue no longer holds the job
    asked = jobs.state(portal).begun
    working = jobs.start(portal)
    assert jobs.wait_published(portal, timeout_s=30, after=asked) == "published"
    working.stop()
    assert states(one) == ["published"]
    outcomes = [run.outcome for run in jobs.state(portal).runs if run.kind == "publish"]
    assert outcomes == ["interrupted", "ok"]


def test_a_second_process_stands_by_and_takes_over(portal, approve):
    first, second = jobs.start(portal), jobs.start(portal)
    first.stop()
    one = approve(PROCEDURE_PATH, scope="买卖、赠与双方")
    jobs.publish_soon(portal)
    time.sleep(1.5)
    assert jobs.wait_published(portal, timeout_s=30) == "published"
    second.stop()
    assert states(one) == ["published"]
