"""The Word notice: laid out as official paper, true to the release, and found out where it is not."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from .conftest import Folder, ballots, round_data, run
from .district import make_district

FACTS = """issuer = "清河示范区纪律检查委员会"
number = "清纪发〔2026〕12号"
signed_on = 2026-07-15
copies = "区委办公室"
"""


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district's round, computed once."""
    made = make_district(tmp_path_factory.mktemp("notice") / "round")
    assert run("compute", made).exit_code == 0
    return made


@pytest.fixture(scope="module")
def filled_in(district: Path) -> Path:
    """A notice with the office's facts."""
    (district / "facts.toml").write_text(FACTS, encoding="utf-8")
    out = district / "通报.docx"
    assert run("notice", district, "--facts", district / "facts.toml", "--out", out).exit_code == 0
    return out


@pytest.fixture
def notice(filled_in: Path, tmp_path: Path) -> Path:
    """A copy of it to write in."""
    return Path(shutil.copy(filled_in, tmp_path / "通报.docx"))


def edit(file: Path, change: Callable[[Any], None]) -> None:
    """Open a document as Word would, change it, save it."""
    document = docx.Document(str(file))
    change(document)
    document.save(str(file))


def paragraph(document: Any, words: str) -> Any:
    """The paragraph that holds some words."""
    return next(p for p in document.paragraphs if words in p.text)


def row(document: Any, name: str) -> Any:
    """The row of an annex table by its first cell."""
    return next(r for t in document.tables for r in t.rows if r.cells[0].text == name)


def reword(found: Any, old: str, new: str) -> None:
    """Type over a part of a paragraph."""
    [run_] = [r for r in found.runs if old in r.text]
    run_.text = run_.text.replace(old, new)


@pytest.mark.parametrize("name", ["notice.docx", "brief.docx"])
def test_the_papers_of_a_release_agree_with_it_and_count_their_blanks(district, name):
    result = run("check", district, "--notice", district / "release" / name)
    assert result.exit_code == 0, result.output
    assert "处待填" in result.output
    assert "一致：数和发布版相同" in result.output


def test_a_filled_in_notice_agrees_and_has_no_blank(district, notice):
    result = run("check", district, "--notice", notice)
    assert (result.exit_code, result.output.strip()) == (0, "一致：数和发布版相同")


def test_the_folder_that_anybody_can_download_is_enough_to_check_a_notice(district, notice):
    assert run("check", district / "release", "--notice", notice).exit_code == 0


def test_a_score_rounded_up_in_the_annex_is_found(district, notice):
    edit(notice, lambda d: reword(row(d, "不动产登记中心").cells[2].paragraphs[0], ".", "9."))
    result = run("check", district, "--notice", notice)
    assert result.exit_code == 1
    assert "不动产登记中心“得分”" in result.output


def test_a_row_dropped_from_the_annex_is_found(district, notice):
    edit(notice, lambda d: row(d, "医疗保障服务中心")._tr.getparent().remove(row(d, "医疗保障服务中心")._tr))
    result = run("check", district, "--notice", notice)
    assert (result.exit_code, "没有“医疗保障服务中心”这一行" in result.output) == (1, True)


def test_a_row_of_an_unknown_unit_is_found(district, notice):
    edit(notice, lambda d: reword(row(d, "石桥村").cells[0].paragraphs[0], "石桥村", "新桥村"))
    output = run("check", district, "--notice", notice).output
    assert "多出“新桥村”" in output
    assert "没有“石桥村”" in output


def test_a_number_changed_in_a_sentence_is_found(district, notice):
    edit(notice, lambda d: reword(paragraph(d, "参评单位"), "参评单位13个", "参评单位14个"))
    result = run("check", district, "--notice", notice)
    assert (result.exit_code, "参评单位14个" in result.output) == (1, True)


def test_a_claim_that_the_release_does_not_make_is_found(district, notice):
    edit(notice, lambda d: d.add_paragraph("群众普遍反映良好，总体满意度达到99.9%，较往年大幅提高。"))
    result = run("check", district, "--notice", notice)
    assert (result.exit_code, "99.9%" in result.output) == (1, True)


def test_another_digest_is_found(district, notice):
    edit(notice, lambda d: [reword(p, " ", " 0") for p in d.paragraphs if p.text.startswith("发布版指纹")])
    result = run("check", district, "--notice", notice)
    assert (result.exit_code, "指纹" in result.output) == (1, True)


def test_full_width_digits_and_a_text_cut_into_runs_are_no_difference(district, notice):
    def retype(document: Any) -> None:
        found = paragraph(document, "参评单位13个")
        text = found.text.replace("13", "１３")
        found.clear()
        for sign in text:
            found.add_run(sign)

    edit(notice, retype)
    assert run("check", district, "--notice", notice).exit_code == 0


