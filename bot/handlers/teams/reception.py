"""From an activity to its verb and back: who asks, which handler, and every fault told once and in plain English."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from bot.domain.errors import Invalid, Refused, TooLate
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.handlers.teams.activity import Activity
from bot.handlers.teams.answers import card_for_presser, closing_words, dialog, words_for_presser
from bot.handlers.teams.asked import TeamsAsk
from bot.handlers.teams.dialog import armed, filled, mended, said_on_top, words_of
from bot.handlers.teams.heard import Heard
from bot.handlers.teams.reading import aim_of, read
from bot.handlers.verbs.ask import Aim, Bot, Json, NotShown, Unregistered
from bot.handlers.verbs.explaining import explained
from bot.handlers.verbs.registry import Verb, Verbs
from bot.handlers.verbs.replies import Afterwards, Clear, Close, Ephemeral, Errors, Own, Push, Reply, Update
from bot.render import Words
from bot.usecases.once import HeardBefore

Timed = Callable[[str, float], None]

log = logging.getLogger(__name__)


class TeamsBot(Bot, Protocol):
    """What the reception asks of the running program beside what the verbs ask."""

    async def person_in_teams(self, activity: Activity) -> Person | None:
        """The registered person behind an activity; at first contact they are linked by their address (IG-25)."""

    async def met(self, activity: Activity) -> None:
        """Keep where this was said, so that it can be written to later; cheap when it is known."""

    async def renew(self, activity: Activity) -> bool:
        """Bring the card that was pressed up to date; False where it is not one that is edited in place."""

    async def say(self, activity: Activity, payload: Json, *, to_them: bool) -> None:
        """Post a message where this was said or, `to_them`, in the person's own chat. A courtesy: it may be lost."""


