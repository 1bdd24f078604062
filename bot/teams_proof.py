"""From the settings to the bot's one proof of who it is in Microsoft Teams."""

import httpx

from bot.gateways.teams_sign_in import SignIn
from bot.settings import Settings


def sign_in(settings: Settings, http: httpx.Client | None = None) -> SignIn:
    """The one proof that is set."""
    secret = settings.teams_app_password
    return SignIn(
        settings.teams_app_id or "",
        settings.teams_tenant_id or "",
        secret=secret.get_secret_value() if secret else "",
        certificate=settings.teams_certificate,
        token_file=settings.teams_token_file,
        managed_identity=settings.teams_managed_identity or "",
        http=http,
    )
