"""The office opens a round with two proved keys."""

import stat

import pytest
from nacl.public import PrivateKey

from survey_app.domain.ballot_box import WrongKey
from survey_app.domain.errors import FileTaken
from survey_app.domain.rounds import IllegalMove
from survey_app.office import keycopies
from survey_app.office import rounds as office
from survey_app.office.keycopies import SameKeyFile
from survey_app.store import rounds as round_store


def open_copies(settings, clock, tmp_path, office_copy="a/h1.key", auditor_copy="b/h1.key"):
    copies = {"office_copy": tmp_path / office_copy, "auditor_copy": tmp_path / auditor_copy}
    office.open_round("2027-h1", **copies, settings=settings, now=clock())
    return list(copies.values())


def test_opening_writes_two_equal_copies_that_only_their_owner_reads(open_round, settings, clock, tmp_path):
    first, second = open_copies(settings, clock, tmp_path)
    assert first.read_bytes() == second.read_bytes()
    header, code, key = first.read_text().split()
    assert (header, code, len(key)) == ("pingyi-round-key-v1", "2027-h1", 64)
    assert {stat.S_IMODE(copy.stat().st_mode) for copy in (first, second)} == {0o600}
    round_ = round_store.get_round("2027-h1")
    assert round_.status == "open"
    assert round_.public_key == bytes(PrivateKey(bytes.fromhex(key)).public_key)


def test_the_private_key_stays_nowhere_on_the_server(open_round, settings, clock, tmp_path):
    first, _ = open_copies(settings, clock, tmp_path)
    key = bytes.fromhex(first.read_text().split()[2])
    places = [f for f in [*settings.var.rglob("*"), *settings.keys.rglob("*")] if f.is_file()]
    assert len(places) > 5
    assert [f for f in places if key in f.read_bytes() or key.hex().encode() in f.read_bytes()] == []


def test_opening_puts_dates_and_method_before_the_public(open_round, settings, clock, tmp_path):
    open_copies(settings, clock, tmp_path)
    page = settings.pages / "results" / "2027-h1"
    assert (page / "method.toml").read_bytes() == round_store.get_round("2027-h1").method_toml
    text = (page / "index.md").read_text("utf-8")
    for fact in ("2027-04-08", "2027-06-30", "status: open", round_store.get_round("2027-h1").method_sha256):
        assert fact in text


@pytest.mark.parametrize("other", ["a/h1.key", "a/../a/h1.key", "link/h1.key"])
def test_one_file_named_twice_is_not_two_copies(open_round, settings, clock, tmp_path, other):
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with pytest.raises(SameKeyFile):
        open_copies(settings, clock, tmp_path, auditor_copy=other)
    assert list((tmp_path / "a").iterdir()) == []
    assert round_store.get_round("2027-h1").status == "draft"


@pytest.mark.parametrize("taken", ["a/h1.key", "b/h1.key"])
def test_a_file_that_exists_is_not_overwritten_and_no_half_pair_is_left(open_round, settings, clock, tmp_path, taken):
    """A lone first copy fits no round, and stands in the way of the second attempt."""
    (tmp_path / taken).parent.mkdir()
    (tmp_path / taken).write_text("另一轮的私钥")
    with pytest.raises(FileTaken, match=r"h1\.key"):
        open_copies(settings, clock, tmp_path)
    assert (tmp_path / taken).read_text() == "另一轮的私钥"
    assert [f for f in tmp_path.rglob("h1.key") if f != tmp_path / taken] == []
    assert round_store.get_round("2027-h1").status == "draft"
    (tmp_path / taken).unlink()
    open_copies(settings, clock, tmp_path)
    assert round_store.get_round("2027-h1").status == "open"


def test_a_copy_that_does_not_read_back_stops_the_opening(open_round, settings, clock, tmp_path, monkeypatch):
    write = keycopies.write_atomically
    monkeypatch.setattr(
        keycopies, "write_atomically", lambda path, text, mode: write(path, text[:-9], mode)
    )  # a full stick
    with pytest.raises(WrongKey):
        open_copies(settings, clock, tmp_path)
    assert round_store.get_round("2027-h1").status == "draft"
    assert not list(tmp_path.rglob("h1.key"))  # what is no key must not be taken for one


def test_a_round_opens_once(open_round, settings, clock, tmp_path):
    before = round_store.get_round("2026-h2")
    with pytest.raises(IllegalMove, match="正在评议"):
        office.open_round(
            "2026-h2", office_copy=tmp_path / "x", auditor_copy=tmp_path / "y", settings=settings, now=clock()
        )
    assert not (tmp_path / "x").exists()
    assert round_store.get_round("2026-h2") == before
