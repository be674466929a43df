"""Sessions that people see and end, second factors, and identities of a company's own sign-on."""

import django.db.models.deletion
import kesu.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0018_estate_and_customers"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="must_change_password",
            field=models.BooleanField(default=False, help_text="an administrator knows the present one"),
        ),
        migrations.CreateModel(
            name="AuthenticatorApp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_id", models.CharField(max_length=16)),
                ("secret", models.BinaryField()),
                ("since", models.DateTimeField()),
                ("last_step", models.BigIntegerField(default=0)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failed_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="authenticator",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("credential", models.BinaryField(max_length=1023, unique=True)),
                ("public", models.BinaryField()),
                ("name", models.CharField(max_length=40)),
                ("counter", models.BigIntegerField(default=0)),
                ("since", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passkeys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_codes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kesu.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("session_key", models.CharField(max_length=40, unique=True)),
                ("began_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(help_text="to the hour")),
                ("browser", models.CharField(blank=True, max_length=24)),
                ("system", models.CharField(blank=True, max_length=24)),
                ("address", models.CharField(blank=True, help_text="its end is masked", max_length=45)),
                ("way", models.CharField(help_text="password, passkey, or the key of a provider", max_length=48)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ins",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=32)),
                ("subject", models.CharField(max_length=255)),
                ("since", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identities",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "subject"), name="identity_once"),
                    models.UniqueConstraint(fields=("provider", "account"), name="identity_once_an_account"),
                ],
            },
        ),
    ]
