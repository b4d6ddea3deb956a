"""What each step of a case asks of whoever takes it at a desk: boxes for forms, and what was typed into them.

The same table serves the unit's and the office's desk; whether a step is allowed is the domain's to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from survey_app.domain.cases import rules, steps
from survey_app.domain.cases.state import CaseState
from survey_app.domain.errors import N_
from survey_app.domain.typed import require_plain, tidy_text

UNIT, CHOICE, NUMBER, LINE = "unit", "choice", "number", "line"


@dataclass(frozen=True)
class Box:
    """One thing asked besides words. `choices`: code -> words, where one of them is chosen."""

    name: str
    title: str
    shape: str
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StepForm:
    """`public`, `internal`: what the two texts are asked for with; empty where the step has no such text."""

    step: str
    button: str
    public: str = ""
    internal: str = ""
    boxes: tuple[Box, ...] = ()
    hint: str = ""
    files: bool = False

    @property
    def public_needed(self) -> bool:
        """Whether the person has to be told something with it."""
        return self.step in steps.SAYS_WHY

    @property
    def internal_needed(self) -> bool:
        """Whether those who work on the case have to be told something."""
        return self.step in steps.NOTES_WHY


@dataclass(frozen=True)
class Typed:
    """What a form said; shown again as it was where the step was not taken."""

    step: str = ""
    public: str = ""
    internal: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def _unit(title: str) -> Box:
    return Box("unit", title, UNIT)


FORMS: Mapping[str, StepForm] = {
    form.step: form
    for form in (
        StepForm(steps.VERIFIED, N_("核验通过"), internal=N_("怎么核验的")),
        StepForm(steps.SENT_BACK, N_("退回重办"), internal=N_("哪里不行，要怎么办")),
        StepForm(
            steps.EXTENSION_GRANTED,
            N_("同意延期"),
            public=N_("告诉本人：为什么延"),
            boxes=(Box("days", N_("延几个工作日，1到30"), NUMBER),),
        ),
        StepForm(steps.EXTENSION_REFUSED, N_("不同意延期"), internal=N_("为什么不同意")),
        StepForm(
            steps.DISPUTE_RULED,
            N_("裁定异议"),
            internal=N_("裁定的理由"),
            boxes=(Box("verdict", N_("裁定"), CHOICE, rules.VERDICTS),),
            hint=N_("剔除要两位审核人分别同意；评价有效一个人裁定就行。无论怎样裁定，评价都留在记录里。"),
        ),
        StepForm(steps.RESPONSIBILITY_CONFIRMED, N_("确认责任说明"), internal=N_("意见")),
        StepForm(steps.RESPONSIBILITY_REFUSED, N_("退回责任说明"), internal=N_("哪里说得不对")),
        StepForm(
            steps.ASSIGNED,
            N_("交给单位办"),
            internal=N_("给单位的话"),
            boxes=(_unit(N_("交给哪个单位")),),
        ),
        StepForm(
            steps.CONTACTED,
            N_("记下联系核实"),
            internal=N_("哪天、怎么联系的，核实到什么；联系不上的写怎么核实的"),
        ),
        StepForm(
            steps.ANSWERED,
            N_("发出答复"),
            public=N_("答复"),
            boxes=(
                Box("outcome", N_("解决了没有"), CHOICE, rules.OUTCOMES),
                Box("evidence", N_("凭什么说已经解决，例如收据、照片（咨询和建议可以不写）"), LINE),
            ),
            hint=N_("发出以后本人马上看得到，不能收回。"),
            files=True,
        ),
        StepForm(
            steps.RECTIFYING,
            N_("开始限期整改"),
            public=N_("告诉本人：准备怎么改，到哪天"),
            hint=N_("用较长的时限，答复还要另外写。"),
        ),
        StepForm(steps.ASKED, N_("请本人补充"), public=N_("请本人补充什么")),
        StepForm(
            steps.RESPONSIBILITY_STATED,
            N_("交责任说明"),
            internal=N_("是谁的责任、为什么、怎么处理；没有责任的写依据"),
            hint=N_("投诉的责任说明由主管办公室确认。"),
        ),
        StepForm(
            steps.EXTENSION_ASKED,
            N_("申请延期"),
            internal=N_("为什么要延、要几个工作日"),
            hint=N_("只能申请一次；批不批、批几天由主管办公室定，会告诉本人。"),
        ),
        StepForm(
            steps.TRANSFERRED,
            N_("转给别的单位"),
            public=N_("告诉本人：为什么转"),
            boxes=(_unit(N_("转给哪个单位")),),
            hint=N_("一个办件只能转一次。转走以后，本单位不再看得到。"),
        ),
        StepForm(
            steps.RETURNED,
            N_("退给主管办公室"),
            internal=N_("为什么不归本单位，归谁"),
            hint=N_("退回由主管办公室另行交办；不归本单位才退。"),
        ),
        StepForm(steps.CO_UNIT_ADDED, N_("加一个协办单位"), boxes=(_unit(N_("协办单位")),), internal=N_("请它做什么")),
        StepForm(
            steps.DISPUTED,
            N_("对评价提出异议"),
            internal=N_("异议的理由和依据"),
            boxes=(Box("ground", N_("误评还是恶意评价"), CHOICE, rules.GROUNDS),),
            hint=N_("评价留在记录里。只有主管办公室能裁定，剔除要两个人分别同意。办理的时限照算。"),
        ),
        StepForm(
            steps.SUSPENDED,
            N_("暂停计时"),
            public=N_("告诉本人：为什么停、等什么"),
            hint=N_("等本人补材料、等鉴定这一类本单位决定不了的事才停。"),
        ),
        StepForm(steps.RESUMED, N_("恢复计时")),
        StepForm(steps.SATISFIED, N_("记下：本人满意"), internal=N_("哪天、怎么问的")),
        StepForm(steps.DISSATISFIED, N_("记下：本人不满意"), internal=N_("哪天、怎么问的，本人怎么说")),
        StepForm(
            steps.CLOSED,
            N_("办结"),
            public=N_("告诉本人：为什么办结"),
            hint=N_("本人两次说不满意的，由主管办公室写明理由后办结。"),
        ),
        StepForm(steps.NOTE, N_("记一条内部备注"), internal=N_("备注")),
    )
}


def forms_for(case: CaseState, *, role: str, actor: str, unit: str = "") -> list[StepForm]:
    """The forms of the steps this person could take now, the usual ones first."""
    possible = rules.possible(case, role=role, actor=actor, unit=unit)
    return [form for step, form in FORMS.items() if step in possible]


def read(given: Mapping[str, str]) -> Typed:
    """What a posted form said, as it was typed."""
    form = FORMS.get(given.get("step", ""))
    if form is None:
        return Typed()
    texts = {name: tidy_text(given.get(name, "")) for name in ("public", "internal")}
    return Typed(form.step, **texts, detail={box.name: _value(box, given.get(box.name, "")) for box in form.boxes})


def require_readable(typed: Typed) -> None:
    """Raises Unseen, TooLong."""
    for text in (typed.public, typed.internal):
        require_plain(text, most=rules.MOST_SIGNS)


def _value(box: Box, given: str) -> Any:
    if box.shape == NUMBER:
        return int(given) if given.isdecimal() and len(given) < 4 else None
    return given.strip()
