"""Microsoft's log-in and an Azure machine's identity, as far as a bot sees them; in the place of the network."""

from urllib.parse import parse_qsl

import httpx


class Microsoft:
    """Gives tokens and keeps what it was asked: forms of the log-in, questions to the machine."""

    def __init__(self):
        self.forms, self.machine = [], []
        self.refuses = None
        self.is_away = False

    def client(self):
        """A client of whoever asks."""
        return httpx.Client(transport=httpx.MockTransport(self.answer))

    def answer(self, request):
        if self.is_away:
            raise httpx.ConnectError("no route", request=request)
        if request.url.host == "169.254.169.254":
            self.machine.append(dict(request.url.params))
            return httpx.Response(200, json={"access_token": "the machine's token", "expires_in": "3600"})
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json=_endpoints(request.url.path.split("/")[1]))
        if request.method == "POST":
            return self._token(request)
        return httpx.Response(200, json={"keys": []})

    def _token(self, request):
        self.forms.append(dict(parse_qsl(request.content.decode())))
        if self.refuses is not None:
            said = {
                "error": "invalid_client",
                "error_codes": [self.refuses],
                "error_description": "quotes things",
            }
            return httpx.Response(401, json=said)
        token = {"token_type": "Bearer", "expires_in": 3600, "access_token": f"token {len(self.forms)}"}
        return httpx.Response(200, json=token)


def _endpoints(tenant):
    here = f"https://login.microsoftonline.com/{tenant}"
    return {
        "issuer": f"{here}/v2.0",
        "authorization_endpoint": f"{here}/oauth2/v2.0/authorize",
        "token_endpoint": f"{here}/oauth2/v2.0/token",
    }
