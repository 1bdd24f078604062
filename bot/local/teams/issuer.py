"""Signs tokens as the Bot Framework does, with keys made at start, and badly on request for the probes."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable
from functools import cached_property
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

Json = dict[str, Any]
Signing = Literal["own key", "rogue key", "public key as secret", "none"]

BOT_FRAMEWORK = "https://api.botframework.com"
KID = "stand-in-1"
LIVES = 3_600  # seconds
ALGORITHMS = {"public key as secret": "HS256", "none": "none"}


class Issuer:
    """One key, under which the bot is spoken to and under which the bot speaks (teams.md sections 4 and 6)."""

    def __init__(self, app_id: str, *, now: Callable[[], float] = time.time) -> None:
        """`app_id` is the bot's; `now` is in seconds since 1970."""
        self.app_id, self.now = app_id, now
        self.key = generate_private_key(public_exponent=65_537, key_size=2_048)

    @cached_property
    def rogue(self) -> RSAPrivateKey:
        """A key that is published nowhere."""
        return generate_private_key(public_exponent=65_537, key_size=2_048)

    def metadata(self, address: str) -> Json:
        """The OpenID document, for a server at `address`."""
        return {
            "issuer": BOT_FRAMEWORK,
            "jwks_uri": f"{address}/v1/.well-known/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def jwks(self) -> Json:
        """The published keys, endorsed for Teams."""
        key = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": KID, "use": "sig", "endorsements": ["msteams"]}]}

    def mint(
        self,
        service_url: str,
        *,
        header: Json | None = None,
        signing: Signing = "own key",
        **claims: Any,
    ) -> str:
        """A token for the bot, good for an hour; `header` and `claims` change it, None takes a field away."""
        now = int(self.now())
        said = {
            "iss": BOT_FRAMEWORK,
            "aud": self.app_id,
            "serviceurl": service_url,
            "nbf": now,
            "exp": now + LIVES,
            **claims,
        }
        top = {"typ": "JWT", "alg": ALGORITHMS.get(signing, "RS256"), "kid": KID, **(header or {})}
        text = ".".join(_part({k: v for k, v in each.items() if v is not None}) for each in (top, said))
        return f"{text}.{_encoded(self._signature(text.encode(), signing))}"

    def outbound(self, scope: str | list[str], tenant: str | None) -> str:
        """The bot's own token for the connector: what is given to the SDK as `token=`."""
        audience = (scope if isinstance(scope, str) else scope[0]).removesuffix("/.default")
        return self.mint("", aud=audience, tid=tenant, jti=uuid.uuid4().hex)

    def knows(self, token: str) -> bool:
        """Whether this is a token of `outbound` that is still good."""
        try:
            claims = jwt.decode(
                token,
                self.key.public_key(),
                algorithms=["RS256"],
                audience=BOT_FRAMEWORK,
                issuer=BOT_FRAMEWORK,
                options={"verify_exp": False, "verify_nbf": False},
            )
        except jwt.PyJWTError:
            return False
        return float(claims["exp"]) > self.now()

    def _signature(self, text: bytes, signing: Signing) -> bytes:
        if signing == "none":
            return b""
        if signing == "public key as secret":
            secret = self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            return hmac.new(secret, text, hashlib.sha256).digest()
        key = self.key if signing == "own key" else self.rogue
        return key.sign(text, PKCS1v15(), SHA256())


def _part(value: Json) -> str:
    return _encoded(json.dumps(value).encode())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
