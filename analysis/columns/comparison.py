"""The columns of comparisons: between units of a class, between rounds, between ways of counting."""

from .column import Column
from .results import UNIT

FUNNEL = (
    Column("class", "text", "", "评议类别", "评议类别代码"),
    UNIT,
    Column("n", "int", "张", "有效票", "已公布各组的票数之和"),
    Column("score", "score", "分", "得分", "得分"),
    Column("target", "score", "分", "本类平均", "本类有得分的单位的得分平均"),
    Column("sigma", "score", "分", "每票标准差", "本类各单位“票数×平滑方差”的平均，再开方"),
    Column("low95", "score", "分", "95%界限下", "target − 1.96×sigma÷√票数，不低于最低分"),
    Column("high95", "score", "分", "95%界限上", "target + 1.96×sigma÷√票数，不高于最高分"),
    Column("low998", "score", "分", "99.8%界限下", "target − 3.09×sigma÷√票数，不低于最低分"),
    Column("high998", "score", "分", "99.8%界限上", "target + 3.09×sigma÷√票数，不高于最高分"),
    Column("outside", "text", "", "出界", "95 或 998：得分在相应界限以外；空：在95%界限以内"),
)

CHANGES = (
    UNIT,
    Column("round_before", "text", "", "前一轮", "前一轮的代号"),
    Column("score_before", "score", "分", "前一轮得分", "前一轮的得分"),
    Column("score_now", "score", "分", "本轮得分", "本轮的得分"),
    Column("change", "score", "分", "变化", "本轮得分 − 前一轮得分"),
    Column("low", "score", "分", "变化下限", "变化的误差范围下限，用平滑方差"),
    Column("high", "score", "分", "变化上限", "变化的误差范围上限"),
    Column("z", "z", "", "z", "变化 ÷ 两轮平滑方差之和的平方根"),
    Column("p", "p", "", "p", "双侧 p 值"),
    Column("p_adjusted", "p", "", "校正后 p", "对同一前一轮的全部单位作 Benjamini–Hochberg 校正"),
    Column(
        "verdict",
        "text",
        "",
        "结论",
        "up 上升；down 下降；no_difference 未见显著变化；incomparable 口径变化，不可比；"
        "not_scored 有一轮没有得分；new 前一轮没有这个单位",
    ),
    Column("satisfied_before", "rate", "%", "前一轮满意率", "前一轮的满意率"),
    Column("satisfied_now", "rate", "%", "本轮满意率", "本轮的满意率"),
    Column("satisfied_change", "rate", "百分点", "满意率变化", "本轮 − 前一轮"),
    Column("satisfied_low", "rate", "百分点", "满意率变化下限", "由两轮区间合成的 Newcombe 区间"),
    Column("satisfied_high", "rate", "百分点", "满意率变化上限", "由两轮区间合成的 Newcombe 区间"),
    Column(
        "satisfied_p",
        "p",
        "",
        "满意率 p 值",
        "满意率变化的双侧检验（Agresti–Caffo，按有效票数）；没有误差的为空",
    ),
)

SERIES = (
    UNIT,
    Column("round", "text", "", "轮次", "轮次代号；各轮按截止日期排列，最后一行是本轮"),
    Column("closes_on", "text", "", "截止日期", "这一轮的截止日期"),
    Column("n", "int", "张", "有效票", "这一轮的有效票"),
    Column("score", "score", "分", "得分", "这一轮的得分"),
    Column("low", "score", "分", "得分下限", "误差范围下限"),
    Column("high", "score", "分", "得分上限", "误差范围上限"),
    Column("satisfied_pct", "rate", "%", "满意率", "这一轮的满意率"),
    Column("comparable", "text", "", "可比", "yes 与本轮口径相同；no 口径变化，不可比"),
)

TREND = (
    UNIT,
    Column("rounds", "int", "轮", "轮数", "参加检验的可比轮次，含本轮；至少3轮"),
    Column("first_round", "text", "", "最早一轮", "参加检验的最早一轮"),
    Column("satisfied_first", "rate", "%", "最早一轮满意率", "最早一轮的满意率"),
    Column("satisfied_last", "rate", "%", "本轮满意率", "本轮的满意率"),
    Column("z", "z", "", "z", "满意率的 Cochran–Armitage 趋势检验，人数用有效样本量"),
    Column("p", "p", "", "p", "双侧 p 值"),
    Column("p_adjusted", "p", "", "校正后 p", "对全部单位作 Benjamini–Hochberg 校正"),
    Column("verdict", "text", "", "结论", "up 逐轮上升；down 逐轮下降；no_trend 未见显著趋势"),
)

ROLLUP = (
    Column("parent", "text", "", "上级单位", "上级单位代号；下属包括各层下级，不含它自己"),
    Column("units", "int", "个", "下属单位", "参加本轮的下属单位数"),
    Column("scored", "int", "个", "有得分", "其中有得分的单位数"),
    Column("n", "int", "张", "有效票", "有得分的下属单位的有效票之和"),
    Column("score", "score", "分", "下属得分", "有得分的下属单位的得分按有效票加权平均"),
    Column("score_exact", "exact", "分", "下属得分（精确）", "同上，精确分数"),
    Column("low", "score", "分", "下限", "误差范围下限"),
    Column("high", "score", "分", "上限", "误差范围上限"),
    Column("answered", "int", "张", "回答", "下属单位已公布各格的回答之和"),
    Column("satisfied_pooled_pct", "rate", "%", "合并满意率", "下属单位已公布各格中满意的票数 ÷ 回答的票数"),
)

SENSITIVITY = (
    UNIT,
    Column(
        "scenario",
        "text",
        "",
        "算法",
        "scale_linear 等级计100/75/50/25/0；scale_preset 计100/80/60/30/0；scale_top3、scale_top2 只看前三级、"
        "前两级比例；equal_dimensions、equal_groups 维度、主体等权；with_flag:代码 不剔除这种标记的票；"
        "without_flag:代码 剔除这种标记的票；without_weeks 剔除存疑的周",
    ),
    Column("ballots_changed", "int", "张", "增减的票", "与主结果相比多计或少计的票；只换算法时为0"),
    Column("score", "score", "分", "得分", "这样算的得分，按这样算的分值"),
    Column("score_exact", "exact", "分", "得分（精确）", "同上，精确分数"),
    Column("tier", "text", "", "档次", "这样算的档次"),
    Column("rank_low", "int", "", "名次区间起", "这样算的名次区间起"),
    Column("rank_high", "int", "", "名次区间止", "这样算的名次区间止"),
    Column("tier_changed", "text", "", "档次变化", "yes 档次与主结果不同；no 相同；空：没有档次"),
    Column("status", "text", "", "状态", "ok；withheld 增减的票不足 min_n，不公布；unscored 这样算没有得分"),
)
