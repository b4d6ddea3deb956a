"""Who asked, who complained: what must not be read out of an answered question or of what was mended.

Threat: a clerk takes over a person's own words, and the neighbours, or the one complained of, know who wrote them.
Elsewhere a name may have to stand (a person to ask, a list by law); here none has to.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from survey_app.domain.blanks import first_blank
from survey_app.domain.errors import N_, Finding
from survey_app.publishing.checks.looks import Check, Look
from survey_app.publishing.checks.privacy import CITIZEN_ID, FAMILY_NAMES, HOMES, MOBILE, OFFICE

WHY = N_("公开的问答看不出是谁问的，群众才敢问、敢投诉。")
BLANK_WHY = N_("留着没写的地方不能公布。")
FROM_PEOPLE = ("questions", "mended", "faq")  # the lists that are written from cases
OWN = ("phone", "complaint_phone", "address", "place", "hours")

_DOUBLE = "欧阳|司马|上官|诸葛|司徒|东方|夏侯|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|端木|百里|南宫"
_NAME = f"(?:{_DOUBLE}|[{FAMILY_NAMES}])[\u4e00-\u9fff]{{1,2}}"
_NO_NAMES = frozenset({"陈述", "高中", "高龄", "金额", "方法", "方式", "任何", "任意", "石料", "万元", "史料", "程序"})
_N = "[0-9一二三四五六七八九十百零〇]{1,5}"
_NAMED = re.compile(
    "(?:姓名|联系人|户主|投诉人|举报人|反映人|申请人|当事人|业主|产权人|我叫|名叫|名字叫|叫做)(?:是|为|叫)?[:： 　]*"
    rf"(?P<name>{_NAME})(?=$|[^\u4e00-\u9fff]|的|住|反映|投诉|说|来|去|于|在|电话|手机)"
)
_SELF = re.compile(rf"(?:我是|本人是?|我叫做?)[:： 　]*(?P<name>{_NAME})(?=[,，。;；、(（])")
_HONOURED = re.compile(
    f"(?P<name>(?:{_DOUBLE}|[{FAMILY_NAMES}])[\u4e00-\u9fff]{{0,2}}(?:先生|女士|小姐|大爷|大妈|大娘|阿姨|叔叔|奶奶|爷爷|师傅|同学|老师))"
)
_PLACES = (
    re.compile(rf"{_N}(?:号楼|栋|幢|座)?-?{_N}?(?:单元)?-?{_N}(?:室|户)(?!外|内|籍|口)"),
    re.compile(rf"(?:路|街|巷|弄|胡同|里|大道){_N}号(?!线|窗|公交|楼)"),
    re.compile(rf"{_N}(?:号楼|栋|幢){_N}?"),
    re.compile(rf"村{_N}(?:组|社|队)"),
    *HOMES,
)
_REACHED = (
    re.compile(r"[A-Za-z0-9._+-]{2,}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    re.compile(r"(?:微信|QQ|qq)(?:号|号码)?(?:是|为)?[:： ]*[A-Za-z0-9][A-Za-z0-9_-]{4,}"),
    re.compile(
        "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·. ]?[A-Z0-9]{5,6}(?![A-Za-z0-9])"
    ),
)
_LINE = re.compile(r"(?<![\d-])(?:0\d{2,3}[- ]?)?\d{7,8}(?![\d年-])|(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){11,}[Xx]?(?!\d)")


def no_person_behind_a_case(look: Look) -> Iterator[Finding]:
    """No name, number or address in what was written from a case; what the unit says of itself may stand."""
    own = _own_words(look)
    for at, _key, text in look.texts:
        if at and at[0] in FROM_PEOPLE:
            for found in traces(text, own):
                message = N_("“%(trace)s”看得出是谁。请删去，或改成不认得出人的说法。")
                yield look.error(at, message, WHY, trace=found)


def nothing_left_blank(look: Look) -> Iterator[Finding]:
    """A prepared text whose places were not written yet."""
    for at, _key, text in look.texts:
        if left := first_blank(text):
            yield look.error(at, N_("“%(blank)s”这里还没有写。请写上，或整句删去。"), BLANK_WHY, blank=left)


def traces(text: str, own: Sequence[str] = ()) -> list[str]:
    """Everything in a text by which a person is found: names, numbers, ways to reach, homes. In order of kind.

    `own`: what may stand, such as the unit's telephone numbers and addresses.
    """
    plain = unicodedata.normalize("NFKC", text)
    named = (match["name"] for pattern in (_NAMED, _SELF, _HONOURED) for match in pattern.finditer(plain))
    found = [name for name in named if name not in _NO_NAMES]
    numbers = (CITIZEN_ID, MOBILE, _LINE, _LONG_NUMBER, *_REACHED)
    found += [match[0] for pattern in numbers for match in pattern.finditer(plain) if not _is_own(match[0], own)]
    found += [home for home in _homes(plain) if not any(home in words for words in own)]
    return list(dict.fromkeys(found))


def _homes(text: str) -> Iterator[str]:
    for place in (place for pattern in _PLACES for place in pattern.finditer(text)):
        before, after = text[max(0, place.start() - 16) : place.start()], text[place.end() : place.end() + 12]
        beside = re.split("[。\n]", before)[-1], re.split("[。，\n]", after)[0]
        if not any(OFFICE.search(part) for part in beside):
            yield place[0]


def _is_own(number: str, own: Sequence[str]) -> bool:
    digits = re.sub(r"\D", "", number)
    return bool(digits) and any(re.sub(r"\D", "", words).endswith(digits) for words in own)


def _own_words(look: Look) -> list[str]:
    """What unit and page say of themselves: numbers to call, where they are."""
    unit = look.book.unit(look.page.unit)
    pages = [look.data, *([unit.data] if unit else [])]
    return [str(data[key]) for data in pages for key in OWN if key in data]


CHECKS: tuple[Check, ...] = (no_person_behind_a_case, nothing_left_blank)
