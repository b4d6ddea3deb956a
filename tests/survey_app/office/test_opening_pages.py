"""Two persons take and prove the key, the method is public first, and after the opening nothing changes."""

import io
import re

import pytest
from nacl.public import PrivateKey
from peewee import IntegrityError

from survey_app.domain.rounds import DRAFT, OPEN
from survey_app.office import opening
from survey_app.store import audit, ballots, database, roundkeys, rounds
from survey_app.store.models import EvaluationRound, RoundKey, RoundUnit
from tests.factories import METHOD_WITH_OPEN, cast, make_codes, make_round

PAGE = "/office/rounds/2026-z"


@pytest.fixture
def draft(store, settings, clock):
    """A draft that begins next month, and a noise round beside it."""
    make_round(settings, "2026-h1", opens_on="2026-04-08", closes_on="2026-06-30", clock=clock)
    return make_round(settings, "2026-z", opens_on="2026-12-01", closes_on="2026-12-31", clock=clock, opened=False)


@pytest.fixture
def officer(draft, signed_in):
    return signed_in("round_officer")


@pytest.fixture
def auditor(draft, signed_in):
    return signed_in("auditor")


def make_key(officer):
    """The hand-over code as the officer's page shows it."""
    page = officer.post(f"{PAGE}/copies", data={"confirmed": "y"})
    assert page.status_code == 200
    return re.search(r"p-bigcode\">([0-9A-Z-]{23})<", page.text)[1]


def take(client, code):
    answer = client.post(f"{PAGE}/copies/take", data={"handover": code})
    return answer.data if answer.status_code == 200 else answer


def prove(client, content, name="2026-z.key"):
    return client.post(f"{PAGE}/copies/proof", data={"file": (io.BytesIO(content), name)})


def put_on_site(settings):
    """What the job does: the page's method file stands on the live site."""
    live = settings.live_site / "results" / "2026-z"
    live.mkdir(parents=True)
    (live / "method.toml").write_bytes((settings.pages / "results" / "2026-z" / "method.toml").read_bytes())


def refused(answer, words):
    [said] = re.findall(r'role="alert" id="problem"[^>]*><p>(.*?)</p>', answer.text, re.DOTALL)
    return words in said


@pytest.fixture
def ready(officer, auditor, settings, keys, clock):
    """Codes issued, both copies proved, the method public."""
    make_codes(keys, clock, round_code="2026-z", count=12)
    copy = take(officer, make_key(officer))
    prove(officer, copy)
    prove(auditor, copy)
    officer.post(f"{PAGE}/announce")
    put_on_site(settings)
    return copy


def test_two_persons_take_a_copy_each_and_after_the_second_proof_the_server_has_none(officer, auditor, settings):
    code = make_key(officer)
    copy = take(officer, code.lower().replace("-", " "))
    assert take(auditor, code) == copy
    key = bytes.fromhex(copy.decode().split()[2])
    assert prove(officer, copy).status_code == 303
    assert prove(auditor, copy).status_code == 303

    state = roundkeys.require_key("2026-z")
    assert (state.office_by, state.auditor_by, state.sealed) == ("round-officer", "auditor", None)
    assert bytes(PrivateKey(key).public_key) == state.public_key
    places = [f for f in [*settings.var.rglob("*"), *settings.keys.rglob("*")] if f.is_file()]
    assert len(places) > 5
    clear = [f for f in places for word in (key, key.hex().encode(), code.encode()) if word in f.read_bytes()]
    assert clear == []
    gone = take(auditor, code)
    assert (gone.status_code, refused(gone, "服务器上已经没有")) == (409, True)
    actions = [(e.actor, e.action) for e in audit.list_events(audit.Wanted(action="round"))]
    assert actions == [
        ("auditor", "round.key_proved"),
        ("round-officer", "round.key_proved"),
        ("auditor", "round.key_copy"),
        ("round-officer", "round.key_copy"),
        ("round-officer", "round.key"),
    ]


