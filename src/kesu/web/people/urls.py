from __future__ import annotations

from django.urls import path

from kesu.web.people import accounts, credentials, entering, language, own_data, passkeys, security, sign_in, sign_on

urlpatterns = [
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/second", entering.second, name="sign-in-second"),
    path("sign-in/password", entering.new_password, name="sign-in-password"),
    path("sign-in/app", entering.enrol, name="sign-in-app"),
    path("sign-in/passkey", passkeys.sign_in, name="sign-in-passkey"),
    path("passkeys/options", passkeys.options, name="passkey-options"),
    path("sign-in/with/<slug:provider>", sign_on.away, name="sign-on"),
    path("sign-in/back/<slug:provider>", sign_on.back, name="sign-on-back"),
    path("people/<uuid:account>/identity", sign_on.linked, name="person-identity"),
    path("language", language.choose, name="language"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("account/security", security.security, name="security"),
    path("account/sessions/end", security.sessions_ended, name="security-sessions-end"),
    path("account/password", security.password_changed, name="security-password"),
    path("account/app", security.app, name="security-app"),
    path("account/app/remove", security.app_removed, name="security-app-remove"),
    path("account/codes", security.codes, name="security-codes"),
    path("account/passkeys", security.passkey_added, name="security-passkey-add"),
    path("account/passkeys/<uuid:passkey>/remove", security.passkey_removed, name="security-passkey-remove"),
    path("people/<uuid:account>/export", own_data.exported, name="person-export"),
    path("people/<uuid:account>/credentials", credentials.credential_list, name="credentials"),
    path("credentials/<uuid:credential>/remove", credentials.removed, name="credential-remove"),
    path("credentials/<uuid:credential>/proof", credentials.proof, name="credential-proof"),
    path("people/<uuid:account>/change", accounts.changed, name="person-change"),
    path("people/<uuid:account>/shut", accounts.shut, name="person-shut"),
    path("people/<uuid:account>/reopen", accounts.reopened, name="person-reopen"),
    path("people/<uuid:account>/password", accounts.password_given, name="person-password"),
    path("people/<uuid:account>/sessions/end", accounts.sessions_ended, name="person-sessions-end"),
    path("people/<uuid:account>/factors/reset", accounts.factors_reset, name="person-factors-reset"),
]
