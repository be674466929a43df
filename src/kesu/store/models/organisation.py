"""The organisation tree and who holds which post.

A *unit* is a group, region, company, project, department or service post; property companies, contractors, laboratories
and authorities are roots beside the group, or stand in it. `path` is the chain of ids from the root, for scope queries
by prefix. A *post* is a role in a unit; it reaches over `scope_path`: the unit's own subtree, or, for a
department, the subtree of the unit that the department belongs to.
"""

from __future__ import annotations

from typing import Final

from django.db import models

from kesu.core.codes import code_for
from kesu.core.ids import uuid7
from kesu.store.models.sounds import Sounds


class UnitKind(models.TextChoices):
    GROUP = "group", "集团"
    REGION = "region", "区域"
    COMPANY = "company", "公司"
    PROJECT = "project", "项目"
    DEPARTMENT = "department", "部门"
    SERVICE_POST = "service_post", "服务站"
    PROPERTY = "property", "物业公司"
    CONTRACTOR = "contractor", "施工维修单位"
    LABORATORY = "laboratory", "检测机构"
    AUTHORITY = "authority", "主管部门"


SERVING: Final = (UnitKind.DEPARTMENT, UnitKind.SERVICE_POST)
"""Kinds whose posts reach over the unit that they belong to."""


class Unit(models.Model):
    """`code` is the house's own, each once, made of the name's sounds where none is given; `pinyin` is what its name is
    sought by besides; `closed_on`: the first day on which nothing new lies there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    kind = models.CharField(max_length=16, choices=UnitKind.choices)
    name = models.CharField(max_length=80)
    code = models.CharField(max_length=24, blank=True)
    path = models.TextField()
    scope_path = models.TextField()
    is_public = models.BooleanField(default=False, help_text="customers may choose it on the public page")
    pinyin = Sounds(max_length=400, blank=True, default="")
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="unit_code_once"),
            models.CheckConstraint(condition=~models.Q(code=""), name="unit_has_code"),
        ]
        indexes = [
            models.Index(fields=["path"], name="unit_path", opclasses=["text_pattern_ops"]),
            models.Index(fields=["scope_path"], name="unit_scope_path", opclasses=["text_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        above = self.parent.path if self.parent else "/"
        self.path = f"{above}{self.id.hex}/"
        self.scope_path = above if self.kind in SERVING and self.parent else self.path
        if not self.code:
            self.code = code_for(self.name, set(Unit.objects.values_list("code", flat=True)))
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Post(models.Model):
    """`role` is the code of a role of the house. Which slots of the packs it fills is told by `SlotRole`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=48)
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "role"], name="post_once_per_unit")]
        indexes = [models.Index(fields=["role"], name="post_role")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        is_new = self._state.adding
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        if is_new:
            PostSlot.objects.bulk_create(PostSlot(post=self, slot=slot) for slot in SlotRole.filled_by(self.role))


class Role(models.Model):
    """A role of the house's own, beside those that packs name as slots."""

    code = models.CharField(primary_key=True, max_length=48)
    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class SlotRole(models.Model):
    """Posts of this role fill this slot of the packs. A slot of which nothing is said is filled by the role of its own
    code."""

    slot = models.CharField(max_length=48)
    role = models.CharField(max_length=48)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "role"], name="slot_role_once")]
        indexes = [models.Index(fields=["role"], name="slot_role_role")]

    def __str__(self) -> str:
        return f"{self.slot} ← {self.role}"

    @classmethod
    def filled_by(cls, role: str) -> list[str]:
        """The slots that posts of a role fill."""
        said = list(cls.objects.filter(models.Q(role=role) | models.Q(slot=role)).values_list("slot", "role"))
        own = [] if any(slot == role for slot, _ in said) else [role]
        return [*own, *(slot for slot, by in said if by == role)]


class PostSlot(models.Model):
    """A slot that a post fills: `SlotRole`, worked out for every post, so that who holds a slot is one look."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="fills")
    slot = models.CharField(max_length=48)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "slot"], name="post_slot_once")]
        indexes = [models.Index(fields=["slot"], name="post_slot_slot")]

    def __str__(self) -> str:
        return f"{self.post_id} · {self.slot}"


class PostHolding(models.Model):
    """Somebody holds a post, from the first to the last day. `instead_of`: he stands in for somebody who is away, and
    `stands_for` names whom it was in the beginning; these rows follow from `Absence` and are made anew with it."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="holdings")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    instead_of = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="stood_in")
    stands_for = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "account", "from_on", "instead_of"], name="holding_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} · {self.post}"


class Absence(models.Model):
    """Somebody is away, and who stands in for him. `until_on` None: he has left for good."""

    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="absences")
    deputy = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="absence_has_days",
            ),
            models.CheckConstraint(condition=~models.Q(account=models.F("deputy")), name="absence_has_another"),
        ]

    def __str__(self) -> str:
        return f"{self.account} → {self.deputy}"


class StandIn(models.Model):
    """Whom somebody is reached through on these days, absences of his deputies taken into account. Follows from
    `Absence`."""

    account = models.ForeignKey("store.Account", on_delete=models.CASCADE, related_name="stand_ins")
    deputy = models.ForeignKey("store.Account", on_delete=models.CASCADE, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.account_id} → {self.deputy_id}"


class RoleGrant(models.Model):
    """A permission (`scope:resource:action`) that every holder of a role has over the reach of his post."""

    role = models.CharField(max_length=48)
    permission = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "permission"], name="grant_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.permission}"
