"""The page of all marks and states (`templates/components_page.html`): what it shows, with invented names and clauses.

It is for the people who build and judge pages; the values are samples and touch no case.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from kesu.web import marks, when
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.marks import ClauseRef, Timing
from kesu.web.parts import (
    EventPart,
    FactRow,
    FilePart,
    LevelPart,
    LevelReason,
    MissingLine,
    NextLevel,
    ObligationPart,
    PagerPart,
    PhoneStep,
    ReceiptLinePart,
    ReceiptPart,
    RefusedStep,
    StagePart,
)

_NO_POLICY = ""
_PROGRESS = (("受理", "done"), ("查原因", "done"), ("定方案", "current"), ("维修", ""), ("回访", ""))


def _ref(printed: str) -> tuple[ClauseRef, ...]:
    return (ClauseRef(_NO_POLICY, printed, printed),)


def sample(now: datetime) -> dict[str, object]:
    """The context of the page at `now` (aware), for `{"sample": sample(now)}`."""
    return {
        "levels_to_choose": (marks.Choice("一般", "一般"), marks.Choice("重大", "重大")),
        "stages_to_choose": (marks.Choice("受理", "受理"),),
        "now": now,
        "levels": [("一般", 1), ("重要", 2), ("热点", 3), ("重大", 4)],
        "levels_five": [("五级", 1), ("四级", 2), ("三级", 3), ("二级", 4), ("一级", 5)],
        "clocks": _clocks(now),
        "clause": ClauseRef(_NO_POLICY, "5.2", "5.2"),
        "obligations": _obligations(now),
        "receipt": _receipt(),
        "refused": _refused(),
        "stages": _stages(),
        "facts": _facts(),
        "files": _files(),
        "events": _events(now),
        "fields": _fields(),
        "phone_fields": [_fields()[i] for i in (1, 3, 6, 8)],
        "level": _level(),
        "pager": PagerPart(_("共 %(count)d 件") % {"count": 136}, 2, (1, 2, 3, 0, 7), previous=1, next=3),
        "progress": [StagePart(name, state) for name, state in _PROGRESS],
        "phone_steps": [
            PhoneStep("拟定修复方案", "current", "进行中，节假日 7 天不计"),
            PhoneStep("专管员回复您", "done", "今天 10:35", "节前勘察已确认渗水来自东侧外墙竖缝。"),
            PhoneStep("已受理", "done", "09-29 10:20"),
        ],
    }


def _clocks(now: datetime) -> list[marks.Clock]:
    hour, day = timedelta(hours=1), timedelta(days=1)
    timings = [
        Timing(None),
        Timing(now + 3 * day),
        Timing(now + 1.65 * hour),
        Timing(now - 2.5 * hour),
        Timing(now - 4.2 * day),
        Timing(now + 2 * day, paused_since=now - day, waiting_for="等待业主"),
        Timing(now + 90 * day, provisional=True),
        Timing(now - day, met_at=now - 2 * day),
        Timing(now - 2 * day, met_at=now - day),
    ]
    return [marks.clock(timing, now) for timing in timings]


def _obligations(now: datetime) -> list[ObligationPart]:
    rows = [
        ("出具专业意见", -2.5, "催办", False, 3, "热点"),
        ("现场确认并分析原因", 1.65, "填写确认", True, 2, "重要"),
        ("拟定处理方案", 30, "去拟定", False, 1, "一般"),
    ]
    return [
        ObligationPart(
            id=f"sample-{index}",
            name=name,
            clock=marks.clock(Timing(now + timedelta(hours=hours)), now),
            due_line=when.due(now + timedelta(hours=hours), now),
            clauses=_ref("4.4"),
            level_name=level_name,
            level_index=level_index,
            level_of=4,
            case_url="#main",
            case_title="三栋东侧外墙渗水，客厅墙面发霉",
            case_number="TS-26-0382",
            place="3-1-1702",
            action_url="#main",
            action_label=action,
            is_primary=is_primary,
            receipt=_receipt() if index == 1 else None,
        )
        for index, (name, hours, action, is_primary, level_index, level_name) in enumerate(rows)
    ]


def _line(code: str, at: str, text: str, count: str = "", printed: str = "") -> ReceiptLinePart:
    return ReceiptLinePart(code, at, text, count, _ref(printed) if printed else ())


def _receipt() -> ReceiptPart:
    return ReceiptPart(
        source="程序 2.1 版 §7.4",
        sentence="自客户签认之日起七个工作日内完成整改。",
        lines=(
            _line("start", "09-21 周一", "签认，次日起算"),
            _line("counted", "09-22 至 09-24", "工作日", "3"),
            _line("skipped", "09-25 至 09-27", "中秋放假 3 天"),
            _line("paused", "09-28 至 09-30", "暂停：等业主选砖", "", "9.3"),
            _line("skipped", "10-01 至 10-07", "国庆放假 7 天"),
            _line("counted", "10-08 至 10-12", "工作日，含 10-10 调休", "7"),
            _line("extended", "延期", "客户 10-09 同意", "+2 日", "7.6"),
            _line("due", "到期", "原 10-12 18:00", "10-14 18:00"),
        ),
        is_provisional=True,
        foot=("日历 2026 第 3 版",),
    )


def _refused() -> list[RefusedStep]:
    missing = (MissingLine("缺工程部专业意见（已超时）"), MissingLine("方案未填写", "#main"))
    return [
        RefusedStep("提交联合审核", _ref("5.2"), missing=missing),
        RefusedStep("答复客户方案", _ref("5.2"), says="热点件须先经联合审核和领导批准，才能答复方案"),
        RefusedStep("降为重要", _ref("3.5"), says="只有投诉主管可以降级，须写明理由"),
    ]


def _stages() -> list[StagePart]:
    names = (
        "登记",
        "受理",
        "定级",
        "成组",
        "调查取证",
        "拟定方案",
        "联合审核",
        "领导审批",
        "客户确认",
        "实施",
        "验证",
        "回访",
        "结案",
    )
    return [StagePart(name, "done" if i < 5 else "current" if i == 5 else "") for i, name in enumerate(names)]


def _facts() -> list[FactRow]:
    return [
        FactRow("诉求", "查明渗水点，彻底修复；恢复墙面"),
        FactRow("原因", "外墙拼缝密封胶老化", "09-30 填写", _ref("5.1")),
        FactRow("涉媒体", "否"),
        FactRow("责任方", ""),
    ]


def _files() -> list[FilePart]:
    return [
        FilePart("#main", "客厅墙面", note="09-29 09:58"),
        FilePart("#main", "淋水试验报告", note="PDF"),
        FilePart("#main", "东侧拼缝", state="blocked"),
        FilePart("#main", "业主身份证", state="removed"),
    ]


def _events(now: datetime) -> list[EventPart]:
    return [
        EventPart("event", "完成现场确认，填写原因：外墙拼缝密封胶老化", now, "孙砚", clauses=_ref("5.1")),
        EventPart("internal", "淋水 40 分钟后两户同时渗出，基本确定为东侧竖缝。", now, "孙砚", "工程部"),
        EventPart("level", "第 4 户加入同一事项", now, clauses=_ref("3.4.2")),
        EventPart("customer", "节前就来人看过了，到底什么时候修？", now, "苏女士", channel="短信"),
        EventPart("sent", "修复方案正在拟定，明天 18:00 前我向您说明进展。", now, "周以宁", channel="短信 · 已送达"),
        EventPart("late", "工程部专业意见超时，已催办，抄送部门负责人", now, clauses=_ref("4.4")),
    ]


def _fields() -> list[Field]:
    kinds = FieldKind
    category = ("工程质量", "规划设计", "销售服务", "物业管理", "维修服务", "其他")
    return [
        Field("subject", "主题", kinds.TEXT, value="电梯又停了，老人下不了楼", is_required=True),
        Field("words", "客户怎么说", kinds.TEXTAREA, is_required=True, help="用客户原话，不下结论", is_wide=True),
        Field(
            "demand",
            "客户诉求",
            kinds.TEXT,
            is_required=True,
            error="还没有填客户诉求。登记后无法判断何时算解决",
            clauses=_ref("2.1"),
        ),
        Field(
            "category",
            "类别",
            kinds.CHOICE,
            choices=_choices(category, "物业管理"),
            is_required=True,
            clauses=_ref("2.2"),
            is_wide=True,
        ),
        Field(
            "signals",
            "风险信号",
            kinds.CHOICES,
            choices=_choices(("提到媒体", "提到诉讼", "多户同诉", "人身安全"), "提到媒体"),
            is_wide=True,
        ),
        Field("channel", "渠道", kinds.CHOICE, choices=_choices(tuple(f"渠道 {n}" for n in range(1, 12)), "渠道 2")),
        Field("media", "涉媒体", kinds.FLAG, value="no", help="按客户原话判断"),
        Field("received", "接诉时间", kinds.DATETIME, value="2026-10-09T14:18"),
        Field("photos", "照片", kinds.FILE, help="最多 9 件，每件不超过 20 MB"),
        Field("day", "约定日期", kinds.DATE, value="2026-10-12"),
        Field("homes", "户数", kinds.NUMBER, value="4", unit="户"),
        Field("amount", "金额", kinds.MONEY, value="520.00", clauses=_ref("7.2")),
        Field("owner", "经办人", kinds.PERSON, choices=_choices(("周以宁", "许明澈", "何青"), "周以宁")),
        Field("team", "小组", kinds.GROUP, choices=_team(), is_wide=True, clauses=_ref("4.2")),
    ]


def _choices(labels: tuple[str, ...], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(label, label, is_chosen=label == chosen) for label in labels)


def _team() -> tuple[Choice, ...]:
    return (
        Choice("engineer:1", "孙砚", is_chosen=True, group="工程部"),
        Choice("engineer:2", "陈牧之", group="工程部"),
        Choice("design:3", "沈述", is_chosen=True, group="设计部"),
    )


def _level() -> LevelPart:
    reason = LevelReason("群诉 4 户", _ref("3.4.2"), "三人以上就同一问题共同投诉的，从高定级。")
    households = NextLevel("同一事项户数", 40, "4 / 10", _ref("3.4.1"))
    days = NextLevel("我方未决天数", 33, "10 / 30", _ref("3.4.1"))
    return LevelPart("等级", "热点", 3, 4, "10-08 16:32 升级", (reason,), (households, days))


SAMPLE_NOW = datetime(2026, 10, 9, 6, 20, tzinfo=UTC)
"""Friday 2026-10-09 14:20 in Shanghai, the "now" of every sample."""
