"""The sentences that pages say: codes and typed values in, Chinese out (marked for translation).

The engine, the commands and the queries speak in codes; everything a person reads about a refusal, a missing thing,
a change of level or the arithmetic of a deadline is made here.
What a policy says itself is put into the language of the page by `kesu.web.words`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from kesu.core.errors import Refused
from kesu.policy.calendar import LineCode, Receipt, ReceiptLine
from kesu.policy.model.facts import Value
from kesu.policy.model.rules import EVERYONE, FIRST_CONTACT, GENERIC, HOLDER, SYSTEM
from kesu.policy.standing.results import MissingKind
from kesu.web import when
from kesu.web.about_arrivals import ABOUT_ARRIVALS
from kesu.web.about_cases import ABOUT_CASES, REFUSALS
from kesu.web.about_files import ABOUT_FILES
from kesu.web.joining import listed
from kesu.web.marks import yuan
from kesu.web.words import say

_SLOTS: Final = {
    FIRST_CONTACT: gettext_lazy("首问人"),
    HOLDER: gettext_lazy("承办人"),
    EVERYONE: gettext_lazy("任何员工"),
    SYSTEM: gettext_lazy("系统"),
}

_MISSING: Final = {
    MissingKind.FACT: gettext_lazy("还没有填%(name)s"),
    MissingKind.FORM: gettext_lazy("还没有填《%(name)s》"),
    MissingKind.HANDING_OVER: gettext_lazy("还没有登记把《%(name)s》交给客户"),
    MissingKind.EVIDENCE: gettext_lazy("还缺%(name)s"),
    MissingKind.PERSON: gettext_lazy("小组里还没有%(name)s"),
    MissingKind.APPROVAL: gettext_lazy("%(name)s还没有通过"),
    MissingKind.EVENT: gettext_lazy("还没有做：%(name)s"),
    MissingKind.DUTY: gettext_lazy("还没有办：%(name)s"),
    MissingKind.NOTICE: gettext_lazy("还没有发出%(name)s"),
    MissingKind.LINK: gettext_lazy("%(name)s：开立的诉件还没有结束"),
    MissingKind.NAMED: gettext_lazy("%(name)s还没有结束"),
    MissingKind.RESTS: gettext_lazy("后来办的“%(name)s”以它为准"),
    MissingKind.SAMPLE: gettext_lazy("%(name)s：还没有抽，或抽中的没有查完"),
    MissingKind.DRAWN: gettext_lazy("%(name)s：这一件没有抽中，或者已经查过"),
    MissingKind.CREDENTIAL: gettext_lazy("没有登记有效的证件：%(name)s"),
    MissingKind.APART: gettext_lazy("%(name)s与另一方不能是同一个人"),
    MissingKind.CONDITION: gettext_lazy("还没有做到：%(name)s"),
    MissingKind.STAGE: gettext_lazy("要在“%(name)s”阶段才能做"),
    MissingKind.ROLE: gettext_lazy("须由%(name)s办"),
    MissingKind.WINDOW: gettext_lazy("%(name)s的期限已过"),
    MissingKind.LEVEL: gettext_lazy("等级还没有到%(name)s"),
    MissingKind.VALUE: gettext_lazy("%(name)s填得不对"),
    MissingKind.CONFLICT: gettext_lazy("%(name)s不能由提出人自己签"),
    MissingKind.OPENS: gettext_lazy("从 %(name)s 起才可以办"),
    MissingKind.TIME: gettext_lazy("%(name)s的时间不对"),
    MissingKind.BALANCE: gettext_lazy("“%(name)s”的余额不够"),
    MissingKind.LIMIT: gettext_lazy("“%(name)s”会超过上限"),
}

_REASONS: Final = {
    **ABOUT_ARRIVALS,
    **ABOUT_CASES,
    **ABOUT_FILES,
    "case_moved": gettext_lazy("您填写的时候，别人已经改动了这件。您填的还在，请看过改动再提交"),
    "row_moved": gettext_lazy("您填写的时候，别人已经改过这里，没有保存。您填的还在，请看过改动再保存"),
    "step_not_yours": gettext_lazy("这一步不归您办"),
    "step_incomplete": gettext_lazy("还缺几项，没有提交"),
    "step_gone": gettext_lazy("这一步已经办过，或现在不能办"),
    "link_over": gettext_lazy("这个链接已经过期或被收回。还要办的，请联系给您链接的人"),
    "step_refused": gettext_lazy("现在还不能做这一步"),
    "unreadable": gettext_lazy("有几项要改，没有提交"),
    "permission_missing": gettext_lazy("您没有做这件事的权限"),
    "too_many_files": gettext_lazy("文件太多，一次最多 9 件"),
    "file_empty": gettext_lazy("文件是空的"),
    "file_too_large": gettext_lazy("文件超过 20 MB"),
    "file_kind": gettext_lazy("不收这种文件。可以传照片、PDF、录音、视频、Word、Excel、邮件和文本"),
    "report_full": gettext_lazy("一份举报的文件最多 200 MB，再传就超过了。请写明还有什么，承办人会告诉您怎样交"),
    "file_broken": gettext_lazy("图片打不开，请重新拍照或另存后再传"),
    "file_pixels": gettext_lazy("图片太大，超过 6000 万像素，请缩小后再传"),
    "file_unpacked": gettext_lazy("文件解开后太大，请精简或转成 PDF 后再传"),
    "no_room": gettext_lazy("服务器的存储空间满了，文件存不下，没有提交。请稍后再试，或先不带文件提交，并告诉管理员"),
    "too_many_looks": gettext_lazy("看得太频繁。日历请隔一刻钟以上再更新"),
    "too_many": gettext_lazy("发得太频繁，没有收下。请过几分钟再试，您填写的内容还在"),
    "text_missing": gettext_lazy("还没有写内容"),
    "way_not_written": gettext_lazy("制度没有让这条告知走这个途径"),
    "address_of_account": gettext_lazy("同事的地址由他本人或管理员登记"),
    "not_a_contact": gettext_lazy("请填 11 位手机号或邮箱"),
    "no_robot": gettext_lazy("不像这种机器人的地址，请从群里机器人的设置里整段复制"),
    "not_a_mobile": gettext_lazy("请填 11 位手机号"),
    "not_on_paper": gettext_lazy("这条不是要打印送达的"),
    "reply_locked": gettext_lazy("没有发出：批准以前只能告诉客户进度；只说进度的，勾上下面一项再发"),
    "reply_told_early": gettext_lazy("没有发出：里面有还没有批准的方案的原话；改成只说进度再发"),
    "text_unreadable": gettext_lazy("内容太长，或含有无法显示的字符"),
    "unknown_row": gettext_lazy("请从列出的里面选，或填您看得到、这里可以填的诉件"),
    "not_a_phone": gettext_lazy("不像电话号码。请写手机号，或带区号的座机（分机写在“转”后面）"),
    "setup_code": gettext_lazy("安装码不对。它印在启动程序的终端里，也可以在服务器上执行 kesu admin code 查看"),
    "password_weak": gettext_lazy("密码太弱：至少 10 位，不要只用数字，不要用常见的或与账号相近的"),
    "password_same": gettext_lazy("不能与现在的密码相同"),
    "code_wrong": gettext_lazy("验证码不对，或已经用过。请等验证器显示下一个再试"),
    "account_shut": gettext_lazy("这个账号已经停用"),
    "account_open": gettext_lazy("这个账号没有停用"),
    "passkey_known": gettext_lazy("这把通行密钥已经登记过"),
    "passkey_refused": gettext_lazy("没有验证通过，请再试一次"),
    "no_second_factor": gettext_lazy("还没有设验证器"),
    "identity_taken": gettext_lazy("这个标识已经关联了别的账号"),
    "name_taken": gettext_lazy("同一级已经有这个名称"),
    "login_taken": gettext_lazy("这个账号已经有人用"),
    "no_address": gettext_lazy("不像网址。请写 https:// 开头的完整地址，不要带账号"),
    "kind_missing": gettext_lazy("还没有填单位的种类"),
    "not_chosen": gettext_lazy("请选一项"),
    "kind_not_there": gettext_lazy("这一级下面不能建这种单位"),
    "lines_wrong": gettext_lazy("有几行不对，什么都没有写入。请照下面改好再导入"),
    "line_twice": gettext_lazy("与上面一行完全相同"),
    "imported_before": gettext_lazy("这些内容已经登记过，没有再登记。第一件是"),
    "too_many_lines": gettext_lazy("行数太多。一次最多 300 行，请分几次登记"),
    "file_missing": gettext_lazy("还没有选文件"),
    "twice_in_file": gettext_lazy("文件里出现了两次"),
    "unknown_code": gettext_lazy("没有这个代码的单位"),
    "unknown_login": gettext_lazy("没有这个账号"),
    "unknown_role": gettext_lazy("没有这个岗位"),
    "inside_missing": gettext_lazy("这种单位不能单独成立，请填上级代码"),
    "flag_unreadable": gettext_lazy("请写“是”或“否”；空着就是“否”"),
    "unknown_kind": gettext_lazy("没有这种单位"),
    "kind_fixed": gettext_lazy("单位的种类不能改"),
    "place_fixed": gettext_lazy("单位不能移到别的上级"),
    "goes_round": gettext_lazy("上级绕了一圈又回到自己，或没有接到已有的单位"),
    "other_root": gettext_lazy("不能移到另一个集团或公司的下面"),
    "out_of_reach": gettext_lazy("这个单位不归您管"),
    "code_unreadable": gettext_lazy("只用字母、数字、点、下划线和短横线"),
    "email_unreadable": gettext_lazy("不像邮箱地址"),
    "text_too_long": gettext_lazy("太长了"),
    "nobody_there": gettext_lazy("卸任后就没有人能管这个单位了，没有保存。请先让别人担任这个岗位，再卸任"),
    "last_administrator": gettext_lazy("这样改了就没有人能再改权限，没有保存"),
    "rights_changed": gettext_lazy("您改的时候，别人已经改过这个角色的权限。请看过现在的再改"),
    "not_oneself": gettext_lazy("不能对自己的账号这样做，请另一位管理员办"),
    "code_unwritable": gettext_lazy("只用小写字母、数字和下划线，以字母开头"),
    "code_taken": gettext_lazy("这个代码已经有了"),
    "before_first": gettext_lazy("不能早于第一天"),
    "day_too_far": gettext_lazy("最多登记到三年以后；更久的，请办离任交接"),
    "day_over": gettext_lazy("这些天已经过去了"),
    "days_taken": gettext_lazy("这些天已经登记过请假"),
    "deputy_away": gettext_lazy("他那几天也不在，代理他的人又转回来了，请另选一人"),
    "day_not_ahead": gettext_lazy("要填今天以后的日子；从现在起施行就空着"),
    "day_unreadable": gettext_lazy("请写成 2026-10-01 这样的日期"),
    "post_held": gettext_lazy("他已经在这个岗位上"),
    "figure_unreadable": gettext_lazy("这个数写得不对。照原来的样子写，例如：1个工作日、2小时"),
    "number_unreadable": gettext_lazy("请写一个数，只用阿拉伯数字，不超出写明的范围"),
    "words_unreadable": gettext_lazy("写不进句子里。只写一行，最多 200 字，不用大括号"),
    "list_unreadable": gettext_lazy("这几项写得不对。每一项只写一次，原来规则要用的不能少"),
    "hours_unreadable": gettext_lazy("工作时间写得不对。例如：09:00-12:00 13:30-18:00"),
    "not_offered": gettext_lazy("请从列出的里面选"),
    "not_a_day": gettext_lazy("日期写得不对。例如：2026-06-30"),
    "day_ahead": gettext_lazy("不能晚于今天"),
    "not_a_year": gettext_lazy("年份写得不对。例如：1980"),
    "not_an_hour": gettext_lazy("时间写得不对。例如：21:00"),
    "not_an_amount": gettext_lazy("金额写得不对。例如：1280000"),
    "not_a_warranty": gettext_lazy("写“工种 日期”，一行一项。例如：防水 2031-06-30"),
    "before_delivery": gettext_lazy("入住不会早于交付"),
    "room_taken": gettext_lazy("这个项目已经有这套房"),
    "room_used": gettext_lazy("这套房有客户或诉件，不能删除。写错了的，请改地址"),
    "room_unknown": gettext_lazy("您看得到的项目里没有这套房。写法例如：3-1-1702"),
    "room_linked": gettext_lazy("已经关联了这套房"),
    "same_customer": gettext_lazy("这已经是同一条记录"),
    "joined_before": gettext_lazy("那条记录已经并入过别的记录。请打开它，从那边合并，或先撤销"),
    "project_unknown": gettext_lazy("没有这个项目，或您不能改它"),
    "name_differs": gettext_lazy("同一个电话的姓名不一样。请核对；确是两个人，请在页面上新建另一位"),
    "phone_of_many": gettext_lazy("有几位客户用这个电话，认不出是哪一位。请在页面上改"),
    "book_too_large": gettext_lazy("文件太大。一次最多 60,000 行，请分几次导入"),
    "subject_missing": gettext_lazy("请先选是哪一类事项"),
    "subject_unknown": gettext_lazy("这里没有这一类事项，请从列出的里面选"),
    "subject_unreadable": gettext_lazy("最多 20 个字，要有文字，不要有看不见的符号"),
    "not_certain": gettext_lazy("抹去后不能恢复。确定要抹去，请先勾选"),
    "not_adoptable": gettext_lazy("还不能施行：下面列出缺什么、依据哪一条"),
    "not_signer": gettext_lazy("这份制度没有请您签"),
    "not_your_turn": gettext_lazy("还没有轮到您签：要前面的人先签"),
    "another_text": gettext_lazy("您读的不是这一份，没有签。请重新打开，读过再签"),
    "signed_already": gettext_lazy("这一处已经签过，不能再改"),
    "proposal_over": gettext_lazy("这份制度已经撤回、被拒签或已施行，不能再签再改"),
}


def role(code: str, name: str) -> str:
    """The name of a slot: the pack's, or the program's own for those that stand in no pack."""
    return say(name) or str(_SLOTS.get(code, ""))


def missing(kind: MissingKind, name: str) -> str:
    """One thing that stands in the way: 还没有填客户诉求."""
    word, _sign, number = name.rpartition(" ") if kind is MissingKind.NAMED else ("", "", name)
    return str(_MISSING[kind]) % {"name": " ".join((say(word), number)) if word else say(number)}


def refusal(code: str, says: str) -> str:
    """Why a step is refused: the pack's own sentence, or the engine's."""
    return say(says) or str(REFUSALS.get(code, _("现在还不能做这一步")))


def reason(refused: Refused) -> str:
    """What happened, for the head of a page or form that was refused."""
    text = str(_REASONS.get(refused.reason, _("没有办成")))
    file = refused.data.get("file")
    return f"{file}：{text}" if file else text


def field_errors(refused: Refused) -> dict[str, str]:
    """A sentence by fact code: from unreadable fields and from what a step still asks."""
    errors: dict[str, str] = {}
    fields = refused.data.get("fields", {})
    for code, expected in fields.items() if isinstance(fields, Mapping) else ():
        text = expected if isinstance(expected, str) else listed(str(part) for part in expected)
        errors[str(code)] = why(text)
    for one in refused.data.get("refusals", ()):
        for lacking in one.missing:
            if lacking.kind in _FIELD_KINDS:
                errors.setdefault(lacking.code, missing(lacking.kind, lacking.name))
    return errors


def comes_first(name: str, *, is_his: bool) -> str:
    """Which step leads to one that belongs to a later stage."""
    return (_("先办“%(name)s”") if is_his else _("等别人先办“%(name)s”")) % {"name": name}


def why(text: str) -> str:
    """A reason by its code, a limit (``≤ 64``, ``≥ 20``: that many signs), or what could have stood in the field."""
    known = _REASONS.get(text)
    if known:
        return str(known)
    if text.startswith(_AT_MOST):
        return _("太长，最多 %(count)s 字") % {"count": text.removeprefix(_AT_MOST)}
    if text.startswith(_AT_LEAST):
        return _("太短，至少 %(count)s 字") % {"count": text.removeprefix(_AT_LEAST)}
    return _("看不懂，应为%(expected)s") % {"expected": text}


_AT_MOST: Final = "≤ "
_AT_LEAST: Final = "≥ "
_FIELD_KINDS: Final = {MissingKind.FACT, MissingKind.VALUE, MissingKind.EVIDENCE, MissingKind.APART}


def value(given: Value | None) -> str:
    """A typed value in words; instants in Shanghai time."""
    if given is None:
        return ""
    if isinstance(given, bool):
        return _("是") if given else _("否")
    if isinstance(given, tuple):
        return listed(given)
    if isinstance(given, datetime):
        return when.stamp(given)
    if isinstance(given, date):
        return f"{given:%Y-%m-%d}"
    if isinstance(given, Decimal):
        return yuan(given)
    return str(given)


def printed(clause: str) -> str:
    """How a clause is printed on its tag."""
    return _("通用") if clause == GENERIC else clause


def level_reason(rule: str, values: Sequence[tuple[str, Value]], *, by_hand: bool) -> str:
    """Why a level is what it is: 3 人以上集体投诉（投诉人数 3）. A rule with a name says itself that a tick is set."""
    if by_hand:
        return _("人工调整")
    told = "，".join(f"{name} {value(given)}" for name, given in values if not (rule and given is True))
    if not rule:
        return told or _("按规则定级")
    return f"{rule}（{told}）" if told else rule


def level_now(name: str, why: str, clauses: Sequence[str]) -> str:
    """热点：3 人以上集体投诉，依据 3.4.2."""
    cited = _("，依据 %(clauses)s") % {"clauses": listed(printed(one) for one in clauses)} if clauses else ""
    return f"{name}：{why}{cited}" if why else f"{name}{cited}"


def due_line(due_at: datetime | None, now: datetime, *, is_open: bool, provisional: bool = False) -> str:
    """应于今天 11:50; 10-10 周六 18:00 前; nothing where there is no limit. `provisional`: it may still move."""
    if due_at is None:
        return ""
    text = when.due(due_at, now, provisional=provisional)
    return _("应于 %(due)s") % {"due": text} if not is_open or now > due_at else _("%(due)s 前") % {"due": text}


def lock(says: str, clauses: Sequence[str]) -> str:
    """What a message to the customer must not tell yet."""
    cited = listed(f"§{one}" for one in clauses)
    return _("%(says)s %(clauses)s。批准以前的消息只说进度") % {"says": says, "clauses": cited}


def promise(text: str, due_at: datetime | None, now: datetime, number: str, *, provisional: bool = False) -> str:
    """A promise of the pack with its instant and the number of the case in place."""
    due = when.due(due_at, now, provisional=provisional) if due_at else ""
    if due:  # 明天 10:00 and 07-26 18:00（暂定） stand without the space that a figure would need
        text = text if due[0].isascii() else text.replace(" {due}", "{due}")
        text = text if due[-1].isascii() else text.replace("{due} ", "{due}")
    return text.replace("{due}", due).replace("{case}", number)


def receipt_when(line: ReceiptLine, now: datetime) -> str:
    """The left column of a receipt: a day, a run of days, or an instant."""
    if line.from_on and line.to_on and line.from_on != line.to_on:
        return _("%(first)s 至 %(last)s") % {"first": _day(line.from_on), "last": _day(line.to_on)}
    if line.from_on:
        return f"{_day(line.from_on)} {when.weekday(line.from_on)}"
    if line.from_at and line.to_at:
        return f"{when.month_day(line.from_at, now)} {when.hour_minute(line.from_at)}–{when.hour_minute(line.to_at)}"
    return ""


_RECEIPT: Final = {
    LineCode.FACTOR: gettext_noop("时限按 %(label)s 计"),
    LineCode.EXTENDED: gettext_noop("延长 %(label)s"),
    LineCode.STATED: gettext_noop("按%(label)s"),
    LineCode.AHEAD: gettext_noop("往前数 %(label)s"),
    LineCode.CHOSEN: gettext_noop("几个时限取最早的：%(label)s"),
    LineCode.PASSED_OVER: gettext_noop("另一个时限，不取：%(label)s"),
    LineCode.CAP: gettext_noop("不超过 %(label)s"),
}
"""What a line says of its length or its date."""


def receipt_text(line: ReceiptLine, now: datetime) -> str:
    """What a line of the arithmetic says, as `policy.calendar.LineCode` defines it."""
    label = line.label
    if line.code in _RECEIPT:
        return _(_RECEIPT[line.code]) % {"label": say(label) if length(label) == label else length(label)}
    match line.code:
        case LineCode.START:
            return _("起算 %(at)s") % {"at": when.hour_minute(line.from_at)} if line.from_at else _("起算")
        case LineCode.STARTS_LATER:
            return _("上班后起算 %(at)s") % {"at": when.due(line.to_at, now)} if line.to_at else _("上班后起算")
        case LineCode.COUNTED | LineCode.WORKED:
            return label or (_("工作时间") if line.code is LineCode.WORKED else _("计入"))
        case LineCode.SKIPPED:
            return _("%(label)s，不计") % {"label": label} if label else _("不计")
        case LineCode.PAUSED:
            return _("暂停：%(label)s") % {"label": label} if label else _("暂停")
        case LineCode.MOVED:
            return _("%(label)s，顺延") % {"label": label} if label else _("顺延")
        case LineCode.SHARE:
            return _("“%(label)s”时限的 %(percent)s%%") % {"label": say(label), "percent": line.count}
        case _:
            return _("到期")


def receipt_count(line: ReceiptLine, now: datetime) -> str:
    """The right column: how many days or how much time the line counts; the due instant in the last one."""
    if line.code in {LineCode.DUE, LineCode.PASSED_OVER}:
        return when.due(line.to_at, now) if line.to_at else ""
    if line.code is LineCode.STATED and line.to_on is not None:
        return _day(line.to_on)
    if line.code in {LineCode.STARTS_LATER, LineCode.SHARE} or line.count is None:
        return ""
    if line.code is LineCode.WORKED or line.from_at is not None:
        return when.span_text(timedelta(minutes=line.count))
    return str(line.count)


def receipt_rule(receipt: Receipt) -> str:
    """The length that the clause gives: 时限 3个工作日. Nothing where the end is a stated date."""
    if receipt.duration is None:
        return ""
    return _("时限 %(length)s") % {"length": length(str(receipt.duration))}


_COUNT: Final = "%(count)s "
_LENGTHS: Final = {
    text.removeprefix(_COUNT): text
    for text in (
        gettext_noop("%(count)s 个工作日"),
        gettext_noop("%(count)s 工作小时"),
        gettext_noop("%(count)s 个月"),
        gettext_noop("%(count)s 小时"),
        gettext_noop("%(count)s 分钟"),
        gettext_noop("%(count)s 天"),
    )
}


def length(text: str) -> str:
    """A length as the policy writes it, where it is a number and a unit: 3个工作日. Others stay as they are written."""
    unit = text.lstrip("0123456789")
    count = text.removesuffix(unit)
    return _(_LENGTHS[unit]) % {"count": count} if count and unit in _LENGTHS else text


def _day(on: date) -> str:
    return f"{on:%m-%d}"
