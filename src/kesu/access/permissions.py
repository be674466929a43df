"""Permissions: ``scope:resource:action``. Roles are granted them in the database (`RoleGrant`), never in code."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    CASE_READ = "case:case:read"
    CASE_REGISTER = "case:case:register"
    CASE_NOTE = "case:note:write"
    CASE_REPLY = "case:customer:reply"
    PERSONAL_READ = "case:personal:read"
    MATTER_JOIN = "case:matter:join"
    REPORT_READ = "report:numbers:read"
    POLICY_READ = "policy:version:read"
    POLICY_ADOPT = "policy:version:adopt"
    HEALTH_READ = "operation:health:read"
