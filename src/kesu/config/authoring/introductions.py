"""What each section of a kind is for, in the words of whoever writes a policy: the manual says it above the keys."""

from __future__ import annotations

from typing import Final

INTRODUCTIONS: Final = {
    "stages": "一件案件先后停在哪里。由步骤的 `to` 和审批换阶段，没有人直接改；至少有一个终结阶段。",
    "facts": (
        "案件里记的值，各有类型。规则看得到值的类型记在案卷里；文字、人、文件另外存，规则只看得到填没填、是不"
        "是同一个人、有几份。`derive` 是由程序推算的。写了 `proposed` 的单选，填的时候按措辞相近的旧件推荐三个值，由"
        "人选定；种类的 `alike` 是相隔多久以内的诉件推荐为同一事项。"
    ),
    "roles": "制度里的岗位。由谁担任在组织页上安排，不写在制度里。",
    "events": (
        "没有步骤会产生的事件，由程序陈述（`by: world`）：加入同一事项、查出是二次投诉。写了 `clause` 的算一条规则。"
    ),
    "steps": (
        "人可以办的事。不写 `to` 的，阶段不变；`from: [start]` 的那一步开立案件。审批的签字（`sign_` 加审批的"
        "代码，填 `verdict` 和 `opinion`）和由人升降级别（`raise_level`，填 `raised_to` 和 `raising_reason`；"
        "`lower_level`，填 `to_level` 和 `lowering_reason`）的步骤由程序生成。"
        "`merges` 的步骤把这一件并到那个事实填的一件：去向要是结束的阶段，并入以后不催办、不升级。"
        "`undo` 写谁在多久以内可以撤销这一步（`author` 是办这一步的人），后来办的以它为准就不能撤销。"
    ),
    "guards": (
        "一步（或一条告知、不办步骤写的话）为什么不能办。`when` 成立时才管；`needs` 样样要有，写了 `unless` 的还要它成"
        "立。`writes` 管的是备注、消息、来话、请外部的人、并入事项、文件的说明：例如归档以后不再改动。"
    ),
    "separations": (
        "小组 `of` 里的人不做 `apart` 里的事。写了 `steps` 只管那几步，不写就是本单位的每一步。看的是这一步之"
        "前的事实，所以本人还可以说明被投诉的是他。"
    ),
    "wording": (
        "文字怎样写：`has` 的词都要有，`lacks` 的词都不要有；`messages: 是` 连自由写给客户的消息也看。只在写"
        "的时候提醒，不拦；引擎从来看不到文字。"
    ),
    "approvals": (
        "`of` 发生、`when` 成立时开始（后来才成立的，到 `until` 以前也算）；`of` 又发生一次，前面的签字作废。"
        "一环一环依次签，退回就结束，进入 `refused_to`。没有人可签的一环照 `nobody`：`wait` 等着并告诉管理员（"
        "不写就是它），`next` 由下一环签，`skip` 略过，`{role: …}` 由它签。`allows` 写签字"
        "以外可做的，每一样生成一个步骤。"
    ),
    "duties": (
        "`starts` 发生、`when` 成立时，`owner` 要在 `within` 里最早的时限内办；`met_by` 里有一样发生就算办完"
        "，`while` 不再成立就不用办。`per` 按那个事实的每个值各开一项。没办完又开始一次的，不变；写了 `restar"
        "ts` 的，前一项结束，重新起算。欠着 `urgent` 的案件，程序先办。"
    ),
    "notices": "一件事发生时要告诉谁，由程序发出。`says` 列出文字里可以用的事实。",
    "documents": (
        "一份表单：要填的事实，谁签名，怎样印。不写 `print` 就逐项往下排；写 `letter` 的印成给客户的函件，文字里"
        "可以用 `fields` 和 `says` 的事实、`{case}` 编号、`{place}` 项目、`{received}` 接报日期、`{day}` 发函日期，金额"
        "连同大写。`says` 的事实没有填时，写到它的那一段不印。`interim` 的函件只说进度，批准以前也可以送出；送出由"
        " `hands_over` 的步骤登记。"
    ),
    "guidance": "办某几步时给人看的话，不拦。",
    "promises": "接报时当场告诉客户的话，可以带一项义务的期限。",
    "opens": (
        "`starts` 发生、`when` 成立时，程序另开一件 `kind`，每发生一次开一件（一个事件里写了几个日期、涉及几个单位"
        "的，各开一件），并记在这一件里（`link.代码.opened`）；那一件结束、重新办理时也记下来（`link.代码.closed`、"
        "`link.代码.reopened`）。`carries` 是带过去的（那边的事实: 这边的事实），`states` 是程序代填的，`brings` 是"
        "结束时带回的，`closed_to` 是都结束后这一件进入的阶段。"
    ),
    "measures": (
        "数本类案件的一个数。一件按 `of` 最近一次发生的时间计入一次，`when` 现在成立才算。`share` 是其中符合条件的占"
        "百分之几，`mean`、`sum` 是一个事实的平均、合计；都不写就是件数。`alike` 里的事实都相同的，互为先例：拟定"
        "（`of` 的那一步）和审批时列出以前各件的数；够 `far.least` 件、比中位数多出或少到 `far.times` "
        "倍以外的，提醒写理由，不拦。"
    ),
    "samples": (
        "`starts` 发生、`when` 成立时，程序从计入指标 `of` 的案件里抽签：本件所在单位和下级单位的，抽中的记进本件，不"
        "再变。`done` 查完一件，`given_up` 的由抽签次序里的下一件补上，`brings` 由程序填写抽出几件、从几件里抽。"
    ),
    "publishes": (
        "`starts` 每发生一次，公示 `says` 的事实当时的内容，标题取 `title`；还在公示时再发生的，是更正。到 `until`、"
        "`taken_back` 发生时不再公示。`seen_by` 给谁看：任何人、同一个项目的客户、本组织的员工。"
    ),
    "ledgers": (
        "许多案件共用的钱。按 `per` 分户，在施行这部制度的整个组织里一起算；几种案件里代码相同的是同一个台账"
        "。`plus`、`minus` 的时刻发生时，把 `amount` 当时的值记进去，人民币元，两位小数。"
    ),
    "levels": (
        "案件的轻重，从低到高。规则从上到下，第一条成立的算；`falls: by_hand` 的不会自己降。`raised_by`、`lowered_by` "
        "写谁可以写明理由用手升降：升高的，规则还可以再升，不会自己降回去；降低的，以后新成立的规则还会升。"
    ),
    "secrecy": (
        "谁知道有这一件。`sealed` 的整种案件，名单以外的人看不到一点痕迹；写 `when` 的是普通案件，成立时只对 "
        "`opened_to` 和承办人开放，`says` 告诉他们为什么。`hidden_from` 里的人怎样都看不到。`told` 是举报人凭"
        "回执码读得到的文字。"
    ),
    "schedule": "程序每期自己开立一件的案件：多久一次，开在哪里，什么时候到期。",
}
"""Section → what stands above its keys."""
TABLE: Final = "分档：第一行条件成立的算；只写一个值，就是只有一行的表。"
WINDOW: Final = "时间窗：`{rolling: 30天}` 从每一刻往前数，`{calendar: 月}` 只算当周、当月、当年。"
DERIVATION: Final = "推算：由程序从案卷算出来的事实，是某种事件的次数、合计、最近一次，或者一张分档表。"
DURATION: Final = "数量加一个单位。半个月、当天、当个工作日、下次上班只有一个，前面不写数。"
