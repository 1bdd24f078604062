"""What a pathway must keep to as a whole, beyond each setting's own type (model.md section 7, last part)."""

import re
from collections.abc import Iterable, Iterator

from bot.domain.criteria import AnswerSays, Count, DateSays, Leaf, Node, Not, NumberSays, ToolSays
from bot.domain.dispute import DEFAULT as DEFAULT_DISPUTE
from bot.domain.involvement import TOO_SECRET
from bot.domain.pathway import Pathway, Rung, Stage
from bot.domain.sensitivity import may_leave
from bot.domain.workdays import Length, Nation, Unit
from bot.pathways.faults import Path
from bot.pathways.promptrules import prompt_rules
from bot.pathways.questionrules import (
    HEADLINE,
    LABEL,
    OPTION,
    PARAGRAPH,
    TITLE,
    Complaint,
    condition_rules,
    ids,
    known_fields,
    question_rules,
    too_long,
)
from bot.pathways.vocabulary import (
    ACTION_MAY,
    ACTION_MUST,
    CHANNEL_WORDS,
    CLOSURE_NEEDS,
    NEVER,
    ROLES,
    TEXTS,
)

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_VERSION = re.compile(r"\d+\.\d+\.\d+")


def complaints(pathway: Pathway) -> Iterator[Complaint]:
    """Everything that the file may not say, each with its place in the file."""
    yield from _naming(pathway)
    yield from question_rules(pathway)
    yield from _criteria(pathway)
    yield from _people(pathway)
    yield from _meetings(pathway)
    yield from _involvement(pathway)
    yield from _lists(pathway)
    yield from _sharing(pathway)
    yield from _incidents(pathway)
    yield from _case_roles(pathway)
    yield from _indicators(pathway)
    yield from _wording(pathway)
    yield from _privacy(pathway)
    yield from prompt_rules(pathway)


def _naming(pathway: Pathway) -> Iterator[Complaint]:
    yield from too_long(pathway.title, TITLE, ("title",))
    yield from too_long(pathway.emergency.headline, HEADLINE, ("emergency", "headline"))
    yield from too_long(pathway.emergency.text, PARAGRAPH, ("emergency", "text"))
    if not _NAME.fullmatch(pathway.id):
        yield ("id",), "must be lower-case words joined by hyphens"
    if not _VERSION.fullmatch(pathway.version):
        yield ("version",), "must be three numbers such as 1.0.0"
    if pathway.nation is not None and pathway.nation not in set(Nation):
        yield ("nation",), f"must be one of {', '.join(Nation)}, or `area` for the area's own"
    for index, alias in enumerate(pathway.aliases):
        if not _NAME.fullmatch(alias):
            yield ("aliases", index), "must be lower-case words joined by hyphens"
        if alias == pathway.id or alias in pathway.aliases[:index]:
            yield ("aliases", index), f"“{alias}” is named already"


def _criteria(pathway: Pathway) -> Iterator[Complaint]:
    placed = list(_leaves(pathway.criteria, ("criteria",)))
    yield from ids(((leaf.id, (*at, "id")) for leaf, at in placed), "criterion")
    fields = known_fields(pathway)
    for leaf, at in placed:
        says, where = leaf.says, (*at, "says")
        if isinstance(says, AnswerSays):
            yield from condition_rules(says.met_if, fields, (*where, "met_if"))
        if isinstance(says, AnswerSays | DateSays) and says.not_if is not None:
            yield from condition_rules(says.not_if, fields, (*where, "not_if"))
        if isinstance(says, NumberSays | DateSays):
            name = "number" if isinstance(says, NumberSays) else "date"
            field = fields.get(says.field)
            if field is None or field.kind != name:
                yield (*where, name), f"there is no {name} field “{says.field}”"
        if isinstance(says, DateSays):
            yield from _window(says.within, (*where, "within"))
        if isinstance(says, ToolSays) and pathway.tool is None:
            yield (*where, "tool"), "the pathway has no risk tool"
        if isinstance(says, ToolSays) and pathway.tool and says.at_least > len(pathway.tool.questions):
            yield (*where, "at_least"), f"the tool has only {len(pathway.tool.questions)} questions"
    for count, at in _counts(pathway.criteria, ("criteria",)):
        if not 1 <= count.at_least <= len(count.of):
            yield (*at, "count", "at_least"), f"must be from 1 to {len(count.of)}"


