"""A person writes a case, keeps its code, and follows it."""

import re
import uuid

from survey_app.casework import verbs
from survey_app.casework.verbs import Said
from survey_app.domain.cases import steps
from survey_app.store import cases as store
from tests.survey_app.citizen.sending import nonce_of

WORDS = "昨天在3号窗口等了两个小时，没有人叫号。"


def hand_in(visitor, name="complaint", *, nonce=None, query="", **typed):
    """Whoever sends the form has had time to read it."""
    nonce = nonce or nonce_of(visitor.get(f"/case/new/{name}{query}"))
    visitor.application.config["CLOCK"].later(seconds=20)
    return visitor.post(
        f"/case/new/{name}", data={"nonce": nonce, "words": WORDS, **typed}, content_type="multipart/form-data"
    )


def new_case(visitor, name="complaint", **typed) -> str:
    """The code of a case just written, in the form in which it is shown."""
    sent = hand_in(visitor, name, **typed)
    assert sent.status_code == 303, main_of(sent)
    return code_of(visitor.get(sent.headers["Location"]))


def code_of(page) -> str:
    return re.search(r'id="case-code">([^<]+)<', page.text)[1]


def follow(visitor, code):
    """The page of a case, as its code opens it."""
    return visitor.post("/case", data={"code": code}, follow_redirects=True)


def step(visitor, address, code, **typed):
    """One step of the person from the page of the case."""
    page = follow(visitor, code)
    sent = {"code": code, "nonce": nonce_of(page), "version": version_of(page), **typed}
    return visitor.post(f"/case/{address}", data=sent, content_type="multipart/form-data", follow_redirects=True)


def version_of(page) -> str:
    return re.search(r'name="version" value="(\d+)"', page.text)[1]


def messages(page) -> dict[str, str]:
    """What the box above the form says, by field."""
    return dict(re.findall(r'<li><a href="#([\w-]+)">([^<]+)</a></li>', page.text.split('id="errors-head"')[-1]))


def main_of(page) -> str:
    """The page's own words, without its frame."""
    return re.sub(r"\s*<[^>]*>\s*", " ", page.text.split("<main")[-1].split("</main>")[0])


def number_of(page) -> str:
    return re.search(r"2\d{3}-\d{6}", main_of(page))[0]


def worked_on(app, number, taken, *, role=steps.UNIT, by="clerk", unit="tax", public="", internal="", **told):
    """A step of the unit or the office, through the verb that their desks call."""
    files = told.pop("files", ())
    verbs.take_step(
        number,
        taken,
        Said(public, internal, told, files=files),
        by=by,
        role=role,
        unit=unit if role in (steps.UNIT, steps.HEAD) else "",
        seen=store.case(number).version,
        mark=uuid.uuid4().hex,
        keys=app.config["KEYS"],
        settings=app.config["SETTINGS"],
        now=app.config["CLOCK"](),
    )


def answered(app, number, words="已经加开一个窗口，当面道了歉。"):
    """A complaint gone into with the person, answered by its unit and verified by somebody else."""
    worked_on(app, number, steps.CONTACTED, internal="看了监控")
    worked_on(app, number, steps.ANSWERED, public=words, outcome="solved", evidence="排班表")
    worked_on(app, number, steps.VERIFIED, role=steps.OFFICE, by="reviewer")
