"""What the running program knows of itself."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """A process that is at work, by `part` (worker) and `process` (host and number). `at`: when it last said so;
    `failures`: how often something of its own went wrong since it started. Times are UTC."""

    part = models.CharField(max_length=16)
    process = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "process"], name="heartbeat_once")]

    def __str__(self) -> str:
        return f"{self.part} {self.process}"
