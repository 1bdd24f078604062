"""A mailbox on a socket, as much of IMAP as Convenor asks of one (RFC 9051); what it was asked is kept."""

import asyncio
import re


class ImapServer:
    """`mails` by UID, `seen` the UIDs with that flag, `asked` the commands. `open` it, `close` it."""

    def __init__(self, password="sesame"):
        self.password, self.mails, self.seen, self.asked = password, {}, set(), []

    def put(self, raw: bytes) -> int:
        self.mails[len(self.mails) + 101] = raw
        return len(self.mails) + 100

    async def open(self):
        self.server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        self.url = f"imap://bot%40aldermere.example:{self.password}@127.0.0.1:{self.port}/Replies%20in"

    async def close(self):
        self.server.close()
        await self.server.wait_closed()

    async def _talk(self, reader, writer):
        writer.write(b"* OK here\r\n")
        while line := (await reader.readline()).decode():
            tag, _, command = line.strip().partition(" ")
            self.asked.append(command)
            answers, ending = self._answer(command)
            writer.write(b"".join(answers) + f"{tag} {ending} so\r\n".encode())
            await writer.drain()
            if command == "LOGOUT":
                break
        writer.close()

    def _answer(self, command):
        if command == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1\r\n"], "OK"
        if command.startswith("LOGIN"):
            return [], "OK" if self.password in command else "NO [AUTHENTICATIONFAILED] no"
        if command.startswith("SELECT"):
            return [b"* 1 EXISTS\r\n"], "OK" if command == 'SELECT "Replies in"' else "NO no such folder"
        if command == "UID SEARCH UNSEEN":
            unseen = [str(uid) for uid in self.mails if uid not in self.seen]
            return [f"* SEARCH {' '.join(unseen)}\r\n".encode()], "OK"
        if found := re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", command):
            raw = self.mails[int(found[1])][: int(found[2])]
            head = f"* 1 FETCH (UID {found[1]} BODY[]<0> {{{len(raw)}}}\r\n".encode()
            return [head, raw, b")\r\n"], "OK"
        if found := re.fullmatch(r"UID STORE (\d+) \+FLAGS\.SILENT \(\\Seen\)", command):
            self.seen.add(int(found[1]))
            return [], "OK"
        if command == "LOGOUT":
            return [b"* BYE\r\n"], "OK"
        return [], "BAD what?"
