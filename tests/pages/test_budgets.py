"""What a first visit costs a reader, on the sample district and on 1,135 items of a real one."""

import gzip
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Response

from survey_app.config import HOME, Settings
from tests.pages.conftest import REAL

pytestmark = pytest.mark.browser
WEIGHT_KB, REQUESTS = 80, 8
CPU_S_PER_1000_PAGES = 12
SAMPLE = {
    "home": "",
    "unit": "units/budongchan/",
    "procedure": "units/budongchan/procedures/ershoufang-guohu/",
    "print": "units/budongchan/procedures/ershoufang-guohu/notice/",
    "notice": "notices/2026-11-18-daiya-guohu/",
    "search": "search/",
    "procedures": "procedures/",
    "notices": "notices/",
    "catalogue": "disclosure/catalogue/",
    "map": "units/map/",
    "data": "data/",
    "results": "results/2026-h2/",
}
KINDS_OF_DISTRICT = ("home", "unit", "procedure", "search", "procedures", "units", "data")
SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((seen) => seen.getEntries().forEach((shift) => { sum += shift.value; }))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 300);
})"""


def cost(browser: Browser, address: str) -> tuple[float, int, float]:
    """Kilobytes as a web server compresses them, requests, and how much the page moved while it came."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address, wait_until="networkidle")
    shift = page.evaluate(SHIFT)
    weight = sum(len(gzip.compress(answer.body(), 6)) for answer in answers) / 1024
    context.close()
    return weight, len(answers), shift


def assert_in_budget(browser: Browser, address: str) -> None:
    weight, requests, shift = cost(browser, address)
    assert weight <= WEIGHT_KB, f"{weight:.1f} KB"
    assert requests <= REQUESTS
    assert shift == 0


@pytest.mark.parametrize("kind", SAMPLE)
def test_a_first_visit_to_the_sample_stays_within_its_budget(browser: Browser, address: str, kind: str) -> None:
    assert_in_budget(browser, address + SAMPLE[kind])


@pytest.mark.parametrize("kind", KINDS_OF_DISTRICT)
def test_a_first_visit_to_a_real_district_stays_within_its_budget(
    browser: Browser, district: Settings, district_address: str, kind: str
) -> None:
    largest = max((district.pages / "units").glob("*/"), key=lambda folder: len(list(folder.rglob("*.md"))))
    procedure = next(iter(sorted((largest / "procedures").glob("*.md")))).stem
    path = {
        "home": "",
        "unit": f"units/{largest.name}/",
        "procedure": f"units/{largest.name}/procedures/{procedure}/",
    }.get(kind, f"{kind}/")
    assert_in_budget(browser, district_address + path)


@pytest.mark.slow
@pytest.mark.alone
def test_a_full_build_of_a_real_district_stays_within_its_budget(tmp_path: Path) -> None:
    """User and system seconds of the commands and all they start, with nothing kept from a build before."""
    if not REAL.is_dir():
        pytest.skip("the list of a real district is not beside this folder")
    env = {**os.environ, "PINGYI_VAR": str(tmp_path / "var"), "PINGYI_PAGES": str(tmp_path / "pages")}
    pingyi = [sys.executable, "-m", "survey_app.cli"]
    lists = [str(REAL / "units.csv"), str(REAL / "items.csv")]
    subprocess.run([*pingyi, "import", *lists, "--into", str(tmp_path / "pages")], env=env, check=True, cwd=HOME)
    home = tmp_path / "pages" / "index.md"
    home.write_text(home.read_text().replace("\nband:", "\naddress: https://district.example/\nband:", 1))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*pingyi, "site", "build"], env=env, check=True, cwd=HOME)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    pages = sum(1 for _page in (tmp_path / "pages").rglob("*.md"))
    assert pages > 1100
    assert spent / pages * 1000 <= CPU_S_PER_1000_PAGES, f"{spent:.1f} s for {pages} pages"
