"""The sealed inbox as the discipline officer sees it, and as nobody else does."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from survey_app import pingyi_sealed
from survey_app.casework import sealing
from survey_app.domain import receipts, sealed
from survey_app.domain.roles import ROLES
from survey_app.pingyi_sealed import open_report
from survey_app.store import audit
from survey_app.store import sealed as store
from tests.sealing import WORDS, a_report, install_key


@pytest.fixture
def officer_key(settings, store):
    return install_key(settings)


@pytest.fixture
def inbox(app, officer_key, settings, clock):
    """Two reports of one week, the second the noise."""
    for report in (a_report(), a_report("b" * 32, words="另一件事")):
        sealing.hand_in(report, settings=settings, today=clock.today)
    return [row.label for row in store.list_waiting()]


def label_of(report):
    return sealed.report_key(report.code).hex()[:16]


class TestTheList:
    def test_shows_week_size_and_fingerprint_and_nothing_of_what_was_written(self, inbox, signed_in):
        page = signed_in("discipline_officer").get("/office/sealed").text

        assert "等着取的：2份" in page
        assert all(label in page for label in inbox)
        assert page.count("2026年11月2日那一周") == 2
        assert WORDS not in page
        assert "旧钥匙" not in page

    @pytest.mark.parametrize("role", sorted(ROLES.keys() - {"discipline_officer"}))
    def test_is_closed_to_every_other_role(self, inbox, signed_in, role):
        browser = signed_in(role)
        pages = [browser.get("/office/sealed")]
        pages += [browser.post("/office/sealed/download", data={"name": inbox[0]})]
        pages += [browser.post("/office/sealed/received", data={"code": a_report().code})]

        assert [page.status_code for page in pages] == [403] * 3
        assert len(store.list_waiting()) == 2

    def test_says_so_where_no_key_is_installed(self, app, signed_in):
        assert "还没有装公钥" in signed_in("discipline_officer").get("/office/sealed").text

    def test_marks_reports_sealed_to_a_key_that_has_been_replaced(self, inbox, settings, signed_in):
        install_key(settings)

        assert signed_in("discipline_officer").get("/office/sealed").text.count("旧钥匙") == 2

    def test_is_where_the_officer_begins(self, inbox, signed_in):
        assert 'href="/office/sealed" aria-current="page"' in signed_in("discipline_officer").get("/office/sealed").text


class TestTheProgram:
    def test_is_offered_with_its_digest_and_comes_as_it_lies_here(self, inbox, signed_in):
        officer = signed_in("discipline_officer")
        page, answer = (officer.get(f"/office/sealed{end}") for end in ("", "/program"))

        assert 'href="/office/sealed/program"' in page.text
        assert sha256(answer.data).hexdigest() in page.text
        assert answer.data == Path(pingyi_sealed.__file__).read_bytes()
        assert "pingyi_sealed.py" in answer.headers["Content-Disposition"]

    @pytest.mark.parametrize("role", sorted(ROLES.keys() - {"discipline_officer"}))
    def test_is_for_the_officer_alone(self, app, signed_in, role):
        assert signed_in(role).get("/office/sealed/program").status_code == 403


class TestADownload:
    def test_is_the_sealed_file_which_the_key_opens_and_which_stays(self, inbox, officer_key, signed_in):
        answer = signed_in("discipline_officer").post("/office/sealed/download", data={"name": label_of(a_report())})

        assert answer.headers["Content-Disposition"] == f'attachment; filename="{label_of(a_report())}.sealed"'
        assert answer.headers["Cache-Control"] == "no-store"
        assert WORDS.encode() not in answer.data
        assert open_report(officer_key, answer.data, file="a") == a_report()
        assert len(store.list_waiting()) == 2

    def test_is_recorded_with_who_and_which_and_no_more(self, inbox, signed_in):
        officer = signed_in("discipline_officer")
        officer.post("/office/sealed/download", data={"name": inbox[0]})
        [event] = audit.list_events(audit.Wanted(action="sealed"))

        assert (event.actor, event.action, event.subject, event.detail) == (
            officer.person,
            "sealed.download",
            inbox[0],
            {},
        )

    @pytest.mark.parametrize("name", ["", "0" * 16, "../../admit.key", "%", "_" * 16, "' OR 1=1 --"])
    def test_of_a_name_that_is_none_is_a_404_in_words(self, inbox, signed_in, name):
        page = signed_in("discipline_officer").post("/office/sealed/download", data={"name": name})

        assert page.status_code == 404
        assert "信箱里没有这个编号" in page.text
        assert audit.list_events(audit.Wanted(action="sealed")) == []


class TestConfirming:
    def test_with_the_code_that_stands_inside_deletes_that_report_alone(self, inbox, signed_in):
        officer = signed_in("discipline_officer")
        page = officer.post("/office/sealed/received", data={"code": receipts.spoken(a_report().code).lower()})

        assert page.status_code == 303
        assert "已经确认收到" in officer.get("/office/sealed").text
        assert [row.label for row in store.list_waiting()] == [label_of(a_report("b" * 32))]
        assert [event.subject for event in audit.list_events(audit.Wanted(action="sealed.received"))] == [
            label_of(a_report())
        ]

    def test_without_having_read_it_deletes_nothing(self, inbox, signed_in):
        officer = signed_in("discipline_officer")
        unknown = sealed.make_code(b"k" * 32, "guessed")
        said = [
            officer.post("/office/sealed/received", data={"code": one}).status_code for one in (inbox[0], "", unknown)
        ]

        assert said == [422, 422, 404]
        assert len(store.list_waiting()) == 2

    def test_twice_says_that_it_is_gone(self, inbox, signed_in):
        officer = signed_in("discipline_officer")
        first, again = (officer.post("/office/sealed/received", data={"code": a_report().code}) for _ in range(2))

        assert (first.status_code, again.status_code) == (303, 404)
        assert re.search("已经读过并取走", again.text)
