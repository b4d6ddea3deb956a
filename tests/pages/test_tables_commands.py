"""`pingyi export` and `pingyi import`: what an operator types, what is said, and what is on the disk afterwards."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from survey_app.cli import main
from survey_app.publishing import check_pages, check_rendered
from survey_app.publishing.book import read_book
from survey_app.publishing.checks import errors
from survey_app.publishing.tables import applying
from survey_app.store import audit
from tests.pages.tables import workbook

GUANGAN = Path(__file__).resolve().parents[3] / "shared" / "data" / "district_services_guangan"


@pytest.fixture
def pingyi(settings, store, monkeypatch, tmp_path):
    """Run a command on this test's portal, from a folder of its own."""
    for name in ("var", "pages", "keys"):
        monkeypatch.setenv(f"PINGYI_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.chdir(tmp_path)

    def run(*arguments, code=0):
        done = CliRunner().invoke(main, [str(a) for a in arguments])
        assert done.exit_code == code, done.output + repr(done.exception)
        return done.output

    return run


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def changed_workbook(settings, tmp_path: Path, *more: list[object]) -> Path:
    unit = read_book(settings.pages).kind("unit")[0]
    return workbook(tmp_path / "in.xlsx", 单位=[["单位名称", "怎么去"], [unit.title, "坐3路车"], *more])


def test_a_dry_run_writes_nothing_and_the_import_writes_all_with_an_event(pingyi, settings, tmp_path) -> None:
    file, before = changed_workbook(settings, tmp_path), files(settings.pages)
    unit = read_book(settings.pages).kind("unit")[0]

    told = pingyi("import", file, "--dry-run")
    assert "怎么去：" in told
    assert "改动 1　" in told
    assert files(settings.pages) == before
    digest = told.rpartition("摘要")[2].strip()
    pingyi("import", file, "--expect", digest)

    assert read_book(settings.pages).by_path[unit.path].data["transit"] == "坐3路车"
    assert check_rendered(settings.pages) == []
    (event,) = audit.list_events(audit.Wanted(action="pages.import"))
    assert (event.actor, event.detail["change"]) == ("operator", 1)
    assert "没有变化" in pingyi("import", file)


def test_refused_rows_hold_all_back_until_the_operator_says_take_good(pingyi, settings, tmp_path) -> None:
    file, before = changed_workbook(settings, tmp_path, [None, "坐4路车"]), files(settings.pages)

    assert "一行也没有导入" in pingyi("import", file, code=2)
    pingyi("import", file, "--dry-run", code=1)
    assert files(settings.pages) == before
    pingyi("import", file, "--take-good")
    assert files(settings.pages) != before


def test_another_digest_or_a_page_changed_meanwhile_stops_it(pingyi, settings, tmp_path, monkeypatch) -> None:
    file, before = changed_workbook(settings, tmp_path), files(settings.pages)
    assert "请重新核对" in pingyi("import", file, "--expect", "0" * 16, code=1)
    assert files(settings.pages) == before
    unit, real = read_book(settings.pages).kind("unit")[0], applying.render_bodies

    def while_rendering(book, pages):
        page = settings.pages / unit.path
        page.write_text(page.read_text("utf-8").replace("---\n", "---\nclosed: 周日\n", 1), "utf-8")
        return real(book, pages)

    monkeypatch.setattr(applying, "render_bodies", while_rendering)
    pingyi("import", file, code=1)
    assert "坐3路车" not in (settings.pages / unit.path).read_text("utf-8")
    assert [e.action for e in audit.list_events()] == ["pages.import_failed", "pages.import"]


def test_json_is_the_plan_and_bad_files_are_exit_code_2(pingyi, settings, tmp_path) -> None:
    done = CliRunner().invoke(main, ["import", str(changed_workbook(settings, tmp_path)), "--dry-run", "--json"])
    plan = json.loads(done.stdout)
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 99)

    assert plan["counts"] == {"add": 0, "change": 1, "same": 0, "refuse": 0}
    assert plan["entries"][0]["changes"] == [{"field": "怎么去", "before": "", "after": "坐3路车"}]
    assert "另存为" in pingyi("import", tmp_path / "old.xls", code=2)
    assert "没有这个文件" in pingyi("import", tmp_path / "none.csv", code=2)
    assert "列名=字段" in pingyi("import", tmp_path / "none.csv", "--map", "x", code=2)


def test_every_unit_gets_its_own_workbook_and_nothing_is_overwritten(pingyi, settings, tmp_path) -> None:
    units = [page.title for page in read_book(settings.pages).kind("unit")]

    pingyi("export", "--all", "--into", tmp_path / "out")

    made = sorted((tmp_path / "out").glob("*.xlsx"))
    assert [file.stem for file in made] == sorted(units)
    sheet = load_workbook(made[0])["单位"]
    assert [sheet.cell(row, 1).value for row in range(3, sheet.max_row + 1)] == [made[0].stem]
    assert "已经存在" in pingyi("export", "--all", "--into", tmp_path / "out", code=1)
    assert "没有变化" in pingyi("import", *made)


def test_one_unit_one_kind_csv_and_template(pingyi, settings, tmp_path) -> None:
    unit = read_book(settings.pages).kind("unit")[0]

    pingyi("export", "--unit", unit.title, "--kind", "unit", "--csv", "--encoding", "gb18030", "--into", tmp_path / "c")
    pingyi("export", "--template")

    text = (tmp_path / "c" / unit.title / "单位.csv").read_bytes().decode("gb18030")
    assert [row[0] for row in csv.reader(text.splitlines())] == ["单位名称*", unit.title]
    assert (tmp_path / "政务公开表格模板.xlsx").is_file()
    assert "没有“无此局”这个单位" in pingyi("export", "--unit", "无此局", code=2)


def test_two_lists_make_a_new_folder_that_is_sound_and_rendered(pingyi, settings, tmp_path) -> None:
    (tmp_path / "units.csv").write_text("unit,items\n区经信局,1\n", "utf-8")
    (tmp_path / "items.csv").write_bytes("unit,item,item_code\n区经信局,备案,511Z07001006\n".encode("gb18030"))
    into = tmp_path / "pages"

    told = pingyi("import", tmp_path / "units.csv", tmp_path / "items.csv", "--into", into, "--district", "试验区")

    assert "做好了一套页面" in told
    assert "items" in told  # the column that led nowhere is named
    assert errors(check_pages(into)) == []
    assert check_rendered(into) == []
    assert "试验区" in (into / "index.md").read_text("utf-8")


@pytest.mark.skipif(not GUANGAN.is_dir(), reason="../shared is absent")
def test_a_real_district_goes_in_with_both_duplicate_names_reported(pingyi, tmp_path) -> None:
    into = tmp_path / "pages"
    told = pingyi("import", GUANGAN / "units.csv", GUANGAN / "items.csv", "--into", into, "--district", "广安区")

    assert told.count("重名") == 2
    assert "新增 1169　" in told
    book = read_book(into)
    assert (len(book.kind("unit")), len(book.kind("procedure"))) == (34, 1135)
    rows = list(csv.DictReader((GUANGAN / "items.csv").read_text("utf-8-sig").splitlines()))
    assert {page.data["code"] for page in book.kind("procedure")} == {row["item_code"] for row in rows}