def test_a_copy_of_the_key_comes_as_a_file_that_no_browser_keeps(officer):
    answer = officer.post(f"{PAGE}/copies/take", data={"handover": make_key(officer)})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="2026-z.key"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_before_the_second_proof_the_database_holds_the_key_under_the_code_alone(officer, settings):
    code = make_key(officer)
    key = bytes.fromhex(take(officer, code).decode().split()[2])

    database.checkpoint()
    raw = b"".join(f.read_bytes() for f in settings.var.rglob("*") if f.is_file())
    assert RoundKey.get().sealed
    assert [
        word for word in (key, key.hex().encode(), code.encode(), code.replace("-", "").encode()) if word in raw
    ] == []


def test_one_person_cannot_keep_both_copies(officer, signed_in, clock):
    both = signed_in("round_officer", username="both")
    copy = take(both, make_key(both))
    prove(both, copy)
    before = roundkeys.require_key("2026-z")
    with pytest.raises(roundkeys.SamePerson):
        roundkeys.prove("2026-z", roundkeys.AUDITOR, public_key=before.public_key, actor="both", now=clock())
    assert roundkeys.require_key("2026-z") == before


def test_a_wrong_code_a_wrong_file_and_a_key_made_anew_prove_nothing(officer, auditor):
    code = make_key(officer)
    old = take(officer, code)
    wrong = take(auditor, code[:-1] + ("2" if code[-1] != "2" else "3"))
    assert (wrong.status_code, refused(wrong, "交接码不对")) == (422, True)
    for content in (b"", b"x" * 9000, old[:-9], old.replace(b"2026-z", b"2026-y"), "钥匙".encode()):
        answer = prove(auditor, content)
        assert (answer.status_code, refused(answer, "不是这一轮的")) == (422, True)
    assert refused(auditor.post(f"{PAGE}/copies/proof", data={}), "请先选")

    prove(officer, old)
    make_key(officer)
    assert prove(officer, old).status_code == 422
    assert roundkeys.require_key("2026-z").office_by == ""
    assert officer.post(f"{PAGE}/copies", data={}).status_code == 422  # not ticked


def test_a_round_opens_only_with_codes_two_keys_and_its_method_on_the_site(officer, auditor, settings, keys, clock):
    def attempt():
        return officer.post(f"{PAGE}/open", data={"confirmed": "y"})

    assert refused(attempt(), "还没有发过评议码")
    make_codes(keys, clock, round_code="2026-z")
    assert refused(attempt(), "两份私钥还没有都验证过")
    copy = take(officer, make_key(officer))
    prove(officer, copy)
    prove(auditor, copy)
    assert refused(attempt(), "网站上还看不到")
    officer.post(f"{PAGE}/announce")
    assert refused(attempt(), "网站上还看不到")
    page = (settings.pages / "results" / "2026-z" / "index.md").read_text("utf-8")
    assert "status: announced" in page
    assert "将要开始" in page
    assert rounds.get_round("2026-z").method_sha256 in page
    put_on_site(settings)
    assert refused(officer.post(f"{PAGE}/open", data={}), "我确认")
    assert rounds.get_round("2026-z").status == "draft"

    assert attempt().status_code == 303
    assert rounds.get_round("2026-z").status == OPEN
    assert "status: open" in (settings.pages / "results" / "2026-z" / "index.md").read_text("utf-8")
    again = attempt()
    assert (again.status_code, refused(again, "现在是“正在评议”")) == (409, True)


def test_a_round_with_an_open_channel_says_that_it_needs_codes_all_the_same_and_is_not_started_without(
    store, signed_in, settings, clock
):
    for code, method in (("2026-x", {"method": METHOD_WITH_OPEN}), ("2026-y", {})):
        make_round(settings, code, opens_on="2026-12-01", closes_on="2026-12-31", clock=clock, opened=False, **method)
    officer = signed_in("round_officer")

    assert "这一轮有公开渠道，也要先发码" in officer.get("/office/rounds/2026-x").text
    assert "这一轮有公开渠道，也要先发码" not in officer.get("/office/rounds/2026-y").text
    refused = officer.post("/office/rounds/2026-x/open", data={"confirmed": "y"})
    assert refused.status_code == 409
    assert "还没有发过评议码" in refused.text
    assert rounds.get_round("2026-x").status == DRAFT


