"""The columns of the results themselves: counts, groups, dimensions, scores."""

from .column import Column

LEVEL_ZH = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}

UNIT = Column("unit", "text", "", "单位代号", "round.toml 里的单位代号")
GROUP = Column("group", "text", "", "评议主体", "评议主体代码；~rest 是各组不足部分合并的一行，不计入得分")
DIMENSION = Column("dimension", "text", "", "评议维度", "评议维度代码")
N = Column("n", "int", "张", "票数", "这一格的票数 = 回答 + 不了解 + 未作答")
ANSWERED = Column("answered", "int", "张", "回答", "给出等级的票数；达到 min_n 才公布、才计入得分")
SATISFIED_POOLED = Column(
    "satisfied_pooled_pct", "rate", "%", "合并满意率", "已公布各格中满意的票数 ÷ 回答的票数，不加权，不含 ~rest"
)

COUNTS = (
    UNIT,
    GROUP,
    DIMENSION,
    N,
    ANSWERED,
    Column("dont_know", "int", "张", "不了解", "选不了解的票数，不在除数里"),
    Column("blank", "int", "张", "未作答", "这一维度空着的票数，不在除数里"),
    *(Column(f"level_{level}", "int", "张", LEVEL_ZH[level], f"等级{level}的票数") for level in range(1, 6)),
)

GROUPS = (
    UNIT,
    Column("group", "text", "", "评议主体", "评议主体代码；只列至少有一格公布的组"),
    Column("n", "int", "张", "票数", "这一组的票数"),
    Column("score", "score", "分", "组得分", "已公布维度的平均分按维度权重加权，权重在已公布维度内重新归一"),
    Column("score_exact", "exact", "分", "组得分（精确）", "同上，精确分数"),
    Column("var_exact", "exact", "分²", "组得分方差（精确）", "泰勒线性化方差，含有限总体校正；平滑前"),
    Column("satisfied_pct", "rate", "%", "组满意率", "把满意的等级记1、其他记0，同样加权"),
    Column("satisfied_exact", "exact", "", "组满意率（精确）", "0到1的精确分数"),
    Column("satisfied_var_exact", "exact", "", "组满意率方差（精确）", "0到1尺度上的方差"),
    Column("top2_exact", "exact", "", "前两级比例（精确）", "把等级5、4记1、其他记0，同样加权；0到1的精确分数"),
    Column("top2_var_exact", "exact", "", "前两级比例方差（精确）", "0到1尺度上的方差"),
    Column("top3_exact", "exact", "", "前三级比例（精确）", "把等级5、4、3记1、其他记0，同样加权；0到1的精确分数"),
    Column("top3_var_exact", "exact", "", "前三级比例方差（精确）", "0到1尺度上的方差"),
    Column("aware_pct", "rate", "%", "组知晓率", "这一组已公布、有权重的各格里，给出等级的票数之和 ÷ 票数之和"),
    Column("low_awareness", "text", "", "知晓率低", "知晓率低于50%时为 yes，否则为空"),
)

DIMENSIONS = (
    UNIT,
    DIMENSION,
    ANSWERED,
    SATISFIED_POOLED,
    Column("low", "rate", "%", "满意率下限", "Wilson 区间下限"),
    Column("high", "rate", "%", "满意率上限", "Wilson 区间上限"),
    Column("top2_pooled_pct", "rate", "%", "合并前两级比例", "已公布各格中等级5、4的票数 ÷ 回答的票数，不加权"),
    Column("aware_pct", "rate", "%", "知晓率", "已公布各格中给出等级的票数 ÷ 票数"),
)

SCORES = (
    UNIT,
    Column("class", "text", "", "评议类别", "评议类别代码；只有同类单位可以比较"),
    Column("n", "int", "张", "有效票", "已公布各组的票数之和，含待核的票；加上 withheld 就是收到的有效票"),
    Column("score", "score", "分", "得分", "各组得分按评议主体权重加权；样本不足时为空"),
    Column("score_exact", "exact", "分", "得分（精确）", "同上，精确分数"),
    Column("low", "score", "分", "得分下限", "误差范围下限；全体测评时为空"),
    Column("high", "score", "分", "得分上限", "误差范围上限；全体测评时为空"),
    Column("satisfied_pct", "rate", "%", "满意率", "把满意的等级记1、其他记0，同样加权"),
    Column("satisfied_exact", "exact", "", "满意率（精确）", "0到1的精确分数"),
    Column("satisfied_low", "rate", "%", "满意率下限", "误差范围下限"),
    Column("satisfied_high", "rate", "%", "满意率上限", "误差范围上限"),
    SATISFIED_POOLED,
    Column("counted_weight", "exact", "", "计入权重", "已公布各格占全部权重的份额，0到1的精确分数"),
    Column(
        "tier",
        "text",
        "",
        "档次",
        "与同类其他单位平均分比：above 高于平均；average 无显著差异；below 低于平均；"
        "review 待核（剔除和不剔除存疑的票，档次不一样）。同类有得分的单位不到3个时为空",
    ),
    Column("rank_low", "int", "", "名次区间起", "数据允许的最好名次，在同类有得分的单位里；只有1个时为空"),
    Column("rank_high", "int", "", "名次区间止", "数据允许的最差名次"),
    Column("p_last", "chance", "", "居末概率", "在同类有得分的单位里得分最低的概率，0到1；只有1个时为空"),
    Column(
        "unrated_pct",
        "rate",
        "%",
        "未评价率",
        "1 − 计入渠道收到的票 ÷ 发出的评议码；有权重的组没有都发码，或票多于码时为空",
    ),
    Column(
        "withheld", "int", "张", "不公布的票", "所在组没有一格达到 min_n 的票数，不计入得分；这些组总共只有一人时为空"
    ),
    Column(
        "status",
        "text",
        "",
        "状态",
        "ok 正常；renormalised 权重重新归一；census 全体测评；insufficient_n 票数不足；"
        "insufficient_weight 计入权重不足；no_ballots 没有有效票；under_review 待核，有票存疑，暂不公布得分",
    ),
    Column("bound_low", "score", "分", "最低可能得分", "没有计入的权重全按最低分算；有已公布的权重时给出"),
    Column("bound_high", "score", "分", "最高可能得分", "没有计入的权重全按最高分算"),
    Column("top2_pct", "rate", "%", "前两级比例", "把等级5、4记1、其他记0，同样加权"),
    Column("top2_low", "rate", "%", "前两级比例下限", "误差范围下限"),
    Column("top2_high", "rate", "%", "前两级比例上限", "误差范围上限"),
    Column("top3_pct", "rate", "%", "前三级比例", "把等级5、4、3记1、其他记0，同样加权"),
    Column("top3_low", "rate", "%", "前三级比例下限", "误差范围下限"),
    Column("top3_high", "rate", "%", "前三级比例上限", "误差范围上限"),
    Column("aware_pct", "rate", "%", "知晓率", "已公布、有权重的各格里，给出等级的票数之和 ÷ 票数之和"),
)
