"""method.md: scale and weights in tables, then the frozen file itself with its digest."""

from collections.abc import Sequence
from fractions import Fraction

from ..columns import LEVEL_ZH
from ..view import Model, Row, shown_classes
from ..words import esc, points, share
from .frame import Release, part_page
from .parts import paragraph, section, table


def method_page(release: Release) -> bytes:
    """The page as UTF-8."""
    model = release.model
    return part_page(
        release,
        "method",
        [
            "<p>评议办法在评议开始前公布，开始后不改；结果只按它算。办法文件和它的指纹在这一页最下面。</p>",
            *section("scale", "每个等级多少分", _scale(model)),
            *section("dimensions", "评哪些方面", _weights("评议维度的权重", "评议维度", model["method"]["dimensions"])),
            *section("groups", "谁来评", _groups(model)),
            *section("counted", "哪些票计入", _channels(model)),
            *section("limits", "什么时候不公布", [paragraph(_limits(model))]),
            *section("figures", "误差范围和档次", [paragraph(text) for text in EXPLAINED]),
            *_file(release),
        ],
    )


EXPLAINED = (
    "误差范围：用有效样本量的 Wilson 区间，方差里加一张一半最好、一半最差的虚拟票，所以全是好评的小单位也有误差。",
    "档次：一个单位和本类其他单位的平均比，差别大过偶然的，是“高于平均”或“低于平均”，其余分不出；"
    "许多单位一起比，误判的机会按 Benjamini–Hochberg 法控制。",
    "名次区间：本类单位两两比较（Tukey–Kramer），数据允许的最好和最差名次。不公布单独的名次，因为数据给不出。",
)


def _scale(model: Model) -> list[str]:
    method = model["method"]
    rows = [(zh, points(method["scale"][str(level)])) for level, zh in LEVEL_ZH.items()]
    satisfied = "、".join(LEVEL_ZH[level] for level in sorted(method["satisfied_levels"], reverse=True))
    return [
        *table("等级和分数", ("等级", "分数"), rows, kind="fit"),
        paragraph(f"“不了解”和没有作答的不在除数里。满意率里的满意指{satisfied}。"),
    ]


def _weights(caption: str, label: str, items: Sequence[Row]) -> list[str]:
    rows = [(esc(i["zh"]), share(i["weight"]) if Fraction(i["weight"]) else "只公布，不计分") for i in items]
    return table(caption, (label, "权重"), rows, kind="fit")


def _groups(model: Model) -> list[str]:
    """The group weights; apart for each class that has its own."""
    method = model["method"]
    general = {g["code"]: Fraction(g["weight"]) for g in method["groups"]}
    lines = _weights("评议主体的权重", "评议主体", method["groups"])
    for c in shown_classes(model):
        own = next(k["weights"] for k in method["classes"] if k["code"] == c["code"])
        if {code: Fraction(weight) for code, weight in own.items()} != general:
            items = [g | {"weight": own[g["code"]]} for g in method["groups"]]
            lines += _weights(f"{c['zh']}的评议主体权重", "评议主体", items)
    return lines


def _channels(model: Model) -> list[str]:
    method = model["method"]
    rows = [(esc(c["zh"]), "计入" if c["counted"] else "不计入，另行公布张数") for c in method["channels"]]
    rows += [(esc(f["zh"]), "剔除" if f["excluded"] else "保留，只作标记") for f in method["flags"]]
    return table("渠道和标记", ("渠道或标记", "是否计入"), rows, kind="fit")


def _limits(model: Model) -> str:
    method = model["method"]
    return (
        f"每组每个方面满{method['min_n']}个回答才公布、才计入；计入的部分不到权重{share(method['min_weight'])}的单位不计分。"
        f"误差范围和检验都按{share(method['confidence'])}的把握。"
    )


def _file(release: Release) -> list[str]:
    """The frozen file; its line ends are written as signs, for a blank line would end the block."""
    text = esc(release.method_toml.decode("utf-8-sig").rstrip()).replace("\r", "").replace("\n", "&#10;")
    digest = esc(release.model["method"]["sha256"])
    return [
        '<h2 id="file">评议办法原文</h2>',
        f'<p><a href="../method.toml" download>下载method.toml</a></p><p class="p-break">指纹（SHA-256）：{digest}</p>',
        f'<pre class="p-pre"><code>{text}</code></pre>' if text else "",
    ]
