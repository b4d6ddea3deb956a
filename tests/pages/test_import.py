"""Foreign lists become pages; a bad list becomes one clear sentence and no file."""

from datetime import date
from pathlib import Path

import pytest

from survey_app.config import Settings
from survey_app.domain.errors import BadInput
from survey_app.publishing import build_site, check_pages, check_rendered, import_lists
from survey_app.publishing.imports import slug

UNITS = "unit,items\n区经信局,1\n区人社局,3\n"
ITEMS = (
    "unit,main_item,item,item_code,link\n"
    "区经信局,未分类,企业投资项目备案,511Z07001006,http://example.com/1\n"
    "区人社局,就业,求职创业补贴申领,511Z07001007,\n"
    "区人社局,就业,求职创业补贴申领,511Z07001008,\n"
    f"区人社局,就业,{'很长的名字' * 20},511Z07001009,\n"
)


def lists(folder: Path, units: str = UNITS, items: str = ITEMS) -> tuple[Path, Path]:
    (folder / "units.csv").write_text(units, "utf-8")
    (folder / "items.csv").write_text(items, "utf-8")
    return folder / "units.csv", folder / "items.csv"


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_lists_become_a_sound_rendered_folder_that_says_what_is_missing(tmp_path: Path) -> None:
    into = tmp_path / "pages"
    report = import_lists(*lists(tmp_path), into, district="试验区")
    assert (report.units, report.procedures) == (2, 4)
    assert check_pages(into) == []
    assert check_rendered(into) == []
    text = (into / "units/qu-jing-xin-ju/procedures/qi-ye-tou-zi-xiang-mu-bei-an.md").read_text()
    assert "还没有补齐" in text
    assert "待定类别" in (into / "units/index.md").read_text()
    home = (into / "index.md").read_text()
    assert "试验区政务公开与群众评议" in home
    assert not [path for path, raw in files(into).items() if "清河".encode() in raw]


def test_an_import_builds_as_a_site_of_its_own(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var", pages=tmp_path / "pages")
    report = import_lists(*lists(tmp_path), settings.pages, district="试验区")
    assert build_site(settings).pages == report.pages
    assert "<b>试验区</b>" in (settings.live_site / "index.html").read_text()


def test_equal_names_are_both_kept_and_reported(tmp_path: Path) -> None:
    into = tmp_path / "pages"
    report = import_lists(*lists(tmp_path), into)
    assert report.duplicates == [("区人社局", "求职创业补贴申领")]
    stem = slug("求职创业补贴申领")
    names = {path.name for path in (into / "units/qu-ren-she-ju/procedures").iterdir()}
    assert {f"{stem}.md", f"{stem}-2.md"} <= names


def test_the_same_lists_give_the_same_files_and_an_untouched_import_can_be_replaced(tmp_path: Path) -> None:
    into = tmp_path / "pages"
    import_lists(*lists(tmp_path), into, on=date(2026, 11, 21))
    first = files(into)
    import_lists(*lists(tmp_path), into, on=date(2026, 11, 21))
    assert files(into) == first


def test_slugs_are_short_lower_case_and_unique() -> None:
    long = slug("很长的名字" * 20)
    assert len(long) <= 60
    assert slug("很长的名字" * 20, {long}) == f"{long}-2"
    assert slug("女士绿卡（A类）") == "nv-shi-lv-ka-a-lei"
    assert slug("（）") == "x"


@pytest.mark.parametrize(
    ("units", "items", "words"),
    [
        ("name\n甲\n", ITEMS, "units.csv：第1行：没有“unit”这一列"),
        (UNITS, "unit,item\n", "items.csv：第1行：没有“item_code”这一列"),
        ("unit\n", ITEMS, "units.csv：只有表头，没有内容"),
        ('unit\n"甲\n', ITEMS, "units.csv：第2行：引号不成对"),
        ("unit\n \n", ITEMS, "units.csv：第2行，unit：空着"),
        ("unit\n甲\n甲\n", ITEMS, "units.csv：第3行，unit：“甲”在第2行已有"),
        (UNITS, ITEMS + "区税务局,,开票,511Z07001010,\n", "items.csv：第6行，unit：单位清单里没有“区税务局”"),
        (UNITS, ITEMS + "区人社局,,,511Z07001010,\n", "items.csv：第6行，item：空着"),
        (UNITS, ITEMS + "区人社局,,开票,五一,\n", "items.csv：第6行，item_code：“五一”写法不对"),
    ],
)
def test_a_bad_list_is_refused_by_file_line_and_field(tmp_path: Path, units: str, items: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        import_lists(*lists(tmp_path, units, items), tmp_path / "pages")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["items.csv", "units.csv"]


def test_a_missing_list_and_another_encoding_are_refused(tmp_path: Path) -> None:
    units, items = lists(tmp_path)
    with pytest.raises(BadInput, match="没有这个文件"):
        import_lists(tmp_path / "no.csv", items, tmp_path / "pages")
    items.write_bytes(ITEMS.encode("gb18030"))
    with pytest.raises(BadInput, match="第2行：不是UTF-8编码"):
        import_lists(units, items, tmp_path / "pages")
    assert not (tmp_path / "pages").exists()


def test_work_in_the_target_folder_is_never_overwritten(tmp_path: Path) -> None:
    into = tmp_path / "pages"
    into.mkdir()
    (into / "mine.txt").write_text("mine")
    with pytest.raises(BadInput, match="已有别的内容"):
        import_lists(*lists(tmp_path), into)
    (into / "mine.txt").unlink()
    import_lists(*lists(tmp_path), into)
    done = into / "units/qu-jing-xin-ju/index.md"
    done.write_text(done.read_text().replace("imported: true\n", ""))
    with pytest.raises(BadInput, match="从没改过的导入结果"):
        import_lists(*lists(tmp_path), into)
