"""What a release is made of: the same bytes every time, whole or not at all, true to its manifest."""

import ast
import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import markdown
import openpyxl
import pytest
import yaml
from jsonschema import Draft202012Validator

from analysis.columns import TABLES, dictionary, rounded
from analysis.messages import MESSAGES

from .conftest import (
    Folder,
    ballots,
    method_data,
    round_data,
    run,
    vector_method,
    vector_round,
    vector_rows,
    weighted,
    write_folder,
)

ROOT = Path(__file__).parents[2]
FILES = [
    "changes.csv",
    "charts/scores.svg",
    "composition.csv",
    "counts.csv",
    "dimensions.csv",
    "disagreement.csv",
    "everyday.csv",
    "funnel.csv",
    "groups.csv",
    "index.md",
    "integrity.csv",
    "kept_rates.csv",
    "manifest.json",
    "method.toml",
    "power.csv",
    "release.json",
    "results.xlsx",
    "rollup.csv",
    "round.toml",
    "rules.csv",
    "scores.csv",
    "sensitivity.csv",
    "series.csv",
    "trend.csv",
]
EVIL = "<script>&\"'=1+1 *星* [x](y) {{ z }}"


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """A published table."""
    return list(csv.DictReader(io.StringIO((folder / "release" / name).read_text(encoding="utf-8"))))


