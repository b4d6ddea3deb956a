"""Batches made elsewhere, voided and replaced: what the ledger says and what a holder of a code hears."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from peewee import SqliteDatabase
from playhouse.migrations import Runner

from survey_app.domain import batches as rules
from survey_app.domain import codes as code_words
from survey_app.domain.batches import Scope
from survey_app.domain.reasons import ReasonMissing
from survey_app.domain.rounds import UnitNotRated
from survey_app.store import audit, ballots, batches, codes, models
from survey_app.store import rounds as round_store
from survey_app.store.database import close_database, open_database
from survey_app.store.models import Code, CodeBatch
from tests.factories import cast, make_codes


@pytest.fixture
def office(clock):
    return {"actor": "fama", "now": clock(), "today": clock.today}


@pytest.fixture
def issuer(open_round, keys):
    """Somebody with the issuer's file of the round and nothing else."""
    key = code_words.issue_key(keys.admit, round_code="2026-h2")
    return rules.Kit(batches.terms_of(open_round), key)


def made_by(issuer, count=10, **scope):
    made = rules.make_batch(issuer.terms, Scope(**{"group": "citizen", "channel": "window", **scope}), count)
    return made, rules.tagged(made, round_code="2026-h2", issue_key=issuer.issue_key)


def test_codes_made_with_the_issuers_file_admit_once_their_tags_are_in_and_not_before(issuer, keys, clock, office):
    made, tagged = made_by(issuer, unit_slug="tax")
    with pytest.raises(codes.CodeUnknown):
        cast(keys, clock, made.codes[0])

    batches.store_batch(tagged, **office)
    cast(keys, clock, made.codes[0])

    [row] = batches.ledger("2026-h2")
    assert (row.label, row.unit_slug, row.channel, row.issued, row.used, row.void) == (
        made.label, "tax", "window", 10, 1, 0,
    )  # fmt: skip
    assert (row.unused, row.valid) == (9, 10)


def test_the_same_batch_twice_is_refused_and_stands_once(issuer, keys, office):
    _made, tagged = made_by(issuer)
    batches.store_batch(tagged, **office)
    with pytest.raises(batches.BatchExists, match=tagged.label):
        batches.store_batch(tagged, **office)
    assert (CodeBatch.select().count(), Code.select().count()) == (1, 10)


def test_a_batch_that_shares_one_code_with_another_is_refused_as_a_whole(issuer, office):
    _made, tagged = made_by(issuer, count=500)
    batches.store_batch(tagged, **office)
    _other, fresh = made_by(issuer, count=900)
    mixed = rules.TaggedBatch("2026-h2", "9999", fresh.scope, (*fresh.tags[:850], tagged.tags[-1]))
    with pytest.raises(batches.TagsExist, match="1个评议码"):
        batches.store_batch(mixed, **office)
    assert (CodeBatch.select().count(), Code.select().count()) == (1, 500)