def _leaves(node: Node, at: Path) -> Iterator[tuple[Leaf, Path]]:
    if isinstance(node, Leaf):
        yield node, at
    for part, where in _parts(node, at):
        yield from _leaves(part, where)


def _counts(node: Node, at: Path) -> Iterator[tuple[Count, Path]]:
    if isinstance(node, Count):
        yield node, at
    for part, where in _parts(node, at):
        yield from _counts(part, where)


def _parts(node: Node, at: Path) -> Iterator[tuple[Node, Path]]:
    if isinstance(node, Not):
        yield node.of, (*at, "not")
    elif not isinstance(node, Leaf):
        inner: Path = (*at, "count", "of") if isinstance(node, Count) else (*at, type(node).__name__.lower())
        for index, part in enumerate(node.of):
            yield part, (*inner, index)


def _people(pathway: Pathway) -> Iterator[Complaint]:
    for id in pathway.roles:
        if id not in ROLES:
            yield ("roles", id), f"no such role: choose from {', '.join(sorted(ROLES))}"
    named: list[tuple[str, Path]] = [
        (pathway.triage.owner, ("triage", "owner")),
        (pathway.closure.by, ("closure", "by")),
        (pathway.closure.authoriser, ("closure", "authoriser")),
    ]
    named += [(role, ("closure", "also", index)) for index, role in enumerate(pathway.closure.also)]
    named += [
        (tier.role, ("dispute", "tiers", index, "role"))
        for index, tier in enumerate(pathway.dispute.tiers)
        if pathway.dispute != DEFAULT_DISPUTE
    ]
    named += [(stage.owner, ("stages", index, "owner")) for index, stage in enumerate(pathway.stages)]
    for role, at in named:
        if role not in pathway.roles:
            yield at, f"“{role}” is not among this pathway's roles"
    if pathway.minutes.due.unit not in (Unit.WD, Unit.DAYS, Unit.SAME_DAY):
        yield ("minutes", "due"), "is counted in working days or days"
    if pathway.minutes.approver not in pathway.roles:
        yield ("minutes", "approver"), f"“{pathway.minutes.approver}” is not among this pathway's roles"
    authoriser = pathway.roles.get(pathway.closure.authoriser)
    if authoriser is not None and authoriser.held_by != "person":
        yield ("closure", "authoriser"), "must be a role held by a person"
    yield from _closure(pathway)
    kinds = {choice.id for choice in pathway.decisions}
    for kind, role in pathway.authorised_by.items():
        held = pathway.roles.get(role)
        if kind not in kinds:
            yield ("authorised_by", kind), f"there is no decision “{kind}”"
        elif held is None:
            yield ("authorised_by", kind), f"“{role}” is not among this pathway's roles"
        elif held.held_by != "person":
            yield ("authorised_by", kind), "must be a role held by a person"
    yield from _dispute(pathway)
    yield from _ladder(pathway, pathway.ladder, ("ladder",))
    yield from _ladder(pathway, pathway.triage.ladder, ("triage", "ladder"))


def _closure(pathway: Pathway) -> Iterator[Complaint]:
    rule = pathway.closure
    proposer = pathway.roles.get(rule.by)
    if proposer is not None and proposer.held_by != "person":
        yield ("closure", "by"), "must be a role held by a person"
    for index, role in enumerate(rule.also):
        held = pathway.roles.get(role)
        if held is not None and held.held_by != "person":
            yield ("closure", "also", index), "must be a role held by a person"
        if role in rule.signatures[: index + 1]:
            yield ("closure", "also", index), f"“{role}” signs already"
    yield from _words(rule.needs, CLOSURE_NEEDS, ("closure", "needs"))


