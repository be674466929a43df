"""证据清单 on paper: the register of evidence as a document that no policy needs to name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _

from kesu.access.sight.paper import Entry, Paper, PaperCell, PaperSection, SignatureLine
from kesu.access.sight.texts import TextLine
from kesu.queries.cases.evidence import EvidenceLine, EvidenceRegister
from kesu.web import when
from kesu.web.cases.showing_evidence import giver, hand_text, in_groups, kind_of, void_words

EVIDENCE_LIST: Final = "evidence-list"
"""Among the addresses of documents: no code of a policy has a hyphen."""


def evidence_list(paper: Paper, found: EvidenceRegister) -> Paper:
    """With a line to sign for whoever hands the evidence over, and one for whoever takes it."""
    hidden = _("另有 %(count)s 件含个人信息，没有列出。") % {"count": found.hidden} if found.hidden else ""
    return replace(
        paper,
        name=_("证据清单"),
        sections=tuple(_section(line) for line in found.lines),
        says=hidden,
        signatures=(SignatureLine("giver", _("移交人"), "", None), SignatureLine("taker", _("接收人"), "", None)),
    )


def _section(line: EvidenceLine) -> PaperSection:
    added = f"{when.stamp(line.added_at)} {giver(line)}"
    rows = (
        (_cell(_("项目"), line.fact), _cell(_("种类"), kind_of(line)), _cell(_("加入"), added)),
        (_cell(_("来源"), line.source), _cell(_("原件存放"), line.kept)),
        *(((_cell(_("文书状态"), said),),) if (said := void_words(line.stamp)) else ()),
        (_cell(_("说明"), line.note),),
        (_cell(_("指纹 sha256"), " ".join(in_groups(line.sha256))),),
        (_cell(_("保管记录"), "\n".join(f"{when.stamp(one.at)} {hand_text(one, line)}" for one in line.custody)),),
        *(((_cell(_("标注"), marked),),) if (marked := "\n".join(_marks(line))) else ()),
    )
    return PaperSection(f"{line.number}. {line.name}", rows, ())


def _cell(name: str, text: str) -> PaperCell:
    return PaperCell(name, (Entry(TextLine(name, text)),), 1)


def _marks(line: EvidenceLine) -> Iterator[str]:
    """Who pointed at what: its words, or that it is a box or an arrow alone."""
    bare = {"box": _("框"), "arrow": _("箭头")}
    for one in line.marks:
        said = "、".join(str(shape.get("text") or bare.get(str(shape["kind"]), "")) for shape in one.shapes)
        yield f"{when.stamp(one.at)} {one.who}：{said}"
