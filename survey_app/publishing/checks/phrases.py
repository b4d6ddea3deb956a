"""兜底条款: a guide that asks for "other materials" asks for anything (norms.md §1.4)."""

import re
from collections.abc import Iterator

from survey_app.domain.errors import N_, Finding
from survey_app.publishing.checks.looks import Check, Look

WHY = N_("办事指南不得有兜底条款：写不清的要求，等于随时可以加要求。")
THING = "(?:材料|资料|文件|证明|证件|手续|条件|情形|要求|要件)"
WHICH = (
    "(?:有关|相关|必要|必需|所需|需要|须|应当|应|可能|证明|申请|申报|补充|规定|要求|认为"
    "|提供|提交|符合|具备|满足|具有|的)"
)
OTHER = re.compile(rf"其[他它]{WHICH}*?{THING}")
AND_SO_ON = re.compile("等(?:其[他它])?(?:有关|相关|必要|所需)(?:的)?(?:材料|资料|文件|证明|证件|手续|条件)")
BY_LAW = re.compile(
    "(?:法律|法规|规章|国家|政策|本级政府)[^。；，]{0,14}(?:规定|要求)的?其[他它](?!行为)[^。；，]{0,6}"
)
AT_WILL = re.compile(
    "以(?:窗口|工作人员|经办人?员?|受理人员|现场)[^。；，]{0,6}(?:要求|通知|解释|告知|为准)|"
    "(?:视情况?|视具体情况|必要时|根据(?:需要|情况|实际情况))[，]?(?:另行|再)?(?:提供|提交|补充|补交|补齐)"
)
PATTERNS = (BY_LAW, OTHER, AND_SO_ON, AT_WILL)
REFUSED = re.compile("(?:不|无需|无须|没有|免于?|毋需|别)[^。；，、？?]{0,8}$|除[^。；，]{0,8}$")
NOT_OURS = {"basis", "limit_basis", "title", "official_title", "group", "synonyms", "q", "link", "online_link", "code"}


def no_catch_all(look: Look) -> Iterator[Finding]:
    """No requirement that leaves open what is required; names of laws and questions of citizens may have any words."""
    if look.page.kind not in ("procedure", "commitment"):
        return
    for at, key, text in look.texts:
        if key not in NOT_OURS and (phrase := catch_all(text)):
            yield look.error(at, N_("“%(phrase)s”不能用。请写明是哪一种，或删去。"), WHY, phrase=phrase)


def catch_all(text: str) -> str:
    """The first phrase that leaves a requirement open, or nothing; one that is denied ("不要其他材料") is none."""
    for pattern in PATTERNS:
        for found in pattern.finditer(text):
            if not REFUSED.search(text[: found.start()]) and not _asked(text, found.end()):
                return found[0]
    return ""


def _asked(text: str, end: int) -> bool:
    # "还要带其他材料吗？" asks for nothing; nor does "其他材料免交".
    return (
        re.match("(?:[^。；，]{0,6}[吗呢]？?|(?:一律|都|均|全部)?(?:免交|不要|不用|不需要|不收))", text[end:])
        is not None
    )


CHECKS: tuple[Check, ...] = (no_catch_all,)
