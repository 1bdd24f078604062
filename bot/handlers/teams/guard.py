"""Lets in what Teams has signed for us, from tenants of ours, and nothing else (teams.md section 4).

Cheap questions come first, and nothing is looked up for a token that cannot be right: a stranger costs no request
to the key server but for an unknown key, and that at most once in half a minute.
"""

from collections.abc import Callable, Collection
from typing import Any

import jwt

from bot.gateways.teams_reference import SERVICE_HOSTS, is_service
from bot.handlers.teams.keys import Key, Keys

Json = dict[str, Any]

ISSUER = "https://api.botframework.com"
LONGEST = 8_192  # bytes of the Authorization header's token
LEEWAY = 300.0  # seconds that clocks may differ
FAR_AWAY = 1e12  # no moment, in seconds; NaN is not below it either


class TurnedAway(Exception):
    """Answered with 401 and no body; `reason` is one of a fixed list of words, for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Guard:
    """One bot's door."""

    def __init__(
        self,
        *,
        app_id: str,
        tenants: Collection[str],
        keys: Keys,
        now: Callable[[], float],
        hosts: Collection[str] = SERVICE_HOSTS,
    ) -> None:
        """`tenants` are the ids of those who may use this bot; `now` is in seconds since 1970."""
        self.keys = keys
        self._audience = [app_id, f"api://{app_id}", f"api://botid-{app_id}"]
        self._tenants, self._hosts, self._now = frozenset(tenants), frozenset(hosts), now

    async def check(self, authorization: str, body: Json) -> None:
        """Return when the header and the body belong together and to us; raise TurnedAway otherwise."""
        token = _token(authorization)
        kid = _peeked(token)
        key = await self.keys.find(kid)
        if key is None:
            raise TurnedAway("unknown key")
        claims = self._claims(token, key)
        channel = body.get("channelId")
        if not isinstance(channel, str) or channel not in key.endorsements:
            raise TurnedAway("key not endorsed for the channel")
        self._check_service(claims, body)
        self._check_tenant(body)

    def _claims(self, token: str, key: Key) -> Json:
        try:
            claims: Json = jwt.decode(
                token,
                key.public,
                algorithms=["RS256"],
                audience=self._audience,
                issuer=ISSUER,
                # times are compared below, by the clock that was given
                options={"require": ["exp"], "verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
        except jwt.PyJWTError as error:
            raise TurnedAway(_why(error)) from None
        now = self._now()
        if _moment(claims, "exp", missing=0) <= now - LEEWAY:
            raise TurnedAway("expired")
        if max(_moment(claims, name, missing=0) for name in ("nbf", "iat")) > now + LEEWAY:
            raise TurnedAway("not yet valid")
        return claims

    def _check_service(self, claims: Json, body: Json) -> None:
        claimed, said = claims.get("serviceurl"), body.get("serviceUrl")
        if not isinstance(claimed, str) or not isinstance(said, str):
            raise TurnedAway("no service url")
        if claimed.rstrip("/") != said.rstrip("/"):
            raise TurnedAway("another service url")
        if not is_service(said, self._hosts):
            raise TurnedAway("service host not on the list")

    def _check_tenant(self, body: Json) -> None:
        """Each tenant that is named has to be one of ours: the token itself names none."""
        places = (("conversation", "tenantId"), ("channelData", "tenant", "id"))
        named = [found for place in places if (found := _within(body, *place)) is not None]
        if not named:
            raise TurnedAway("no tenant")
        if not all(isinstance(tenant, str) and tenant in self._tenants for tenant in named):
            raise TurnedAway("tenant not on the list")


def _token(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme != "Bearer" or not token:
        raise TurnedAway("no bearer token")
    if len(token) > LONGEST:
        raise TurnedAway("token too long")
    return token


def _peeked(token: str) -> str:
    """The key's id of a token that may be right; nothing of it is believed yet."""
    try:
        peeked = jwt.decode_complete(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError):
        raise TurnedAway("not a token") from None
    if peeked["header"].get("alg") != "RS256":
        raise TurnedAway("wrong algorithm")
    if peeked["payload"].get("iss") != ISSUER:
        raise TurnedAway("wrong issuer")
    kid = peeked["header"].get("kid")
    if not isinstance(kid, str) or not kid:
        raise TurnedAway("no key id")
    return kid


def _why(error: jwt.PyJWTError) -> str:
    if isinstance(error, jwt.InvalidSignatureError):
        return "wrong signature"
    if isinstance(error, jwt.InvalidAudienceError):
        return "wrong audience"
    if isinstance(error, jwt.MissingRequiredClaimError):
        return f"no {error.claim}" if error.claim in ("exp", "aud", "iss") else "a claim is missing"
    return "token not valid"


def _moment(claims: Json, name: str, *, missing: float) -> float:
    value = claims.get(name, missing)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < FAR_AWAY:
        raise TurnedAway("a time that is no number")
    return float(value)


def _within(body: Json, *names: str) -> Any:
    found: Any = body
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found
