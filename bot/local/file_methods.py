"""files.*: an upload in its three steps, as Slack has them: an address to send to, the bytes, and the end of it."""

import secrets
from typing import TYPE_CHECKING, Any

from bot.local.calls import Call
from bot.local.refusals import SlackRefuses

if TYPE_CHECKING:
    from bot.local.world import World

Json = dict[str, Any]

DESCRIPTION = 1_000  # characters of `alt_txt`


def get_upload_url(world: "World", call: Call) -> Json:
    """files.getUploadURLExternal: where to send so many bytes, and the id that the file will have."""
    if world.files.forbidden:
        raise SlackRefuses(world.files.forbidden)
    name, length = call.text("filename"), call.number("length", 0)
    if length <= 0:
        raise SlackRefuses("invalid_arguments", ["[ERROR] must be greater than 0: length"])
    if len(call.text("alt_txt", "")) > DESCRIPTION:
        raise SlackRefuses("alt_txt_too_large")
    file, token = world.files.expect(name, length), secrets.token_urlsafe(18)
    world.files.doors[token] = file.id
    return {"upload_url": f"{world.address}/upload/v1/{token}", "file_id": file.id}


def complete_upload(world: "World", call: Call) -> Json:
    """files.completeUploadExternal: once for each file whose bytes have come; shared with nobody unless asked."""
    files = call.thing("files")
    if not isinstance(files, list) or not files or any(not isinstance(one, dict) for one in files):
        raise SlackRefuses("invalid_arguments", ["[ERROR] must be a list of files: files"])
    for where in ("channel_id", "channels", "thread_ts", "initial_comment", "blocks"):
        if call.has(where):
            raise SlackRefuses("invalid_arguments", [f"[ERROR] not played by the local workspace: {where}"])
    done = []
    for one in files:
        file = world.files.awaited(str(one.get("id", "")))
        if file is None:
            raise SlackRefuses("file_not_found")
        done.append((file, str(one.get("title") or file.name)))
    for file, title in done:
        world.files.complete(file, title)
    return {"files": [{"id": file.id, "title": title} for file, title in done]}


METHODS = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
}
