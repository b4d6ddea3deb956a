"""Why a step of a case is refused, in words for whoever wanted to take it."""

from survey_app.domain.errors import N_, Refusal


class CaseUnknown(Refusal):
    code, status = "case-unknown", 404
    message = N_("没有这个办件。请从办件清单里找。")


class StaleCase(Refusal):
    """Somebody took a step since the page was drawn: the view keeps what was typed and shows both."""

    code, status = "case-stale", 409
    message = N_("没有保存：您打开以后，%(who)s已经做了“%(step)s”。您填的还在，请看过新情况再提交。")


class StepNotAllowed(Refusal):
    code, status = "case-step", 409
    message = N_("这个办件现在是“%(state)s”，不能做“%(step)s”。请刷新后再看。")


class StepNotYours(Refusal):
    code, status = "case-step-role", 403
    message = N_("“%(step)s”要由别人做，您的身份是%(role)s。没有改动。")


class NotYourCase(Refusal):
    code, status = "case-other-unit", 403
    message = N_("这个办件不归您的单位办，不能打开。这次打开已记录。")


class WordsMissing(Refusal):
    code, status = "case-words", 422
    message = N_("请写明情况，再提交“%(step)s”。")


class WordsTooLong(Refusal):
    code, status = "case-words-long", 422
    message = N_("写了%(count)s个字，最多%(most)s个，请写短一些，详细材料可以作为附件。")


class DetailWrong(Refusal):
    code, status = "case-detail", 422
    message = N_("“%(step)s”还缺一项：%(field)s。")


class ContactFirst(Refusal):
    code, status = "case-contact-first", 409
    message = N_("请先联系核实，再答复或整改。联系不上的，也写明怎么核实的。")


class AlreadyDone(Refusal):
    code, status = "case-once", 409
    message = N_("“%(step)s”只能做一次，这个办件已经做过。")


class NothingAsked(Refusal):
    code, status = "case-nothing-asked", 409
    message = N_("没有等着裁定的申请，可能已经有人办过了。请刷新后再看。")


class SamePerson(Refusal):
    code, status = "case-same-person", 403
    message = N_("这一步要换一个人做：同一个人不能既办理又核验，也不能一个人裁定剔除评价。")


class GatesOpen(Refusal):
    code, status = "case-gates", 409
    message = N_("还不能办结：%(missing)s。")


class NotOfThisKind(Refusal):
    code, status = "case-not-of-kind", 409
    message = N_("%(kind)s没有“%(step)s”这一步。")