class Reception:
    """Everything that Teams says to us comes in here, once the door has let it in."""

    def __init__(self, bot: TeamsBot, verbs: Verbs, *, timed: Timed = lambda kind, seconds: None) -> None:
        self.bot, self.verbs, self.timed = bot, verbs, timed
        self.heard = Heard()

    async def receive(self, activity: Activity) -> Json | None:
        """The body of an invoke's answer; None for whatever is not waited for, and to close a dialog."""
        if activity.kind in ("installationUpdate", "conversationUpdate"):
            await self.bot.met(activity)
            return None
        aim = aim_of(activity)
        verb = self.verbs.find(aim) if aim else None
        if aim is None or verb is None:
            log.info("teams activity without a verb", extra={"kind": aim.kind if aim else activity.kind})
            return None
        if not activity.is_invoke and self.heard.is_copy(activity):
            return None
        ask, began = read(activity, aim, self.bot), time.perf_counter()
        try:
            return await self._answered(ask, verb)
        except Exception as error:  # as Bolt's error hook does for Slack: told and logged, never a 500
            return await self._explained(ask, error)
        finally:
            self.timed(aim.kind, time.perf_counter() - began)

    async def _answered(self, ask: TeamsAsk, verb: Verb) -> Json | None:
        ask.known = await self.bot.person_in_teams(ask.activity)
        if ask.known is None and not verb.anyone:
            raise Unregistered
        if ask.known is not None:
            await self.bot.met(ask.activity)
        return await self._delivered(ask, await verb.handler(ask))

    async def _delivered(self, ask: TeamsAsk, reply: Reply | None) -> Json | None:
        """TypeError for an answer that this surface cannot give."""
        if isinstance(reply, Afterwards):
            reply = reply.note()
        if isinstance(reply, Update | Push):
            ask.opened = _kept(ask, reply.view)
        if ask.home is not None:
            return await self._shown(ask, ask.home)
        match reply:
            case Ephemeral(note):
                return await self._noted(ask, note)
            case Own(message) if ask.way == "card":
                return card_for_presser(_own(ask, message))
            case Errors(problems, again) if ask.in_modal:
                return self._to_mend(ask, problems, again)
            case Update() | Push() | Clear() | Close() | None:
                pass
            case _:
                raise TypeError(f"a {ask.kind} cannot be answered with {type(reply).__name__}")
        if ask.opened is not None:
            return await self._open(ask, ask.opened)
        if ask.way == "message" or (ask.kind == "submission" and ask.way == "dialog"):
            return None
        if ask.in_modal and ask.dialog is not None:
            return _dialog(filled(ask.dialog, ask.data))
        words = self.bot.render.words("edge/noted")
        return words_for_presser(words.headline) if ask.way == "card" else closing_words(words.headline)

    async def _open(self, ask: TeamsAsk, view: Json) -> Json | None:
        if ask.way == "dialog":
            return _dialog(view)
        if ask.way == "card":
            raise NotShown("a card cannot open a dialog")
        # A message cannot open one either: it is answered with a button that can, and that asks the same again.
        again = {"verb": ask.name, "text": "Open", "value": ask.value, "style": "primary"}
        words = self.bot.render.words("edge/open_here", title=view["title"])
        await self.bot.say(ask.activity, ask.shape("message", words=words, buttons=[again]), to_them=False)
        return None

    async def _shown(self, ask: TeamsAsk, home: Json) -> Json | None:
        match ask.way:
            case "card":
                return card_for_presser(home["card"])
            case "dialog":
                return dialog("Convenor", home["card"])
        await self.bot.say(ask.activity, home, to_them=True)
        return None

    async def _noted(self, ask: TeamsAsk, note: Json) -> Json | None:
        match ask.way:
            case "card":
                return await self._on_card(ask, words_of(note["card"]))
            case "dialog":
                return closing_words(words_of(note["card"]))
        await self.bot.say(ask.activity, note, to_them=True)
        return None

    async def _on_card(self, ask: TeamsAsk, text: str) -> Json:
        """Words for who pressed; on a card that they see in a way of their own, that view as it has become."""
        within = ask.ours.get("within")
        verb = self.verbs.find(Aim(kind="press", name=str(within["verb"]))) if within else None
        if within is None or verb is None:
            return words_for_presser(text)
        try:
            seen = await verb.handler(replace(ask, name=verb.aim.name, value=str(within["value"]), ours={}))
        except Refused:  # what they did took the list from them: passed on, say
            return words_for_presser(text)
        return (
            card_for_presser(_own(ask, seen.message, text))
            if isinstance(seen, Own)
            else words_for_presser(text)
        )

    def _to_mend(self, ask: TeamsAsk, problems: Mapping[str, str], again: Json | None) -> Json:
        shown = again or ask.dialog
        if shown is None:
            raise NotShown("the dialog came back without itself")
        before = filled(shown, ask.data)
        return _dialog(mended(before, problems), before)

    async def _explained(self, ask: TeamsAsk, error: Exception) -> Json | None:
        if isinstance(error, HeardBefore) and ask.kind == "press":
            return words_for_presser(str(error)) if ask.way == "card" else closing_words(str(error))
        if isinstance(error, Invalid) and ask.in_modal and (ask.dialog is not None):
            return self._to_mend(ask, error.problems, None)
        if isinstance(error, TooLate) and ask.activity.on:
            await self._offers_the_current(ask)
        where = {
            "kind": ask.kind,
            "verb": ask.name,
            "tenant": ask.activity.tenant,
            "user": ask.activity.person,
        }
        return await self._told(ask, explained(self.bot, error, where))

    async def _offers_the_current(self, ask: TeamsAsk) -> None:
        """What was pressed is behind the record: it is edited, or where nothing edits it another is offered."""
        if await self.bot.renew(ask.activity) or not ask.name.startswith("action."):
            return
        button = {"verb": "actions.own", "text": "My actions as they are now"}
        words = self.bot.render.words("edge/overtaken")
        await self.bot.say(ask.activity, ask.shape("message", words=words, buttons=[button]), to_them=True)

    async def _told(self, ask: TeamsAsk, words: Words) -> Json | None:
        """On the surface in use: a dialog keeps what was typed, with the explanation above it."""
        match ask.way:
            case "card":
                return await self._on_card(ask, words.text)
            case "dialog" if ask.in_modal and ask.dialog is not None:
                before = filled(ask.dialog, ask.data)
                return _dialog(mended(before, {"": words.text}), before)
            case "dialog":
                return _dialog(ask.shape("notice", words=words))
        # What one person may not do is nobody else's business; a stranger has no chat with us to be told in.
        to_them = ask.known is not None
        await self.bot.say(ask.activity, ask.shape("message", words=words), to_them=to_them)
        return None


def _kept(ask: TeamsAsk, view: Json) -> Json:
    """The same dialog drawn afresh keeps what was typed, as a modal of Slack's does."""
    same = ask.dialog is not None and ask.dialog["verb"] == view["verb"]
    return filled(view, ask.data) if same else view


def _own(ask: TeamsAsk, message: Json, text: str = "") -> Json:
    """The card of a message for this person alone, which goes on being asked for them; `text` stands on top."""
    card = message["card"]
    if refresh := message.get("refresh"):
        card = {**card, "refresh": {**refresh, "userIds": [ask.activity.sender]}}
    return said_on_top(card, text) if text else card


def _dialog(view: Json, before: Json | None = None) -> Json:
    shown = armed(view, new_id(), before)
    return dialog(shown["title"], shown["card"])
