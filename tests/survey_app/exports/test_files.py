"""A reader, or a power cut, meets the old file or the new one, never half of one."""

import os
import stat

import pytest

from survey_app import files
from survey_app.files import put_folder, write_atomically, write_if_changed


class Killed(BaseException):
    """Stands for kill -9 between two steps."""


def dies(*arguments, **named):
    raise Killed


def listing(folder):
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_a_file_is_written_whole_with_its_mode_and_nothing_beside_it(tmp_path):
    write_atomically(tmp_path / "页.md", "新的一页\n".encode(), 0o444)
    assert listing(tmp_path) == {"页.md": "新的一页\n".encode()}
    assert stat.S_IMODE((tmp_path / "页.md").stat().st_mode) == 0o444
    write_atomically(tmp_path / "页.md", b"newer", 0o644)
    assert listing(tmp_path) == {"页.md": b"newer"}


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_a_writer_that_dies_leaves_the_old_file_as_it_was_and_no_part_of_the_new(tmp_path, monkeypatch, step):
    write_atomically(tmp_path / "a", b"old")
    with monkeypatch.context() as patch:
        patch.setattr(os if step == "fsync" else files.Path, step, dies)
        with pytest.raises(Killed):
            write_atomically(tmp_path / "a", b"new")
    assert listing(tmp_path) == {"a": b"old"}


def test_a_reader_who_opened_the_old_file_reads_it_to_the_end(tmp_path):
    write_atomically(tmp_path / "a", b"old" * 1000)
    with (tmp_path / "a").open("rb") as reader:
        first = reader.read(10)
        write_atomically(tmp_path / "a", b"new" * 1000)
        assert first + reader.read() == b"old" * 1000


def test_a_page_with_the_same_bytes_is_not_touched_and_a_changed_one_is(tmp_path):
    page = tmp_path / "units" / "tax" / "index.md"
    assert write_if_changed(page, b"one")
    before = page.stat()
    assert not write_if_changed(page, b"one")
    assert (page.stat().st_ino, page.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert write_if_changed(page, b"two")
    assert listing(tmp_path) == {"units/tax/index.md": b"two"}


def test_a_finished_folder_takes_the_place_of_the_old_one_and_leaves_no_trace_of_it(tmp_path):
    for name in ("old", "new"):
        write_if_changed(tmp_path / name / name, name.encode())
    put_folder(tmp_path / "old", tmp_path / "in" / "place")
    put_folder(tmp_path / "new", tmp_path / "in" / "place")
    assert listing(tmp_path) == {"in/place/new": b"new"}
