"""What every page brings with it: headers, language, the built site, health."""

import dataclasses
import re

import pytest

from survey_app import create_app
from survey_app.citizen import health
from survey_app.web.headers import APP_POLICY


@pytest.fixture
def release(settings):
    """A built site of three files behind the live link; another release stands beside it."""
    for number in (1, 2):
        folder = settings.releases / str(number)
        (folder / "units" / "tax").mkdir(parents=True)
        (folder / "index.html").write_text(f"home {number}")
        (folder / "units" / "tax" / "index.html").write_text(f"tax {number}")
        (folder / "csp.txt").write_text("default-src 'self'\n")
    settings.live_site.symlink_to(settings.releases / "1")
    (settings.releases / "secret.txt").write_text("not public")
    return settings


def read(citizen, path):
    """The answer, read to its end, so that no file stays open."""
    return citizen.get(path, buffered=True)


class TestTheBuiltSite:
    def test_is_served_with_its_own_policy(self, citizen, release):
        page = read(citizen, "/units/tax/")

        assert page.text == "tax 1"
        assert page.headers["Content-Security-Policy"] == "default-src 'self'"

    def test_is_swapped_between_two_requests_without_a_restart(self, citizen, release):
        assert read(citizen, "/").text == "home 1"
        fresh = release.live_site.with_name("fresh")
        fresh.symlink_to(release.releases / "2")
        fresh.replace(release.live_site)

        assert read(citizen, "/").text == "home 2"

    def test_adds_the_slash_a_folder_needs(self, citizen, release):
        assert read(citizen, "/units/tax").headers["Location"].endswith("/units/tax/")

    @pytest.mark.parametrize("path", ["/../secret.txt", "/units/../../secret.txt", "/%2e%2e/secret.txt", "/csp.txt"])
    def test_shows_nothing_outside_the_release(self, citizen, release, path):
        page = read(citizen, path)

        assert page.status_code == 404
        assert "not public" not in page.text

    def test_takes_a_name_that_is_too_long_for_a_file_as_no_file(self, citizen, release):
        assert read(citizen, "/" + "a" * 300).status_code == 404

    def test_says_404_in_words_with_a_way_home(self, citizen, release):
        page = read(citizen, "/nothing/here/")

        assert page.status_code == 404
        assert "没有这一页" in page.text

    def test_that_is_not_built_yet_is_a_404_and_not_a_fault(self, citizen):
        assert read(citizen, "/").status_code == 404


class TestHeaders:
    @pytest.mark.parametrize("path", ["/r", "/receipt", "/rate/2026-h2/tax", "/nothing"])
    def test_every_page_of_the_app_has_them(self, citizen, path):
        headers = citizen.get(path).headers

        assert headers["Content-Security-Policy"] == APP_POLICY
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"

    def test_no_cookie_that_holds_a_code_can_be_read_by_a_script_or_sent_by_another_site(self, citizen):
        cookies = citizen.get("/rate/2026-h2/tax?code=23456789AA").headers.getlist("Set-Cookie")

        assert cookies
        assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)

    def test_over_https_every_cookie_stays_on_https(self, citizen):
        answer = citizen.get("/rate/2026-h2/tax?code=23456789AA", base_url="https://localhost")

        assert all("Secure" in cookie for cookie in answer.headers.getlist("Set-Cookie"))

    def test_behind_a_proxy_that_ends_https_every_cookie_stays_on_https_too(self, open_round, settings, keys, clock):
        app = create_app(dataclasses.replace(settings, https=True), keys, clock)
        answer = app.test_client().get("/rate/2026-h2/tax?code=23456789AA")

        assert all("Secure" in cookie for cookie in answer.headers.getlist("Set-Cookie"))


class TestStyles:
    @pytest.mark.parametrize("name", ["tokens.css", "parts.css", "site.css", "app.css", "logo.svg", "fill.js"])
    def test_come_from_one_copy(self, citizen, name):
        assert read(citizen, f"/static/{name}").status_code == 200

    def test_show_no_other_file(self, citizen):
        assert read(citizen, "/static/../config.py").status_code == 404


class TestLanguage:
    def test_chinese_is_the_language_until_english_is_chosen(self, citizen):
        assert '<html lang="zh-Hans"' in citizen.get("/r").text
        moved = citizen.get("/r?lang=en")

        assert moved.headers["Location"] == "/r"
        assert '<html lang="en"' in citizen.get("/r").text

    def test_a_refusal_is_said_in_the_readers_language(self, citizen):
        citizen.get("/r?lang=en")
        page = citizen.get("/rate/1999-h1/tax").text

        assert "1999-h1" in page
        assert not re.search(r"[\u4e00-\u9fff]", re.search(r'role="alert"><p>(.*?)</p>', page)[1])


class TestHealth:
    def test_says_ok_while_the_disk_has_room(self, citizen):
        assert citizen.get("/health").json["status"] == "ok"

    def test_says_503_before_the_disk_is_full(self, citizen, monkeypatch):
        monkeypatch.setattr(health, "MIN_FREE_BYTES", 2**60)
        answer = citizen.get("/health")

        assert (answer.status_code, answer.json["status"]) == (503, "disk-full")
