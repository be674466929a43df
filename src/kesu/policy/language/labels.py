"""The Chinese name of every key and of every kind of name, for messages: both are always named together."""

from __future__ import annotations

from typing import Final

KEY_LABELS: Final[dict[str, str]] = {
    "above": "大于", "acts": "可做", "after": "之后", "adds": "自动加入", "add": "加入", "all": "全部", "any": "任一",
    "apart": "互不重合", "approval": "审批", "approvals": "审批", "approved": "已批准", "asks": "必填事实",
    "at": "所在步骤",
    "at_least": "至少", "at_most": "至多", "backdate": "可补录天数", "before": "之前", "below": "小于", "by": "由谁",
    "calendar": "历法", "cap": "总期限", "chain": "审批链", "change": "改动", "clause": "条款",
    "clauses": "条款表", "conflict": "利益冲突", "count": "次数", "counts": "计入条件", "data": "数据级别",
    "default": "默认值", "derive": "推算", "digits": "位数", "distinct": "不同个数", "document": "文件",
    "documents": "文书", "drop": "删去", "duties": "义务", "duty": "义务", "each_within": "每人时限",
    "elapsed": "历时",
    "else": "其余", "enforce": "落实方式", "event": "事件", "events": "外部事件", "evidence": "证据",
    "extends": "上级制度",
    "extension": "延期", "fact": "事实", "facts": "事实", "falls": "降级方式", "fields": "栏目", "final": "终结",
    "forms": "文书", "from": "所处阶段", "generic": "通用", "granted_to": "批准后阶段", "group": "小组",
    "guards": "关卡",
    "guidance": "提示", "hand_over": "移交", "happened": "已发生", "has": "包含", "help": "说明",
    "hidden_from": "回避",
    "holder": "承办角色", "holiday": "假日规则", "if": "条件", "keeps": "沿用", "kind": "类别", "kinds": "案件种类",
    "last": "最近一次", "late": "逾期", "later": "以后落实", "length": "长度", "level": "级别", "levels": "级别",
    "limit": "上限", "list": "列表栏", "lost": "原文缺失", "lowered_by": "谁可降级", "may": "可填事实",
    "raised_by": "谁可升级", "inner": "中间级可选", "means": "共用的含义",
    "met": "已履行",
    "met_by": "以何为完成", "modality": "语气", "mode": "方式", "multiline": "多行", "name": "名称",
    "needs": "须具备",
    "not": "不", "notices": "告知", "number": "文号", "numbering": "编号", "of": "所属", "open_for": "开放期",
    "opened_to": "开启", "order": "次序", "overdue": "逾期后", "overlays": "叠加的制度", "owner": "责任人",
    "pack": "制度代码",
    "parameters": "参数", "param": "参数", "pauses": "暂停", "people": "人员", "per": "按什么分别计", "place": "地点",
    "portal": "公众可提交", "portal_facts": "公众提交时代填", "chat": "公众可在线咨询", "prefix": "前缀",
    "primary": "主要步骤", "commutes": "可以同时办", "printed": "印刷条号", "promises": "承诺",
    "provided": "程序落实", "public": "公众用语", "random": "随机编号", "reading": "取义", "reason": "理由",
    "lapses": "何时作废", "asked_when": "何时才填", "mail": "取自邮件",
    "among": "从谁的人里选", "most": "最多几位", "in_charge": "由其承办",
    "copies": "抄送给谁", "copying": "可以另选抄送",
    "outer": "外部时限", "share": "占几成", "restarts": "再次发生时重新起算",
    "refused_to": "退回后阶段", "remind": "提醒", "role": "角色", "roles": "角色", "rolling": "滚动", "rules": "规则",
    "same_as": "就是谁", "ordered": "由低到高",
    "outside": "可由外部的人担任",
    "sample": "样例值", "says": "说明", "scope": "范围", "sealed": "密封", "sections": "章节", "secrecy": "保密",
    "sees": "可见", "shows": "露出的事实", "credential": "证件", "issues": "出具",
    "mark": "标识", "replaces": "替代", "recalled_by": "以何为收回",
    "sent": "已告知", "severity": "严重程度", "signatures": "签名", "since": "自何时", "stage": "阶段",
    "stages": "阶段",
    "aside": "旁支", "messages": "给客户的消息", "same_person": "同一个人", "done": "办完", "seen_by": "给谁看",
    "drawn": "抽取", "by_hand": "手写签名", "proposed": "推荐可选值", "alike": "怎样算相近",
    "start": "起始阶段", "start_in": "起始时段", "starts": "起算",
    "status": "状态", "step": "步骤", "steps": "步骤",
    "sum": "合计", "survives": "结案后仍有效", "table": "分档", "tell": "告知", "told": "告诉举报人",
    "text": "文字", "time": "时长",
    "times": "次数", "title": "标题", "to": "去向", "type": "类型", "unclear": "原文不明", "unless": "除非",
    "until": "直到", "urgent": "紧急", "use": "取用", "value": "值", "values": "可选值", "version": "版本",
    "when": "条件", "where": "筛选", "while": "期间", "who": "由谁", "window": "时间窗", "within": "时限",
    "writes": "不办步骤写的话", "far": "差得多", "least": "至少几件",
    "blank": "留白", "case": "案件", "done_by": "经手人", "each": "逐一", "lines": "行数", "part": "部分",
    "print": "打印版式", "rows": "行", "time_of": "时间",
    "schedule": "定期开立", "every": "周期", "due": "到期", "in": "在哪一级", "like": "仿照", "weekday": "星期几",
    "month": "期内第几个月", "day": "几号",
    "over": "写在谁之上", "changes": "改动清单", "yields_to": "让位于", "prevails_over": "优先于", "packs": "哪些制度",
    "wording": "用语", "lacks": "不出现", "trial": "试行", "review_after": "多久后评估", "effective": "施行",
    "revisions": "修订记录", "requires": "必备项", "requires_of": "对哪些制度", "section": "哪一类规则",
    "codes": "代码", "clause_kind": "条款类别",
    "opening": "受理步骤", "on": "日期", "modified_by": "修改人", "reviewed_by": "审核人", "approved_by": "批准人",
    "hands_over": "交给客户的文书", "handed_over": "已交给客户的文书",
    "letter": "函件", "subject": "事由", "dear": "称呼", "closing": "结尾", "interim": "只说进度",
    "merges": "并入", "undo": "可以撤销", "named_closed": "点名的件已结",
    "moves_to": "移交到", "sight": "办过的人是否还看得到",
    "holds": "并且满足", "separations": "回避", "tables": "共用分档", "ledgers": "台账", "publishes": "公示",
    "taken_back": "何时撤下",
    "plus": "收入", "minus": "支出", "amount": "金额", "below_zero": "不够时", "above_limit": "超过上限时",
    "opens": "关联立案", "carries": "带去的事实", "states": "代填", "brings": "带回的事实", "served": "当地施行的",
    "links_closed": "关联的案件已结", "closed_to": "结束后阶段",
    "measures": "指标", "measured": "由指标算出", "counted": "由同一事项算出", "matter": "同一事项",
    "mean": "平均", "samples": "抽样", "size": "抽多少",
    "period": "哪一期", "current": "本期", "previous": "上一期", "given_up": "查不了",
    "sampled": "抽中的都查过",
    "alone": "逐件签",
    "allows": "另外可做的", "pass_on": "转办", "add_before": "前加签", "add_after": "后加签", "ask": "征询",
    "send_back": "退回到前面", "take_back": "撤回", "urge": "催办",
    "authors": "一同写的人", "nobody": "没有人可签时",
    "insert_after": "排在其后", "insert_before": "排在其前", "note": "备注", "code": "代码",
}  # fmt: skip

LATER_KEYS: Final[dict[str, str]] = {
    "items": "子项",
    "registers": "常设登记", "register": "常设登记", "slower": "放慢",
    "factor": "放慢", "produces": "产出文书", "locked": "锁定",
    "override": "人工改写", "proof": "送达证明", "template": "模板",
    "channel": "渠道", "first": "依次递补",
}  # fmt: skip
"""Keys that the language is meant to have and that this version cannot execute: refused with a word of their own."""

NOUNS: Final[dict[str, str]] = {
    "clause": "条款", "fact": "事实", "event": "事件", "stage": "阶段", "role": "角色", "level": "级别",
    "duty": "义务",
    "approval": "审批", "notice": "告知", "step": "步骤", "document": "文书", "parameter": "参数", "guard": "关卡",
    "table": "共用的分档表", "ledger": "台账", "link": "关联立案", "draw": "抽样", "measure": "指标",
}  # fmt: skip


def labelled(key: str) -> str:
    """`within（时限）`; the bare key where it has no label (codes of a pack)."""
    label = KEY_LABELS.get(key) or LATER_KEYS.get(key)
    return f"{key}（{label}）" if label else key
