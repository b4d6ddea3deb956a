"""The office closes a round without losing a ballot, wherever it is interrupted."""

import csv
import os
import tomllib

import pytest
from nacl.public import PrivateKey

from survey_app.domain.ballot_box import WrongKey
from survey_app.domain.rounds import IllegalMove, RoundClosed, RoundUnknown
from survey_app.exports.snapshot import write_snapshot
from survey_app.office import rounds as office
from survey_app.office.versions import NotComputed
from survey_app.store import ballots, database, words
from survey_app.store import rounds as round_store
from tests.factories import cast, make_codes

SAID = [f"第{i}句" for i in range(10)]


pytestmark = pytest.mark.usefixtures("analysis_at_hand")


@pytest.fixture
def voted(open_round, keys, clock):
    """Ten ballots at the tax hall with ten words, two at the water works; noise in the round of the spring."""
    codes = make_codes(keys, clock, count=12)
    receipts = [cast(keys, clock, code, answers=vector(i)) for i, code in enumerate(codes[:10])]
    for receipt, said in zip(receipts, SAID, strict=True):
        words.add_words(receipt=receipt, typed=said, keys=keys, today=clock.today)
    receipts += [cast(keys, clock, code, unit="water", answers=vector(3)) for code in codes[10:]]
    spring = clock.at
    clock.at = spring.replace(month=5)
    cast(keys, clock, make_codes(keys, clock, round_code="2026-h1")[0], round_code="2026-h1")
    clock.at = spring
    return receipts


def vector(i):
    return {"attitude": i % 6, "efficiency": None if i % 2 else 5, "overall": 4}


def close(settings, clock, *, key="2026-h2.key", reason=None):
    return office.close_round("2026-h2", key_copy=settings.keys / key, reason=reason, settings=settings, now=clock())


def frozen(folder):
    return {f.name: f.read_bytes() for f in (folder / "snapshot").iterdir()}


def said_in(folder):
    with (folder / "words.csv").open(encoding="utf-8", newline="") as file:
        return sorted((row["unit"], row["words"]) for row in csv.DictReader(file))


# Closing


def test_closing_freezes_twelve_ballots_deletes_the_ciphertexts_and_touches_no_other_round(voted, settings, clock):
    clock.later(days=28)
    folder = close(settings, clock)
    assert folder == settings.rounds / "2026-h2"
    assert len((folder / "snapshot" / "ballots.csv").read_text().splitlines()) == 1 + 12
    assert said_in(folder) == sorted(("tax", said) for said in SAID)
    assert round_store.get_round("2026-h2").status == "closed"
    assert ballots.is_unsealed("2026-h2")
    assert words.sealed_words("2026-h2") == []
    assert not ballots.is_unsealed("2026-h1")
    assert [r.status for r in round_store.list_rounds()] == ["draft", "closed", "open"]
    assert (settings.rounds / "2026-h1").exists() is False


def test_the_public_page_says_closed(voted, settings, clock):
    clock.later(days=28)
    close(settings, clock)
    assert "status: closed" in (settings.pages / "results" / "2026-h2" / "index.md").read_text("utf-8")


def test_after_close_a_receipt_is_still_found_and_replaces_nothing(voted, settings, clock):
    clock.later(days=28)
    close(settings, clock)
    assert ballots.find_by_receipt(voted[0]).status == "closed"
    with pytest.raises(RoundClosed):
        ballots.replace_ballot(
            round_=round_store.get_round("2026-h2"),
            unit_slug="tax",
            receipt=voted[0],
            answers=vector(1),
            today=clock.today,
        )


@pytest.mark.parametrize("days", [0, 27])
def test_closing_before_the_published_day_is_over_needs_a_reason_and_the_reason_is_published(
    voted, settings, clock, days
):
    clock.later(days=days)
    with pytest.raises(office.EarlyCloseNeedsReason, match="2026年11月30日"):
        close(settings, clock)
    assert round_store.get_round("2026-h2").status == "open"
    assert not settings.rounds.exists()
    folder = close(settings, clock, reason="汛情，人员转移")
    read = tomllib.loads((folder / "snapshot" / "round.toml").read_text("utf-8"))
    assert read["amendment"] == [{"on": clock.today.isoformat(), "text": "汛情，人员转移"}]


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_a_blank_reason_is_no_reason(voted, settings, clock, reason):
    with pytest.raises(office.EarlyCloseNeedsReason):
        close(settings, clock, reason=reason)
    assert round_store.get_round("2026-h2").status == "open"


def test_closing_on_time_amends_nothing(voted, settings, clock):
    clock.later(days=28)
    folder = close(settings, clock, reason="不需要的理由")
    assert "amendment" not in tomllib.loads((folder / "snapshot" / "round.toml").read_text("utf-8"))


@pytest.mark.parametrize("key", ["2026-h1.key", "admit.key", "lost.key", "damaged.key"])
def test_with_a_wrong_key_the_round_stays_open_and_every_ballot_sealed(voted, settings, clock, key):
    (settings.keys / "damaged.key").write_text((settings.keys / "2026-h2.key").read_text()[:-6])
    clock.later(days=28)
    with pytest.raises(WrongKey, match=key):
        close(settings, clock, key=key)
    assert round_store.get_round("2026-h2").status == "open"
    assert len(list(ballots.sealed_ballots("2026-h2"))) == 12
    assert len(words.sealed_words("2026-h2")) == 10
    assert not settings.rounds.exists()
    assert close(settings, clock)


