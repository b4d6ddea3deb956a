"""Officers, a unit's head, and orders made for them."""

import re

import pytest

from survey_app.store import orders as store

TEXT = {
    "issuer": "清河区作风办",
    "paper_number": "清作督〔2026〕7号",
    "title": "关于办税服务厅的整改通知",
    "text": "窗口排队过长。\n请你单位整改。",
    "days": "10",
}


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


class Office:
    """Two officers and the unit's head, each acting on what they have just seen unless told otherwise."""

    def __init__(self, signed_in):
        self.signed_in, self.marks = signed_in, 0
        self.come_back()

    def come_back(self):
        """Sign in; sessions of weeks ago have ended."""
        self.ji = self.signed_in("discipline_officer", username="ji")
        self.lu = self.signed_in("discipline_officer", username="lu")
        self.head = self.signed_in("unit_head", username="head")

    def draw(self, kind="rectify", **how):
        self.marks += 1
        told = {"from": "own:", "kind": kind, "unit": "tax", "basis": "11月2日暗访", "mark": f"new-{self.marks}"}
        answer = self.ji.post("/office/orders/new", data={**told, **TEXT, **how})
        return answer, (store.listed()[-1].number if store.listed() else "")

    def take(self, who, number, step, path="/office", **how):
        self.marks += 1
        told = {"step": step, "version": store.order(number).version, "mark": f"step-{self.marks}"}
        return who.post(f"{path}/orders/{number}", data={**told, "words": "说明如下", "days": "5", **how})

    def issue(self, **how):
        _answer, number = self.draw(**how)
        self.take(self.ji, number, "issued", days="10")
        return number

    def reply(self, number, **how):
        return self.take(self.head, number, "replied", path="/desk", **how)


@pytest.fixture
def office(open_round, signed_in):
    return Office(signed_in)
