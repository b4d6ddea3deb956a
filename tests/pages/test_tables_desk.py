"""Tables at the desk: out, in, columns, dry run, confirm; nobody reaches another's unit or another's upload."""

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from survey_app.config import Settings
from survey_app.publishing.book import Book, read_book
from survey_app.publishing.tables import uploads
from survey_app.publishing.tables.exporting import one_file, pages_of
from survey_app.store import audit
from survey_app.unit import tables_views
from tests.pages.tables import workbook


@pytest.fixture
def book(settings: Settings) -> Book:
    return read_book(settings.pages)


@pytest.fixture
def editor(signed_in, book: Book):
    return signed_in("unit_editor", unit=book.kind("unit")[0].unit)


def own_title(book: Book) -> str:
    return book.kind("unit")[0].title


def send(client, *files: tuple[str, bytes], follow: bool = True):
    given = [(io.BytesIO(data), name) for name, data in files]
    return client.post(
        "/desk/tables/upload", data={"files": given}, content_type="multipart/form-data", follow_redirects=follow
    )


def new_rows(tmp_path: Path, *rows: list[object]) -> bytes:
    head = ["单位", "事项名称", "事项编码", "在哪里办"]
    return workbook(tmp_path / "a.xlsx", 办事指南=[head, *rows]).read_bytes()


def digest_in(page: str) -> str:
    return re.search(r'name="digest" value="([0-9a-f]{64})"', page)[1]


def kept(settings: Settings) -> list[str]:
    return [place.name for place in uploads.folder_of(settings).glob("*")]


def revisions_of(settings: Settings) -> list[str]:
    from survey_app.store.database import database

    return [row[0] for row in database.execute_sql("SELECT page FROM revision ORDER BY page").fetchall()]


def test_doors_are_shut_to_strangers_and_to_roles_that_publish_nothing(app, signed_in) -> None:
    assert app.test_client().get("/desk/tables/").status_code == 303
    assert signed_in("auditor").get("/desk/tables/").status_code == 403


def test_an_editor_downloads_the_template_and_their_own_pages_only(editor, book: Book) -> None:
    template = editor.get("/desk/tables/template")
    own = editor.get("/desk/tables/export?unit=each&format=xlsx")

    assert "attachment" in template.headers["Content-Disposition"]
    assert load_workbook(io.BytesIO(template.data)).sheetnames[0] == "填写说明"
    sheet = load_workbook(io.BytesIO(own.data))["单位"]
    assert [sheet.cell(row, 1).value for row in range(3, sheet.max_row + 1)] == [own_title(book)]


def test_the_office_downloads_one_workbook_for_each_unit(signed_in, book: Book) -> None:
    answer = signed_in("publicity").get("/desk/tables/export?unit=each")

    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert len(archive.namelist()) == len(book.kind("unit")) > 1


def test_a_sheet_goes_from_upload_over_the_dry_run_to_drafts(
    editor, book: Book, settings: Settings, tmp_path: Path
) -> None:
    page = send(editor, ("a.xlsx", new_rows(tmp_path, [own_title(book), "新事", "000000000010", "一楼"]))).text
    (name,) = kept(settings)
    before = {p: p.read_bytes() for p in settings.pages.rglob("*.md")}

    done = editor.post(f"/desk/tables/{name}/confirm", data={"digest": digest_in(page)}, follow_redirects=True)

    assert "新事" in page
    assert "做好了1份修订稿" in done.text
    assert revisions_of(settings) == [f"units/{book.kind('unit')[0].unit}/procedures/xin-shi.md"]
    assert kept(settings) == []
    (event,) = audit.list_events(audit.Wanted(action="pages.import"))
    assert (event.actor, event.detail["files"]) == (editor.person, "a.xlsx")
    assert {p: p.read_bytes() for p in settings.pages.rglob("*.md")} == before


