"""verify.html, opened from disk in a real browser: no request, the same verdicts, the same planted faults."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from analysis.publish import compute
from tests.browsing import DESK, PHONE, person, picture, sideways

from .test_verify_random import publish
from .verifying import FAULTS, copied, district, edit

pytestmark = pytest.mark.browser
PAGE = Path(__file__).resolve().parents[2] / "analysis" / "verify" / "verify.html"


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    return compute(district(tmp_path_factory.mktemp("district")))


@pytest.fixture
def files(released: Path, tmp_path: Path) -> Path:
    return copied(released, tmp_path / "files")


@pytest.fixture
def page(browser):
    yield from opened(browser, DESK)


@pytest.fixture(params=[PHONE, DESK], ids=["390", "1280"])
def sized(request, browser):
    yield from opened(browser, request.param)


def opened(browser, viewport: dict[str, int]) -> Iterator[Page]:
    context = person(browser, viewport=viewport)
    page = context.new_page()
    page.goto(PAGE.as_uri())
    yield page
    context.close()


def keeps_the_rules(page, name: str) -> None:
    """Accessible, as wide as its window, and kept as a picture."""
    assert Axe().run(page).violations_count == 0
    assert sideways(page) <= 0
    picture(page, f"verify-{name}-{page.viewport_size['width']}")


def verdict(page, folder: Path) -> str:
    """Choose all files of a folder and read what the page says."""
    page.evaluate("say('', '')")
    page.set_input_files("#files", [str(path) for path in sorted(folder.iterdir())])
    page.wait_for_selector("#verdict.good, #verdict.bad")
    return page.inner_text("#verdict")


def test_a_true_release_agrees_and_nothing_leaves_the_page(sized, files):
    said = verdict(sized, files)

    assert said.startswith("✓"), sized.inner_text("#wrong")
    looked_at = sized.inner_text("#lines")
    assert all(f"scores.csv {column}\t" in looked_at for column in ("score_exact", "low", "satisfied_pct", "tier"))
    assert not sized.is_visible("#blocked")
    assert [url for url in sized.context.seen if not url.startswith("file:")] == []
    keeps_the_rules(sized, "agrees")


def test_a_difference_is_shown_with_both_texts(sized, files):
    table, change, _ = FAULTS["one count changed"]
    edit(files, table, change)

    verdict(sized, files)

    assert "公布 published" in sized.inner_text("#wrong")
    keeps_the_rules(sized, "differs")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_though_all_digests_fit(page, files, fault):
    table, change, where = FAULTS[fault]
    edit(files, table, change)

    said = verdict(page, files)

    assert said.startswith("✗")
    assert "不一致" in said
    assert where in page.inner_text("#wrong")
    assert "manifest.json sha256" not in page.inner_text("#wrong")


def test_the_page_agrees_on_random_rounds_too(page, tmp_path):
    for seed in range(20, 26):
        (tmp_path / str(seed)).mkdir()
        said = verdict(page, publish(seed, tmp_path / str(seed)))

        assert said.startswith("✓"), (seed, said, page.text_content("#wrong"))


def test_a_file_changed_without_its_digest_is_found(page, files):
    path = files / "composition.csv"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")

    assert verdict(page, files).startswith("✗")
    assert "manifest.json sha256 composition.csv" in page.inner_text("#wrong")


@pytest.mark.parametrize("name", ["counts.csv", "manifest.json", "round.toml"])
def test_a_missing_file_is_said_by_name(page, files, name):
    (files / name).unlink()

    said = verdict(page, files)

    assert "读不懂" in said
    assert name in said
    assert not page.is_visible("#result")


def test_a_browser_that_runs_no_script_is_told_what_to_do(browser, tmp_path):
    context = person(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(PAGE.as_uri())

    assert page.is_visible("#blocked")
    assert "存到电脑上" in page.inner_text("#blocked")
    context.close()


TOML = r'''
# a comment with "quotes" and [brackets]
format = 1
"quoted key" = 'literal \n'
list = [ 3, 4, # inside
  5, ]
text = "tab\tand \"quotes\" and 中"
long = """
two
lines"""
[scale]
5 = 100
4 = "62.5"
[[unit]]
slug = "a"
panel = { deputy = 20, "x y" = 3 }
[unit.codes_issued]
citizen = 1_000
[[unit]]
slug = "b"
opens_on = 2026-04-08
counted = true
a.b.c = 7
'''


def test_the_page_reads_toml_as_python_does(page):
    import tomllib

    found = page.evaluate("text => toml(text)", TOML)

    expected = tomllib.loads(TOML)
    expected["unit"][1]["opens_on"] = "2026-04-08"
    assert found == expected


@pytest.mark.parametrize(
    "text", ["a = ", "a = nope", "[a", "a = 1\na = 2", 'a = "x', "a = [1 2]", "= 3", "[[a]\nb = 1"]
)
def test_the_page_refuses_toml_it_does_not_understand(page, text):
    said = page.evaluate("text => { try { toml(text); return 'read'; } catch (error) { return error.message; } }", text)

    assert said.startswith("TOML 第")


def test_the_page_computes_digests_and_the_normal_distribution(page):
    from hashlib import sha256
    from math import erfc

    for size in (0, 1, 55, 56, 63, 64, 1000):
        data = bytes(i % 251 for i in range(size))
        assert page.evaluate("list => sha256(new Uint8Array(list))", list(data)) == sha256(data).hexdigest()
    for x in (-3.0, -0.4, 0.0, 0.1, 1.0, 1.96, 2.4999, 2.5, 3.7, 6.0):
        assert page.evaluate("x => erfc(x)", x) == pytest.approx(erfc(x), rel=1e-12)
    assert page.evaluate("two_sided_z(0.95)") == pytest.approx(1.959963984540054, abs=1e-12)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [("1/8", 2, "0.12"), ("3/8", 2, "0.38"), ("-1/200", 2, "0.00"), ("200/3", 1, "66.7"), ("100", 2, "100.00")],
)
def test_the_page_rounds_half_even(page, value, places, text):
    assert page.evaluate("([value, places]) => half_even(parse(value), places)", [value, places]) == text
