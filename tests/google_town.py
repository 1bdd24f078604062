"""The stand-in for Google's calendars, served for real, and the gateway that speaks to it with a real key."""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from bookings import HOUR as HOUR
from bookings import NINE, ORGANISER, RUTH, TOM, hours
from bookings import PRIYA as PRIYA
from bookings import a_booking as a_booking
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from on_a_port import on_a_port

from bot.gateways.google import Google
from bot.gateways.google_sign_in import GoogleSignIn
from bot.local.google.app import google_app
from bot.local.google.issuer import SCOPES, Issuer
from bot.local.google.world import ACCOUNT, Entry, GoogleWorld

WILLOW = "willow@resource.calendar.example"


@cache
def a_key() -> RSAPrivateKey:
    """One for all tests: making it takes longer than most of them."""
    return generate_private_key(public_exponent=65_537, key_size=2_048)


@dataclass
class GoogleTown:
    world: GoogleWorld
    key_file: Path
    google: Google

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [call.body for call in self.world.calls]

    def sign_in(self, **how: Any) -> GoogleSignIn:
        return GoogleSignIn(ORGANISER, key_file=self.key_file, **how)

    def gateway(self, **how: Any) -> Google:
        """Another gateway to the same world, over another transport or with less patience."""
        return Google(self.sign_in(), ORGANISER, base_url=f"{self.world.address}/calendar/v3", **how)


def a_google_world() -> GoogleWorld:
    people: dict[str, Any] = {}
    issuer = Issuer(ACCOUNT, users=people, delegated=SCOPES, key=a_key())
    world = GoogleWorld(organiser=ORGANISER, issuer=issuer, clock=lambda: NINE)
    issuer.users = world.diaries
    world.person(TOM)
    world.person(RUTH)
    return world


@contextlib.asynccontextmanager
async def google_town(transport: httpx.AsyncBaseTransport | None = None) -> AsyncIterator[GoogleTown]:
    """The stand-in and the gateway; `transport` is for calls to the calendars, not for tokens."""
    world = a_google_world()
    with TemporaryDirectory() as folder:
        async with on_a_port(google_app(world), world) as address:
            file = Path(folder) / "key.json"
            file.write_text(json.dumps(world.issuer.key_file(address)), encoding="ascii")
            sign_in = GoogleSignIn(ORGANISER, key_file=file)
            google = Google(sign_in, ORGANISER, base_url=f"{address}/calendar/v3", transport=transport)
            yield GoogleTown(world, file, google)
            await google.close()
            await world.close()


def an_entry(first: float, lasting: float = 1, **but: Any) -> Entry:
    """Somebody's own entry, so many hours after nine."""
    return Entry(span=hours(first, first + lasting), **but)
