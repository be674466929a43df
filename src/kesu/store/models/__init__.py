"""Every table of the program, one module a domain."""

from kesu.store.models.accounts import Account
from kesu.store.models.approvals import Phrase, SubmittedApproval
from kesu.store.models.arrivals import InboundDelivery, InboundSource, RingingCall
from kesu.store.models.calendars import CalendarChange, DeadlineMove, PolicyChange
from kesu.store.models.cases import (
    Case,
    CaseCard,
    CaseEvent,
    CaseMention,
    CaseParty,
    CodedSample,
    EventBody,
    Note,
    Obligation,
    ObligationOwner,
    StoredFile,
    SubmittedForm,
)
from kesu.store.models.changes import HouseChange
from kesu.store.models.credentials import AccountCredential
from kesu.store.models.customers import (
    Consent,
    Customer,
    CustomerApart,
    CustomerChange,
    CustomerGroup,
    CustomerKey,
    CustomerMerge,
    CustomerOfGroup,
    CustomerPhone,
    CustomerPlace,
    CustomerReading,
    CustomerRoom,
    ImportRun,
    ImportWork,
    Purchase,
)
from kesu.store.models.entry import AuthenticatorApp, Identity, Passkey, RecoveryCode, SignIn
from kesu.store.models.estate import Room, RoomChange, RoomWarranty
from kesu.store.models.exports import ExportRecord
from kesu.store.models.feeds import CalendarFeed
from kesu.store.models.guests import CaseGuest
from kesu.store.models.hooks import Hook, HookDelivery
from kesu.store.models.ledgers import LedgerAccount, LedgerEntry
from kesu.store.models.mail import CaseAddress, InboundMail, InboundMailContent, Mailbox
from kesu.store.models.matters import Matter, MatterEvent, MatterHead, MatterMember, MatterPerson, MatterSetAside
from kesu.store.models.measures import MeasuredCase
from kesu.store.models.messages import UNDELIVERED, ChatPlace, NoticeChoice, OutboxMessage, Recipient
from kesu.store.models.numbers import NumberSeries
from kesu.store.models.operation import Heartbeat
from kesu.store.models.organisation import (
    Absence,
    Post,
    PostHolding,
    PostSlot,
    Role,
    RoleGrant,
    SlotRole,
    StandIn,
    Unit,
)
from kesu.store.models.policies import Adoption, CalendarVersion, OverlayAdoption, PolicyText, PolicyVersion
from kesu.store.models.proof import ChainHead, NightlyResult, SealedChainHead, SignedNight
from kesu.store.models.proposals import PolicyProposal, ProposalEnd, ProposalSigner
from kesu.store.models.publications import Publication
from kesu.store.models.registers import RegisterEntry
from kesu.store.models.sealed import (
    SealedAllow,
    SealedBody,
    SealedCase,
    SealedEvent,
    SealedFile,
    SealedReading,
)
from kesu.store.models.search import CaseSearch

__all__ = [
    "UNDELIVERED",
    "Absence",
    "Account",
    "AccountCredential",
    "Adoption",
    "AuthenticatorApp",
    "CalendarChange",
    "CalendarFeed",
    "CalendarVersion",
    "Case",
    "CaseAddress",
    "CaseCard",
    "CaseEvent",
    "CaseGuest",
    "CaseMention",
    "CaseParty",
    "CaseSearch",
    "ChainHead",
    "ChatPlace",
    "CodedSample",
    "Consent",
    "Customer",
    "CustomerApart",
    "CustomerChange",
    "CustomerGroup",
    "CustomerKey",
    "CustomerMerge",
    "CustomerOfGroup",
    "CustomerPhone",
    "CustomerPlace",
    "CustomerReading",
    "CustomerRoom",
    "DeadlineMove",
    "EventBody",
    "ExportRecord",
    "Heartbeat",
    "Hook",
    "HookDelivery",
    "HouseChange",
    "Identity",
    "ImportRun",
    "ImportWork",
    "InboundDelivery",
    "InboundMail",
    "InboundMailContent",
    "InboundSource",
    "LedgerAccount",
    "LedgerEntry",
    "Mailbox",
    "Matter",
    "MatterEvent",
    "MatterHead",
    "MatterMember",
    "MatterPerson",
    "MatterSetAside",
    "MeasuredCase",
    "NightlyResult",
    "Note",
    "NoticeChoice",
    "NumberSeries",
    "Obligation",
    "ObligationOwner",
    "OutboxMessage",
    "OverlayAdoption",
    "Passkey",
    "Phrase",
    "PolicyChange",
    "PolicyProposal",
    "PolicyText",
    "PolicyVersion",
    "Post",
    "PostHolding",
    "PostSlot",
    "ProposalEnd",
    "ProposalSigner",
    "Publication",
    "Purchase",
    "Recipient",
    "RecoveryCode",
    "RegisterEntry",
    "RingingCall",
    "Role",
    "RoleGrant",
    "Room",
    "RoomChange",
    "RoomWarranty",
    "SealedAllow",
    "SealedBody",
    "SealedCase",
    "SealedChainHead",
    "SealedEvent",
    "SealedFile",
    "SealedReading",
    "SignIn",
    "SignedNight",
    "SlotRole",
    "StandIn",
    "StoredFile",
    "SubmittedApproval",
    "SubmittedForm",
    "Unit",
]