def _dispute(pathway: Pathway) -> Iterator[Complaint]:
    tiers = pathway.dispute.tiers
    if not tiers:
        yield ("dispute", "tiers"), "must name at least one tier, or leave the section out"
        return
    for index, tier in enumerate(tiers):
        yield from too_long(tier.title, TITLE, ("dispute", "tiers", index, "title"))
    # What nobody settles ends at somebody with a name (design.md rule 8).
    top = pathway.roles.get(tiers[-1].role)
    if top is not None and top.held_by != "person":
        yield ("dispute", "tiers", len(tiers) - 1, "role"), "the last tier must be a role held by a person"


def _ladder(pathway: Pathway, ladder: tuple[Rung, ...], at: Path) -> Iterator[Complaint]:
    if not ladder:
        yield at, "must have at least one rung"
        return
    for index, rung in enumerate(ladder):
        for role in rung.to:
            if role not in pathway.roles:
                yield (*at, index, "to"), f"“{role}” is not among this pathway's roles"
        if not rung.to:
            yield (*at, index, "to"), "must name somebody"
        if index and rung.offset <= ladder[index - 1].offset:
            yield (*at, index, "offset"), "must come later than the rung before"
    # A ladder never goes quiet, and ends at somebody with a name (design.md rule 8).
    top = [pathway.roles[role] for role in ladder[-1].to if role in pathway.roles]
    if not any(role.held_by == "person" for role in top):
        yield (*at, len(ladder) - 1, "to"), "the last rung must be a role held by a person"


def _meetings(pathway: Pathway) -> Iterator[Complaint]:
    yield from ids(((stage.id, ("stages", i, "id")) for i, stage in enumerate(pathway.stages)), "stage")
    per_case = sum(part.minutes for part in pathway.agenda if part.per_case)
    for index, stage in enumerate(pathway.stages):
        at: Path = ("stages", index)
        yield from too_long(stage.title, TITLE, (*at, "title"))
        if stage.length <= 0:
            yield (*at, "length"), "must be minutes, 1 or more"
        if stage.recurs is not None:
            month = stage.recurs.every == "month"
            if (stage.recurs.nth is not None) != month or (month and stage.recurs.nth not in range(1, 5)):
                yield (*at, "recurs", "nth"), "a monthly panel needs nth from 1 to 4, any other none"
        yield from _lead_times(stage, at)
        if stage.minutes_per_case and stage.kind == "panel" and per_case > stage.minutes_per_case:
            yield (
                (*at, "minutes_per_case"),
                f"is {stage.minutes_per_case}, but the agenda's parts for a case take {per_case}",
            )
    if not any(stage.kind == "panel" for stage in pathway.stages):
        yield ("stages",), "must hold a panel, where cases are heard"
    invited = {invitee.agency_type for invitee in pathway.invite}
    for index, agency in enumerate(pathway.quorum.required):
        if agency not in invited:
            yield ("quorum", "required", index), f"“{agency}” is never invited"
    if not 1 <= pathway.quorum.min_agencies <= len(invited):
        yield ("quorum", "min_agencies"), f"must be from 1 to {len(invited)}, the types of agency invited"
    if pathway.review.due.unit is Unit.HOURS:
        yield ("review", "due"), "is counted from the day of the meeting: give working days, days or months"
    if pathway.repeat is not None:
        yield from _window(pathway.repeat.window, ("repeat", "window"))


def _involvement(pathway: Pathway) -> Iterator[Complaint]:
    """Expertise is only missed of agencies that are asked; what is told of the person is the least that is needed."""
    rule, fields = pathway.involvement, known_fields(pathway)
    invited = {invitee.agency_type for invitee in pathway.invite}
    for index, agency in enumerate(rule.expertise):
        if agency not in (rule.ask or invited):
            yield ("involvement", "expertise", index), f"“{agency}” is never asked"
    for index, id in enumerate(rule.identify):
        at: Path = ("involvement", "identify", index)
        field = fields.get(id)
        if field is None:
            yield at, f"there is no field “{id}”"
        elif field.sensitivity >= TOO_SECRET:
            yield at, f"“{id}” has sensitivity {int(field.sensitivity)}; to look somebody up, 3 is the most"
        elif field.kind == "long_text":
            yield at, f"“{id}” is a story; name only what somebody can be looked up by"


