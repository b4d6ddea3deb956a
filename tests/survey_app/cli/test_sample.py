"""The sample of `make run`: the same district on every machine, also where the first start was interrupted."""

from datetime import date

import pytest

from survey_app.cli import sample
from survey_app.cli.sample import simulate
from survey_app.office import rounds as office
from survey_app.store import ballots, batches
from survey_app.store import rounds as round_store

SMALL = 0.12
CLOSED = sample.CLOSED  # before a fixture leaves the earlier one out


class Stop(BaseException):
    """A power cut."""


@pytest.fixture
def portal(settings, store, monkeypatch):
    """Computing and building are others' tests; here they only say that they were asked."""
    monkeypatch.setattr(office, "compute_round", lambda *_: "")
    monkeypatch.setattr(office, "publish_round", lambda code, *_: round_store.mark_published(code, now=_[1]))
    monkeypatch.setattr(office.analysis, "read", lambda draft: "")
    monkeypatch.setattr(simulate, "SILENT", {})
    # The earlier round is made by the same steps; one is enough to see what an interruption does to them.
    monkeypatch.setattr(sample, "CLOSED", sample.CLOSED[1:])
    return settings


def answers(settings):
    return (settings.rounds / sample.PUBLISHED_CODE / "snapshot" / "ballots.csv").read_bytes()


@pytest.fixture
def whole(portal, keys, tmp_path_factory):
    """What an undisturbed first start leaves."""
    sample.prepare_sample(portal, keys, lambda text: None, scale=SMALL)
    return answers(portal)


def test_the_second_start_changes_nothing(whole, portal, keys):
    before = [(r.code, r.status) for r in round_store.list_rounds()]
    again = sample.prepare_sample(portal, keys, lambda text: None, scale=SMALL)

    assert [(r.code, r.status) for r in round_store.list_rounds()] == before
    assert not again.site_is_stale
    assert answers(portal) == whole


def test_five_unused_codes_are_offered_and_a_used_one_is_not(whole, portal, keys):
    offered = sample.prepare_sample(portal, keys, lambda text: None).unused_codes
    round_ = round_store.open_rounds(date.today())[0]
    ballots.cast_ballot(
        round_=round_,
        unit_slug="tax",
        code=offered[0].replace("-", ""),
        form_nonce="n" * 20,
        answers={"attitude": 5},
        keys=keys,
        today=date.today(),
    )
    again = sample.prepare_sample(portal, keys, lambda text: None).unused_codes

    assert len(offered) == len(again) == 5
    assert offered[0] not in again


@pytest.mark.parametrize("after", [0, 3, 17, 40])
def test_a_start_that_was_cut_off_while_simulating_goes_on_and_counts_nobody_twice(portal, keys, monkeypatch, after):
    real, casts = ballots.cast_ballot, []

    def cut(**how):
        if len(casts) == after:
            raise Stop
        casts.append(how["unit_slug"])
        return real(**how)

    with monkeypatch.context() as power:
        power.setattr(simulate.ballots, "cast_ballot", cut)
        with pytest.raises(Stop):
            sample.prepare_sample(portal, keys, lambda text: None, scale=SMALL)
    sample.prepare_sample(portal, keys, lambda text: None, scale=SMALL)
    ledger = batches.ledger(sample.PUBLISHED_CODE)

    assert round_store.get_round(sample.PUBLISHED_CODE).status == "published"
    assert len({(batch.unit_slug, batch.group) for batch in ledger}) == len(ledger)
    assert ballots.count_ballots(sample.PUBLISHED_CODE) == sum(batch.used for batch in ledger)


def test_a_draft_left_by_a_start_that_was_cut_off_is_taken_up_again(portal, keys, monkeypatch):
    with monkeypatch.context() as power:
        power.setattr(sample, "_open", lambda *_: (_ for _ in ()).throw(Stop()))
        with pytest.raises(Stop):
            sample.prepare_sample(portal, keys, lambda text: None, scale=SMALL)
    made = sample.prepare_sample(portal, keys, lambda text: None, scale=SMALL)

    assert sorted(r.code for r in round_store.list_rounds()) == sorted([sample.PUBLISHED_CODE, made.round_code])
    assert len(made.unused_codes) == 5


def test_the_simulated_round_says_in_its_name_that_it_is_simulated(whole):
    assert "模拟" in round_store.get_round(sample.PUBLISHED_CODE).name


def test_two_rounds_are_closed_by_one_method_so_that_change_can_be_shown(portal, keys, monkeypatch):
    monkeypatch.setattr(sample, "CLOSED", CLOSED)
    monkeypatch.setattr(sample, "simulate_ballots", lambda *_, **__: None)
    sample.prepare_sample(portal, keys, lambda text: None, scale=SMALL)
    earlier, latest = (round_store.get_round(code) for code in (sample.EARLIER_CODE, sample.PUBLISHED_CODE))

    monkeypatch.setattr(office.versions, "published", lambda code, settings: settings.rounds / code)
    assert (earlier.status, latest.status) == ("published", "published")
    assert earlier.method_toml == latest.method_toml
    assert office._previous(latest, portal) == [portal.rounds / sample.EARLIER_CODE]
    assert office._previous(earlier, portal) == []
