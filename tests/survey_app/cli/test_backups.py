"""A portal lost in the night comes back whole from its backup, with its own keys, and never over anything."""

import dataclasses
import json
import shutil

import pytest
from click.testing import CliRunner

from survey_app import safekeeping
from survey_app.cli import main
from survey_app.config import Settings, make_keys
from survey_app.store import audit, ballots, boxweeks
from survey_app.store.database import close_database
from tests.factories import cast, make_codes


@pytest.fixture
def pingyi(settings, monkeypatch):
    """Run a command on this test's portal, or on the one that stands in `at`."""

    def run(*arguments, at: Settings = settings, code=0):
        for name in ("var", "pages", "keys"):
            monkeypatch.setenv(f"PINGYI_{name.upper()}", str(getattr(at, name)))
        done = CliRunner().invoke(main, [str(a) for a in arguments])
        assert done.exit_code == code, done.output + repr(done.exception)
        return done.output

    return run


@pytest.fixture
def receipt(open_round, keys, clock):
    """Somebody has rated the tax office."""
    return cast(keys, clock, make_codes(keys, clock)[0])


@pytest.fixture
def kept(settings, receipt, pingyi, tmp_path):
    """A backup of that portal: two files of a case, a page, what the next start makes again."""
    for path in ("case-files/ab12", "rounds/2026-h2/snapshot/round.toml", "site/index.html", "cache/posters/x.pdf"):
        file = settings.var / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(path.encode())
    pingyi("backup", tmp_path / "kept")
    return tmp_path / "kept"


@pytest.fixture
def elsewhere(settings, tmp_path):
    """A new machine: nothing there but the keys, brought by another way."""
    new = tmp_path / "new"
    shutil.copytree(settings.keys, new / "keys")
    return dataclasses.replace(settings, var=new / "var", pages=new / "var" / "pages", keys=new / "keys")


