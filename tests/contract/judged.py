"""A vendor's own description as the judge of what we ask and of what our stand-in answers."""

import os
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import httpx
import pytest
import yaml

WHERE = "CONVENOR_SHARED_DATA"
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def described(name: str) -> Path:
    """The vendor's file; the test is skipped where nobody has put it beside the checkout."""
    file = Path(os.environ.get(WHERE) or BESIDE) / name
    if not file.is_file():
        pytest.skip(f"needs the vendors' descriptions: {name} in ../shared/data, or where {WHERE} says")
    return file


class Judged(httpx.AsyncBaseTransport):
    """Passes everything on, and notes what the description would refuse of a request or of an answer."""

    def __init__(self, spec: Path, inner: httpx.AsyncBaseTransport, *, host: str, root: str) -> None:
        """`host` and `root` are the vendor's own address, as the description has it."""
        from openapi_core import OpenAPI

        self.api = OpenAPI.from_dict(yaml.load(spec.read_text(encoding="utf-8"), LOADER))
        self.inner, self.host, self.root = inner, host, root
        self.faults: list[str] = []
        self.operations: set[str] = set()
        self.names: dict[str, str] = {}

    def known_as(self, short: str, long: str) -> None:
        """The same path by another name."""
        self.names[short] = long

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        from openapi_core.datatypes import RequestParameters
        from werkzeug.datastructures import Headers, ImmutableMultiDict

        await request.aread()
        path = unquote(request.url.path.removeprefix(self.root))
        path = self.root + self.names.get(path, path)
        asked = SimpleNamespace(
            host_url=self.host,
            path=path,
            method=request.method.lower(),
            content_type=request.headers.get("content-type", ""),
            body=request.content or None,
            parameters=RequestParameters(
                query=ImmutableMultiDict(request.url.params.multi_items()),
                header=Headers(list(request.headers.items())),
            ),
        )
        self._note("asked", request, self.api.iter_request_errors(asked))
        response = await self.inner.handle_async_request(request)
        await response.aread()
        answered = SimpleNamespace(
            status_code=response.status_code,
            data=response.content or None,
            content_type=response.headers.get("content-type", ""),
            headers=Headers(list(response.headers.items())),
        )
        self._note("answered", request, self.api.iter_response_errors(asked, answered))
        self.operations.add(f"{request.method} {path.rpartition('/')[2]}")
        return response

    async def aclose(self) -> None:
        await self.inner.aclose()

    def _note(self, when: str, request: httpx.Request, errors: object) -> None:
        for error in errors:  # type: ignore[attr-defined]
            deeper = getattr(error.__cause__, "schema_errors", ())
            said = "; ".join(each.message for each in deeper) or str(error.__cause__ or error)
            self.faults.append(f"{when} {request.method}: {said}")
