"""Taps, approvals and builds that fall into one moment: what the file says never goes back."""

import fcntl
import os
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from survey_app.publishing.book import read_book
from survey_app.publishing.pages import new_page, parse_page, rewrite_body
from survey_app.publishing.revisions import revising, writing
from survey_app.publishing.tables.applying import apply_to_folder
from survey_app.store import revisions as store
from tests.pages.tables import plan_of, workbook
from tests.survey_app.unit.pages import PROCEDURE_PATH, read
from tests.survey_app.unit.test_duty import UNIT, tap

OTHER_PROCESS = """
import fcntl, os, sys
handle = os.open(sys.argv[1], os.O_RDONLY)
fcntl.flock(handle, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.readline()
"""


def back_at(pages):
    return read(pages, UNIT)["windows"][0].get("back_at", "")


@contextmanager
def waiting(act):
    """A thread that does this, and is not done as long as the block lasts."""
    thread = threading.Thread(target=act)
    thread.start()
    try:
        yield thread
        thread.join(0.3)
        assert thread.is_alive()
    except BaseException:
        thread.join()
        raise


@pytest.fixture
def written(monkeypatch):
    """What each writing of the unit's page said of the first window, in order."""
    said, write = [], writing.write_page

    def watched(pages_dir, page, body):
        if page.path == UNIT:
            said.append(page.data["windows"][0].get("back_at", ""))
        return write(pages_dir, page, body)

    monkeypatch.setattr(writing, "write_page", watched)
    return said


def test_a_job_that_finds_several_taps_writes_none_of_the_earlier_ones_again(
    editor, desk_pages, settings, clock, written
):
    for hour in ("9:00", "10:00", "11:00"):
        tap(editor, 0, "away", back_at=hour)
    assert written == ["09:00", "10:00", "11:00"]

    done = revising.write_approved(settings, clock())

    taps = [revision.number for revision in store.approved()]
    assert written == ["09:00", "10:00", "11:00"]
    assert [(set(one.ids), one.path) for one in done] == [(set(taps), UNIT)]
    revising.mark_published({number for one in done for number in one.ids}, clock())
    assert store.approved() == []


def test_taps_that_a_kill_kept_from_the_file_are_written_as_the_last_of_them_left_it(
    editor, desk_pages, settings, clock, written
):
    before = (desk_pages / UNIT).read_bytes()
    tap(editor, 1, "out")
    tap(editor, 0, "away", back_at="10:00")
    (desk_pages / UNIT).write_bytes(before)
    written.clear()

    revising.write_approved(settings, clock())

    assert written == ["10:00"]
    assert [window["state"] for window in read(desk_pages, UNIT)["windows"]] == ["away", "out"]


def test_a_tap_waits_for_the_job_that_is_writing(editor, desk_pages, settings, clock, monkeypatch):
    tap(editor, 0, "away", back_at="9:00")
    begun, go_on, carry_out = threading.Event(), threading.Event(), writing._carry_out

    def slowly(*about):
        if threading.current_thread() is job:
            begun.set()
            go_on.wait(20)
        return carry_out(*about)

    monkeypatch.setattr(writing, "_carry_out", slowly)
    job = threading.Thread(target=lambda: revising.write_approved(settings, clock()))
    job.start()
    assert begun.wait(20)
    with waiting(lambda: tap(editor, 0, "away", back_at="10:00")) as tapping:
        assert back_at(desk_pages) == "09:00"
    go_on.set()
    job.join()
    tapping.join()
    assert back_at(desk_pages) == "10:00"


def test_a_tap_waits_for_another_process_that_writes_pages(editor, desk_pages):
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS, str(desk_pages)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout.readline() == "held\n"
    with waiting(lambda: tap(editor, 0, "away", back_at="10:00")) as tapping:
        assert back_at(desk_pages) == ""
    other.communicate("go\n")
    tapping.join()
    assert back_at(desk_pages) == "10:00"


def test_nobody_holds_the_pages_once_a_tap_is_done(editor, desk_pages):
    tap(editor, 0, "out")
    tap(editor, 7, "out")

    handle = os.open(desk_pages, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises where it is held
    os.close(handle)
    assert read(desk_pages, UNIT)["windows"][0]["state"] == "out"


def test_a_body_made_before_a_tap_does_not_undo_it(editor, desk_pages):
    """A build reads every page, renders for seconds, then writes: the data it read may be old by then."""
    page = parse_page(UNIT, (desk_pages / UNIT).read_bytes())
    tap(editor, 0, "away", back_at="10:00")

    assert not rewrite_body(desk_pages, page, "<p>old</p>")

    assert back_at(desk_pages) == "10:00"


def test_a_body_is_written_where_the_data_are_as_they_were_read_and_not_where_the_page_is_gone(desk_pages):
    page = parse_page(PROCEDURE_PATH, (desk_pages / PROCEDURE_PATH).read_bytes())
    assert rewrite_body(desk_pages, page, "<p>new</p>")
    assert not rewrite_body(desk_pages, page, "<p>new</p>")
    assert (desk_pages / PROCEDURE_PATH).read_text().endswith("---\n\n<p>new</p>\n")

    gone = new_page("units/tax/procedures/gone.md", page.data)
    assert not rewrite_body(desk_pages, gone, "<p>new</p>")
    assert not (desk_pages / gone.path).exists()


def test_an_import_that_read_the_pages_before_a_tap_does_not_undo_it(editor, desk_pages, tmp_path):
    rows = [["单位", "事项名称", "事项编码", "在哪里办"], ["办税服务厅", "开具完税证明", "00001101000001", "二楼"]]
    book = read_book(desk_pages)
    plan = plan_of(book, workbook(tmp_path / "a.xlsx", 办事指南=rows))
    tap(editor, 0, "away", back_at="10:00")

    apply_to_folder(desk_pages, plan, book, lambda _step: None)

    assert read(desk_pages, PROCEDURE_PATH)["place"] == "二楼"
    assert back_at(desk_pages) == "10:00"
