"""Cases made for tests."""

from survey_app.casework import verbs
from survey_app.casework.verbs import Said
from survey_app.domain.cases import steps
from survey_app.store.cases import NewCase

WHO = {steps.UNIT: "clerk", steps.HEAD: "head", steps.OFFICE: "officer", steps.CITIZEN: "code"}
SAID = {
    steps.CONTACTED: Said(internal="打过电话，情况属实"),
    steps.ANSWERED: Said(public="材料已经补办好了", detail={"outcome": "solved", "evidence": "收据照片"}),
    steps.RESPONSIBILITY_STATED: Said(internal="窗口没有一次告知，已批评"),
}


class Desk:
    """People who take steps; each acts upon what they have just seen unless told otherwise."""

    def __init__(self, keys, settings, clock):
        self.about = {"keys": keys, "settings": settings}
        self.clock, self.marks = clock, 0

    def receive(self, kind="complaint", *, nonce="", **what):
        self.marks += 1
        new = NewCase(kind, {"words": "窗口让我跑了三趟"}, **{"unit": "tax", "procedure": "wanshui", **what})
        return verbs.receive(new, form_nonce=nonce or f"form-{self.marks}", now=self.clock(), **self.about)

    def take(self, number, step, role=steps.UNIT, said=None, **how):
        self.marks += 1
        seen = how.pop("seen", None) or verbs.store.case(number).version
        of = {"by": WHO[role], "unit": "tax" if role in (steps.UNIT, steps.HEAD) else "", "mark": f"mark-{self.marks}"}
        said = said or SAID.get(step) or Said(public="说明如下", internal="说明如下")
        return verbs.take_step(number, step, said, role=role, seen=seen, now=self.clock(), **of | how, **self.about)

    def answer(self, number):
        """All that a complaint's unit does until the person has its answer."""
        for step in (steps.CONTACTED, steps.ANSWERED, steps.RESPONSIBILITY_STATED):
            self.take(number, step)
