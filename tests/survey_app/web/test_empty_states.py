"""A portal in which nothing has happened yet: every page of every role says what to do, none is blank."""

import re

import pytest
from lxml import html

from survey_app.domain.roles import ROLES
from survey_app.web.doors import READ_BY_AUDITOR
from tests.accounts import sign_in
from tests.bench_desk import addresses

BARE = re.compile(r"(现在|还)?(没有|无|暂无)。?")


def pages_of(app, clock, role):
    """(address, main part) of every page that this role may open."""
    client = sign_in(app, clock, role, unit="tax")
    for address, opened_by, door in addresses(app):
        if not opened_by or role in opened_by or (role == "auditor" and door in READ_BY_AUDITOR):
            answer = client.get(address, buffered=True)
            assert answer.status_code < 500, address
            if answer.status_code == 200 and answer.mimetype == "text/html":
                yield address, html.fromstring(answer.text).xpath("//main")[0]


def words_of(part):
    return " ".join(part.text_content().split())


def says_what_to_do(empty):
    """More than that there is nothing: a way on, or a second clause that says when something will stand there."""
    return bool(empty.xpath(".//a | .//button")) or len(re.findall(r"[^，。；]+[，。；]", words_of(empty))) > 1


def faults(app, clock, role):
    for address, main in pages_of(app, clock, role):
        empties = main.xpath(".//*[contains(@class, 'p-empty')]")
        yield from (f"{address}: {words_of(one)}" for one in empties if not says_what_to_do(one))
        yield from (f"{address}: {words_of(p)}" for p in main.xpath(".//p | .//li") if BARE.fullmatch(words_of(p)))
        if "共0条" in words_of(main) and not empties:
            yield f"{address}: an empty list without a word"
        if not main.xpath(".//p | .//form | .//table | .//li"):
            yield f"{address}: blank"
        yield from (f"{address}: {words_of(h)} stands above nothing" for h in main.xpath(".//section[not(*[2])]/h2"))


@pytest.mark.parametrize("role", ROLES)
def test_on_a_portal_without_any_page_or_data_each_role_is_told_what_to_do(app, settings, clock, role):
    for file in settings.pages.rglob("*.md"):
        file.unlink()

    assert list(faults(app, clock, role)) == []


@pytest.mark.parametrize("role", ROLES)
def test_in_a_round_that_has_just_been_opened_each_role_is_told_what_to_do(open_round, app, clock, role):
    assert list(faults(app, clock, role)) == []


def test_a_page_that_only_says_none_would_be_found(app, clock):
    assert not says_what_to_do(html.fromstring('<div class="p-empty"><p>现在没有。</p></div>'))
    assert says_what_to_do(html.fromstring('<div class="p-empty"><p>还没有。<a href="/x">写第一份</a></p></div>'))
    assert says_what_to_do(html.fromstring('<div class="p-empty"><p>还没有单位。公布以后列在这里。</p></div>'))
    assert len(list(pages_of(app, clock, "auditor"))) > 25