def test_a_draft_an_unknown_and_a_published_round_cannot_be_closed(voted, settings, clock):
    for code, refusal in (("2027-h1", IllegalMove), ("1999", RoundUnknown)):
        with pytest.raises(refusal):
            office.close_round(code, key_copy=settings.keys / "2026-h2.key", reason="x", settings=settings, now=clock())
    clock.later(days=28)
    close(settings, clock)
    round_store.mark_published("2026-h2", now=clock())
    with pytest.raises(IllegalMove):
        close(settings, clock)


# Interruptions


class Killed(BaseException):
    """Stands for kill -9 between two steps."""


STEPS = {
    "mark_closed": (round_store, "mark_closed"),
    "write_snapshot": (office, "write_snapshot"),
    "write_words": (office, "write_words"),
    "delete_words": (words, "delete_words"),
    "delete_sealed": (ballots, "delete_sealed"),
    "rewrite": (office, "rewrite"),
    "write_page": (office, "write_page"),
}


def kill(monkeypatch, where, name, *, at, call=1):
    """Die before or after the given call of `where.name`."""
    real, calls = getattr(where, name), []

    def dies(*arguments, **named):
        calls.append(1)
        if len(calls) == call and at == "before":
            raise Killed
        result = real(*arguments, **named)
        if len(calls) == call:
            raise Killed
        return result

    monkeypatch.setattr(where, name, dies)


def close_interrupted(voted, settings, clock, monkeypatch, tmp_path, where, name, **how):
    """Close, die, close again; the frozen bytes that were to be expected, and the folder."""
    clock.later(days=28)
    key = PrivateKey(bytes.fromhex((settings.keys / "2026-h2.key").read_text().split()[2]))
    expected = frozen(write_snapshot(round_store.get_round("2026-h2"), key, tmp_path / "expected").parent)
    with monkeypatch.context() as patch:
        kill(patch, where, name, **how)
        with pytest.raises(Killed):
            close(settings, clock)
    return expected, close(settings, clock)


def nothing_is_lost(expected, folder):
    assert frozen(folder) == expected
    assert said_in(folder) == sorted(("tax", said) for said in SAID)
    assert round_store.get_round("2026-h2").status == "closed"
    assert ballots.is_unsealed("2026-h2")
    assert words.sealed_words("2026-h2") == []
    assert sorted(f.name for f in folder.iterdir()) == ["snapshot", "words.csv"]


@pytest.mark.parametrize("at", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_office_closes_again_and_nothing_is_lost(
    voted, settings, clock, monkeypatch, tmp_path, step, at
):
    expected, folder = close_interrupted(voted, settings, clock, monkeypatch, tmp_path, *STEPS[step], at=at)
    nothing_is_lost(expected, folder)


@pytest.mark.parametrize("call", range(1, 10))
def test_killed_at_any_flush_to_the_disk_the_office_closes_again_and_nothing_is_lost(
    voted, settings, clock, monkeypatch, tmp_path, call
):
    where = (os, "fsync")
    expected, folder = close_interrupted(voted, settings, clock, monkeypatch, tmp_path, *where, at="before", call=call)
    nothing_is_lost(expected, folder)


def test_closing_a_closed_round_again_changes_no_byte_and_no_word(voted, settings, clock):
    clock.later(days=28)
    folder = close(settings, clock)
    before, said = frozen(folder), said_in(folder)
    close(settings, clock)
    assert (frozen(folder), said_in(folder)) == (before, said)


def test_too_few_words_stay_sealed_through_the_close_and_are_not_published(open_round, settings, keys, clock):
    receipt = cast(keys, clock, make_codes(keys, clock)[0])
    words.add_words(receipt=receipt, typed="只有我一个人写了", keys=keys, today=clock.today)
    clock.later(days=28)
    folder = close(settings, clock)
    assert len(words.sealed_words("2026-h2")) == 1
    assert [f.name for f in folder.iterdir()] == ["snapshot"]


def test_a_lost_frozen_folder_is_named_and_no_empty_one_takes_its_place(voted, settings, clock):
    """The ciphertexts are gone: a second close cannot make the folder again, and must not pretend to."""
    clock.later(days=28)
    folder = close(settings, clock)
    (folder / "snapshot").rename(folder / "elsewhere")
    with pytest.raises(Exception) as refused:  # noqa: PT011 (any clear refusal; today a TypeError)
        close(settings, clock)
    assert not (folder / "snapshot").exists()
    assert "NoneType" not in str(refused.value)


def test_the_lock_serves_the_next_citizen_after_an_interrupted_close(voted, settings, keys, clock, monkeypatch):
    with monkeypatch.context() as patch:
        kill(patch, round_store, "mark_closed", at="before")
        with pytest.raises(Killed):
            close(settings, clock, reason="试")
    assert cast(keys, clock, make_codes(keys, clock)[0])
    assert not database._write_lock.locked()


# Results


def test_nothing_is_computed_before_close_and_nothing_published_before_computing(voted, settings, clock):
    with pytest.raises(IllegalMove, match="正在评议"):
        office.compute_round("2026-h2", settings)
    with pytest.raises(IllegalMove):
        office.publish_round("2026-h2", settings, clock(), print)
    clock.later(days=28)
    close(settings, clock)
    with pytest.raises(NotComputed, match="pingyi round compute 2026-h2"):
        office.publish_round("2026-h2", settings, clock(), print)
    assert round_store.get_round("2026-h2").status == "closed"


def test_a_frozen_file_changed_by_one_byte_is_not_computed(voted, settings, clock):
    clock.later(days=28)
    folder = close(settings, clock)
    file = folder / "snapshot" / "ballots.csv"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes().replace(b",5,", b",1,", 1))
    with pytest.raises(office.analysis.AnalysisRefused, match=r"ballots\.csv"):
        office.compute_round("2026-h2", settings)
    assert not (folder / "release").exists()
