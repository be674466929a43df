"""归档清单 on paper: the sheet on top of the file, as a document that no policy needs to name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from kesu.access.sight.archive import PaperState
from kesu.access.sight.paper import Entry, Paper, PaperCell, PaperSection, SignatureLine
from kesu.access.sight.texts import TextLine
from kesu.queries.cases.archive_list import ArchiveList
from kesu.web import when
from kesu.web.cases.archive import STATES, STATUSES, notes_of

ARCHIVE_LIST: Final = "archive-list"
"""Among the addresses of documents: no code of a policy has a hyphen."""


def archive_sheet(paper: Paper, found: ArchiveList, now: datetime) -> Paper:
    """What the file holds and what it lacks, with a line to sign for whoever hands it over and whoever takes it."""
    lines = (SignatureLine("giver", _("移交人"), "", None), SignatureLine("taker", _("接收人"), "", None))
    return replace(paper, name=_("归档清单"), sections=tuple(_sections(found, now)), signatures=lines)


def _sections(found: ArchiveList, now: datetime) -> Iterator[PaperSection]:
    contents = found.contents
    used = [one for one in contents.papers if one.state is not PaperState.UNUSED]
    if used:
        rows = ((_cell(one.name, "，".join((str(STATES[one.state]), *notes_of(one, now)))),) for one in used)
        yield PaperSection(_("文书"), tuple(rows), ())
    if contents.approvals:
        said = ((_cell(one.name, f"{STATUSES[one.status]}，{when.stamp(one.since)}"),) for one in contents.approvals)
        yield PaperSection(_("审批"), tuple(said), ())
    if contents.files:
        counted = ((_cell(one.name, _("%(count)s 件") % {"count": one.count}),) for one in contents.files)
        yield PaperSection(_("附件"), tuple(counted), ())


def _cell(name: str, text: str) -> PaperCell:
    return PaperCell(name, (Entry(TextLine(name, text)),), 1)
