"""The columns of what a version of a release says otherwise than the version before."""

from .column import Column

DIFFERENCES = (
    Column("file", "text", "", "文件", "哪个数据文件"),
    Column("row", "text", "", "哪一行", "这一行的代号，几个代号之间空一格；整个文件为空"),
    Column("column", "text", "", "哪一列", "列名；整行增减时为空"),
    Column("before", "text", "", "上一版", "上一版的值；整行增减时 yes 有、no 没有；评议办法和轮次记录是文件指纹"),
    Column("after", "text", "", "这一版", "这一版的值"),
)
