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
    HOUSE_READ = "house:organisation:read"
    HOUSE_EDIT = "house:organisation:edit"
    PEOPLE_EDIT = "house:account:edit"
    RIGHTS_EDIT = "house:right:edit"
    CHANGES_READ = "house:change:read"
    SOURCES_EDIT = "house:source:edit"
    SECOND_FACTOR = "entry:second_factor:required"
    ROOM_READ = "estate:room:read"
    ROOM_EDIT = "estate:room:edit"
    CUSTOMER_READ = "customer:customer:read"
    CUSTOMER_EDIT = "customer:customer:edit"
    CUSTOMER_IMPORT = "customer:customer:import"
    CUSTOMER_ERASE = "customer:customer:erase"
    LEDGER_READ = "ledger:account:read"
    CODED_READ = "case:coded:read"


OF_ADMINISTRATORS = (
    Permission.HOUSE_READ,
    Permission.HOUSE_EDIT,
    Permission.PEOPLE_EDIT,
    Permission.RIGHTS_EDIT,
    Permission.CHANGES_READ,
    Permission.SOURCES_EDIT,
    Permission.POLICY_READ,
    Permission.POLICY_ADOPT,
    Permission.HEALTH_READ,
)
"""What the first administrator is given: the house, and no case in it."""
