"""Many ratings from one place, and many wrong codes: kept and marked, slowed and bounded, nobody else locked out."""

import json
import re

import altcha
import pytest

from survey_app.domain import codes
from survey_app.store import ballots
from survey_app.web import limits
from tests.factories import make_codes
from tests.survey_app.citizen.sending import ANSWERS, FORM, nonce_of, send
from tests.survey_app.citizen.test_open_channel import OPEN_FORM, send_open

OFFICE, HOME, ELSEWHERE = "203.0.113.7", "198.51.100.20", "192.0.2.1"


def mistake():
    """A code with a right check sign that was never issued."""
    return codes.new_code()


def flags_of(rows):
    return [flags for *_, flags in rows]


class TestRatings:
    def test_above_the_hours_number_of_a_network_are_kept_and_marked(self, open_channel, tight, clock, keys, opened):
        office = tight(network=2)(OFFICE)
        for code in make_codes(keys, clock, round_code="2026-open")[:4]:
            assert send(office, code, form=OPEN_FORM).status_code == 303

        assert sorted(flags_of(opened("2026-open"))) == [(), (), ("surge",), ("surge",)]

    def test_of_one_office_are_one_network_and_leave_another_unmarked(self, open_channel, tight, clock, keys, opened):
        person = tight(network=1)
        mine, yours, theirs = make_codes(keys, clock, round_code="2026-open")[:3]
        send(person("203.0.113.7"), mine, form=OPEN_FORM)
        send(person("203.0.113.250"), yours, form=OPEN_FORM, **{"q-attitude": "1"})
        send(person(HOME), theirs, form=OPEN_FORM)

        assert [(answers, flags) for *_, answers, flags in opened("2026-open")] == [
            ("1,,", ("surge",)),
            ("5,2,0", ()),
            ("5,2,0", ()),
        ]

    def test_begin_anew_with_the_next_hour(self, open_channel, tight, clock, keys, opened):
        office = tight(network=1)(OFFICE)
        first, second = make_codes(keys, clock, round_code="2026-open")[:2]
        send(office, first, form=OPEN_FORM)
        clock.later(hours=1)
        send(office, second, form=OPEN_FORM)

        assert flags_of(opened("2026-open")) == [(), ()]

    def test_above_the_number_of_the_whole_site_are_marked_wherever_they_come_from(
        self, open_channel, tight, clock, keys, opened
    ):
        person = tight(site=2)
        for code, address in zip(
            make_codes(keys, clock, round_code="2026-open")[:3], (OFFICE, HOME, ELSEWHERE), strict=True
        ):
            send(person(address), code, form=OPEN_FORM)

        assert sorted(flags_of(opened("2026-open"))) == [(), (), ("surge",)]

    def test_of_a_method_that_declares_no_such_mark_are_kept_without_it(self, tight, clock, keys, code, opened):
        office = tight(network=0)(OFFICE)
        send(office, code)

        assert flags_of(opened("2026-h2")) == [(), ()]

    def test_are_taken_where_nothing_can_be_counted(self, tight, settings, code, caplog):
        settings.memory.write_text("a file where the folder should be")
        office = tight(network=1)(OFFICE)

        assert send(office, code).status_code == 303
        assert "ratings are taken without them" in caplog.text
        assert OFFICE not in caplog.text
        settings.memory.unlink()

    def test_leave_no_address_in_any_file_of_the_portal(self, open_channel, tight, keys, clock, settings, caplog):
        person = tight(network=1)
        addresses = ("203.0.113.7", "203.0.113.250", "2001:db8:1:2::1")
        for code, address in zip(make_codes(keys, clock, round_code="2026-open")[:3], addresses, strict=True):
            send(person(address), code, form=OPEN_FORM)
            person(address).post("/r", data={"code": mistake()})

        folders = (settings.var, settings.memory)
        held = b"".join(file.read_bytes() for folder in folders for file in folder.rglob("*") if file.is_file())
        assert len(held) > 10_000
        for address in (*addresses, "203.0.113", "2001:db8"):
            assert address.encode() not in held
            assert address not in caplog.text


