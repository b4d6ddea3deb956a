"""The pages of a release: sound HTML, names as text, reasons in words, links that lead somewhere."""

import json
import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path

import markdown
import yaml
from jsonschema import Draft202012Validator

from .conftest import EVIL, Folder, ballots, run, tree

ROOT = Path(__file__).parents[2]
HOME = "results/2026-h1/"


class Reader(HTMLParser):
    """Collects tags, texts, links and what is not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for key, value in attrs if key in ("href", "src")]
        if tag not in ("img", "br", "meta"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        self.text += data


def bodies(folder: Path) -> dict[str, str]:
    """Every page below its front matter, by its file."""
    files = tree(folder / "release")
    return {n: c.decode().split("---\n", 2)[2] for n, c in files.items() if n.endswith(".md")}


def read(folder: Path, name: str = "index.md") -> Reader:
    """One page as a reader meets it."""
    return Reader(bodies(folder)[name])


def matter(folder: Path, name: str) -> dict[str, object]:
    """A page's front matter."""
    return yaml.safe_load((folder / "release" / name).read_text(encoding="utf-8").split("---\n")[1])


def address(name: str) -> str:
    """Where a page stands below the site's root."""
    return HOME + ("" if name == "index.md" else name.removesuffix(".md") + "/")


def test_every_front_matter_fits_the_schema_of_its_kind(varied):
    for name in bodies(varied):
        found = matter(varied, name)
        schema = json.loads((ROOT / "site" / "schemas" / f"{found['kind']}.json").read_bytes())
        assert [e.message for e in Draft202012Validator(schema).iter_errors(found)] == [], name
    front = matter(varied, "index.md")
    assert (front["units"], front["ballots"], front["published_on"]) == (7, 107, "2026-06-30")
    assert [(c["code"], c["scored"], c["unscored"]) for c in front["classes"]] == [("window", 2, 4), ("village", 1, 0)]


def test_every_page_is_one_block_of_html_that_markdown_leaves_alone(varied):
    for name, text in bodies(varied).items():
        assert not [line for line in text.strip().splitlines() if not line.strip() or line.startswith("    ")], name
        made = markdown.markdown(text, extensions=["tables", "attr_list", "md_in_html", "toc"])
        assert made.strip() == text.strip(), name


def test_every_page_is_well_formed_and_names_are_text(varied):
    for name in bodies(varied):
        page = read(varied, name)
        assert (page.open, page.wrong) == ([], []), name
        assert "script" not in page.tags
        assert page.tags.count("h1") == 1, name
    assert EVIL in read(varied).text
    assert EVIL in read(varied, "scores/full.md").text
    assert "改正一处<错>字" in read(varied).text


def test_every_link_leads_to_a_file_of_the_release_or_a_page_of_the_site(varied):
    pages = bodies(varied)
    there = {HOME + name for name in tree(varied / "release")} | {address(name) for name in pages}
    for name in pages:
        for link in read(varied, name).links:
            path = posixpath.normpath(posixpath.join(address(name), link.split("#")[0]))
            path += "/" if link.endswith("/") or not link.split("#")[0] else ""
            assert path in there | {"results/", "./"}, (name, link)


def test_the_page_says_why_a_unit_has_no_score_and_gives_no_place(varied):
    text = read(varied).text
    assert "收到4张，没有一组满10张，所以不公布" in text
    assert "收到11张，满10张的部分占权重20%，不到70%，所以不公布得分" in text
    assert "没有收到有效票" in text
    assert "待核，暂不公布得分（1个）" in text
    assert "收到23张，其中有存疑的票，每组不到10张，核实以前不公布得分" in text
    assert "样本不足，不计分（3个）" in text
    assert "收到4张，没有一组满10张，所以不公布" in read(varied, "scores/thin.md").text
    assert "收到4张，没有一组满10张，所以不公布" in read(varied, "withheld.md").text


def test_a_score_is_worked_with_its_own_numbers(varied):
    # Unit full, citizens, attitude, linear scale: 20 times 5, 7 times 3 -> (20·100 + 7·50) ÷ 27 = 87.04.
    text = read(varied, "scores/full.md").text
    assert "20×100 + 0×75 + 7×50 + 0×25 + 0×0）÷ 27 = 87.04" in text
    # Openness: 20 times 4, 7 don't know -> 75; weights 2/3 and 1/3: 83.02, of the unit 80 %.
    assert "87.04×66.7% + 75.00×33.3% = 83.02" in text
    assert "选“不了解”的0人、没有作答的0人不在除数里" in text
    assert "非常满意20，满意0，基本满意7，不满意0，非常不满意0" in text


def test_the_frozen_method_stands_on_its_page_word_for_word(varied):
    page = read(varied, "method.md")
    assert (varied / "release" / "method.toml").read_text(encoding="utf-8").rstrip() in page.text
    assert matter(varied, "index.md")["method_sha256"] in page.text


def test_the_digest_of_the_release_stands_on_every_page(varied):
    digest = json.loads((varied / "release" / "manifest.json").read_bytes())["release_digest"]
    assert [name for name, text in bodies(varied).items() if digest not in text] == []


def test_a_round_without_any_score_still_has_its_pages(folder: Folder):
    made = folder(ballots({("hall", "citizen", "5", "4"): 3}))
    assert run("compute", made).exit_code == 0
    assert "收到3张" in read(made).text
    assert "都没有得分" in read(made).text
    assert not list((made / "release").glob("charts/*.svg"))


def test_publish_puts_the_release_into_the_pages_and_links_units_that_have_a_page(varied, tmp_path):
    pages = tmp_path / "pages"
    (pages / "units" / "part").mkdir(parents=True)
    (pages / "units" / "part" / "index.md").write_text("")
    assert run("publish", varied, "--into", pages, "--published-on", "2026-07-15").exit_code == 0
    there, before = tree(pages / "results" / "2026-h1"), tree(varied / "release")
    assert list(there) == list(before)
    assert '<a href="../../../../units/part/">不动产登记中心的页面</a>' in there["scores/part.md"].decode()
    assert "units/full" not in there["scores/full.md"].decode()
    assert b"published_on: '2026-07-15'" in there["index.md"]
    data = [name for name in before if not name.endswith(".md") and name != "manifest.json"]
    assert all(there[name] == before[name] for name in data)


def test_a_name_of_a_class_and_of_a_group_is_text_too(varied):
    assert not re.search(r"<(?!/?[a-z][a-z0-9]*[\s>/])", bodies(varied)["index.md"])
