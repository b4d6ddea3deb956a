"""The columns of what stands beside results: rules, integrity, composition, commitments, everyday rates."""

from .column import Column
from .results import UNIT

RULES = (
    UNIT,
    Column("rule", "text", "", "规则", "method.toml 里的规则代码"),
    Column("round", "text", "", "轮次", "判定用的轮次；years 大于1时，连续各轮每一轮一行，最后一行是本轮"),
    Column("count", "int", "张", "分子", "left 所列各项的票数，只计已公布的格"),
    Column("over", "int", "张", "分母", "over 所列各项的票数，只计已公布的格"),
    Column("share_exact", "exact", "", "比例（精确）", "分子 ÷ 分母"),
    Column("share_pct", "rate", "%", "比例", "同上，百分数"),
    Column("low", "rate", "%", "比例下限", "Wilson 区间下限，只供参考；判定用精确比例"),
    Column("high", "rate", "%", "比例上限", "Wilson 区间上限"),
    Column("op", "text", "", "比较", ">= 达到、以上；> 超过"),
    Column("threshold", "exact", "", "界限", "规则的界限"),
    Column("years", "int", "年", "年数", "要连续几年都达到"),
    Column(
        "verdict",
        "text",
        "",
        "结论",
        "fires 达到，应当复核；no 没有达到；insufficient_n 样本不足；no_valid 无有效票；missing_year 缺少年份，"
        "不能连续计算；incomparable 口径变化，不可比；no_last 无可认定的末位；class_small 同类单位不足",
    ),
)

INTEGRITY = (
    UNIT,
    Column(
        "test",
        "text",
        "",
        "检验",
        "T1 某周突增；T3 同一网络超过上限（由标记得出）；T4 期末突击；T5 评议码与公开渠道不同；T6 各项同答",
    ),
    Column("detail", "text", "", "对象", "T1 是所在周的星期一；T3 是标记代码；T4 是期末的第一周；其余为空"),
    Column("observed", "int", "张", "观察", "T1、T3、T4、T6 观察到的票数；不足 min_n 的不列出"),
    Column("of", "int", "张", "总数", "T1、T4、T6 的总票数；T5 是两类渠道中较少一类的票数"),
    Column("expected_pct", "rate", "%", "应有比例", "按其他单位推算的比例；T5 为空"),
    Column("effect", "z", "", "幅度", "T1、T4、T6 是观察比例 ÷ 应有比例；T5 是优势概率 − 0.5"),
    Column("p", "p", "", "p", "p 值；没有检验的为空"),
    Column("p_adjusted", "p", "", "校正后 p", "同一检验对全部单位作 Benjamini–Hochberg 校正"),
    Column("tests", "int", "次", "检验次数", "这一检验一共做了多少个单位"),
    Column("verdict", "text", "", "结论", "flagged 提请复核，不是结论；clear 未见异常；too_few 票数不足，没有检验"),
)

POWER = (
    Column("test", "text", "", "检验", "T1、T4、T5、T6"),
    Column("n", "int", "张", "单位票数", "模拟中每个单位的票数"),
    Column("added", "int", "张", "掺入的票", "掺入一个单位的票数"),
    Column("detected_pct", "rate", "%", "发现的比例", "模拟中这个单位被提请复核的比例"),
    Column("false_pct", "rate", "%", "误报的比例", "同一模拟中没有掺票的单位被提请复核的比例"),
    Column("runs", "int", "次", "模拟次数", "模拟次数，种子固定"),
)

COMPOSITION = (
    Column("unit", "text", "", "单位代号", "单位代号；~all 是全部单位之和"),
    Column("group", "text", "", "评议主体", "评议主体代码；只列至少有一格公布的组"),
    Column("channel", "text", "", "渠道", "渠道代码；~all 是全部计入渠道之和"),
    Column("n", "int", "张", "票数", "票数"),
    Column("share_pct", "rate", "%", "实际占比", "这一组占本单位所列各组票数之和的比例；渠道行为空"),
    Column("planned", "int", "个", "计划", "这一组发出的评议码，没有时是名册人数，再没有是总人数"),
    Column("planned_pct", "rate", "%", "计划占比", "这一组占所列各组计划之和的比例"),
    Column("response_pct", "rate", "%", "回应率", "票数 ÷ 计划；票数多于计划时为空"),
    Column(
        "status", "text", "", "结论", "ok；over、under 实际占比比计划多或少20个百分点以上；no_plan 没有计划；渠道行为空"
    ),
)

KEPT_RATES = (
    UNIT,
    Column("procedure", "text", "", "办事指南", "办事指南代号；~all 是单位全部承诺之和"),
    Column("commitment", "text", "", "服务承诺", "服务承诺代号；~all 是单位全部承诺之和"),
    Column("judged", "int", "次", "能判断的", "判断为兑现或没有兑现的次数"),
    Column("kept", "int", "次", "兑现", "判断为兑现的次数"),
    Column("broken", "int", "次", "没有兑现", "判断为没有兑现的次数"),
    Column("unknown", "int", "次", "说不清", "说不清的次数，不在除数里"),
    Column("kept_pct", "rate", "%", "承诺兑现率", "兑现 ÷ 能判断的"),
    Column("low", "rate", "%", "兑现率下限", "Wilson 区间下限"),
    Column("high", "rate", "%", "兑现率上限", "Wilson 区间上限"),
    Column("status", "text", "", "状态", "ok；insufficient_n 能判断的不足 min_n，不公布"),
)

EVERYDAY = (
    UNIT,
    Column("codes_issued", "int", "个", "发出的评议码", "本期办件发出的评议码"),
    Column("rated", "int", "次", "已评价", "计入渠道收到的评价，一码一次"),
    Column("favourable_pct", "rate", "%", "好评率", "已公布各组的总体评价中，满意的等级 ÷ 给出的等级"),
    Column(
        "active_favourable_pct", "rate", "%", "主动评价好评率", "其中自行评价（网上，有评议码）的好评率；不足时为空"
    ),
    Column("unrated_pct", "rate", "%", "未评价率", "1 − 已评价 ÷ 发出的评议码；没有评价不算好评"),
    Column("status", "text", "", "状态", "ok；insufficient_n 票数不足；no_codes 没有发码；no_ballots 没有评价"),
)

DISAGREEMENT = (
    UNIT,
    Column("kept_pct", "rate", "%", "承诺兑现率", "单位全部承诺合并的兑现率"),
    Column("judged", "int", "次", "能判断的", "兑现率的除数"),
    Column("kept_tier", "text", "", "兑现档次", "兑现率与其他单位平均比：above、average、below"),
    Column("satisfied_pct", "rate", "%", "满意率", "单位的满意率"),
    Column("satisfied_tier", "text", "", "满意档次", "满意率与其他单位平均比：above、average、below"),
    Column(
        "verdict",
        "text",
        "",
        "结论",
        "kept_but_disliked 兑现高而满意低；liked_but_broken 满意高而兑现低；agree 没有相反",
    ),
)
