"""How the bot proves to Microsoft who it is: a secret, a certificate, a token file, or the identity of its machine.

The SDK takes a secret and a machine's identity by itself; a certificate and a token file go through here, and so does
whoever only wants to know whether it would work.
"""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import msal
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

Json = dict[str, Any]

LOGIN = "https://login.microsoftonline.com"
CONNECTOR = "https://api.botframework.com/.default"
"""What the bot's token is for."""

MACHINE = "the machine"
EXCHANGE = "api://AzureADTokenExchange"
PATIENCE = 10.0  # seconds for a question to Microsoft


class SignInRefused(ValueError):
    """Microsoft gives no token; `code` is its own word for why (AADSTS…), and quotes nothing that was sent."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SignIn:
    """One bot and its one proof. Tokens are kept by msal until shortly before they end."""

    def __init__(
        self,
        app_id: str,
        home_tenant: str,
        *,
        secret: str = "",
        certificate: Path | None = None,
        token_file: Path | None = None,
        managed_identity: str = "",
        http: httpx.Client | None = None,
    ) -> None:
        """`certificate` is a PEM file with the private key too; `managed_identity` is a client id, or "system"."""
        self.app_id, self.home_tenant = app_id, home_tenant
        self.secret, self.certificate, self.token_file = secret, certificate, token_file
        self.managed_identity = managed_identity
        self._http = _Line(http or httpx.Client(timeout=PATIENCE))
        self._clients: dict[str, Any] = {}
        self._one_at_a_time = threading.Lock()  # a token is asked for on whatever thread is free

    async def token(self, scope: str | list[str], tenant: str | None) -> str:
        """A token of the bot's own, as the SDK asks for it; SignInRefused, OSError or httpx.HTTPError without one."""
        wanted = scope if isinstance(scope, str) else scope[0]
        return await asyncio.to_thread(self._token, wanted, tenant or self.home_tenant)

    def _token(self, scope: str, tenant: str) -> str:
        with self._one_at_a_time:
            if self.managed_identity == self.app_id:
                return self._of_machine(scope.removesuffix("/.default"))
            if tenant not in self._clients:
                self._clients[tenant] = msal.ConfidentialClientApplication(
                    self.app_id,
                    authority=f"{LOGIN}/{tenant}",
                    client_credential=self._proof(),
                    http_client=self._http,
                    instance_discovery=False,  # the host is Microsoft's own, and known
                )
            return _read(self._clients[tenant].acquire_token_for_client([scope]))

    def _proof(self) -> str | Json:
        if self.certificate is not None:
            pem = self.certificate.read_text(encoding="ascii")
            return {"private_key": pem, "public_certificate": pem}
        if self.token_file is not None:
            return {"client_assertion": _reading(self.token_file)}
        if self.managed_identity:
            return {"client_assertion": lambda: self._of_machine(EXCHANGE)}
        return self.secret

    def _of_machine(self, resource: str) -> str:
        if MACHINE not in self._clients:
            identity = (
                msal.SystemAssignedManagedIdentity()
                if self.managed_identity == "system"
                else msal.UserAssignedManagedIdentity(client_id=self.managed_identity)
            )
            self._clients[MACHINE] = msal.ManagedIdentityClient(identity, http_client=self._http)
        return _read(self._clients[MACHINE].acquire_token_for_client(resource=resource))


class _Line:
    """What msal speaks through: it gives bytes to a form in which httpx wants text."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def get(self, url: str, **how: Any) -> httpx.Response:
        return self._client.get(url, **how)

    def post(self, url: str, data: Json | None = None, **how: Any) -> httpx.Response:
        text = {
            name: each.decode() if isinstance(each, bytes) else each for name, each in (data or {}).items()
        }
        return self._client.post(url, data=text, **how)

    def close(self) -> None:
        self._client.close()


def certificate_fault(file: Path, now: datetime) -> str | None:
    """Why this file cannot prove anything, in plain words; None when it can."""
    try:
        pem = file.read_bytes()
    except OSError:
        return "there is no such file, or it may not be read"
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError:
        return "its private key is locked with a passphrase: give one that is not, readable by Convenor alone"
    except (ValueError, UnsupportedAlgorithm):
        return "there is no private key in it: put the key and the certificate into one PEM file"
    try:
        certificate = load_pem_x509_certificate(pem)
    except ValueError:
        return "there is no certificate in it: put the key and the certificate into one PEM file"
    if certificate.public_key() != key.public_key():
        return "its key and its certificate do not belong together"
    if certificate.not_valid_after_utc <= now:
        return f"its certificate ended on {certificate.not_valid_after_utc:%Y-%m-%d}"
    return None


def _reading(file: Path) -> Callable[[], str]:
    """Read each time: whoever writes the file renews it every hour or so."""
    return lambda: file.read_text(encoding="ascii").strip()


def _read(answer: Json) -> str:
    if token := answer.get("access_token"):
        return str(token)
    codes = answer.get("error_codes") or []
    raise SignInRefused(f"AADSTS{codes[0]}" if codes else str(answer.get("error", "no_token")))
