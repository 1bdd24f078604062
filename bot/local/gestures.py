"""What a person can do in the workspace, and what comes back: the page and the tests both act through this."""

import re
from dataclasses import dataclass, field
from typing import Any

from bot.local import answers, chat_methods
from bot.local.blockkit import faults
from bot.local.calls import Call
from bot.local.conversations import Message
from bot.local.delivery import Ack
from bot.local.elements import choices
from bot.local.payloads import action_ts
from bot.local.refusals import CannotDo
from bot.local.seats import BOT_NAME, BOT_USER
from bot.local.stage import STACK, elements
from bot.local.world import World

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a submitted modal fared: `errors` stand beside fields; `closed` when nothing is left of it."""

    closed: bool = False
    errors: dict[str, str] = field(default_factory=dict)


class Gestures:
    """Every gesture raises CannotDo with words for the person when it fails."""

    def __init__(self, world: World) -> None:
        self.world = world

    def _here(self, user: str, channel: str) -> None:
        if user not in self.world.people:
            raise CannotDo("There is nobody with that id here.")
        known = self.world.talk.by_id.get(channel)
        if known is None or user not in known.members:
            raise CannotDo("You are not in that conversation.")

    async def command(self, user: str, channel: str, command: str, text: str) -> None:
        """A slash command; what the acknowledgement says appears in the conversation."""
        self._here(user, channel)
        if command not in {one.command for one in self.world.commands}:
            raise CannotDo(f"{command} is not a command that any app here knows.")
        ack = await self.world.delivery.ask(self.world.payloads.command(user, channel, command, text))
        _answered(ack, f"{command} failed")
        if ack.body:
            self.answer(user, channel, ack.body if isinstance(ack.body, dict) else {"text": str(ack.body)})

    def answer(self, user: str, channel: str, body: Json) -> None:
        """Show an acknowledgement or a response_url message: to one person, or `in_channel` to all."""
        said = chat_methods.content(self.world, Call("response_url", body))
        only_for = None if body.get("response_type") == "in_channel" else user
        self.world.talk.say(channel, BOT_USER, only_for=only_for, **said)

    def replace(self, message: Message, body: Json) -> None:
        """Put a response_url message in the place of the one that was pressed."""
        said = chat_methods.content(self.world, Call("response_url", body))
        message.text, message.blocks, message.edited = said["text"], said["blocks"], self.world.talk.stamp()
        self.world.talk.changed(message)

    async def shortcut(self, user: str, callback_id: str, channel: str = "", ts: str = "") -> None:
        """A global shortcut, or one out of the menu of the message at `ts`."""
        kind = "message" if ts else "global"
        if (kind, callback_id) not in {(one.type, one.callback_id) for one in self.world.shortcuts}:
            raise CannotDo("No app here has that shortcut.")
        if ts:
            self._here(user, channel)
            parcel = self.world.payloads.message_shortcut(user, callback_id, channel, ts)
        else:
            parcel = self.world.payloads.shortcut(user, callback_id)
        _answered(await self.world.delivery.ask(parcel), "The shortcut failed")

    async def say(self, user: str, channel: str, text: str) -> None:
        """A person types; a first slash makes it a command."""
        self._here(user, channel)
        if text.startswith("/"):
            command, _, rest = text.partition(" ")
            await self.command(user, channel, command, rest.strip())
            return
        if not text.strip():
            raise CannotDo("There is nothing to send.")
        message = self.world.talk.say(channel, user, self._written(text))
        event: Json = {"user": user, "text": message.text, "ts": message.ts, "channel": channel}
        if self.world.talk.find(channel).kind == "im":
            event |= {"type": "message", "channel_type": "im"}
        elif f"<@{BOT_USER}>" in message.text and BOT_USER in self.world.talk.find(channel).members:
            event |= {"type": "app_mention"}
        else:
            return
        await self.world.delivery.tell(self.world.payloads.event(event))

    def _written(self, text: str) -> str:
        """Typed text as Slack keeps it: escaped, with @names as mentions."""
        for plain, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            text = text.replace(plain, safe)
        names = {one.name: one.user_id for one in self.world.people.values()} | {BOT_NAME: BOT_USER}
        for name, id_ in names.items():
            text = re.sub(rf"@{re.escape(name)}\b", f"<@{id_}>", text)
        return text

    async def open_home(self, user: str) -> None:
        """app_home_opened; what the bot publishes is in `world.stage.homes`."""
        dm = self.world.talk.dm(user)
        event: dict[str, Any] = {"type": "app_home_opened", "user": user, "channel": dm.id, "tab": "home"}
        if view := self.world.stage.homes.get(user):
            event["view"] = view
        await self.world.delivery.tell(self.world.payloads.event(event))

    async def press(
        self,
        user: str,
        container: Json,
        block_id: str,
        action_id: str,
        value: Json,
        given: Json | None = None,
    ) -> None:
        """Use one element of a message, modal or App Home; `given` is what else was filled in there."""
        blocks, where = self._blocks(user, container)
        block, element = _element(blocks, block_id, action_id)
        action = _action(block, element, value)
        if element["type"] in answers.ANSWER:
            given = {**(given or {})}
            given[block_id] = {**given.get(block_id, {}), action_id: action | {"type": element["type"]}}
        values = answers.state(blocks, given or {})
        if container["type"] == "message":
            channel, ts = container["channel"], container["ts"]
            parcel = self.world.payloads.pressed_on_message(user, channel, ts, action, values)
        else:
            self.world.stage.remember(user, where, values)
            parcel = self.world.payloads.pressed_on_view(user, where, action)
        _answered(await self.world.delivery.ask(parcel), "That did not work")

    def _blocks(self, user: str, container: Json) -> tuple[list[Json], Json]:
        """The blocks a person sees in a container, and the view they belong to (empty for a message)."""
        if container["type"] == "message":
            self._here(user, container["channel"])
            seen = {one.ts: one for one in self.world.talk.seen_by(user, container["channel"])}
            if container["ts"] not in seen:
                raise CannotDo("That message is gone.")
            return seen[container["ts"]].blocks, {}
        if container["type"] == "home":
            view = self.world.stage.homes.get(user)
        else:
            views = [*self.world.stage.stack(user), self.world.stage.homes.get(user, {})]
            view = next((one for one in views if one.get("id") == container["view_id"]), None)
        if view is None:
            raise CannotDo("That form is not open any more.")
        return view["blocks"], view

    async def options(
        self, user: str, container: Json, block_id: str, action_id: str, value: str
    ) -> list[Json]:
        """What an external select offers for what was typed: options, groups flattened."""
        blocks, view = self._blocks(user, container)
        _element(blocks, block_id, action_id)
        about: Json = {"container": {"type": "view", "view_id": view["id"]}, "view": view} if view else {}
        if not view:
            message = self.world.talk.message(container["channel"], container["ts"])
            about = {
                "container": {
                    "type": "message",
                    "message_ts": message.ts,
                    "channel_id": message.channel,
                    "is_ephemeral": message.only_for is not None,
                },
                "channel": {"id": message.channel},
                "message": message.as_slack(),
            }
        parcel = self.world.payloads.suggestion(user, about, block_id, action_id, value)
        ack = await self.world.delivery.ask(parcel)
        _answered(ack, "The list could not be loaded")
        return choices(ack.body or {})

    async def submit(self, user: str, view_id: str, given: Json) -> Outcome:
        """Submit a modal: Slack's own checks first, then the bot's answer is carried out."""
        blocks, view = self._blocks(user, {"type": "view", "view_id": view_id})
        if view["type"] != "modal":
            raise CannotDo("There is nothing to submit here.")
        values = answers.state(blocks, given)
        self.world.stage.remember(user, view, values)
        if wrong := answers.problems(blocks, values):
            return Outcome(errors=wrong)
        ack = await self.world.delivery.ask(self.world.payloads.submitted(user, view))
        _answered(ack, "We had some trouble connecting")
        return self._carried_out(user, view, ack.body if isinstance(ack.body, dict) else {})

    def _carried_out(self, user: str, view: Json, answer: Json) -> Outcome:
        stage, wish = self.world.stage, answer.get("response_action")
        if wish == "errors":
            shown = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
            errors = answer.get("errors") or {}
            if not errors or set(errors) - shown:
                raise CannotDo("The app's answer names a field that is not in this form.")
            return Outcome(errors=errors)
        if wish == "clear":
            stage.clear(user)
        elif wish in ("update", "push"):
            if wrong := faults(answer.get("view") or {}, "modal"):
                raise CannotDo(f"The app's answer is not a form that Slack takes: {'; '.join(wrong)}")
            if wish == "update":
                stage.update(answer["view"], view_id=view["id"])
            elif len(stage.stack(user)) >= STACK:
                raise CannotDo("The app opened more than three forms on top of each other.")
            else:
                stage.lay(user, answer["view"], stage.stack(user))
        elif wish is None:
            stage.close(user, view["id"])
        else:
            raise CannotDo("The app's answer could not be understood.")
        return Outcome(closed=all(one["id"] != view["id"] for one in stage.stack(user)))

    async def close(self, user: str, view_id: str) -> None:
        """Close a modal; the bot is told only if the view asked for it."""
        _, view = self._blocks(user, {"type": "view", "view_id": view_id})
        gone = self.world.stage.stack(user) if view["clear_on_close"] else [view]
        for one in reversed(gone):
            self.world.stage.close(user, one["id"])
        for one in gone:
            if one["notify_on_close"]:
                parcel = self.world.payloads.closed(user, one, cleared=view["clear_on_close"])
                await self.world.delivery.ask(parcel)


def _answered(ack: Ack, what: str) -> None:
    if not ack.answered:
        raise CannotDo(f"{what}: {ack.trouble}. Please try again.")


def _element(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
    for block, element in elements(blocks):
        if block["block_id"] == block_id and element.get("action_id") == action_id:
            return block, element
    raise CannotDo("That button is not there any more.")


def _action(block: Json, element: Json, value: Json) -> Json:
    """`payload.actions[0]` as Slack fills it: what the element says, never what the page claims it says."""
    kind = element["type"]
    action: Json = {"action_id": element["action_id"], "block_id": block["block_id"], "type": kind}
    action["action_ts"] = action_ts()
    if kind == "button":
        return action | {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    if kind == "overflow":
        wanted = (value.get("selected_option") or {}).get("value")
        chosen = next((one for one in element["options"] if one["value"] == wanted), None)
        if chosen is None:
            raise CannotDo("That choice is not there any more.")
        return action | {"selected_option": chosen}
    if kind not in answers.ANSWER:
        raise CannotDo("That cannot be pressed.")
    said = answers.answer(element, {**value, "type": kind})
    if "placeholder" in element:
        action["placeholder"] = element["placeholder"]
    return action | said