def files_of(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_lost_portal_is_restored_with_its_ballot_its_files_and_its_log(kept, elsewhere, settings, receipt, pingyi):
    pages, head = files_of(settings.pages), audit.head()
    close_database()
    shutil.rmtree(settings.var)

    said = pingyi("restore", kept, at=elsewhere)

    assert "全部核对过" in said
    assert files_of(elsewhere.pages) == pages
    assert (elsewhere.var / "case-files" / "ab12").read_bytes() == b"case-files/ab12"
    noted = f"{head[0]}:{head[1].hex()}"
    assert noted in said
    assert noted in pingyi("audit", "verify", "--expect", noted, at=elsewhere)
    assert ballots.find_by_receipt(receipt).unit_slug == "tax"
    assert ballots.count_ballots("2026-h2") == sum(count for _week, count in boxweeks.count_by_week("2026-h2")) == 1


def test_no_key_is_in_a_backup_and_nothing_that_is_made_again(kept, settings):
    inside = b"".join(files_of(kept).values())
    for key in settings.keys.rglob("*.key"):
        assert key.read_bytes().strip() not in inside
    assert not {"site", "cache"} & {place.name for place in (kept / "var").iterdir()}
    assert (kept.stat().st_mode & 0o777, (kept / "var" / "pingyi.sqlite3").stat().st_mode & 0o777) == (0o700, 0o600)


def test_keys_that_lie_inside_var_stay_out_of_the_backup_all_the_same(settings, open_round, pingyi, tmp_path):
    inside = dataclasses.replace(settings, keys=settings.var / "secrets")
    make_keys(inside.keys)

    pingyi("backup", tmp_path / "kept", at=inside)

    assert [path for path in files_of(tmp_path / "kept") if path.endswith(".key")] == []


def test_the_backup_is_an_event_that_stands_in_the_copy_and_its_head_is_told(kept):
    told = json.loads((kept / "backup.json").read_text())
    [event] = audit.list_events(audit.Wanted(action="portal.backup"))
    assert told["head"].startswith(f"{event.number}:")


def test_pages_and_holidays_that_lie_elsewhere_come_back_where_they_belong(settings, open_round, pingyi, tmp_path):
    shutil.move(settings.pages, tmp_path / "pages")
    apart = dataclasses.replace(settings, pages=tmp_path / "pages")
    (settings.var / "holidays.csv").write_text("2027-01-01,rest\n")
    pages = files_of(apart.pages)
    pingyi("backup", tmp_path / "kept", at=apart)
    close_database()
    shutil.rmtree(settings.var)
    shutil.rmtree(apart.pages)

    pingyi("restore", tmp_path / "kept", at=apart)

    assert files_of(apart.pages) == pages
    assert (settings.var / "holidays.csv").read_text() == "2027-01-01,rest\n"
    assert not (settings.var / "pages").exists()


@pytest.mark.parametrize("harm", ["changed", "gone", "added", "unfinished"])
def test_a_backup_with_one_wrong_file_is_refused_by_name_and_nothing_is_written(kept, elsewhere, pingyi, harm):
    victim = kept / "var" / "case-files" / "ab12"
    if harm == "changed":
        victim.write_bytes(b"case-files/ab13")
    elif harm == "gone":
        victim.unlink()
    elif harm == "added":
        victim.with_name("ab14").write_bytes(b"more")
    else:
        (kept / "backup.json").unlink()

    said = pingyi("restore", kept, at=elsewhere, code=2)

    name = {"added": "var/case-files/ab14", "unfinished": "backup.json"}.get(harm, "var/case-files/ab12")
    assert f"{name}不对" in said
    assert not elsewhere.var.exists()


def test_a_restore_never_writes_over_a_portal(kept, settings, pingyi):
    before = files_of(settings.pages)

    said = pingyi("restore", kept, code=1)

    assert "已经有东西" in said
    assert files_of(settings.pages) == before


def test_other_keys_than_those_of_the_backup_are_told_before_anything_is_written(kept, elsewhere, pingyi):
    (elsewhere.keys / "case.key").write_text("ab" * 32 + "\n")

    said = pingyi("restore", kept, at=elsewhere, code=1)

    assert "case.key" in said
    assert not elsewhere.var.exists()


def test_a_place_without_keys_is_told_which_to_bring(kept, elsewhere, pingyi):
    shutil.rmtree(elsewhere.keys)

    assert "还缺admit.key" in pingyi("restore", kept, at=elsewhere)


def test_who_starts_a_restored_portal_without_its_keys_is_told_to_bring_the_old_ones(kept, elsewhere, pingyi):
    pingyi("restore", kept, at=elsewhere)
    shutil.rmtree(elsewhere.keys)
    said = pingyi("serve", "--port", 8229, at=elsewhere, code=2)
    assert "放回原来的密钥，不要运行 pingyi init" in said
    assert not (elsewhere.keys / "case.key").exists()


@pytest.mark.parametrize("where", ["var", "keys"])
def test_a_backup_is_not_laid_into_what_it_copies_nor_beside_the_keys(settings, open_round, pingyi, where):
    place = getattr(settings, where)

    assert "请换一个文件夹" in pingyi("backup", place / "kept", code=2)
    assert not (place / "kept").exists()


def test_a_second_backup_of_the_same_name_is_refused_and_the_first_stands(kept, pingyi):
    before = files_of(kept)

    assert "没有覆盖" in pingyi("backup", kept, code=1)
    assert files_of(kept) == before


def test_what_a_killed_backup_left_is_no_backup_and_the_next_one_is_whole(settings, open_round, pingyi, tmp_path):
    left = tmp_path / ".kept.part" / "var"
    left.mkdir(parents=True)
    (left / "half").write_bytes(b"")

    pingyi("backup", tmp_path / "kept")

    assert "var/half" not in safekeeping.read_backup(tmp_path / "kept").files
    assert not (tmp_path / ".kept.part").exists()


def test_a_folder_without_a_portal_is_refused_and_none_is_made(settings, pingyi, tmp_path):
    assert "没有门户" in pingyi("backup", tmp_path / "kept", code=2)
    assert not settings.database.exists()


def test_a_list_that_leads_out_of_the_backup_is_refused(kept, elsewhere, pingyi):
    told = json.loads((kept / "backup.json").read_text())
    told["files"]["../../etc/passwd"] = "0" * 64
    (kept / "backup.json").write_text(json.dumps(told))

    assert "../../etc/passwd不对" in pingyi("restore", kept, at=elsewhere, code=2)
    assert not elsewhere.var.exists()
