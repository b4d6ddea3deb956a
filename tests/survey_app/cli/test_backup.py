"""A backup holds all that cannot be made again, no secret, and goes back whole or not at all."""

import dataclasses
import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from survey_app.cli.backup import MANIFEST, BackupBroken, NoDatabase, NotEmpty, make_backup, put_back
from survey_app.cli.main import main
from survey_app.domain.errors import BadInput
from survey_app.store import audit, ballots
from survey_app.store.database import close_database, open_database
from tests.factories import cast, make_codes

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)


@pytest.fixture
def full(open_round, settings, keys, clock):
    """A portal with a ballot, an attachment, a built site and a lock."""
    cast(keys, clock, make_codes(keys, clock)[0])
    for name in ("case-files/ab12", "site/index.html", "pingyi.sqlite3.lock", "rounds/2026-h1/release/manifest.json"):
        file = settings.var / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return settings


@pytest.fixture
def elsewhere(settings, tmp_path):
    """An empty portal folder on another machine."""
    var = tmp_path / "new-machine" / "var"
    return dataclasses.replace(settings, var=var, pages=var / "pages")


def test_what_was_backed_up_goes_back_and_the_ballot_is_in_it(full, elsewhere, tmp_path):
    make_backup(full, tmp_path / "backup", NOW)
    put_back(tmp_path / "backup", elsewhere)
    close_database()
    open_database(elsewhere.database)
    assert ballots.count_ballots("2026-h2") == 1
    assert audit.verify() == []
    assert (elsewhere.var / "case-files" / "ab12").read_text() == "case-files/ab12"
    assert (elsewhere.var / "pages" / "index.md").read_bytes() == (full.pages / "index.md").read_bytes()


def test_no_key_and_nothing_that_is_made_again_lies_in_it(full, tmp_path):
    make_backup(full, tmp_path / "backup", NOW)
    names = {str(file.relative_to(tmp_path / "backup")) for file in (tmp_path / "backup").rglob("*") if file.is_file()}
    assert not [name for name in names if "key" in name or name.startswith("site/") or name.endswith(".lock")]
    secrets = [file.read_bytes() for file in full.keys.rglob("*") if file.is_file()]
    held = b"".join(file.read_bytes() for file in (tmp_path / "backup").rglob("*") if file.is_file())
    assert all(secret.strip() not in held for secret in secrets)


def test_a_copy_that_broke_off_is_no_backup(full, elsewhere, tmp_path):
    make_backup(full, tmp_path / "backup", NOW)
    (tmp_path / "backup" / MANIFEST).unlink()
    with pytest.raises(BadInput):
        put_back(tmp_path / "backup", elsewhere)


def test_one_changed_byte_puts_nothing_back(full, elsewhere, tmp_path):
    make_backup(full, tmp_path / "backup", NOW)
    (tmp_path / "backup" / "pages" / "index.md").write_text("x")
    with pytest.raises(BackupBroken):
        put_back(tmp_path / "backup", elsewhere)
    assert not elsewhere.var.exists()


def test_nothing_is_written_over(full, elsewhere, tmp_path):
    make_backup(full, tmp_path / "backup", NOW)
    with pytest.raises(NotEmpty):
        make_backup(full, tmp_path / "backup", NOW)
    with pytest.raises(NotEmpty):
        put_back(tmp_path / "backup", full)


def test_a_list_that_leads_out_of_the_folder_is_refused(full, elsewhere, tmp_path):
    make_backup(full, tmp_path / "backup", NOW)
    file = tmp_path / "backup" / MANIFEST
    told = json.loads(file.read_text())
    file.write_text(json.dumps({**told, "files": {"../../etc/passwd": "0" * 64}}))
    with pytest.raises(BadInput):
        put_back(tmp_path / "backup", elsewhere)


def test_an_empty_folder_has_nothing_to_back_up(settings, tmp_path):
    with pytest.raises(NoDatabase):
        make_backup(settings, tmp_path / "backup", NOW)


def test_the_commands_say_what_they_did_and_what_comes_next(full, elsewhere, tmp_path):
    def run(var, *words):
        env = {"PINGYI_VAR": str(var), "PINGYI_PAGES": "", "PINGYI_KEYS": str(full.keys)}
        return CliRunner().invoke(main, [*words], env=env)

    made = run(full.var, "backup", str(tmp_path / "backup"))
    assert (made.exit_code, "密钥不在里面" in made.output) == (0, True)
    back = run(elsewhere.var, "restore", str(tmp_path / "backup"))
    assert (back.exit_code, "pingyi audit verify" in back.output) == (0, True)
    again = run(elsewhere.var, "restore", str(tmp_path / "backup"))
    assert again.exit_code == 1
