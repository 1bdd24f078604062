"""Triage: review the details, weigh the threshold, decide (S3-19); read and challenge a decision."""

import json

from bot.domain.criteria import Finding
from bot.domain.criteria import Verdict as Weighed
from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Clear, Push, Reply, Update
from bot.usecases.open_referral import open_referral, open_threshold, open_verdict
from bot.usecases.refer import challenge, give_information
from bot.usecases.triage import Ruling, decide
from bot.views.referrals import Details, Threshold, Verdict

verbs = Verbs()

WEIGHED = "weigh:"
"""Begins the block id of a criterion, before the criterion's own id."""


@verbs.press("triage.review")
async def review(ask: Ask) -> None:
    """Open a referral's details; refused and recorded for anybody who may not."""
    found = await ask.bot.run(open_referral, ask.bot.practice, ask.value, 0, by=ask.person, now=ask.bot.now())
    await ask.open(details_view(ask, found))


@verbs.press("referral.part")
async def turn(ask: Ask) -> Reply:
    """Another page of the details."""
    id, _, number = ask.value.partition(":")
    found = await ask.bot.run(
        open_referral, ask.bot.practice, id, int(number or 0), by=ask.person, now=ask.bot.now()
    )
    return Update(details_view(ask, found))


@verbs.press("triage.decide")
async def weigh(ask: Ask) -> Reply:
    """The threshold and the decision, on top of the details."""
    found = await ask.bot.run(open_threshold, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return Push(threshold_view(ask, found))


@verbs.submission("triage.decide")
async def decided(ask: Ask) -> Reply:
    """The decision itself, with its reason."""
    answers = ask.answers
    findings = {
        block.removeprefix(WEIGHED): Finding(verdict=Weighed(str(answer)))
        for block, answer in answers.items()
        if block.startswith(WEIGHED) and answer
    }
    ruling = Ruling(
        outcome=str(answers.get("outcome") or ""),
        reason=str(answers.get("reason") or ""),
        redirect_to=str(answers["redirect_to"]) if answers.get("redirect_to") else None,
        findings=findings,
        coordinator_id=str(answers["coordinator"]) if answers.get("coordinator") else None,
        repeat_of=str(answers.get("repeat_of") or ""),
    )
    await ask.bot.run(
        decide, ask.bot.practice, str(ask.ids["referral"]), ruling, by=ask.person, now=ask.bot.now()
    )
    return Clear()


@verbs.press("referral.decision")
@verbs.press("referral.outcome")
async def read_decision(ask: Ask) -> None:
    """The referrer reads why, and how to challenge it."""
    found = await ask.bot.run(open_verdict, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await ask.open(verdict_view(ask, found))


@verbs.press("referral.challenge")
async def ask_why(ask: Ask) -> Reply | None:
    """Ask for the reason of a challenge."""
    view = note_view(ask, "challenge", ask.value)
    if ask.in_modal:
        return Push(view)
    await ask.open(view)
    return None


@verbs.submission("referral.challenge")
async def challenged(ask: Ask) -> Reply:
    """The challenge goes back to triage."""
    ref = await ask.bot.run(
        challenge,
        str(ask.ids["referral"]),
        str(ask.answers.get("reason") or ""),
        by=ask.person,
        now=ask.bot.now(),
    )
    return Update(thanks_view(ask, "challenged", ref))


@verbs.press("referral.inform")
async def ask_for_information(ask: Ask) -> Reply | None:
    """A box for what triage asked for."""
    view = note_view(ask, "inform", ask.value)
    if ask.in_modal:
        return Push(view)
    await ask.open(view)
    return None


@verbs.submission("referral.inform")
async def informed(ask: Ask) -> Reply:
    """The information joins the referral, which goes back to triage."""
    ref = await ask.bot.run(
        give_information,
        str(ask.ids["referral"]),
        str(ask.answers.get("text") or ""),
        by=ask.person,
        now=ask.bot.now(),
    )
    return Update(thanks_view(ask, "informed", ref))


def details_view(ask: Ask, found: Details) -> Json:
    """One page of a referral's details as a modal."""
    return ask.shape("details", view=found)


def threshold_view(ask: Ask, found: Threshold) -> Json:
    """The criteria, the duties and the decision as a modal."""
    return ask.shape("threshold", view=found, private_metadata=json.dumps({"referral": found.id}))


def verdict_view(ask: Ask, found: Verdict) -> Json:
    """A decision as its referrer reads it."""
    words = ask.bot.render.words("verdict", view=found, zone=ask.bot.practice.area.zone)
    return ask.shape("verdict", words=words, view=found)


def note_view(ask: Ask, kind: str, referral: str) -> Json:
    """A single question about a referral: `challenge` or `inform`."""
    return ask.shape(f"referral_{kind}", private_metadata=json.dumps({"referral": referral}))


def thanks_view(ask: Ask, words: str, ref: str) -> Json:
    """A short confirmation in the place of the form."""
    return ask.shape("notice", words=ask.bot.render.words(words, ref=ref))
