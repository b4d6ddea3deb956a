"""The five levels, 不了解 beside them, and the fixed words of the questionnaire (terms.md)."""

from survey_app.domain.errors import N_

DONT_KNOW = 0  # no level: it leaves the denominator and is shown apart

LEVELS: dict[int, str] = {
    5: N_("非常满意"),
    4: N_("满意"),
    3: N_("基本满意"),
    2: N_("不满意"),
    1: N_("非常不满意"),
    DONT_KNOW: N_("不了解"),
}

HINTS: dict[str, str] = {
    "attitude": N_("说话办事是否耐心、平等"),
    "efficiency": N_("等多久、跑几趟、推不推"),
    "lawful": N_("是否按规定办，有没有额外要求"),
    "openness": N_("材料、时限、收费是否说得清、查得到"),
    "integrity": N_("有没有吃拿卡要、托人才好办"),
    "style": N_("在不在岗、管不管事"),
    "promise": N_("公开承诺的时限和服务，做到了没有"),
    "fees": N_("收什么、收多少，有没有多收、摊派"),
    "policy": N_("该享受的政策，给没给到、快不快"),
    "inspection": N_("检查多不多、有没有依据、影不影响经营"),
    "agree": N_("它这样办事，您接受不接受"),
    "satisfied": N_("它办的事、给的服务，您满意不满意"),
    "recognise": N_("它做出来的成效，您认可不认可"),
    "overall": N_("总的来说"),
}

CLASSES: dict[str, str] = {
    "window": N_("窗口服务"),
    "enforcement": N_("行政执法"),
    "economic": N_("经济管理"),
    "public_service": N_("公共服务"),
    "party_general": N_("党群综合"),
    "township": N_("乡镇街道"),
    "village": N_("村社区"),
}

# Named here so that the catalogue holds them; a round takes its names from its own method file.
DIMENSIONS: dict[str, str] = {
    "attitude": N_("服务态度"),
    "efficiency": N_("办事效率"),
    "lawful": N_("依法行政"),
    "openness": N_("政务公开"),
    "integrity": N_("廉洁自律"),
    "style": N_("工作作风"),
    "promise": N_("承诺兑现"),
    "fees": N_("规范收费"),
    "policy": N_("政策落实"),
    "inspection": N_("涉企检查"),
    "agree": N_("群众答不答应"),
    "satisfied": N_("群众满不满意"),
    "recognise": N_("群众认不认可"),
    "overall": N_("总体评价"),
}

GROUPS: dict[str, str] = {
    "citizen": N_("群众"),
    "enterprise": N_("企业"),
    "service_user": N_("服务对象"),
    "deputy": N_("两代表一委员"),
    "grassroots": N_("基层单位"),
}
