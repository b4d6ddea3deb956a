"""The built site as the portal's own process serves it: elderly mode without a script, redirects of renamed units."""

import json
from pathlib import Path

import pytest

from survey_app.config import Settings

PAGE = '\n<!doctype html>\n<html lang="zh" class="no-js">\n  <head><title>页</title></head><body></body></html>\n'
PAGES = ("index.html", "404.html", "units/budongchan/index.html", "units/budongchan/procedures/guohu/index.html")


@pytest.fixture
def release(settings: Settings) -> Path:
    """A small built site that is live."""
    release = settings.releases / "000001"
    for path in PAGES:
        (release / path).parent.mkdir(parents=True, exist_ok=True)
        (release / path).write_text(PAGE)
    (release / "data").mkdir()
    (release / "data/units.csv").write_text("网址\n")
    (release / "redirects.json").write_text(json.dumps({"fangguansuo": "budongchan"}))
    settings.live_site.symlink_to(release)
    return release


def get(citizen, address, **how):
    """The whole answer, its file closed."""
    with citizen.get(address, **how) as answer:
        answer.get_data()
        return answer


def test_a_page_comes_in_the_look_that_was_chosen_without_any_script(citizen, release):
    assert b'data-mode="elder"' not in get(citizen, "/").data
    assert get(citizen, "/?look=elder").status_code == 303
    answer = get(citizen, "/units/budongchan/")
    assert b'<html lang="zh" class="no-js" data-mode="elder">' in answer.data
    assert "Cookie" in answer.headers["Vary"]
    assert b'data-mode="elder"' in get(citizen, "/nowhere/").data
    get(citizen, "/?look=standard")
    assert b'data-mode="elder"' not in get(citizen, "/units/budongchan/").data


def test_a_reader_who_has_the_page_is_told_so_but_only_in_the_same_look(citizen, release):
    for look in ("standard", "elder"):
        citizen.set_cookie("look", look)
        first = get(citizen, "/")
        again = get(citizen, "/", headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304)
    citizen.set_cookie("look", "standard")
    assert get(citizen, "/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/units/fangguansuo/", "/units/budongchan/"),
        ("/units/fangguansuo", "/units/budongchan/"),
        ("/units/fangguansuo/procedures/guohu/", "/units/budongchan/procedures/guohu/"),
        ("/units/fangguansuo/procedures/weg/", "/units/budongchan/"),
    ],
)
def test_a_former_address_of_a_unit_leads_on_for_good(citizen, release, old, new):
    answer = get(citizen, old)
    assert (answer.status_code, answer.headers["Location"]) == (308, new)


def test_an_address_that_never_was_is_not_led_anywhere(citizen, release):
    assert get(citizen, "/units/erfunden/").status_code == 404


def test_a_table_is_a_file_whatever_the_look(citizen, release):
    citizen.set_cookie("look", "elder")
    assert get(citizen, "/data/units.csv").data.decode() == "网址\n"
