"""Why something about a file was refused, by the code of the reason."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy

ABOUT_FILES: Final = {
    "handing_incomplete": gettext_lazy("请写清原件由谁交给谁、在哪里交接"),
    "handed_when": gettext_lazy("交接在接报以后、现在以前"),
    "signature_missing": gettext_lazy("这里要当场签名，不能用文件代替"),
    "marks_missing": gettext_lazy("还没有画任何标注"),
    "marks_too_many": gettext_lazy("标注太多，一次最多 30 处"),
    "no_picture": gettext_lazy("只收图片或 PDF，不超过 4 MB"),
    "marks_no_picture": gettext_lazy("只有图片可以标注"),
    "book_unreadable": gettext_lazy("打不开这个文件。请存成 Excel 工作簿（.xlsx）再传"),
    "book_empty": gettext_lazy("文件里没有要导入的行，或工作表的名称不对"),
    "book_too_wide": gettext_lazy("表格太宽：内容伸到了 500 列以外。请删去右边多余的列再传"),
    "book_too_long": gettext_lazy("一张表最多 20 万行，请分成几个文件"),
    "columns_missing": gettext_lazy("表头缺了几列。请照导出的文件保留所有的列名"),
}
