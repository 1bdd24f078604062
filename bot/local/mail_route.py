"""What the workspace's mail server does with mail to the bot: hands it on to the bot's web hook, signed."""

import hashlib
import hmac
import re
import secrets
import time

import aiohttp

from bot.local.seats import BOT_MAILBOX


class MailRoute:
    """POSTs raw mail to the hook. Set `url` once the bot's address is known."""

    def __init__(self, url: str = "") -> None:
        self.url, self.secret = url, secrets.token_hex(16)

    def takes(self, address: str) -> bool:
        """Whether this is the bot's mailbox, with or without something after a plus."""
        name, _, domain = BOT_MAILBOX.partition("@")
        plus = rf"{re.escape(name)}(\+[\w-]+)?@{re.escape(domain)}"
        return bool(self.url) and re.fullmatch(plus, address, re.IGNORECASE) is not None

    async def carry(self, raw: bytes) -> bool:
        """Whether the bot has it now."""
        at = str(int(time.time()))
        digest = hmac.new(self.secret.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
        headers = {"x-convenor-time": at, "x-convenor-signature": f"v1={digest}"}
        try:
            async with (
                aiohttp.ClientSession() as http,
                http.post(self.url, data=raw, headers=headers) as answer,
            ):
                return answer.status == 202
        except aiohttp.ClientError:
            return False
