"""Personal data that reach a page by mistake: identity numbers, bank cards, private mobiles, a person's home.

Threat: lists are pasted into notices whole; districts have published identity numbers on their own 公示 pages. Numbers
are told by their check digits, so that codes and index numbers, which are long too, raise no alarm.
"""

import re
import unicodedata
from collections.abc import Iterator

from survey_app.domain.errors import N_, Finding
from survey_app.publishing.checks.days import is_day
from survey_app.publishing.checks.looks import Check, Look

WHY = N_("《个人信息保护法》：公开只限必要的内容；姓名旁边的号码和住址会被人利用。")
CITIZEN_ID = re.compile(r"(?<!\d)\d{6}[ -]?(?:19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[\dXx](?![\dA-Za-z])")
MOBILE = re.compile(r"(?<![\d.])(?:\+?86[ -]?)?(1[3-9]\d)[ -]?\d{4}[ -]?\d{4}(?!\d)")
CARD = re.compile(r"(?<![\dA-Za-z-])\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?:[ -]?\d{1,3})?(?![\dA-Za-z-])")
CARD_STARTS = ("62", "4", "51", "52", "53", "54", "55", "35", "9558", "60")
CODE_BEFORE = re.compile(
    "(?:编码|编号|代码|索引号|文号|单号|流水号|受理号|条码|合同号|许可证号|备案号)[^，。；\\d]{0,6}$"
)
ADDRESS = re.compile(r"https?://[^\s)）]+")
CONTACT = {"phone", "complaint_phone", "fax"}
CODES = {"code", "credit_code", "index_no", "doc_no", "link", "online_link", "href", "site_code", "file", "sample"}
SKIPPED = CODES | {"method_sha256", "release_digest", "result_sample", "kind"}
UNREAD = SKIPPED | {"address", "place", "transit"}
ELEVEN = re.compile(r"\d(?:[ -]?\d){10}")  # the shortest number that matters, in digits of any width
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
PROVINCES = {"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42"}
PROVINCES |= {
    "43",
    "44",
    "45",
    "46",
    "50",
    "51",
    "52",
    "53",
    "54",
    "61",
    "62",
    "63",
    "64",
    "65",
    "71",
    "81",
    "82",
    "83",
}


def no_personal_numbers(look: Look) -> Iterator[Finding]:
    """No one's identity number, bank card or mobile; numbers to call stand in their own field."""
    for at, key, text in look.texts:
        if key in SKIPPED or not ELEVEN.search(text):
            continue
        plain = ADDRESS.sub(" ", unicodedata.normalize("NFKC", text))
        if any(is_citizen_id(found[0]) for found in CITIZEN_ID.finditer(plain)):
            yield look.error(at, N_("有一串像身份证号的数字。请删去。"), WHY)
        if any(_is_card_here(plain, found) for found in CARD.finditer(plain)):
            yield look.error(
                at, N_("有一串像银行卡号的数字。请删去；要写缴费账号的，写成“户名、开户行、账号见缴款通知书”。"), WHY
            )
        if key not in CONTACT and (mobile := MOBILE.search(plain)):
            message = N_("有一串像手机号的数字（%(start)s开头）。请删去，或写进电话一栏。")
            yield look.error(at, message, WHY, start=mobile[1])


def is_citizen_id(text: str) -> bool:
    """GB 11643: province, a real day of birth, and a check digit by ISO 7064 MOD 11-2."""
    number = re.sub("[ -]", "", text).upper()
    if len(number) != 18 or not number[:17].isdecimal() or number[:2] not in PROVINCES:
        return False
    if not is_day(f"{number[6:10]}-{number[10:12]}-{number[12:14]}"):
        return False
    return number[17] == citizen_check(number[:17])


def citizen_check(first17: str) -> str:
    """The eighteenth sign of an identity number."""
    return "10X98765432"[sum(int(sign) * weight for sign, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def is_bank_card(text: str) -> bool:
    """A length and a beginning that cards have, and a check digit by Luhn."""
    number = re.sub("[ -]", "", text)
    return number.isdecimal() and 16 <= len(number) <= 19 and number.startswith(CARD_STARTS) and luhn(number)


def luhn(number: str) -> bool:
    """ISO/IEC 7812: every second digit from the right counts double; the sum is a multiple of ten."""
    total = 0
    for place, sign in enumerate(reversed(number)):
        digit = int(sign) * (1 + place % 2)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def _is_card_here(text: str, found: re.Match[str]) -> bool:
    named_code = CODE_BEFORE.search(text[max(0, found.start() - 16) : found.start()])
    return is_bank_card(found[0]) and not is_citizen_id(found[0]) and not named_code


N = "[0-9一二三四五六七八九十百]{1,5}"
FLAT = re.compile(rf"{N}(?:号楼|栋|幢|座|号)?{N}单元{N}(?:室|号|户)?")
ESTATE = re.compile(
    rf"(?:小区|花园|花苑|家园|公寓|新村|新城|苑)[A-Za-z]?{N}(?:号楼|栋|幢|座)[^\d，。；、\s]{{0,2}}\d{{3,4}}(?:室|号|户)?"
)
RURAL = re.compile(rf"村[^，。；、\s]{{0,6}}?{N}(?:组|社|队){N}号")
HOMES = (FLAT, ESTATE, RURAL)
OFFICE = re.compile(
    "村委|居委|服务|办公|大厅|窗口|中心|党群|派出所|医院|卫生|学校|幼儿园|公司|超市|门店|驿站|代办点|物业|工地|机房|局|站"
)
FAMILY_NAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
PERSON = re.compile(
    "户主|姓名|住址|家住|住在|现住|户籍地|本人|同志|先生|女士|村民|居民|业主|产权人|权利人|申请人|"
    f"(?:^|[\\s|，、：；（“])[{FAMILY_NAMES}][\\u4e00-\\u9fff某]{{1,2}}(?=[\\s|，、：；（住在]|$)"
)


def no_home_of_a_person(look: Look) -> Iterator[Finding]:
    """A flat or a farmhouse beside a name. A warning: some notices must name a plot by law."""
    for at, key, text in look.texts:
        if key not in UNREAD and (home := home_beside_a_name(text)):
            message = N_("“%(home)s”像是个人的家庭住址。法律没有要求公开的，写到小区或村就够了。")
            yield look.warning(at, message, WHY, home=home)


def home_beside_a_name(text: str) -> str:
    """The home address that stands near a person's name and near no office, or nothing."""
    for pattern in HOMES:
        for found in pattern.finditer(text):
            before, after = text[max(0, found.start() - 24) : found.start()], text[found.end() : found.end() + 14]
            beside = re.split("[。\n]", before)[-1], re.split("[。\n]", after)[0]
            if not any(OFFICE.search(part) for part in beside) and any(PERSON.search(part) for part in beside):
                return found[0]
    return ""


CHECKS: tuple[Check, ...] = (no_personal_numbers, no_home_of_a_person)