@pytest.mark.parametrize(
    ("scope", "count", "refusal"),
    [
        ({}, 9, rules.BatchTooSmall),
        ({"group": "nobody"}, 10, rules.GroupUnknown),
        ({"channel": "open"}, 10, rules.ChannelUnknown),
        ({"unit_slug": "library"}, 10, UnitNotRated),
        ({"group": "enterprise", "unit_slug": "water"}, 41, batches.PanelTooSmall),
    ],
)
def test_tags_of_a_batch_the_round_would_not_issue_are_refused_on_the_server_too(issuer, office, scope, count, refusal):
    tags = tuple(sorted(bytes([i % 256, i // 256]) * 16 for i in range(count)))
    scope = Scope(**{"group": "citizen", "channel": "window", **scope})
    with pytest.raises(refusal):
        batches.store_batch(rules.TaggedBatch("2026-h2", "7KQ4", scope, tags), **office)
    assert (CodeBatch.select().count(), Code.select().count()) == (0, 0)


def test_a_voided_batch_admits_nobody_says_why_and_leaves_the_ballots_it_admitted(open_round, keys, clock, office):
    noise = make_codes(keys, clock)
    mine = make_codes(keys, clock, count=12)
    receipt = cast(keys, clock, mine[0], nonce="n" * 32)
    label = batches.ledger("2026-h2")[1].label

    batches.void_batch("2026-h2", label, reason=" 印错\n一批 ", **office)

    for code in mine[:2]:
        with pytest.raises(codes.CodeVoid, match=r"已经作废（印错 一批）.*换一张新卡"):
            cast(keys, clock, code)
    with pytest.raises(codes.CodeVoid):
        codes.find_admission(code=mine[1], keys=keys, today=clock.today)
    ballots.replace_ballot(
        round_=open_round, unit_slug="tax", receipt=receipt, answers={"attitude": 1}, today=clock.today
    )
    cast(keys, clock, noise[0])
    assert ballots.count_ballots("2026-h2") == 2
    row = batches.batch_of("2026-h2", label)
    assert (row.issued, row.used, row.void, row.unused, row.valid) == (12, 1, 11, 0, 1)
    assert (row.voided_on, row.void_reason) == (date(2026, 11, 3), "印错 一批")


def test_voiding_needs_a_reason_a_batch_that_is_there_and_happens_once(open_round, keys, clock, office):
    make_codes(keys, clock)
    [row] = batches.ledger("2026-h2")
    with pytest.raises(ReasonMissing):
        batches.void_batch("2026-h2", row.label, reason="  ", **office)
    with pytest.raises(batches.BatchUnknown, match="第0000批"):
        batches.void_batch("2026-h2", "0000", reason="遗失", **office)
    batches.void_batch("2026-h2", row.label, reason="遗失", **office)
    with pytest.raises(batches.BatchVoid):
        batches.void_batch("2026-h2", row.label, reason="遗失", **office)
    round_store.mark_closed("2026-h2", amendments=[], now=clock())
    with pytest.raises(batches.RoundTakesNoCodes):
        batches.void_batch("2026-h2", row.label, reason="遗失", **office)


def test_a_code_looked_up_before_its_batch_was_voided_is_refused_when_it_is_spent(open_round, keys, clock, office):
    code, *_ = make_codes(keys, clock)
    admission = codes.require_admission(round_code="2026-h2", code=code, keys=keys)
    batches.void_batch("2026-h2", batches.ledger("2026-h2")[0].label, reason="外泄", **office)
    with pytest.raises(codes.CodeVoid), batches.write():
        codes.spend(admission=admission, code=code, unit_slug="tax", keys=keys)
    row = batches.ledger("2026-h2")[0]
    assert (row.used, row.void) == (0, 10)


def test_a_replacement_voids_the_old_batch_in_the_same_step_or_not_at_all(issuer, keys, clock, office):
    _made, old = made_by(issuer, count=40, group="enterprise", unit_slug="water")  # the whole panel
    batches.store_batch(old, **office)
    _more, new = made_by(issuer, count=41, group="enterprise", unit_slug="water")
    with pytest.raises(batches.PanelTooSmall):
        batches.replace_batch(new, replaces=old.label, reason="印错", **office)
    assert [row.voided_on for row in batches.ledger("2026-h2")] == [None]

    _again, new = made_by(issuer, count=40, group="enterprise", unit_slug="water")
    batches.replace_batch(new, replaces=old.label, reason="印错", **office)
    rows = [(row.label, row.void, row.unused, row.replaces) for row in batches.ledger("2026-h2")]
    assert rows == [(old.label, 40, 0, ""), (new.label, 0, 40, old.label)]
    assert batches.issued_by_unit("2026-h2") == {"water": {"enterprise": 40}}


def test_void_codes_are_not_counted_as_issued_so_nobody_is_called_unrated_for_a_misprint(
    open_round, keys, clock, office
):
    used = make_codes(keys, clock, count=30, unit_slug="tax")
    for code in used[:4]:
        cast(keys, clock, code)
    make_codes(keys, clock, count=25)  # for any unit: would hide the number of codes per unit
    first, roaming = batches.ledger("2026-h2")
    batches.void_batch("2026-h2", first.label, reason="印错", **office)
    batches.void_batch("2026-h2", roaming.label, reason="印错", **office)
    make_codes(keys, clock, count=26, unit_slug="tax")
    assert batches.issued_by_unit("2026-h2") == {"tax": {"citizen": 4 + 26}}


def test_issuing_voiding_and_handing_out_the_key_stand_in_the_audit_list_without_a_code(issuer, keys, office, clock):
    made, tagged = made_by(issuer)
    batches.store_batch(tagged, **office)
    batches.void_batch("2026-h2", made.label, reason="遗失", **office)
    batches.hand_out_key("2026-h2", "", issuer.issue_key, actor="root", now=clock())
    events = audit.list_events()
    assert [(e.actor, e.action) for e in events] == [
        ("root", "codes.key"),
        ("fama", "codes.void"),
        ("fama", "codes.issue"),
    ]
    assert events[1].detail == {"batch": made.label, "void": 10, "reason": "遗失"}
    assert events[2].detail["count"] == 10
    told = repr(events)
    assert not [code for code in made.codes if code in told]
    assert issuer.issue_key.hex() not in told
    assert audit.verify() == []


def test_batches_from_before_labels_get_one_of_their_own_and_keep_their_numbers(tmp_path):
    """The first three migrations, two batches, then the rest."""
    files = sorted((Path(models.__file__).parents[1] / "migrations").glob("0*.py"))
    old = tmp_path / "old"
    old.mkdir()
    for file in files[:3]:
        shutil.copy(file, old)
    before = SqliteDatabase(tmp_path / "p.sqlite3")
    Runner(before, str(old)).up()
    before.execute_sql(
        "INSERT INTO evaluation_round (id, code, name, instrument, status, opens_on, closes_on, method_toml,"
        " method_sha256, amendments)"
        " VALUES (1, '2026-h2', 'x', 'campaign', 'draft', '2026-10-09', '2026-11-30', x'', '', '[]')"
    )
    for number in (1, 2):
        before.execute_sql(
            'INSERT INTO code_batch (id, round, "group", channel, issued, used, issued_on)'
            " VALUES (?, 1, 'citizen', 'invited', 30, ?, '2026-11-03')",
            (number, number),
        )
    before.close()

    open_database(tmp_path / "p.sqlite3")

    rows = [(b.label, b.issued, b.used, b.void, b.voided_on, b.replaces) for b in batches.ledger("2026-h2")]
    assert rows == [("B1", 30, 1, 0, None, ""), ("B2", 30, 2, 0, None, "")]
    close_database()