def _lead_times(stage: Stage, at: Path) -> Iterator[Complaint]:
    """People are invited before the list closes, and it closes before the agenda goes out."""
    closes, out = stage.list_closes_wd, stage.agenda_out_wd
    for name, days in (("list_closes", closes), ("agenda_out", out)):
        if days is not None and not stage.many_cases:
            yield (
                (*at, name),
                "is only for a meeting that hears several cases: set many_cases: true, or leave it out",
            )
        if days is not None and stage.recurs is not None and days > stage.recurs.invite_wd:
            yield (
                (*at, name),
                f"is {days} working days before, but people are invited {stage.recurs.invite_wd} before:"
                f" set recurs.invite to {{wd: {days}}} or more",
            )
    if closes is not None and out is not None and closes <= out:
        yield (
            (*at, "list_closes"),
            f"must come before the agenda goes out ({out} working days before): set {{wd: {out + 1}}} or more",
        )


def _window(window: Length, at: Path) -> Iterator[Complaint]:
    if window.unit not in (Unit.MONTHS, Unit.DAYS):
        yield at, "a window is counted in months or days"


def _lists(pathway: Pathway) -> Iterator[Complaint]:
    choices = {"decisions": pathway.decisions, "laws": pathway.laws}
    for name, listed in (*choices.items(), ("categories", pathway.actions.categories)):
        at: Path = ("actions", "categories") if name == "categories" else (name,)
        yield from ids(((choice.id, (*at, i)) for i, choice in enumerate(listed)), "choice")
        for index, choice in enumerate(listed):
            yield from too_long(choice.label, OPTION, (*at, index))
        if not 1 <= len(listed) <= 100:
            yield at, "must hold 1 to 100 choices"
    for name, entries in (
        ("duties", [duty.id for duty in pathway.duties]),
        ("redirects", [redirect.id for redirect in pathway.redirects]),
        ("prompts", [prompt.id for prompt in pathway.prompts]),
        ("agenda", [part.id for part in pathway.agenda]),
        ("onward", [route.id for route in pathway.onward]),
    ):
        yield from ids(((id, (name, index, "id")) for index, id in enumerate(entries)), "entry")
    for index, redirect in enumerate(pathway.redirects):
        yield from too_long(redirect.label, OPTION, ("redirects", index, "label"))
        yield from too_long(redirect.text, PARAGRAPH, ("redirects", index, "text"))
        if not redirect.text.strip():
            # Whoever is sent elsewhere hears of it by these words alone.
            yield ("redirects", index, "text"), "must say what the referrer is to do next"
    for index, prompt in enumerate(pathway.prompts):
        yield from too_long(prompt.text, LABEL, ("prompts", index))


def _case_roles(pathway: Pathway) -> Iterator[Complaint]:
    """The roles that agencies settle: each is one question of a dialog (S2-28)."""
    yield from ids(((each.id, ("case_roles", i)) for i, each in enumerate(pathway.case_roles)), "role")
    for index, each in enumerate(pathway.case_roles):
        yield from too_long(each.label, OPTION, ("case_roles", index))
    if not 1 <= len(pathway.case_roles) <= 20:
        yield ("case_roles",), "must hold 1 to 20 roles, or be left out for the usual ones"


def _indicators(pathway: Pathway) -> Iterator[Complaint]:
    """What is measured at reviews: each is one question of a dialog, and a panel of a picture (S5-26)."""
    yield from ids(
        ((each.id, ("indicators", i, "id")) for i, each in enumerate(pathway.indicators)), "measure"
    )
    for index, each in enumerate(pathway.indicators):
        at: Path = ("indicators", index)
        yield from too_long(each.label, OPTION, (*at, "label"))
        for n, step in enumerate(each.steps):
            yield from too_long(step, OPTION, (*at, "steps", n))
        if each.id in ("on", "word"):
            yield (*at, "id"), "is taken by a question that every reading asks: choose another"
        if each.steps and not 2 <= len(each.steps) <= 5:
            yield (*at, "steps"), "must hold 2 to 5 words, the lowest first, or be left out for a number"
    if not 1 <= len(pathway.indicators) <= 6:
        yield ("indicators",), "must hold 1 to 6 measures, or be left out for the usual four"