def test_an_office_may_shorten_and_add_words_without_figures(district, notice):
    def shorten(document: Any) -> None:
        found = paragraph(document, "只有同一类的单位")
        found._p.getparent().remove(found._p)
        document.add_paragraph("请各单位认真对照，抓好整改，整改情况于9月30日前报送。")

    edit(notice, shorten)
    assert run("check", district, "--notice", notice).exit_code == 0


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04broken", "表格".encode()])
def test_what_is_no_word_file_is_refused_with_what_to_do(district, tmp_path, content):
    (tmp_path / "x.docx").write_bytes(content)
    result = run("check", district, "--notice", tmp_path / "x.docx")
    assert (result.exit_code, "另存为" in result.output) == (2, True)


def test_a_word_file_that_names_entities_reads_no_file_of_this_machine(district, tmp_path):
    (tmp_path / "secret").write_text("SECRET", encoding="utf-8")
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]>'
    text += '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    text += "<w:body><w:p><w:r><w:t>&e;99.9%</w:t></w:r></w:p></w:body></w:document>"
    with zipfile.ZipFile(tmp_path / "x.docx", "w") as archive:
        archive.writestr("word/document.xml", text)
    result = run("check", district, "--notice", tmp_path / "x.docx")
    assert result.exit_code == 1
    assert "SECRET" not in result.output


def test_an_unknown_fact_is_refused_and_nothing_is_written(district, tmp_path):
    (tmp_path / "facts.toml").write_text('issuer = "甲"\nissued = 2026-07-15\n', encoding="utf-8")
    result = run("notice", district, "--facts", tmp_path / "facts.toml", "--out", tmp_path / "out.docx")
    assert (result.exit_code, "issued" in result.output) == (2, True)
    assert not (tmp_path / "out.docx").exists()


def test_the_page_is_laid_out_as_official_paper(notice):
    section = docx.Document(str(notice)).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    assert (round(width / 36000), round(height / 36000)) == (156, 225)
    # 22 lines of 28.95 pt stand in 225 mm; 28 signs of 16 pt, each narrowed by 0.25 pt, in 156 mm.
    styles = docx.Document(str(notice)).styles
    assert 22 * styles["Normal"].paragraph_format.line_spacing <= height
    narrowed = int(styles["Normal"].element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert 28 * (styles["Normal"].font.size.pt + narrowed) * 12700 <= width < 29 * 15.75 * 12700


def test_titles_and_text_have_their_types_with_other_names_for_them(notice):
    styles = docx.Document(str(notice)).styles
    types = {name: styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) for name in ("Title", "Normal", "Heading 1")}
    assert types == {"Title": "方正小标宋简体", "Normal": "仿宋", "Heading 1": "黑体"}
    assert (styles["Title"].font.size.pt, styles["Normal"].font.size.pt) == (22, 16)
    with zipfile.ZipFile(notice) as archive:
        fonts = archive.read("word/fontTable.xml").decode()
    assert "仿宋_GB2312" in fonts
    assert "华文中宋" in fonts


def test_number_day_annex_and_page_numbers_stand_in_their_places(notice):
    document = docx.Document(str(notice))
    texts = [p.text for p in document.paragraphs]
    assert texts.index("清纪发〔2026〕12号") < texts.index("关于2026年上半年群众评议结果的通报")
    assert texts.index("附件：各单位得分表") < texts.index("2026年7月15日") < texts.index("附件")
    assert document.settings.odd_and_even_pages_header_footer
    assert "PAGE" in document.sections[0].footer._element.xml
    assert "PAGE" in document.sections[0].even_page_footer._element.xml
    assert [c.text for c in document.tables[-1].rows[1].cells] == ["清河示范区纪律检查委员会", "2026年7月15日印发"]


def test_the_same_facts_give_the_same_bytes(district, notice, tmp_path):
    again = tmp_path / "again.docx"
    assert run("notice", district, "--facts", district / "facts.toml", "--out", again).exit_code == 0
    assert again.read_bytes() == notice.read_bytes()
    with zipfile.ZipFile(io.BytesIO(notice.read_bytes())) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_notice_workbook_and_pages_carry_one_digest(district):
    digest = json.loads((district / "release" / "manifest.json").read_bytes())["release_digest"]
    texts = [p.text.replace(" ", "") for p in docx.Document(str(district / "release" / "notice.docx")).paragraphs]
    assert f"发布版指纹：{digest}" in texts
    with zipfile.ZipFile(district / "release" / "results.xlsx") as archive:
        assert digest in archive.read("xl/sharedStrings.xml").decode()
    assert digest in (district / "release" / "index.md").read_text(encoding="utf-8")


def test_a_unit_whose_name_looks_like_markup_is_text(folder: Folder, tmp_path):
    unit = {"slug": "hall", "zh": "<w:t>&amp;=1", "class": "window"}
    made = folder(ballots({("hall", "citizen", "5", "4"): 12}), facts=round_data([unit]))
    assert run("compute", made).exit_code == 0
    document = docx.Document(str(made / "release" / "notice.docx"))
    assert row(document, "<w:t>&amp;=1").cells[2].text == "87.50"
    assert run("check", made, "--notice", made / "release" / "notice.docx").exit_code == 0
