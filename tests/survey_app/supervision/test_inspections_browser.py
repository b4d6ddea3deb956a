"""An inspector at 390 px without JavaScript: a photo refused, what was typed still there, then kept with a good one."""

import pytest

from survey_app.store import inspections as store
from tests.browsing import person, picture, served, sideways
from tests.survey_app.supervision.test_orders import PNG

pytestmark = pytest.mark.browser
WORDS = "三号窗口上午没有人。"


@pytest.fixture
def phone(app, open_round, signed_in, browser):
    """The inspector's phone, signed in."""
    session = signed_in("inspector", username="guo").get_cookie("pingyi_session")
    with served(app) as address:
        context = person(browser, java_script_enabled=False, base_url=address)
        context.add_cookies([{"name": "pingyi_session", "value": session.value, "url": address}])
        yield context.new_page()
        context.close()


def look_at(page, name):
    assert sideways(page) <= 0, name
    picture(page, name)


def test_a_refused_photo_loses_nothing_and_a_good_one_is_kept(phone):
    phone.goto("/office/inspections/new")
    look_at(phone, "finding-new-390")
    phone.select_option("#unit", "tax")
    phone.fill("#place", "一楼大厅")
    phone.check("input[name=way][value=covert]")
    phone.check("input[name=kind][value=absent]")
    phone.fill("#words", WORDS)
    phone.set_input_files("#files", {"name": "大厅.png", "mimeType": "image/png", "buffer": b"%!PS"})
    phone.click("main form button.p-btn")
    look_at(phone, "finding-refused-390")
    assert (phone.input_value("#words").strip(), phone.input_value("#place")) == (WORDS, "一楼大厅")
    assert store.findings() == []
    phone.set_input_files("#files", {"name": "大厅.png", "mimeType": "image/png", "buffer": PNG})
    phone.click("main form button.p-btn")
    look_at(phone, "finding-kept-390")
    [found] = store.findings()
    assert (found.words, found.covert, len(store.files_of([found.id]))) == (WORDS, True, 1)
