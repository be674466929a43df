"""The organisation tree and who holds which post.

A *unit* is a group, region, company, project or department. `path` is the chain of ids from the root, for scope
queries by prefix. A *post* is a role in a unit; it reaches over `scope_path`: the unit's own subtree, or, for a
department, the subtree of the unit that the department belongs to.
"""

from __future__ import annotations

from django.db import models

from kesu.core.ids import uuid7


class UnitKind(models.TextChoices):
    GROUP = "group", "集团"
    REGION = "region", "区域"
    COMPANY = "company", "公司"
    PROJECT = "project", "项目"
    DEPARTMENT = "department", "部门"


class Unit(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    kind = models.CharField(max_length=16, choices=UnitKind.choices)
    name = models.CharField(max_length=80)
    code = models.CharField(max_length=24, blank=True)
    path = models.TextField()
    scope_path = models.TextField()
    is_public = models.BooleanField(default=False, help_text="customers may choose it on the public page")

    class Meta:
        indexes = [
            models.Index(fields=["path"], name="unit_path", opclasses=["text_pattern_ops"]),
            models.Index(fields=["scope_path"], name="unit_scope_path", opclasses=["text_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        above = self.parent.path if self.parent else "/"
        self.path = f"{above}{self.id.hex}/"
        self.scope_path = above if self.kind == UnitKind.DEPARTMENT and self.parent else self.path
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Post(models.Model):
    """`role` is the code of a role slot as packs name it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=48)
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "role"], name="post_once_per_unit")]
        indexes = [models.Index(fields=["role"], name="post_role")]

    def __str__(self) -> str:
        return self.name


class PostHolding(models.Model):
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="holdings")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "account", "from_on"], name="holding_once")]

    def __str__(self) -> str:
        return f"{self.account} · {self.post}"


class RoleGrant(models.Model):
    """A permission (`scope:resource:action`) that every holder of a role has over the reach of his post."""

    role = models.CharField(max_length=48)
    permission = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "permission"], name="grant_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.permission}"