def _sharing(pathway: Pathway) -> Iterator[Complaint]:
    rules = pathway.sharing
    for name, listed in (
        ("purposes", rules.purposes),
        ("bases", rules.bases),
        ("conditions", rules.conditions),
        ("grounds", rules.grounds),
    ):
        at: Path = ("sharing", name)
        yield from ids(((choice.id, (*at, i)) for i, choice in enumerate(listed)), "choice")
        for index, choice in enumerate(listed):
            yield from too_long(choice.label, OPTION, (*at, index))
        if not listed and name != "grounds":
            yield at, "must hold a choice, or be left out for the usual list"
    for index, guide in enumerate(rules.guides):
        yield from too_long(guide.title, OPTION, ("sharing", "guides", index, "title"))
        if not guide.url.startswith("https://"):
            yield ("sharing", "guides", index, "url"), "must begin with https://"


def _incidents(pathway: Pathway) -> Iterator[Complaint]:
    """Kinds of incident: how many of them ask for a review, and within which time (S5-22)."""
    yield from ids(((each.id, ("incidents", i, "id")) for i, each in enumerate(pathway.incidents)), "kind")
    for index, each in enumerate(pathway.incidents):
        at: Path = ("incidents", index)
        yield from too_long(each.label, OPTION, (*at, "label"))
        if each.review_at is not None and each.review_at < 1:
            yield (*at, "review_at"), "must be 1 or more incidents, or left out"
        if (each.review_at is None) != (each.within is None):
            yield at, "give both review_at and within, or neither: so many incidents within so long"
        if each.within is not None:
            yield from _window(each.within, (*at, "within"))


def _wording(pathway: Pathway) -> Iterator[Complaint]:
    fields = known_fields(pathway)
    for index, duty in enumerate(pathway.duties):
        for each in duty.fields:
            if each not in fields:
                yield ("duties", index, "fields"), f"there is no field “{each}”"
    if missing := ACTION_MUST - set(pathway.actions.need):
        yield ("actions", "need"), f"an action always needs {', '.join(sorted(missing))} too"
    yield from _words(pathway.actions.need, ACTION_MAY, ("actions", "need"))
    categories = frozenset(choice.id for choice in pathway.actions.categories)
    yield from _words(pathway.actions.contact, categories, ("actions", "contact"))
    yield from _words(pathway.never, NEVER, ("never",))
    for id in sorted(set(pathway.texts) - TEXTS):
        yield ("texts", id), f"no such text: choose from {', '.join(sorted(TEXTS))}"
    for id in sorted(TEXTS - set(pathway.texts)):
        yield ("texts", id), "must be given"
    for id, text in pathway.texts.items():
        yield from too_long(text, PARAGRAPH, ("texts", id))
    if pathway.triage.same_day_if is not None:
        yield from condition_rules(pathway.triage.same_day_if, fields, ("triage", "same_day_if"))


def _words(words: Iterable[str], known: frozenset[str], at: Path) -> Iterator[Complaint]:
    for index, word in enumerate(words):
        if word not in known:
            yield (*at, index), f"must be one of {', '.join(sorted(known))}"


def _privacy(pathway: Pathway) -> Iterator[Complaint]:
    # Allow-list: what is not known here may not go to a channel either (IG-01, IG-03).
    fields = known_fields(pathway)
    for index, word in enumerate(pathway.channel_view):
        mark = CHANNEL_WORDS.get(word, fields[word].sensitivity if word in fields else None)
        if mark is None:
            yield ("channel_view", index), f"there is no field “{word}”"
        elif not may_leave(mark):
            yield ("channel_view", index), f"“{word}” has sensitivity {int(mark)}; a channel may show 0 and 1"
    if pathway.retention.chat_days < 1:
        yield ("retention", "chat"), "must be one day or more"
