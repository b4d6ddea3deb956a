"""A report written on a phone without scripts, opened on the officer's PC with the file that the list gives."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner

from survey_app import pingyi_sealed
from survey_app.cli import main
from survey_app.store import sealed as store
from tests.accounts import sign_in
from tests.attaching import photographed, printed
from tests.browsing import DESK, person, picture, served, sideways
from tests.sealing import PASSPHRASE, WORDS, cheap_passphrases, install_key

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def officer_key(settings, app):
    return install_key(settings)


def look(page, name):
    page.wait_for_load_state("load")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
    assert sideways(page) <= 0, name
    picture(page, f"sealed-{name}")


def write(page, address, tmp_path, clock):
    """What a person does on the form; two files are chosen."""
    photo, receipt = tmp_path / "证据.jpg", tmp_path / "收据.pdf"
    photo.write_bytes(photographed())
    receipt.write_bytes(printed())
    page.goto(f"{address}/report")
    clock.later(seconds=30)
    page.get_by_label("什么事").fill(WORDS)
    page.get_by_label("反映的是哪个单位").fill("办税服务厅 王某")
    page.get_by_label("照片、截屏或PDF").set_input_files([photo, receipt])
    page.get_by_role("button", name="封上并提交").click()
    page.get_by_role("heading", name="已经封上收好").wait_for()


def test_a_report_from_a_phone_without_scripts_is_read_on_the_officer_s_pc_and_then_deleted(
    app, browser, officer_key, settings, clock, tmp_path
):
    with served(app) as address:
        phone = person(browser, java_script_enabled=False)
        write(phone.new_page(), address, tmp_path, clock)
        assert phone.cookies() == []
        phone.close()

    officer = sign_in(app, clock, "discipline_officer")
    [waiting] = store.list_waiting()
    (tmp_path / "r.sealed").write_bytes(officer.post("/office/sealed/download", data={"name": waiting.label}).data)
    command = ["sealed", "open", tmp_path / "r.sealed", "--key", tmp_path / "a.key", "--out", tmp_path / "read"]
    with cheap_passphrases():
        (tmp_path / "a.key").write_text(pingyi_sealed.key_text(pingyi_sealed.lock(officer_key, PASSPHRASE)))
        opened = CliRunner().invoke(main, [*map(str, command), "--passphrase-stdin"], input=f"{PASSPHRASE}\n")
    text = (tmp_path / "read" / "report.txt").read_text("utf-8-sig")
    code = re.search(r"^举报编号：(\S+)$", text, re.MULTILINE)[1]

    assert opened.exit_code == 0
    assert WORDS in text
    assert "办税服务厅 王某" in text
    assert (tmp_path / "read" / "2-收据.pdf").read_bytes() == printed()
    assert b"Wang" not in (tmp_path / "read" / "1-证据.jpg").read_bytes()
    assert officer.post("/office/sealed/received", data={"code": code}).status_code == 303
    assert store.list_waiting() == []


@pytest.mark.parametrize(("size", "name"), [({}, "390"), ({"viewport": DESK}, "1280")], ids=["phone", "desk"])
def test_every_page_of_it_can_be_read_by_everybody(app, browser, officer_key, clock, tmp_path, size, name):
    with served(app) as address:
        context = person(browser, **size)
        page = context.new_page()
        page.goto(f"{address}/report")
        for summary in page.locator("summary").all():
            summary.click()
        look(page, f"form-{name}")
        page.get_by_role("button", name="封上并提交").click()
        page.get_by_text("还没有写").first.wait_for()
        look(page, f"errors-{name}")
        write(page, address, tmp_path, clock)
        look(page, f"sent-{name}")
        page.goto(f"{address}/report?look=elder")
        look(page, f"elder-{name}")
        context.close()


def test_without_a_key_the_page_leads_to_12388(app, browser):
    with served(app) as address:
        context = person(browser)
        page = context.new_page()
        page.goto(f"{address}/report")
        look(page, "none-390")
        assert page.get_by_text("请打12388").first.is_visible()
        context.close()
