"""Microsoft Graph's SDK, pointed at one address: requests in, JSON out (calendar.md section 2).

Importing this takes about a second, so nothing does before the first call, and then on a thread. Answers are read as
bytes: the SDK's own entities would bring 1,228 modules along, in the middle of the event loop.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
from kiota_abstractions.api_error import APIError
from kiota_abstractions.request_information import RequestInformation
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient
from msgraph_core.authentication import AzureIdentityAuthenticationProvider

from bot.domain.errors import TryLater, Undeliverable
from bot.gateways.answering import PAUSE, PAUSE_AT_THE_LIMIT, PAUSE_FOR_TOKEN, asked_to_wait
from bot.gateways.graph_sign_in import SCOPE, Proof

Json = dict[str, Any]

TRANSIENT = {408, 409, 412, 429}  # and whatever is 500 or more
TOKEN_AT_FAULT = 401
_CODE = re.compile(r"[A-Za-z0-9_.]{1,64}")


MOST_ADDRESSES = 200

EVERY_ERROR = {"XXX": ODataError}
"""Kiota's own word for every status that is an error."""


class Sdk:
    """The SDK without its own waiting: it would repeat a call three times and sleep up to 179 seconds before each."""

    def __init__(
        self,
        base_url: str,
        proof: Proof,
        transport: httpx.AsyncBaseTransport | None,
        patience: float,
    ) -> None:
        """A token leaves for the host of `base_url` alone, and no redirection is followed: the body would go along."""
        # None of its middleware: neither its repeating nor its following of redirections, nor what it tells of us.
        self._http = httpx.AsyncClient(transport=transport, timeout=patience)
        host = urlsplit(base_url).hostname or ""
        tokens = AzureIdentityAuthenticationProvider(proof, scopes=[SCOPE], allowed_hosts=[host])
        self._adapter = GraphRequestAdapter(tokens, self._http)
        self._adapter.base_url = base_url
        self._addresses: dict[tuple[object, ...], str] = {}
        self.client = GraphServiceClient(request_adapter=self._adapter)

    async def send(self, request: RequestInformation) -> Json:
        """The answer's JSON, {} for an empty one. TryLater or Undeliverable, with Graph's own code as the reason."""
        # Setting it empties the parameters, which are the builder's own.
        address = self._address(request)
        request.path_parameters = {}
        request.url = address
        try:
            raw: Any = await self._adapter.send_primitive_async(request, "bytes", EVERY_ERROR)
            answer = json.loads(raw) if raw else {}
        except APIError as error:
            raise _translated(error) from None  # the cause quotes what was sent
        except (httpx.HTTPError, OSError) as error:
            raise TryLater(PAUSE, f"no answer from Graph: {type(error).__name__}") from None
        except ValueError as error:
            raise TryLater(PAUSE, f"no sense in the answer of Graph: {type(error).__name__}") from None
        if not isinstance(answer, dict):
            raise TryLater(PAUSE, "no sense in the answer of Graph: no object")
        return answer

    def _address(self, request: RequestInformation) -> str:
        """Where it goes, written out once: the adapter would do so at each of three looks, for each request anew."""
        parameters = {**request.path_parameters, "baseurl": self._adapter.base_url}
        if request.query_parameters:
            request.path_parameters = parameters
            return _plainly(request.url)
        key = (request.url_template, *parameters.values())
        if key not in self._addresses:
            if len(self._addresses) == MOST_ADDRESSES:
                self._addresses.clear()
            request.path_parameters = parameters
            self._addresses[key] = _plainly(request.url)
        return self._addresses[key]

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _plainly(address: str) -> str:
    """Kiota writes `%24select` for `$select`, and leaves it to a middleware to take that back."""
    path, mark, query = address.partition("?")
    return path + mark + query.replace("%24", "$")


def _translated(error: APIError) -> TryLater | Undeliverable:
    status, code = error.response_status_code or 0, _code(error)
    headers: Mapping[str, str] = error.response_headers or {}
    if status == 429 or "retry-after" in headers:
        return TryLater(asked_to_wait(headers, PAUSE_AT_THE_LIMIT if status == 429 else PAUSE), code)
    if status >= 500 or status in TRANSIENT:
        return TryLater(PAUSE, code)
    if status == TOKEN_AT_FAULT:
        return TryLater(PAUSE_FOR_TOKEN, code)
    return Undeliverable(code)


def _code(error: APIError) -> str:
    """Graph's own word for it, where it is a word; the message beside it may quote what was sent."""
    said = error.error.code if isinstance(error, ODataError) and error.error is not None else None
    return said if said and _CODE.fullmatch(said) else f"HTTP {error.response_status_code}"
