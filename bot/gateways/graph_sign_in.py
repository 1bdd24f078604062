"""How Convenor proves to Microsoft Graph who it is: a certificate, a workload's token file or a secret.

azure-identity does it and keeps each token until shortly before its end; it is imported when it is first needed.
"""

import asyncio
import json
import logging
import re
from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bot.domain.errors import TryLater

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken
    from azure.core.credentials_async import AsyncTokenCredential

SCOPE = "https://graph.microsoft.com/.default"
"""Whatever an administrator has granted to the app, and no more."""

PAUSE_FOR_TOKEN = 60.0  # seconds: nothing is lost while somebody mends it
_CODE = re.compile(r"AADSTS\d+")


class NoToken(TryLater):
    """Microsoft gives no token now; `code` is its own word for why (AADSTS…), or the kind of the fault."""

    def __init__(self, code: str) -> None:
        super().__init__(PAUSE_FOR_TOKEN, f"no token for Graph: {code}")
        self.code = code


class Proof(Protocol):
    """Whoever gives tokens for Graph, as its SDK asks for them."""

    def prepare(self) -> None:
        """Make ready what is slow; not for the event loop."""
        ...

    async def get_token(self, *scopes: str, **how: Any) -> Any:
        """A token with `token` and `expires_on`. NoToken when there is none to be had."""
        ...

    async def roles(self) -> frozenset[str]:
        """The application permissions that the token names."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class GraphSignIn:
    """One app of one tenant, and its one proof. An azure-identity credential that raises NoToken and nothing else."""

    def __init__(
        self,
        app_id: str,
        tenant: str,
        *,
        secret: str = "",
        certificate: Path | None = None,
        token_file: Path | None = None,
        patience: float = 10.0,
        **where: Any,
    ) -> None:
        """`certificate` is a PEM file with the private key too; `patience` is for a whole token, in seconds.

        `where` is for another authority than Microsoft's.
        """
        self._app_id, self._tenant, self._patience = app_id, tenant, patience
        self._where = {
            "retry_total": 0,
            **where,
        }  # it would sleep between its tries; waiting is the courier's
        self._secret, self._certificate, self._token_file = secret, certificate, token_file
        self._credential: AsyncTokenCredential | None = None

    def prepare(self) -> None:
        """Import what is needed and read the certificate; slow the first time, so not for the event loop."""
        try:
            self._credential = self._credential or self._made()
        except (OSError, ValueError) as error:  # a file that is not there, or is no certificate
            raise NoToken(type(error).__name__) from None

    async def get_token(self, *scopes: str, **how: Any) -> "AccessToken":
        """A token for Graph, as its SDK asks for one."""
        from azure.core.exceptions import AzureError

        try:
            self.prepare()
            assert self._credential is not None
            async with asyncio.timeout(self._patience):
                return await self._credential.get_token(*scopes, **how)
        except AzureError as error:
            raise NoToken(_code(error)) from None  # the cause quotes what was sent
        except (
            OSError,
            ValueError,
        ) as error:  # a file that is not there or is no certificate, or no answer in time
            raise NoToken(type(error).__name__) from None

    async def roles(self) -> frozenset[str]:
        """The application permissions that the token names; none where it cannot be read."""
        return _roles(await self.get_token(SCOPE))

    async def close(self) -> None:
        """Close the connections."""
        if self._credential is not None:
            await self._credential.close()
            self._credential = None

    def _made(self) -> "AsyncTokenCredential":
        logging.getLogger("azure.identity").setLevel(logging.CRITICAL)  # it quotes what Microsoft answers
        from azure.identity.aio import (
            CertificateCredential,
            ClientSecretCredential,
            WorkloadIdentityCredential,
        )

        if self._certificate is not None:
            pem = self._certificate.read_bytes()
            return CertificateCredential(self._tenant, self._app_id, certificate_data=pem, **self._where)
        if self._token_file is not None:
            return WorkloadIdentityCredential(
                tenant_id=self._tenant,
                client_id=self._app_id,
                token_file_path=str(self._token_file),
                **self._where,
            )
        return ClientSecretCredential(self._tenant, self._app_id, self._secret, **self._where)


def _roles(token: "AccessToken") -> frozenset[str]:
    """Not verified, for nothing is let in by it: it is the token that Microsoft just gave us."""
    claims = token.token.split(".")[1:2]
    try:
        said = json.loads(b64decode(claims[0] + "==", b"-_")) if claims else {}
    except ValueError:
        return frozenset()
    found = said.get("roles") if isinstance(said, dict) else None
    return frozenset(map(str, found)) if isinstance(found, list) else frozenset()


def _code(error: Exception) -> str:
    found = _CODE.search(str(error))
    return found.group() if found else type(error).__name__
