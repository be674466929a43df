"""How people come in: their sessions, their second factors, and who they are for a company's own sign-on."""

from __future__ import annotations

from django.db import models

from kesu.core.ids import uuid7


class SignIn(models.Model):
    """A session and where it was begun: what its owner is shown of it. The session itself is the framework's row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey("store.Account", on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="to the hour")
    browser = models.CharField(max_length=24, blank=True)
    system = models.CharField(max_length=24, blank=True)
    address = models.CharField(max_length=45, blank=True, help_text="its end is masked")
    way = models.CharField(max_length=48, help_text="password, passkey, or the key of a provider")

    def __str__(self) -> str:
        return f"{self.account_id} {self.began_at}"


class AuthenticatorApp(models.Model):
    """The secret of somebody's one-time codes, sealed with the key ring, and the last step of time that was used: a
    code is good once."""

    account = models.OneToOneField("store.Account", on_delete=models.CASCADE, related_name="authenticator")
    key_id = models.CharField(max_length=16)
    secret = models.BinaryField()
    since = models.DateTimeField()
    last_step = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.account_id} {self.since}"


class RecoveryCode(models.Model):
    """Stands in for a code of the app, once. `digest` can only be made with the key ring."""

    account = models.ForeignKey("store.Account", on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"{self.account_id} {self.digest[:6]}"


class Passkey(models.Model):
    """A credential of a person's device; `public` is its public half as the standard writes it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey("store.Account", on_delete=models.CASCADE, related_name="passkeys")
    credential = models.BinaryField(unique=True, max_length=1023)
    public = models.BinaryField()
    name = models.CharField(max_length=40)
    counter = models.BigIntegerField(default=0)
    since = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.account_id} {self.name}"


class Identity(models.Model):
    """Whom a provider of sign-on means when it names `subject`."""

    account = models.ForeignKey("store.Account", on_delete=models.CASCADE, related_name="identities")
    provider = models.CharField(max_length=32)
    subject = models.CharField(max_length=255)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="identity_once"),
            models.UniqueConstraint(fields=["provider", "account"], name="identity_once_an_account"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.subject}"
