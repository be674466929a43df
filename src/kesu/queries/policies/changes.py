"""What changes for a company that puts the version on offer in force where an older one serves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile import kept_figures
from kesu.casefile.adoption import standing_adoptions
from kesu.casefile.books import pack_of
from kesu.casefile.library import offered, shipped
from kesu.core.errors import NotFound
from kesu.policy.errors import PackInvalid
from kesu.policy.model.pack import Pack
from kesu.policy.telling.changes import Change, RoleChange, changes, role_changes
from kesu.store.models import PolicyVersion


@dataclass(frozen=True, slots=True)
class Comparison:
    """From one version in force: where it serves, and what the one on offer does otherwise, with what the company has
    set as far as it can be kept. `changes` and `roles` are in the words of the policies, which are Chinese. `is_same`:
    it is the very text that is on offer."""

    policy: str
    title: str
    version: str
    units: tuple[str, ...]
    changes: tuple[Change, ...]
    roles: tuple[RoleChange, ...]
    is_same: bool


@dataclass(frozen=True, slots=True)
class ChangesPage:
    code: str
    title: str
    version: str
    document_number: str
    comparisons: tuple[Comparison, ...]


def policy_changes(*, actor: Actor, at: datetime, pack_code: str) -> ChangesPage:
    """Against each version of the same pack that serves or will serve where the reader may put policies in force.
    Raises `Forbidden`, and `NotFound` for a pack that is not on offer."""
    actor.require(Permission.POLICY_ADOPT)
    new = offered().get(pack_code)
    if new is None:
        raise NotFound
    versions = set(PolicyVersion.objects.filter(pack=pack_code).values_list("hash", flat=True))
    units: dict[str, dict[str, None]] = {}
    for adoption in standing_adoptions(at):
        if adoption.policy_version_id in versions and actor.may_at(Permission.POLICY_ADOPT, adoption.unit.path):
            units.setdefault(adoption.policy_version_id, {})[adoption.unit.name] = None
    found = []
    for policy, where in units.items():
        old = pack_of(policy)
        coming = _with_figures(old, new)
        told = Comparison(
            policy,
            old.title,
            old.version,
            tuple(where),
            changes(old, coming),
            role_changes(old, coming),
            policy == coming.hash,
        )
        found.append(told)
    return ChangesPage(new.code, new.title, new.version, new.document_number, tuple(found))


def _with_figures(old: Pack, new: Pack) -> Pack:
    """The version on offer with what the company has set; as it is where these do not go together any more."""
    figures = kept_figures.kept(old, new)
    if not figures:
        return new
    try:
        return shipped().load(new.code, figures)
    except PackInvalid:
        return new
