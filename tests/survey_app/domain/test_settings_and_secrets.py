"""Where the portal stands and which secrets it starts with."""

import stat

import pytest

from survey_app.config import HOME, KeysMissing, Settings, load_keys, load_settings, make_keys


def test_without_any_variable_everything_stands_below_the_clone_and_the_keys_outside_var():
    settings = load_settings({})
    assert settings == Settings()
    assert (settings.var, settings.pages, settings.keys) == (HOME / "var", HOME / "var" / "pages", HOME / "keys")
    assert settings.var not in settings.keys.parents


def test_every_place_can_be_moved_by_its_variable(tmp_path):
    moved = {"PINGYI_HOME": "h", "PINGYI_VAR": "v", "PINGYI_PAGES": "p", "PINGYI_KEYS": "k"}
    settings = load_settings({name: str(tmp_path / place) for name, place in moved.items()})
    assert (settings.home, settings.var, settings.pages, settings.keys) == tuple(tmp_path / p for p in "hvpk")
    assert settings.database == tmp_path / "v" / "pingyi.sqlite3"
    assert settings.rounds == tmp_path / "v" / "rounds"


def test_moving_home_alone_moves_all_that_hangs_on_it(tmp_path):
    settings = load_settings({"PINGYI_HOME": str(tmp_path), "PINGYI_VAR": ""})
    assert (settings.pages, settings.keys) == (tmp_path / "var" / "pages", tmp_path / "keys")


@pytest.mark.parametrize(
    ("given", "prefix"), [("", ""), ("/", ""), ("pingyi", "/pingyi"), ("/pingyi/", "/pingyi"), ("/a/b", "/a/b")]
)
def test_the_prefix_starts_with_a_stroke_and_never_ends_with_one(given, prefix):
    assert load_settings({"PINGYI_PREFIX": given}).prefix == prefix


def test_secrets_are_64_hex_digits_that_only_their_owner_reads(tmp_path):
    make_keys(tmp_path / "keys")
    keys = load_keys(tmp_path / "keys")
    assert len(keys.admit) == len(keys.receipt) == 32
    assert keys.admit != keys.receipt
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(f.stat().st_mode) for f in (tmp_path / "keys").iterdir()} == {0o600}


def test_making_secrets_again_changes_none_and_fills_in_the_missing_one(tmp_path):
    make_keys(tmp_path)
    first = load_keys(tmp_path)
    (tmp_path / "receipt.key").unlink()
    make_keys(tmp_path)
    assert load_keys(tmp_path).admit == first.admit
    assert load_keys(tmp_path).receipt != first.receipt


@pytest.mark.parametrize("name", ["admit.key", "receipt.key"])
def test_without_a_secret_the_app_does_not_start(tmp_path, name):
    make_keys(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(KeysMissing, match=name):
        load_keys(tmp_path)


@pytest.mark.parametrize("content", ["", "\n", "11" * 16, "11" * 31, "11" * 33, "zz" * 32, "1" * 63, "评" * 32])
def test_an_empty_short_or_damaged_secret_is_as_good_as_none(tmp_path, content):
    # An empty file is what a full disk leaves; an HMAC with an empty key would protect no code.
    make_keys(tmp_path)
    (tmp_path / "admit.key").write_text(content, "utf-8")
    with pytest.raises(KeysMissing):
        load_keys(tmp_path)
