"""Google's token endpoint: a token for what a service account signed, when an administrator has delegated the scope.

Beside it what a machine without a key needs: a token for its own identity, and assertions that Google signs for it.
"""

import json
import secrets
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.local.google.refusals import GoogleRefuses, TokenRefused

Json = dict[str, Any]

SCOPES = (
    "https://www.googleapis.com/auth/calendar.events",
    "https://www.googleapis.com/auth/calendar.freebusy",
)
AUDIENCE = "https://oauth2.googleapis.com/token"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
LIVES = 3_600  # seconds
SKEW = 300
NOT_DELEGATED = (
    "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the"
    " scopes requested."
)


@dataclass(frozen=True, kw_only=True)
class Token:
    """Whom a token speaks for, what it is for, and when it ends, in seconds since 1970."""

    subject: str
    scopes: frozenset[str]
    ends: float


class Issuer:
    """One service account of one project, and what the Workspace's administrator has delegated to it."""

    def __init__(
        self,
        account: str,
        *,
        users: Collection[str],
        delegated: Collection[str] = SCOPES,
        key: RSAPrivateKey | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`users` are looked into at each request. `now` is real time, since that is what google-auth signs by.

        Set `refuses` to an error of OAuth's to have nobody get a token; take from `signers` whoever may not have
        Google sign for the account.
        """
        self.account, self.users, self.delegated, self.now = account, users, set(delegated), now
        self.key = key or generate_private_key(public_exponent=65_537, key_size=2_048)
        self.refuses = ""
        self.signers = {"machine"}
        self.given: dict[str, Token] = {}
        self.asked: list[Json] = []

    def key_file(self, address: str) -> Json:
        """The account's key, as the Cloud console gives it out, for a token endpoint at `address`."""
        private = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return {
            "type": "service_account",
            "project_id": "exampleshire-meetings",
            "private_key_id": "1",
            "private_key": private.decode(),
            "client_email": self.account,
            "client_id": "104398271650023847561",
            "token_uri": f"{address}/token",
        }

    def token(self, form: Json) -> Json:
        """A token for a signed assertion; TokenRefused as Google does it."""
        if form.get("grant_type") != GRANT:
            raise TokenRefused(400, "unsupported_grant_type")
        claims = self._claims(str(form.get("assertion")))
        self.asked.append(claims)
        if self.refuses:
            raise TokenRefused(400, self.refuses, why="Not now, says the test.")
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes:
            raise TokenRefused(400, "invalid_scope", why="Empty or missing scope not allowed.")
        subject = str(claims.get("sub") or self.account)
        if subject != self.account:
            if not scopes <= self.delegated:
                raise TokenRefused(401, "unauthorized_client", why=NOT_DELEGATED)
            if subject.casefold() not in self.users:
                raise TokenRefused(400, "invalid_grant", why="Invalid email or User ID")
        return self._given(subject, scopes)

    def exchange(self, form: Json) -> Json:
        """A token for the machine's own identity (workload identity federation)."""
        if form.get("grant_type") != EXCHANGE or not form.get("subject_token"):
            raise TokenRefused(400, "invalid_request")
        issued = {"issued_token_type": "urn:ietf:params:oauth:token-type:access_token"}
        return {**self._given("machine", frozenset(str(form.get("scope", "")).split())), **issued}

    def sign(self, account: str, token: str, payload: str) -> Json:
        """An assertion that Google signs for the account (signJwt), for who may have it do so."""
        asker = self.known(token)
        if asker is None:
            raise GoogleRefuses(401, "authError")
        if account != self.account or asker.subject not in self.signers:
            raise SigningRefused(403, "PERMISSION_DENIED")
        signed = jwt.encode(json.loads(payload), self.key, algorithm="RS256")
        return {"keyId": "1", "signedJwt": signed}

    def known(self, token: str) -> Token | None:
        """What this token is good for; None for one that was never given or has ended."""
        found = self.given.get(token)
        return found if found and found.ends > self.now() else None

    def _claims(self, assertion: str) -> Json:
        try:
            claims: Json = jwt.decode(
                assertion,
                self.key.public_key(),
                algorithms=["RS256"],
                audience=AUDIENCE,
                issuer=self.account,
                options={"verify_exp": False, "verify_iat": False, "require": ["iss", "aud", "exp", "iat"]},
            )
        except jwt.PyJWTError:
            raise TokenRefused(400, "invalid_grant", why="Invalid JWT Signature.") from None
        begins, ends = float(claims["iat"]), float(claims["exp"])
        if not begins - SKEW <= self.now() < ends or ends - begins > LIVES:
            raise TokenRefused(400, "invalid_grant", why="Invalid JWT: Token must be a short-lived token")
        return claims

    def _given(self, subject: str, scopes: frozenset[str]) -> Json:
        token = f"ya29.{secrets.token_urlsafe(24)}"
        self.given[token] = Token(subject=subject, scopes=scopes, ends=self.now() + LIVES)
        return {"access_token": token, "expires_in": LIVES - 1, "token_type": "Bearer"}


class SigningRefused(GoogleRefuses):
    """As the newer of Google's servers say no."""

    def body(self) -> Json:
        """The answer's JSON."""
        return {"error": {"code": self.status, "message": self.code, "status": self.code}}
