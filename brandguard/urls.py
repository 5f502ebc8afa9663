from allauth.account.decorators import secure_admin_login
from allauth.account.views import login, signup
from allauth.mfa.totp.views import activate_totp
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.i18n import set_language

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# The one page with an inline picture: the QR code for an authenticator app.
WITH_QR_CODE = settings.SECURE_CSP | {"img-src": [CSP.SELF, "data:"]}

handler400 = "brandguard.kernel.api.errors.bad_request"
handler403 = "brandguard.kernel.api.errors.permission_denied"
handler404 = "brandguard.kernel.api.errors.page_not_found"
handler500 = "brandguard.kernel.api.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("brandguard.api_urls")),
    path("admin/", admin.site.urls),
    path(
        "account/2fa/totp/activate/",
        csp_override(WITH_QR_CODE)(activate_totp),
        name="mfa_activate_totp",
    ),
    path("account/", include("allauth.urls")),
    path("sign-in", login, name="account_login"),  # after allauth's own, so that links lead here
    path("sign-up", signup, name="account_signup"),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("language", set_language, name="language"),
    *(
        path("", include(f"{room}.portal.urls"))
        for room in (
            "detection.operations",
            "detection.review",
            "detection.matching",
            "detection.intake",
            "detection.delivery",
            "fingerprints",
            "accounts",
        )
    ),
]
