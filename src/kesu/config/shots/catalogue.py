"""Who looks, through which windows, and which named addresses are no pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Role:
    """`login` "" is the public. A role that `fills_gaps` looks only at pages that no role before it has reached."""

    key: str
    name: str
    login: str = ""
    starts: tuple[str, ...] = ("/",)
    fills_gaps: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    key: str
    width: int
    height: int
    scale: int
    is_phone: bool


WINDOWS: Final = (Window("1440", 1440, 900, 1, False), Window("360", 360, 740, 2, True))

_LISTS: Final = ("/cases?state=&size=50", "/cases?state=&size=50&rows=tight", "/cases?state=closed&size=50")
_HOUSE: Final = (
    "/work",
    "/policies",
    "/organisation",
    "/organisation/sources",
    "/organisation/hooks",
    "/organisation/channels",
    "/policies/notices",
    "/organisation/chats",
    "/organisation/mailboxes",
    "/people",
    "/setup",
    "/account/security",
    "/account/app",
)
_STARTS: Final = (
    "/work",
    *_LISTS,
    "/mails",
    "/customers",
    "/rooms",
    "/approvals",
    "/policies",
    "/numbers?period=quarter",
)
ROLES: Final = (
    Role("public", "客户", "", ("/", "/submit", "/chat", "/report", "/report/status", "/publications", "/sign-in")),
    Role("specialist", "客服专管员", "zhouyining", _STARTS),
    Role("leader", "领导", "gulan", _STARTS),
    Role("operator", "400 接线员", "wutong", _STARTS, fills_gaps=True),
    Role("manager", "客户服务部经理", "linsheng", _STARTS, fills_gaps=True),
    Role("officer", "纪检监察", "qiubai", ("/sealed",), fills_gaps=True),
    Role("finance", "财务计统部", "maolinyuan", ("/ledgers",), fills_gaps=True),
    Role("reports", "投诉举报部门", "leizhiqiu", ("/board",), fills_gaps=True),
    Role("tester", "检验人员", "wuchenxi", ("/coded",), fills_gaps=True),
    Role("laboratory", "技术业务室", "wengtingyu", ("/registers",), fills_gaps=True),
    Role("admin", "系统管理员", "admin", _HOUSE, fills_gaps=True),
)

NO_PAGE: Final = {
    "healthz": "answers machines",
    "metrics": "answers machines",
    "language": "takes a form and leads back",
    "sign-out": "takes a form and leads to signing in",
    "work-live": "a part of work",
    "notices-live": "a part of every page",
    "notices-read": "takes a form of notices",
    "chat-try": "takes a form of chats",
    "chat-remove": "takes a form of chats",
    "message-again": "takes a form of undelivered",
    "message-give-up": "takes a form of undelivered",
    "message-handed": "takes a form of undelivered",
    "calls-live": "a part of every page of whoever has a line",
    "call-aside": "takes a form of every page of whoever has a line",
    "api-reports": "answers programs",
    "api-calls": "answers programs",
    "hook-again": "takes a form of hook",
    "hook-open": "takes a form of hook",
    "hook-renew": "takes a form of hook",
    "hook-try": "takes a form of hook",
    "channel-try": "takes a form of channels",
    "source-renew": "takes a form of source",
    "source-open": "takes a form of source",
    "mail-original": "a file",
    "mailbox-try": "takes a form of mailbox",
    "mailbox-open": "takes a form of mailbox",
    "approvals-live": "a part of approvals",
    "approvals-sign": "takes a form of approvals",
    "approvals-copies-read": "takes a form of approvals-copied",
    "approvals-phrase-drop": "takes a form of approvals-phrases",
    "case-new-preview": "a part of case-new",
    "case-import-template": "a file",
    "case-import-errors": "a file",
    "case-panel": "a part of case-page",
    "case-timeline": "a part of case-page",
    "case-note": "takes a form of case-page",
    "case-message": "takes a form of case-page",
    "case-join": "takes a form of case-page",
    "case-set-aside": "takes a form of case-page",
    "case-part": "takes a form of case-page",
    "matter-name": "takes a form of matter-page",
    "case-take-back": "a part of case-page, where the policy lets somebody take a step back",
    "case-unmask": "a part of case-page",
    "case-step-preview": "a part of case-step",
    "case-step-many-template": "a file",
    "unit-add": "takes a form of organisation",
    "post-give": "takes a form of organisation",
    "post-end": "takes a form of organisation",
    "customer-shown": "takes a form of customer-page",
    "customer-change": "takes a form of customer-page",
    "customer-room": "takes a form of customer-page",
    "room-remove": "takes a form of room-page",
    "customer-room-end": "takes a form of customer-page",
    "customer-purchase": "takes a form of customer-page",
    "customer-consent": "takes a form of customer-page",
    "customer-withdraw": "takes a form of customer-page",
    "customer-apart": "takes a form of customer-page",
    "customer-join": "takes a form of customer-page",
    "customer-part": "takes a form of customer-page",
    "customer-erase": "takes a form of customer-page",
    "customer-export": "a file",
    "customer-import-template": "a file",
    "customer-import-errors": "a file",
    "customer-import-run": "the result of a file that was sent",
    "ledger-list-export": "a file",
    "register-day": "a file",
    "register-export": "a file",
    "case-label": "a file",
    "coded-step": "takes a form of coded-sample",
    "credential-remove": "takes a form of credentials",
    "credential-proof": "a file",
    "organisation-book": "a file",
    "root-add": "takes a form of organisation",
    "unit-move": "takes a form of organisation",
    "unit-change": "takes a form of organisation",
    "slot-map": "takes a form of slots",
    "sign-in-second": "comes after a password, for whoever has a second factor",
    "sign-in-password": "comes after a password that an administrator gave",
    "sign-in-app": "comes after a password, where a second factor is asked for",
    "sign-in-passkey": "takes a form of sign-in",
    "passkey-options": "answers a browser",
    "security-sessions-end": "takes a form of security",
    "feed-make": "takes a form of security",
    "feed-end": "takes a form of security",
    "feed": "a file",
    "security-password": "takes a form of security",
    "security-app-remove": "takes a form of security",
    "security-codes": "takes a form of security",
    "security-passkey-add": "takes a form of security",
    "security-passkey-remove": "takes a form of security",
    "sign-on": "leads to another service",
    "sign-on-back": "leads back from another service",
    "person-identity": "takes a form of person",
    "person-export": "a file",
    "person-change": "takes a form of person",
    "person-shut": "takes a form of person",
    "person-reopen": "takes a form of person",
    "person-password": "takes a form of person",
    "person-sessions-end": "takes a form of person",
    "person-factors-reset": "takes a form of person",
    "calendar-save": "takes a form of calendar-edit",
    "policy-renewal": "stands where running cases went over to another version of their policy",
    "adoption-withdraw": "takes a form of adoptions",
    "overlay-lift": "takes a form of policy",
    "proposal-sign": "takes a form of proposal",
    "proposal-refuse": "takes a form of proposal",
    "proposal-withdraw": "takes a form of proposal",
    "proposal-signer": "takes a form of proposal",
    "absence-end": "takes a form of person",
    "report-add": "takes a form of report-status",
    "publication-feed": "a feed",
    "follow-publications": "behind a link that only its bearer has",
    "follow-publication": "behind a link that only its bearer has",
    "guest": "behind a link that only its bearer has",
    "guest-step": "a part of guest",
    "guest-words": "takes a form of guest",
    "case-guest-tell": "takes a form of case-guests",
    "case-guest-withdraw": "takes a form of case-guests",
    "chat-live": "a part of chat-talk",
    "chat-words": "takes a form of chat-talk",
    "public-words": "takes a form of public-follow",
    "case-document-pdf": "a file",
    "case-document-docx": "a file",
    "case-file": "a file",
    "sealed-file": "a file",
    "case-file-preview": "an image",
    "case-file-view": "an image",
    "case-evidence-words": "takes a form of case-evidence-file",
    "case-evidence-hands": "takes a form of case-evidence-file",
    "case-evidence-marks": "takes a form of case-evidence-file",
    "case-list-export": "a file",
    "case-list-receipts": "a file",
    "case-receipts": "a file",
    "receipt-verifier": "a file",
    "numbers-export": "a file",
}
"""Named addresses that no window shows, with the reason. Any other one that is not reached counts as a fault."""

ERROR_PAGES: Final = {"error-404": ("/no-such-page", 404)}
"""Pages that have no name: an address that ends there, and the status it must have."""

SENT_FORMS: Final = ("public-form", "report-form", "chat-start")
"""Forms of the public that are filled in and sent: what follows them has no other address."""
REFUSED_FORMS: Final = ("public-form", "case-new")
"""Forms that are sent empty, for the look of a refusal."""
REFUSED_STATUS: Final = 422

ROWS_WANTED: Final = {"normal": 16, "tight": 20}
"""Rows of a list that must be visible at once in the larger window."""