def test_refused_rows_are_named_and_only_the_good_ones_go_in_when_asked(
    editor, book: Book, settings: Settings, tmp_path: Path
) -> None:
    rows = [own_title(book), "好的", "000000000010", "一楼"], ["别的局", "坏的", "000000000011", "一楼"]
    page = send(editor, ("a.xlsx", new_rows(tmp_path, *rows))).text
    (name,) = kept(settings)

    both = editor.post(f"/desk/tables/{name}/confirm", data={"digest": digest_in(page), "take": "all"})
    assert (both.status_code, revisions_of(settings)) == (422, [])
    editor.post(f"/desk/tables/{name}/confirm", data={"digest": digest_in(page), "take": "good"})

    assert "没有叫“别的局”的单位" in page
    assert len(revisions_of(settings)) == 1


def test_pages_that_changed_since_the_dry_run_stop_it(editor, book: Book, settings: Settings, tmp_path: Path) -> None:
    unit = book.kind("unit")[0]
    rows = [["单位名称", "负责人"], [unit.title, "换了的人（主任）"]]
    page = send(editor, ("a.xlsx", workbook(tmp_path / "u.xlsx", 单位=rows).read_bytes())).text
    (name,) = kept(settings)
    file = settings.pages / unit.path
    file.write_text(file.read_text("utf-8").replace("---\n", "---\ntransit: 坐3路车\n", 1), "utf-8")

    late = editor.post(f"/desk/tables/{name}/confirm", data={"digest": digest_in(page)})

    assert late.status_code == 409
    assert "请重新核对" in late.text
    assert revisions_of(settings) == []


def test_unknown_columns_are_asked_for_and_led_where_the_user_says(editor, book: Book, settings: Settings) -> None:
    data = f"unit,item,item_code,受理处\n{own_title(book)},新事,000000000010,一楼\n".encode("gb18030")
    asked = send(editor, ("items.csv", data))
    (name,) = kept(settings)

    page = editor.post(f"/desk/tables/{name}/columns", data={"办事指南|受理处": "place"}, follow_redirects=True).text
    editor.post(f"/desk/tables/{name}/confirm", data={"digest": digest_in(page)})

    assert "列“受理处”" in asked.text
    assert "里面写着：一楼" in asked.text
    assert "受理处 → 在哪里办" in page
    assert len(revisions_of(settings)) == 1


def test_cancelling_and_a_day_delete_the_file_and_nobody_else_sees_it(
    editor, signed_in, book: Book, settings: Settings, tmp_path: Path, clock
) -> None:
    data = new_rows(tmp_path, [own_title(book), "新事", "000000000010", "一楼"])
    send(editor, ("a.xlsx", data))
    (name,) = kept(settings)
    other = signed_in("publicity")

    assert other.get(f"/desk/tables/{name}").status_code == 404
    assert editor.get(f"/desk/tables/{'0' * 32}").status_code == 404
    assert editor.get("/desk/tables/..%2f..%2fkeys").status_code == 404
    editor.post(f"/desk/tables/{name}/cancel")
    assert kept(settings) == []
    send(editor, ("a.xlsx", data))
    uploads.sweep(settings, clock() + timedelta(days=1, seconds=1))
    assert kept(settings) == []


def test_a_file_too_large_or_unreadable_is_refused_and_not_kept(
    editor, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables_views, "MOST_BYTES", 100_000)
    large = send(editor, ("a.csv", b"a" * 200_000))
    monkeypatch.undo()
    monkeypatch.setattr(uploads, "MOST_BYTES", 1_000)
    long = send(editor, ("a.csv", b"a" * 2_000))
    broken = send(editor, ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 99))

    assert large.status_code == 413
    assert long.status_code == 422
    assert (broken.status_code, "另存为" in broken.text) == (422, True)
    assert kept(settings) == []


def test_other_routes_take_no_more_than_a_form(editor) -> None:
    assert editor.post("/desk/tables/x/cancel", data={"pad": "x" * 100_000}).status_code == 413


def test_an_export_sent_back_untouched_has_nothing_to_take(editor, book: Book, settings: Settings) -> None:
    unit = book.kind("unit")[0].unit
    page = send(editor, ("a.xlsx", one_file(book, pages_of(book, unit)))).text
    (name,) = kept(settings)
    report = editor.get(f"/desk/tables/{name}/report")

    assert "没有要收的" in page
    assert report.data.startswith(b"\xef\xbb\xbf")
