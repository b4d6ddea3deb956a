"""The boxes' digests on the site: once a week while open, once when shut, and compared by whoever verifies."""

from datetime import date
from hashlib import sha256

import pytest
from click.testing import CliRunner

from survey_app.cli.main import main
from survey_app.domain.errors import BadInput
from survey_app.jobs import work
from survey_app.office import rounds as office
from survey_app.publishing.boxheads import FILE, OPEN, SHUT, BoxHead, publish_boxes, published_boxes
from survey_app.store import audit, ballots
from survey_app.store import rounds as round_store
from survey_app.store.models import Ballot
from tests.factories import cast, make_codes

ONE, TWO = b"\x01" * 32, b"\x02" * 32


def head(day, state=OPEN, count=3, digest=ONE):
    return BoxHead(date.fromisoformat(day), "2026-h2", state, count, digest)


def test_an_open_box_has_a_line_a_week_and_a_shut_one_a_line(tmp_path):
    assert publish_boxes(tmp_path, [head("2026-11-03")])
    assert not publish_boxes(tmp_path, [head("2026-11-05", count=4, digest=TWO)])
    assert publish_boxes(tmp_path, [head("2026-11-09", count=4, digest=TWO)])
    assert publish_boxes(tmp_path, [head("2026-11-10", SHUT, 5, ONE)])
    assert not publish_boxes(tmp_path, [head("2026-12-24", SHUT, 6, TWO)])
    assert (tmp_path / FILE).read_text().splitlines() == [
        "day,round,state,ballots,sha256",
        f"2026-11-03,2026-h2,open,3,{'01' * 32}",
        f"2026-11-09,2026-h2,open,4,{'02' * 32}",
        f"2026-11-10,2026-h2,shut,5,{'01' * 32}",
    ]


@pytest.mark.parametrize("line", ["yesterday,2026-h2,open,3,00", "2026-11-03,2026-h2,open,three,00", "a,b"])
def test_a_line_nobody_can_read_is_refused_and_the_file_left_alone(tmp_path, line):
    publish_boxes(tmp_path, [head("2026-11-03")])
    file = tmp_path / FILE
    file.write_text(file.read_text() + line + "\n")
    before = file.read_bytes()
    with pytest.raises(BadInput, match="第3行"):
        publish_boxes(tmp_path, [head("2026-11-09")])
    assert file.read_bytes() == before


def test_the_digest_is_over_the_keys_of_the_ballots_in_order(open_round, keys, clock):
    for code in make_codes(keys, clock)[:3]:
        cast(keys, clock, code)
    stored = sorted(bytes(row.ballot_key) for row in Ballot.select())
    assert ballots.box_head("2026-h2") == (3, sha256(b"ballot-box-v1" + b"".join(stored)).digest())


def test_a_ballot_changed_with_its_receipt_changes_no_digest_and_a_new_one_does(open_round, keys, clock):
    codes = make_codes(keys, clock)
    receipt = cast(keys, clock, codes[0])
    before = ballots.box_head("2026-h2")
    ballots.replace_ballot(
        round_=open_round, receipt=receipt, unit_slug="tax", answers={"attitude": 1}, today=clock.today
    )
    assert ballots.box_head("2026-h2") == before
    cast(keys, clock, codes[1])
    assert ballots.box_head("2026-h2")[0] == 2


def test_the_night_publishes_it_and_a_ballot_put_in_after_the_box_was_shut_is_found(
    open_round, settings, keys, clock, monkeypatch
):
    monkeypatch.setattr(work, "build_site", lambda _settings: type("Report", (), {"pages": 0, "remarks": []}))
    codes = make_codes(keys, clock)
    cast(keys, clock, codes[0])
    round_store.mark_closed("2026-h2", amendments=[], now=clock())
    work.build_nightly(settings)
    lines = [line for line in published_boxes(settings.pages) if line.round_code == "2026-h2"]
    assert [(line.state, line.ballots) for line in lines] == [(SHUT, 1)]
    assert verify(settings).exit_code == 0
    row = Ballot.get()
    Ballot.insert(**{**row.__data__, "ballot_key": b"\x07" * 32}).execute()
    found = verify(settings)
    assert found.exit_code == 1
    assert "多了、少了或换了票" in found.output
    assert "2026年11月2日那一周，箱里2张，记着1张" in found.output
    [told] = [remark for remark in work.build_nightly(settings).remarks if "绕过本网站" in remark]
    assert "箱里2张，记着1张" in told


def test_a_ballot_put_in_between_the_shutting_and_the_night_is_found(open_round, settings, keys, clock):
    for code in make_codes(keys, clock)[:2]:
        cast(keys, clock, code)
    office.shut_round("2026-h2", reason="试", settings=settings, now=clock())
    [event] = audit.list_events(audit.Wanted(action=audit.BOX_SHUT))
    assert (event.detail["ballots"], event.detail["sha256"]) == (2, ballots.box_head("2026-h2")[1].hex())
    assert verify(settings).exit_code == 0
    Ballot.insert(**{**Ballot.get().__data__, "ballot_key": b"\x07" * 32}).execute()
    found = verify(settings)
    assert found.exit_code == 1
    assert "关箱时记下的不一样" in found.output


def verify(settings):
    env = {"PINGYI_VAR": str(settings.var), "PINGYI_PAGES": "", "PINGYI_KEYS": str(settings.keys)}
    return CliRunner().invoke(main, ["audit", "verify"], env=env)