@pytest.fixture
def varied(tmp_path: Path, computed: Path) -> Path:
    """A round with every status, odd names and several classes, computed."""
    return Path(shutil.copytree(computed, tmp_path / "round"))


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same round, computed once."""
    method = method_data(
        dimension=weighted(attitude="2/3", openness="1/3", overall="0"),
        group=weighted(citizen="8/10", deputy="2/10"),
        **{
            "class": [
                {"code": "window", "zh": "窗口服务"},
                {"code": "village", "zh": "村社区", "weights": {"citizen": "1"}},
                {"code": "unused", "zh": "没有单位的类"},
            ]
        },
        flag=[{"code": "check", "zh": "检查票", "excluded": True}],
    )
    units = [
        {"slug": "full", "zh": EVIL, "class": "window", "codes_issued": {"citizen": 40}, "panel": {"deputy": 20}},
        {"slug": "part", "zh": "不动产登记中心", "class": "window"},
        {"slug": "thin", "zh": "薄", "class": "window"},
        {"slug": "none", "zh": "空", "class": "window"},
        {"slug": "half", "zh": "半", "class": "window"},
        {"slug": "doubt", "zh": "存疑", "class": "window"},
        {"slug": "panel", "zh": "石桥村", "class": "village", "parent": "full", "panel": {"citizen": 12}},
    ]
    rows = ballots(
        {
            ("full", "citizen", "5", "4", "5"): 20,
            ("full", "citizen", "3", "0", "2"): 7,
            ("full", "deputy", "4", "4", ""): 12,
            ("part", "citizen", "2", "5", "5"): 15,
            ("part", "deputy", "1", "1", "1"): 3,
            ("thin", "citizen", "1", "1", "1"): 4,
            ("half", "deputy", "1", "1", "1"): 11,
            ("doubt", "citizen", "4", "4", "4"): 20,
            ("panel", "citizen", "5", "5", "5"): 12,
        }
    )
    rows = [f"{row}," for row in rows] + ["full,citizen,open,2026-05-04,1,1,1,"] * 5
    rows += ["full,citizen,web,2026-05-04,1,1,1,check"] * 10 + ["doubt,citizen,web,2026-05-04,1,1,1,check"] * 3
    facts = round_data(units, amendment=[{"on": "2026-07-01", "text": "改正一处<错>字"}])
    made = write_folder(tmp_path_factory.mktemp("varied") / "round", rows, method, facts, flags=True)
    assert run("compute", made, "--allow-no-ballots").exit_code == 0
    return made


def test_a_release_holds_exactly_these_files(varied):
    assert list(tree(varied / "release")) == FILES


def test_every_status_is_where_it_belongs(varied):
    assert {row["unit"]: row["status"] for row in table(varied, "scores.csv")} == {
        "doubt": "under_review",
        "full": "ok",
        "half": "insufficient_weight",
        "none": "no_ballots",
        "panel": "census",
        "part": "renormalised",
        "thin": "insufficient_n",
    }


def test_the_same_input_gives_the_same_bytes_in_every_file(varied, tmp_path):
    assert run("compute", varied, "--allow-no-ballots", "--out", tmp_path / "again").exit_code == 0
    assert tree(tmp_path / "again") == tree(varied / "release")


def test_the_snapshot_folder_itself_may_be_named(varied, tmp_path):
    before = tree(varied / "release")
    assert run("compute", varied / "snapshot", "--allow-no-ballots").exit_code == 0
    assert tree(varied / "release") == before


def test_check_says_same(varied):
    result = run("check", varied)
    assert (result.exit_code, result.output.strip()) == (0, "一致")


@pytest.mark.parametrize("name", ["scores.csv", "release.json", "index.md", "manifest.json"])
def test_check_names_a_file_that_was_changed(varied, name):
    path = varied / "release" / name
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))
    result = run("check", varied)
    assert result.exit_code == 1
    assert name in result.output


def test_check_names_a_picture_that_was_changed(varied):
    path = varied / "release" / "charts" / "scores.svg"
    path.write_bytes(path.read_bytes() + b" ")
    result = run("check", varied)
    assert result.exit_code == 1
    assert "charts/scores.svg" in result.output


def test_check_without_a_release_is_bad_input(folder: Folder):
    result = run("check", folder(ballots({("hall", "citizen", "5", "4"): 12})))
    assert (result.exit_code, "compute" in result.output) == (2, True)


def test_the_manifest_lists_every_file_with_its_digest(varied):
    release = varied / "release"
    manifest = json.loads((release / "manifest.json").read_bytes())
    listed = {e["name"]: (e["bytes"], e["sha256"]) for e in manifest["files"]}
    found = {n: (len(c), hashlib.sha256(c).hexdigest()) for n, c in tree(release).items() if n != "manifest.json"}
    assert listed == found
    assert list(listed) == sorted(listed)


def test_the_release_digest_is_what_the_page_tells_the_reader_to_type(varied):
    release = varied / "release"
    page = (release / "index.md").read_text(encoding="utf-8")
    command = re.search(r"<code>(LC_ALL=C sha256sum [^|]*\| sha256sum)</code>", page)[1]
    said = subprocess.run(["sh", "-c", command], cwd=release, capture_output=True, text=True, check=True)
    digest = said.stdout.split()[0]
    assert json.loads((release / "manifest.json").read_bytes())["release_digest"] == digest
    assert digest in page


def test_the_document_on_the_frozen_folder_gives_the_same_command(varied):
    text = (ROOT / "docs" / "frozen-folder.md").read_text(encoding="utf-8")
    command = re.search(r"^LC_ALL=C sha256sum .*$", text, re.MULTILINE)[0]
    release = varied / "release"
    said = subprocess.run(["sh", "-c", command], cwd=release, capture_output=True, text=True, check=True)
    assert said.stdout.split()[0] == json.loads((release / "manifest.json").read_bytes())["release_digest"]


def test_nothing_in_the_data_files_rests_on_fewer_than_the_minimum(varied):
    assert all(int(row["answered"]) >= 10 for row in table(varied, "counts.csv"))
    assert {row["unit"] for row in table(varied, "counts.csv")} == {"doubt", "full", "half", "panel", "part"}
    units = {u["slug"]: u for u in json.loads((varied / "release" / "release.json").read_bytes())["units"]}
    assert units["full"]["not_counted"] == {"channels": {"open": 5}, "flags": {"check": 10}}
    assert units["doubt"]["not_counted"] == {"channels": {"open": 0}, "flags": {"check": 0}}


def test_the_digest_of_the_ballots_is_not_published(varied):
    # With all but a few answers known, a digest of the whole would let them be found by trying.
    digest = hashlib.sha256((varied / "snapshot" / "ballots.csv").read_bytes()).hexdigest().encode()
    assert not [name for name, content in tree(varied / "release").items() if digest in content]


def test_the_vector_is_published_as_its_rounded_numbers(folder: Folder):
    made = folder(vector_rows(), vector_method(), vector_round())
    assert run("compute", made).exit_code == 0
    [row] = table(made, "scores.csv")
    assert (row["score"], row["score_exact"]) == ("67.85", "370810133/5464800")
    assert (row["low"], row["high"], row["counted_weight"], row["status"]) == ("63.88", "71.59", "1", "ok")


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [("1/200", 2, "0.00"), ("3/200", 2, "0.02"), ("5/200", 2, "0.02"), ("200/3", 2, "66.67"), ("-1/1000", 2, "0.00")],
)
def test_rounding_is_half_even_on_the_exact_fraction(value, places, text):
    assert rounded(Fraction(value), places) == text


def test_the_front_matter_fits_the_schema_of_the_site(varied):
    schema = ROOT / "site" / "schemas" / "round.json"
    matter = yaml.safe_load((varied / "release" / "index.md").read_text(encoding="utf-8").split("---\n")[1])
    assert [e.message for e in Draft202012Validator(json.loads(schema.read_bytes())).iter_errors(matter)] == []
    assert (matter["units"], matter["ballots"], matter["published_on"]) == (7, 107, "2026-06-30")
    assert [(c["code"], c["scored"], c["unscored"]) for c in matter["classes"]] == [("window", 2, 4), ("village", 1, 0)]


class Balance(HTMLParser):
    """Collects tags, texts and what is not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in ("img", "br", "meta"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        self.text += data


def body(folder: Path) -> str:
    """The page below its front matter."""
    return (folder / "release" / "index.md").read_text(encoding="utf-8").split("---\n", 2)[2]


def test_the_page_is_one_block_of_html_that_markdown_leaves_alone(varied):
    text = body(varied)
    assert not [line for line in text.strip().splitlines() if not line.strip() or line.startswith("    ")]
    assert markdown.markdown(text, extensions=["tables", "attr_list", "md_in_html", "toc"]).strip() == text.strip()


def test_the_page_is_well_formed_and_names_are_text(varied):
    page = Balance()
    page.feed(body(varied))
    assert (page.open, page.wrong) == ([], [])
    assert "script" not in page.tags
    assert EVIL in page.text
    assert "改正一处<错>字" in page.text
    assert page.tags.count("h1") == 1


def test_the_page_says_why_a_unit_has_no_score_and_gives_no_place(varied):
    page = Balance()
    page.feed(body(varied))
    assert "收到4张，没有一组满10张，所以不公布" in page.text
    assert "收到11张，满10张的部分占权重20%，不到70%，所以不公布得分" in page.text
    assert "没有收到有效票" in page.text
    assert "待核，暂不公布得分（1个）" in page.text
    assert "收到23张，其中有存疑的票，每组不到10张，核实以前不公布得分" in page.text
    assert "样本不足，不计分（3个）" in page.text
    assert not re.search(r"第\s*\d+\s*[名位]", page.text)


def test_the_page_links_only_to_files_that_are_there(varied):
    links = re.findall(r'(?:href|src)="([^"#]+)"', body(varied))
    here = [link for link in links if not link.startswith("../")]
    assert set(here) <= set(FILES)
    assert "units/" not in body(varied)


def test_a_round_without_any_score_still_has_a_page_and_a_chart(folder: Folder):
    made = folder(ballots({("hall", "citizen", "5", "4"): 3}))
    assert run("compute", made).exit_code == 0
    assert "没有可公布的得分" in (made / "release" / "charts" / "scores.svg").read_text(encoding="utf-8")
    assert "收到3张" in body(made)


def test_the_chart_has_real_text_a_title_and_a_description(varied):
    svg = ElementTree.fromstring((varied / "release" / "charts" / "scores.svg").read_bytes())  # noqa: S314
    name = "{http://www.w3.org/2000/svg}"
    assert [child.tag for child in svg[:2]] == [f"{name}title", f"{name}desc"]
    texts = [node.text for node in svg.iter(f"{name}text")]
    assert "不动产登记中心" in texts
    assert EVIL in texts


def test_two_units_of_one_name_have_a_row_each_in_the_chart(folder: Folder):
    units = [{"slug": slug, "zh": "便民中心", "class": "window"} for slug in ("east", "west")]
    made = folder(ballots({(s, "citizen", "5", "4"): 12 for s in ("east", "west")}), facts=round_data(units))
    assert run("compute", made).exit_code == 0
    svg = (made / "release" / "charts" / "scores.svg").read_text(encoding="utf-8")
    assert "便民中心（east）" in svg
    assert "便民中心（west）" in svg


def test_publish_puts_the_release_into_the_pages_and_links_units_that_have_a_page(varied, tmp_path):
    pages = tmp_path / "pages"
    (pages / "units" / "part").mkdir(parents=True)
    (pages / "units" / "part" / "index.md").write_text("")
    assert run("publish", varied, "--into", pages, "--published-on", "2026-07-15").exit_code == 0
    there = pages / "results" / "2026-h1"
    assert list(tree(there)) == FILES
    page = (there / "index.md").read_text(encoding="utf-8")
    assert '<a href="../../units/part/">不动产登记中心</a>' in page
    assert "units/full" not in page
    assert "published_on: '2026-07-15'" in page
    same = [name for name in FILES if name not in ("index.md", "manifest.json")]
    assert all((there / name).read_bytes() == (varied / "release" / name).read_bytes() for name in same)


def test_a_release_that_does_not_match_its_manifest_is_not_published(varied, tmp_path):
    (tmp_path / "pages").mkdir()
    path = varied / "release" / "scores.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("ok", "OK"), encoding="utf-8")
    result = run("publish", varied, "--into", tmp_path / "pages")
    assert (result.exit_code, "scores.csv" in result.output) == (2, True)
    assert list((tmp_path / "pages").iterdir()) == []


def test_pages_that_are_not_there_are_bad_input(varied, tmp_path):
    assert run("publish", varied, "--into", tmp_path / "nowhere").exit_code == 2


SHEETS = {"单位得分": "scores.csv", "评议维度": "dimensions.csv", "评议主体": "groups.csv", "原始计数": "counts.csv"}


def test_the_workbook_has_its_sheets_and_no_formula(varied):
    book = openpyxl.load_workbook(varied / "release" / "results.xlsx")
    assert book.sheetnames == ["总览", *SHEETS, "评议办法", "数据字典"]
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert all(book[name].freeze_panes and book[name].auto_filter.ref for name in SHEETS)


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_workbook_holds_the_values_of_the_csv(varied, sheet):
    book = openpyxl.load_workbook(varied / "release" / "results.xlsx")
    header, *rows = book[sheet].iter_rows(values_only=True)
    columns = TABLES[SHEETS[sheet]]
    places = [header.index(f"{c.zh}（{c.unit}）" if c.unit else c.zh) for c in columns]
    expected = table(varied, SHEETS[sheet])
    assert len(rows) == len(expected)
    for row, csv_row in zip(rows, expected, strict=True):
        assert [c.text(row[place]) for c, place in zip(columns, places, strict=True)] == list(csv_row.values())


def test_a_name_that_looks_like_a_formula_stays_text(folder: Folder):
    unit = {"slug": "hall", "zh": "=HYPERLINK(1)", "class": "window"}
    made = folder(ballots({("hall", "citizen", "5", "4"): 12}), facts=round_data([unit], name="+1+2"))
    assert run("compute", made).exit_code == 0
    book = openpyxl.load_workbook(made / "release" / "results.xlsx")
    assert book["总览"]["A1"].value == "+1+2"
    assert book["单位得分"]["B2"].value == "=HYPERLINK(1)"
    assert book["单位得分"]["B2"].data_type == "s"


def test_the_data_dictionary_is_current():
    path = ROOT / "docs" / "data-dictionary.md"
    assert path.read_text(encoding="utf-8") == dictionary(), "python -m analysis dictionary > docs/data-dictionary.md"
    assert run("dictionary").output == dictionary()


@pytest.mark.parametrize("command", ["compute", "check", "publish", "convert", "method", "dictionary"])
def test_every_command_has_help_with_an_example(command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"python -m analysis {command}" in result.output


def test_ballot_rows_are_never_walked_or_melted():
    forbidden = re.compile(r"\.(melt|apply|iterrows|itertuples)\(")
    sources = (ROOT / "analysis").glob("*.py")
    assert [path.name for path in sources if forbidden.search(path.read_text(encoding="utf-8"))] == []


def test_analysis_never_imports_the_app():
    forbidden = re.compile(r"^\s*(from|import) (survey_app|flask|peewee)\b", re.MULTILINE)
    sources = (ROOT / "analysis").glob("*.py")
    assert [path.name for path in sources if forbidden.search(path.read_text(encoding="utf-8"))] == []


def test_every_message_is_used():
    source = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "analysis").glob("*.py") if p.name != "messages.py")
    made = {"unknown_group", "unknown_channel"}
    assert [code for code in MESSAGES if f'"{code}"' not in source and code not in made] == []


def test_every_public_function_and_class_says_what_it_is():
    kinds = (ast.FunctionDef, ast.ClassDef)
    found = [(p.name, node) for p in (ROOT / "analysis").glob("*.py") for node in ast.walk(ast.parse(p.read_bytes()))]
    public = [(name, n) for name, n in found if isinstance(n, kinds) and not n.name.startswith("_")]
    inner = {"run", "remember"}
    assert [(name, n.name) for name, n in public if not ast.get_docstring(n) and n.name not in inner] == []
