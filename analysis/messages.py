"""What the program says, in Chinese and English side by side, so that neither can lag behind."""

import os

from .keymessages import KEYS

ZH, EN = 0, 1

MESSAGES: dict[str, tuple[str, str]] = KEYS | {
    "missing_folder": (
        "没有这个文件夹，或其中没有 snapshot/。请给出冻结数据所在的文件夹",
        "no such folder, or no snapshot/ in it. Name the folder that holds the frozen data",
    ),
    "missing_file": (
        "缺少这个文件。请放入后再运行",
        "this file is missing. Add it and run again",
    ),
    "two_ballot_files": (
        "ballots.csv 和 ballots.parquet 同时存在，分不清以哪个为准。请只留一个",
        "both ballots.csv and ballots.parquet exist, so it is unclear which one counts. Keep one",
    ),
    "no_parts": (
        "这个文件夹里没有符合“{value}”的文件。请检查 --partitions；样式从 snapshot/ 起算",
        'no file here matches "{value}". Check --partitions; the pattern is seen from snapshot/',
    ),
    "bad_part": (
        "评议票文件只能是 .csv 或 .parquet。请改 --partitions，不要包括这个文件",
        "ballots come as .csv or .parquet only. Change --partitions so that it leaves this file out",
    ),
    "same_part": (
        "和 {value} 是同一批票，会算两次。请只留一份",
        "holds the same ballots as {value}, which would count twice. Keep one of them",
    ),
    "part_method": (
        "这一部分用的评议办法和总的不同，不能合在一起统计",
        "this part was collected by another method and cannot be counted with the rest",
    ),
    "no_dask": (
        "没有安装 Dask（缺少 {value}）。请安装 pingyi[dask]，或去掉 --scheduler 在本机统计",
        "Dask is not installed ({value} is missing). Install pingyi[dask], or count here without --scheduler",
    ),
    "no_scheduler": (
        "连不上 Dask 调度器 {value}。请检查地址和网络，或去掉 --scheduler 在本机统计",
        "no Dask scheduler answers at {value}. Check address and network, or count here without --scheduler",
    ),
    "not_utf8": (
        "不是 UTF-8 编码。请另存为 UTF-8 后再运行",
        "is not UTF-8. Save the file as UTF-8 and run again",
    ),
    "bad_encoding": (
        "不能按“{value}”编码读取。请改正 MAP.toml 的 encoding",
        'cannot be read in the encoding "{value}". Correct encoding in MAP.toml',
    ),
    "broken_toml": (
        "不是正确的 TOML：{value}。请改正这一行",
        "is not valid TOML: {value}. Correct this line",
    ),
    "broken_csv": (
        "不是正确的 CSV：{value}。请检查引号和逗号",
        "is not valid CSV: {value}. Check quotes and commas",
    ),
    "broken_parquet": (
        "不是正确的 Parquet 文件：{value}。请重新导出",
        "is not a valid Parquet file: {value}. Export it again",
    ),
    "broken_json": (
        "不是正确的 JSON，或缺少应有的内容：{value}。请重新生成",
        "is not valid JSON, or lacks what it should hold: {value}. Make it again",
    ),
    "class_too_large": (
        "这一类有 {value} 个有得分的单位，最多比较 {allowed} 个。请在 method.toml 里分成几类",
        "this class has {value} scored units; at most {allowed} can be compared. Split it into classes in method.toml",
    ),
    "method_changed": (
        "评议办法文件和轮次记录的指纹不一致：办法被改过。请找回原来的 method.toml（{value}…）",
        "the method file does not match the digest kept by the round: it was changed. "
        "Restore the original method.toml ({value}...)",
    ),
    "manifest_differs": (
        "和清单 manifest.json 不一致：文件被改过。请找回原文件",
        "does not match manifest.json: the file was changed. Restore the original",
    ),
    "manifest_lists": (
        "在清单 manifest.json 和文件夹里只出现了一处。请找回原来的文件夹",
        "stands in only one of manifest.json and the folder. Restore the original folder",
    ),
    "missing_column": (
        "缺少这一列。应有的列：{allowed}",
        "this column is missing. Expected columns: {allowed}",
    ),
    "extra_column": (
        "多出这一列。应有的列：{allowed}",
        "this column is not expected. Expected columns: {allowed}",
    ),
    "duplicate_column": (
        "这一列出现了两次",
        "this column appears twice",
    ),
    "row_width": (
        "这一行有 {value} 列，应有 {expected} 列",
        "this row has {value} columns, expected {expected}",
    ),
    "bad_level": (
        "{value} 不是等级。应当是 5、4、3、2、1，0 表示不了解，空表示没有回答",
        "{value} is not a level. Use 5, 4, 3, 2, 1; 0 means don't know, empty means not answered",
    ),
    "unknown_unit": (
        "{value} 不是 round.toml 里的单位",
        "{value} is not a unit of round.toml",
    ),
    "unknown_group": (
        "{value} 不是 method.toml 里的评议主体",
        "{value} is not a group of method.toml",
    ),
    "unknown_channel": (
        "{value} 不是 method.toml 里的渠道",
        "{value} is not a channel of method.toml",
    ),
    "unknown_flag": (
        "{value} 不是 method.toml 里由票带来的标记",
        "{value} is not a flag of method.toml that ballots bring along",
    ),
    "no_review_flag": (
        "method.toml 没有 by_review = true 的标记，开始前没有写明，复核认定的票不能剔除",
        "method.toml has no flag with by_review = true: what was not declared before opening cannot be left out",
    ),
    "bad_week": (
        "{value} 不是这一轮某一周的星期一",
        "{value} is not the Monday of a week of the round",
    ),
    "unknown_class": (
        "{value} 不是 method.toml 里的评议类别",
        "{value} is not a class of method.toml",
    ),
    "empty_row": (
        "这一行一个答案也没有。全选不了解请写 0；没有回答的票请去掉",
        "this row has no answer at all. Write 0 for don't know; leave out ballots without answers",
    ),
    "empty_round": (
        "一张评议票也没有，没有可统计的。请检查文件是否导出完整",
        "there is no ballot at all, so nothing to count. Check that the export is complete",
    ),
    "no_ballots": (
        "这些单位一张票也没有：{value}。请核对文件是否导出完整；确实没有人评的，加上 --allow-no-ballots 再运行",
        "these units have no ballot at all: {value}. Check that the export is complete; if nobody rated them, "
        "run again with --allow-no-ballots",
    ),
    "panel_small": (
        "名册只有 {value} 人，却有 {other} 张票。请改正 [unit.panel]",
        "the panel has {value} members but {other} ballots. Correct [unit.panel]",
    ),
    "release_exists": (
        "这里已有别的内容，不是本程序写的发布版，不能覆盖。请换一个 --out",
        "something else is here that this program did not write; it will not be replaced. Choose another --out",
    ),
    "publish_over": (
        "这里有不属于发布版的文件，没有覆盖，也没有删除。请先移走，或核对页面文件夹",
        "does not belong to a release; nothing was replaced or deleted. Move it away, or check the pages folder",
    ),
    "previous_order": (
        "{value}（{other} 截止）不是更早的一轮，或给了两次。--previous 只给本轮以前截止的各轮，每轮一次",
        "{value} (closed {other}) is no earlier round, or is given twice. Give --previous each round closed before "
        "this one, once",
    ),
    "previous_differs": (
        "这一单位的得分和它自己的计数对不上，这个发布版不能用来比较。请找回原来的发布版",
        "the score of this unit does not follow from its own counts, so this release is no basis for a comparison. "
        "Restore the original release",
    ),
    "previous_needed": (
        "这个发布版是和别的发布版比较着算的：{value}。请用同样的 --previous 和 --released 再运行",
        "this release was computed beside others: {value}. Run again with the same --previous and --released",
    ),
    "released_other": (
        "这是 {value} 的发布版，不是本轮 {other} 的。--released 只给本轮已经给人看过的各版",
        "this is a release of {value}, not of this round {other}. Give --released only versions of this round",
    ),
    "differencing": (
        "和已经给人看过的一版（{version}）相比，这一格只变了不到 {value} 个回答，两版相减就会看出这几个人的回答。"
        "不能公布，请等到下一轮",
        "compared with a version already shown ({version}), this cell changed by fewer than {value} answers, so the "
        "two versions together would show what these few said. It cannot be released; wait for the next round",
    ),
    "bad_table": (
        "不是可以审查的表：第一行和第一列是名称，其余是整数，不公布的写在括号里，如 (3)。不要写合计",
        "is no table to audit: names in the first row and column, whole numbers elsewhere, hidden ones in brackets "
        "such as (3), and no totals",
    ),
    "table_large": (
        "不公布的格有 {value} 个，最多审查 {allowed} 个。请分成几张表",
        "has {value} hidden cells; at most {allowed} can be audited. Split the table",
    ),
    "privacy_failed": (
        "隐私检查没有通过（{value}），没有写出任何文件。请把这条消息交给维护人员",
        "the privacy check failed ({value}); nothing was written. Give this message to the maintainers",
    ),
    "not_converted": (
        "这里已有冻结数据，不是 convert 写的（旁边没有 convert.json），不能覆盖。请换一个 --out",
        "frozen data stand here that convert did not write (no convert.json beside them); "
        "they will not be replaced. Choose another --out",
    ),
    "missing_release": (
        "还没有发布版。请先运行 python -m analysis compute",
        "there is no release yet. Run python -m analysis compute first",
    ),
    "missing_pages": (
        "没有这个页面文件夹。请给出网站页面所在的文件夹",
        "no such pages folder. Name the folder of the site's pages",
    ),
    "unmapped_value": (
        "{value} 没有对应的值。请在 MAP.toml 的 [{table}] 里写明",
        "{value} is not mapped. Add it to [{table}] in MAP.toml",
    ),
    "unmapped_day": (
        "{value} 不合日期格式 {format}。请改正 day_format 或数据",
        "{value} does not fit the day format {format}. Correct day_format or the data",
    ),
    "repeated_answer": (
        "同一评议人对同一单位同一维度有两行。请去掉一行，或去掉 respondent 列",
        "one respondent has two rows for one unit and dimension. Remove one, or leave out the respondent column",
    ),
    "version_unnamed": (
        "这里已公布另一版（指纹 {value}…）。更正要写明改了哪些数：请先加 --released 指出这一版，重新运行 compute",
        "another version is published here (digest {value}...). A correction says what changed: run compute again "
        "with --released naming that version",
    ),
    "not_docx": (
        "不是可以读的 Word 文件（.docx）。请在 Word 或 WPS 里另存为 .docx，不加密码",
        "is not a readable Word file (.docx). Save it as .docx without a password",
    ),
    "not_writable": (
        "写不进去：{value}。旧的结果没有动",
        "cannot be written: {value}. The old result stands",
    ),
    "date_needed": (
        "要有日期：给出 day 列，或在 [constants] 里写 day",
        "a date is needed: name a day column, or write day in [constants]",
    ),
}


def language() -> int:
    """ZH, or EN when LC_ALL, LC_MESSAGES or LANG (the first one set) starts with "en"."""
    chosen = next((os.environ[k] for k in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(k)), "")
    return EN if chosen.lower().startswith("en") else ZH


def say(zh: str, en: str) -> str:
    """The one of two texts that the reader's language asks for."""
    return (zh, en)[language()]