def test_whoever_starts_on_the_first_day_is_told_that_ballots_are_taken_now(ready, officer, clock):
    EvaluationRound.update(opens_on=clock.today).where(EvaluationRound.code == "2026-z").execute()
    officer.post(f"{PAGE}/open", data={"confirmed": "y"})

    assert "已经开始，现在就收票。" in officer.get(PAGE).text


def test_the_key_that_was_proved_opens_what_is_then_cast(ready, officer, keys, clock):
    officer.post(f"{PAGE}/open", data={"confirmed": "y"})
    clock.later(days=30)
    cast(keys, clock, make_codes(keys, clock, round_code="2026-z")[0], round_code="2026-z")

    [ballot] = ballots.sealed_ballots("2026-z")
    key = PrivateKey(bytes.fromhex(ready.decode().split()[2]))
    assert opening.ballot_box.open_ballot(key, ballot.sealed).answers == "5,5,5"


def test_units_without_codes_are_named_until_any_unit_can_be_rated(officer, keys, clock):
    make_codes(keys, clock, round_code="2026-z", unit_slug="tax")
    assert "还有2个单位没有码：无关单位、供水服务厅" in officer.get(PAGE).text
    make_codes(keys, clock, round_code="2026-z")
    assert "没有码" not in officer.get(PAGE).text


@pytest.mark.parametrize(
    "changes",
    [
        {"method_toml": b"format = 1"},
        {"method_sha256": "0" * 64},
        {"opens_on": "2026-01-01"},
        {"closes_on": "2026-11-01"},
        {"public_key": b"k" * 32},
        {"name": "别的名称"},
        {"status": "draft"},
    ],
)
def test_the_database_itself_refuses_to_change_an_opened_round(open_round, changes):
    with pytest.raises(IntegrityError, match="does not change"), database.write():
        EvaluationRound.update(**changes).where(EvaluationRound.code == "2026-h2").execute()
    assert rounds.get_round("2026-h2") == open_round
    with database.write():
        EvaluationRound.update(name="草稿可以改").where(EvaluationRound.code == "2027-h1").execute()
    assert rounds.get_round("2027-h1").name == "草稿可以改"


def test_the_database_refuses_to_add_take_or_rename_units_of_an_opened_round(open_round):
    row = RoundUnit.get(RoundUnit.round == open_round.row, RoundUnit.slug == "tax")
    more = {"round": open_round.row, "slug": "new", "zh": "新单位", "class_code": "window"}
    attempts = (
        RoundUnit.update(zh="改名").where(RoundUnit.id == row.id),
        RoundUnit.delete().where(RoundUnit.id == row.id),
        RoundUnit.insert(**more),
    )
    for attempt in attempts:
        with pytest.raises(IntegrityError, match="does not change"), database.write():
            attempt.execute()
    assert rounds.get_round("2026-h2").units == open_round.units


def test_a_draft_taken_back_leaves_no_page_and_a_foreign_page_is_not_touched(officer, settings):
    page = settings.pages / "results" / "2026-z" / "index.md"
    officer.post(f"{PAGE}/announce")
    officer.post(f"{PAGE}/back")
    assert not page.exists()

    page.parent.mkdir()
    page.write_text("---\nkind: round\nstatus: published\n---\n", "utf-8")
    number = re.search(r"plans/(\d+)", officer.get("/office/rounds").text)[1]
    officer.post(f"/office/plans/{number}", data={"version": 1})
    answer = officer.post(f"{PAGE}/announce")
    assert (answer.status_code, refused(answer, "已经有代号2026-z的另一轮")) == (409, True)
    officer.post(f"{PAGE}/discard", data={"confirmed": "y"})
    assert page.exists()


@pytest.mark.parametrize("step", ["copies", "announce", "open", "back", "discard"])
def test_only_the_round_officer_moves_a_draft(draft, signed_in, step):
    for role in ("auditor", "reviewer", "issuer", "administrator"):
        assert signed_in(role).post(f"{PAGE}/{step}", data={"confirmed": "y"}).status_code == 403
    assert rounds.get_round("2026-z") == draft
    assert roundkeys.key_state("2026-z") is None
    tried = [(event.actor, event.subject) for event in audit.list_events(audit.Wanted(action="door.refused"))]
    assert tried == [
        (who, f"/office/rounds/<round_code>/{step}") for who in ("administrator", "issuer", "reviewer", "auditor")
    ]
