"""Accounts: who signs in. What a person may do follows from his posts, never from the account itself."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from kesu.core.codes import half_width
from kesu.core.ids import uuid7
from kesu.store.models.sounds import Sounds


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(login=half_width(username or "").lower())


class Account(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    login = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    pinyin = Sounds(max_length=400, blank=True, default="")
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    is_demonstration = models.BooleanField(default=False)
    line = models.CharField(max_length=24, blank=True, default="", db_default="", help_text="of his telephone")
    must_change_password = models.BooleanField(default=False, help_text="an administrator knows the present one")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=~models.Q(line=""), name="account_line_once"),
        ]

    # Logins are kept in half width and lower case (see `save`), so that two of them can never differ by these alone.
    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.login

    def save(self, *args: object, **kwargs: object) -> None:
        self.login = half_width(self.login).lower()
        super().save(*args, **kwargs)  # type: ignore[arg-type]