class TestGuessing:
    def guess(self, person, times, first=200):
        return [person.post("/r", data={"code": mistake()}).status_code for _ in range(times)]

    def test_the_eleventh_wrong_code_of_a_network_in_ten_minutes_waits(self, tight, code):
        guesser = tight()(OFFICE)

        assert self.guess(guesser, 12) == [422] * 10 + [429] * 2

    def test_a_right_code_from_that_network_waits_too_and_loses_nothing_that_was_chosen(self, tight, clock, code):
        office = tight()(OFFICE)
        self.guess(office, 10)
        page = send(office, code)

        assert page.status_code == 429
        assert "10分钟" in page.text
        assert 'value="5" checked' in page.text
        assert ballots.count_ballots("2026-h2") == 1
        clock.later(minutes=10)
        assert send(office, code).status_code == 303

    def test_everybody_elsewhere_goes_on(self, tight, code):
        person = tight()
        self.guess(person(OFFICE), 12)

        assert send(person(HOME), code).status_code == 303

    def test_a_slip_of_the_pen_is_no_guess(self, tight, code):
        person = tight()(OFFICE)
        for _ in range(30):
            assert person.post("/r", data={"code": "23456-789AB"}).status_code == 422

        assert send(person, code).status_code == 303

    def test_right_codes_do_not_count_however_many_a_service_hall_sends(self, tight, keys, clock, open_round):
        hall = tight()(OFFICE)

        assert {send(hall, one).status_code for one in make_codes(keys, clock, count=15)} == {303}

    def test_a_flood_from_many_networks_lets_each_err_once_and_locks_out_nobody_who_has_not(
        self, tight, code, monkeypatch
    ):
        monkeypatch.setattr(limits, "WRONG_BY_SITE", 5)
        person = tight()
        flood = [person(f"203.0.{net}.1") for net in range(10)]
        first = [one.post("/r", data={"code": mistake()}).status_code for one in flood]
        second = [one.post("/r", data={"code": mistake()}).status_code for one in flood]

        assert first == [422] * 10
        assert second == [429] * 10
        assert send(person(HOME), code).status_code == 303

    @pytest.mark.parametrize(
        ("address", "field"), [("/receipt", "receipt"), ("/receipt/change", "receipt"), ("/receipt/words", "receipt")]
    )
    def test_receipts_are_guarded_by_the_same_count(self, tight, code, address, field):
        guesser = tight()(OFFICE)
        wrong = [guesser.post(address, data={field: "22222222222222222"}).status_code for _ in range(11)]

        assert wrong[-1] == 429
        assert 429 not in wrong[:10]

    def test_wrong_codes_on_the_form_itself_count_as_well(self, tight, code):
        guesser = tight()(OFFICE)
        seen = [send(guesser, mistake()).status_code for _ in range(11)]

        assert seen == [422] * 10 + [429]

    @pytest.mark.parametrize(
        ("address", "known_as"),
        [
            ("203.0.113.7", "203.0.113.0/24"),
            ("::ffff:203.0.113.7", "203.0.113.0/24"),
            ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
            ("127.0.0.1", ""),
            ("::1", ""),
            ("::ffff:127.0.0.1", ""),
            ("unix:", ""),
        ],
    )
    def test_a_network_is_told_from_an_address(self, app, address, known_as):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            assert limits.network() == known_as

    def test_ipv6_is_counted_by_the_network_of_a_household(self, tight, code):
        person = tight()
        self.guess(person("2001:db8:1:2::1"), 10)

        assert self.guess(person("2001:db8:1:2:ffff::9"), 1) == [429]
        assert self.guess(person("2001:db8:1:3::1"), 1) == [422]


class TestThePuzzle:
    """While the site is full, whoever has no code lets the device compute first."""

    @pytest.fixture
    def full(self, open_channel, tight, clock):
        """A site that has reached its hour's number; another person is on it."""
        person = tight(site=1)
        assert send_open(person(OFFICE), clock).status_code == 303
        return person(HOME)

    def solve(self, page):
        challenge = altcha.Challenge.from_dict(json.loads(challenge_of(page)))
        return altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()

    def test_is_not_there_on_an_ordinary_day(self, open_channel, app):
        page = app.test_client().get(OPEN_FORM).text

        assert "puzzle" not in page
        assert "<script" not in page

    def test_is_asked_of_those_without_a_code_and_keeps_what_they_chose(self, full, clock):
        page = send_open(full, clock)

        assert page.status_code == 429
        assert 'value="5" checked' in page.text
        assert challenge_of(page)
        assert ballots.count_ballots("2026-open") == 1

    def test_solved_lets_the_ballot_in_with_its_mark(self, full, clock, opened):
        page = full.get(OPEN_FORM)
        sent = send_open(full, clock, nonce=nonce_of(page), puzzle=self.solve(page))

        assert sent.status_code == 303
        assert flags_of(opened("2026-open")) == [(), ("surge",)]

    def test_solved_once_opens_once(self, full, clock):
        page = full.get(OPEN_FORM)
        solution = self.solve(page)
        send_open(full, clock, puzzle=solution)

        assert send_open(full, clock, puzzle=solution).status_code == 429
        assert ballots.count_ballots("2026-open") == 2

    @pytest.mark.parametrize("payload", ["", "x", "e30=", "bnVsbA==", "eyJjaGFsbGVuZ2UiOnt9fQ==", "ä"])
    def test_answered_with_nonsense_is_asked_again(self, full, clock, payload):
        assert send_open(full, clock, puzzle=payload).status_code == 429

    def test_is_never_asked_of_somebody_with_a_code(self, full, clock, keys):
        code = make_codes(keys, clock, round_code="2026-open")[0]

        assert send(full, code, form=OPEN_FORM).status_code == 303


def challenge_of(page):
    import html

    return html.unescape(re.search(r'data-challenge="([^"]+)"', page.text)[1])


def test_the_form_of_a_round_without_an_open_channel_is_never_slowed_by_a_full_site(tight, code):
    person = tight(site=0)(OFFICE)

    assert "puzzle" not in person.get(FORM).text
    assert send(person, code, **ANSWERS).status_code == 303
