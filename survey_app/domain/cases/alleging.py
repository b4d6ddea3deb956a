"""Words that allege wrongdoing. They only offer the sealed inbox; nothing is sent, marked or kept because of them.

The list follows what discipline organs name in their own guides to reporting (受理范围: 贪污贿赂, 失职渎职, 以权谋私,
吃拿卡要). It misses what is said otherwise and offers too often: both cost a person one look at a page.
"""

import unicodedata

_LIST = """
受贿 行贿 索贿 贿赂 贪污 贪腐 腐败 贪官 侵吞 私吞 挪用 截留 冒领 套取 骗取补 回扣 红包 好处费 辛苦费 茶水费 封口费 打点
送礼 收礼 送钱 收钱 塞钱 要钱才 给钱才 购物卡 名烟名酒 吃请 宴请 吃拿卡要 雁过拔毛 小金库 私分 吃空饷 公款 公车私用
以权谋私 假公济私 权钱交易 利益输送 暗箱操作 内定 围标 串标 优亲厚友 近亲提拔 买官 卖官 滥用职权 徇私 枉法 渎职 失职
玩忽职守 包庇 保护伞 黑社会 打击报复 违纪 违法乱纪 举报
"""
WORDS = tuple(_LIST.split())


def alleges(text: str) -> bool:
    """Whether any of the words stands in `text`, also in full width, or with blanks and signs between its parts."""
    folded = unicodedata.normalize("NFKC", text)
    joined = "".join(sign for sign in folded if sign.isalnum())
    return any(word in joined for word in WORDS)
