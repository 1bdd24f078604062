"""The people of a case: what they want, what they say, how to reach them safely, who they are, where they live."""

from datetime import date

from bot.domain.area import Practice
from bot.domain.forms import Answer, chosen
from bot.domain.safe_contact import ROUTES, SafeContact
from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.cases import case_view
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.pages import fitting
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Options, Reply, Update
from bot.usecases.account import HEADS, Account, open_account, record_account
from bot.usecases.looks.forms import names_in_register
from bot.usecases.open_case import open_case
from bot.usecases.safe_contact import open_safe_contact, record_safe_contact
from bot.usecases.subjects import (
    Described,
    Tied,
    open_addresses,
    open_subject,
    open_subjects,
    open_whose,
    record_subject,
    tie_subject,
)
from bot.usecases.wishes import Asked, open_wishes, record_wishes

verbs = Verbs()


@verbs.press("wishes.open")
async def what_they_want(ask: Ask) -> None:
    """The form about wanted outcomes; the value is the case."""
    form = await ask.bot.run(open_wishes, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("wishes", view=form, private_metadata=ids(case=form.case_id)))


@verbs.submission("wishes.record")
async def wanted(ask: Ask) -> Reply:
    """Kept beside what they said before; the file opens at it."""
    met = {
        block.removeprefix("met-"): (said(answer), text(ask, f"word-{block.removeprefix('met-')}"))
        for block, answer in ask.answers.items()
        if block.startswith("met-")
    }
    asked = Asked(
        moment=text(ask, "moment"),
        asked=text(ask, "asked"),
        why_not=text(ask, "why_not"),
        wants=tuple(text(ask, "wants").splitlines()),
        met=met,
        safer=text(ask, "safer"),
        safer_words=text(ask, "safer_words"),
    )
    case = await ask.once(record_wishes, practice(ask), case_of(ask), asked, by=ask.person, now=ask.bot.now())
    return await file_at(ask, case, "wishes")


@verbs.press("account.open")
async def about_the_person(ask: Ask) -> None:
    """The form about what the person says of themselves; the value is the case."""
    form = await ask.bot.run(open_account, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("account", view=form, private_metadata=ids(case=form.case_id)))


@verbs.submission("account.record")
async def told(ask: Ask) -> Reply:
    """A new version; the file opens at it."""
    account = Account(
        **{head: text(ask, head) for head in HEADS},
        advocacy=text(ask, "advocacy"),
        advocacy_on=a_day(ask.answers.get("advocacy_on")),
    )
    case = await ask.once(
        record_account, practice(ask), case_of(ask), account, by=ask.person, now=ask.bot.now()
    )
    return await file_at(ask, case, "account")


@verbs.press("safe.open")
async def safe_contact(ask: Ask) -> None:
    """The form about safe contact; the value is the case and, after a colon, who, if not the person at the middle."""
    case, _, subject = ask.value.partition(":")
    form = await ask.bot.run(
        open_safe_contact, ask.bot.practice, case, subject, by=ask.person, now=ask.bot.now()
    )
    carried = ids(case=case, subject=subject)
    await show(ask, ask.shape("safe_contact", view=form, private_metadata=carried))


@verbs.submission("safe.record")
async def reached(ask: Ask) -> Reply:
    """A new version; the file opens at it."""
    known = SafeContact(
        **{route: text(ask, route) for route in ROUTES},
        number=text(ask, "number"),
        times=text(ask, "times"),
        words=text(ask, "words"),
        never=text(ask, "never"),
    )
    subject = str(ask.ids.get("subject") or "")
    case = await ask.once(
        record_safe_contact, practice(ask), case_of(ask), known, subject, by=ask.person, now=ask.bot.now()
    )
    return await file_at(ask, case, "safe_contact")


@verbs.press("subject.list")
async def people(ask: Ask) -> None:
    """The people of the case; the value is the case."""
    sheet = await ask.bot.run(open_subjects, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("subjects", view=sheet))


@verbs.press("subject.edit")
async def one_of_them(ask: Ask) -> None:
    """One of them, or somebody new; the value is the case and, after a colon, who."""
    case, _, subject = ask.value.partition(":")
    form = await ask.bot.run(open_subject, ask.bot.practice, case, subject, by=ask.person, now=ask.bot.now())
    carried = ids(case=case, subject=subject)
    await show(ask, ask.shape("subject", view=form, private_metadata=carried))


@verbs.submission("subject.record")
async def described(ask: Ask) -> Reply:
    """One of them put right, or somebody new; the file opens at them."""
    person = Described(
        role=text(ask, "role"),
        name=text(ask, "name"),
        born=text(ask, "born"),
        address=text(ask, "address"),
        more=text(ask, "more"),
        remove="remove" in chosen(ask.answers.get("remove")),
    )
    subject = str(ask.ids.get("subject") or "")
    case = await ask.once(
        record_subject, practice(ask), case_of(ask), subject, person, by=ask.person, now=ask.bot.now()
    )
    return await file_at(ask, case, "subjects")


@verbs.press("subject.tie")
async def ties(ask: Ask) -> None:
    """The form about a tie; the value is the case."""
    sheet = await ask.bot.run(open_subjects, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("subject_tie", view=sheet, private_metadata=ids(case=sheet.case_id)))


@verbs.submission("subject.tied")
async def tied(ask: Ask) -> Reply:
    """Kept; whoever must not see the case is kept out of it from now on."""
    tie = Tied(
        subject_id=text(ask, "subject"),
        relation=text(ask, "relation"),
        to_subject_id=text(ask, "other"),
        to_person_id=text(ask, "person"),
        must_not_see="bar" in chosen(ask.answers.get("must_not_see")),
    )
    case = await ask.once(tie_subject, practice(ask), case_of(ask), tie, by=ask.person, now=ask.bot.now())
    return await file_at(ask, case, "subjects")


@verbs.options("subject.person")
async def professionals(ask: Ask) -> Reply:
    """Who could be kept out, as they are typed for: where the register is longer than a list can be."""
    found = await ask.bot.read(names_in_register, ask.person)
    return Options(fitting(found.people, ask.value))


@verbs.press("address.whose")
async def whose(ask: Ask) -> None:
    """Whose address is needed; the value is the case."""
    sheet = await ask.bot.run(open_whose, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("address_whose", view=sheet, private_metadata=ids(case=sheet.case_id)))


@verbs.submission("address.open")
async def addresses(ask: Ask) -> Reply:
    """The addresses, with who asked on the record; two sides together only with a reason."""
    subjects = tuple(chosen(ask.answers.get("subjects")))
    found = await ask.bot.run(
        open_addresses,
        practice(ask),
        case_of(ask),
        subjects,
        text(ask, "why"),
        by=ask.person,
        now=ask.bot.now(),
    )
    return Update(ask.shape("addresses", view=found))


async def file_at(ask: Ask, case: str, kind: str) -> Reply:
    """The case's file, open at what was just written."""
    found = await ask.bot.run(
        open_case, ask.bot.practice, case, 0, kind=kind, by=ask.person, now=ask.bot.now()
    )
    return Update(case_view(ask, found))


def practice(ask: Ask) -> Practice:
    """The area and its pathways."""
    return ask.bot.practice


def case_of(ask: Ask) -> str:
    """The case that this form is about."""
    return str(ask.ids["case"])


def text(ask: Ask, field: str) -> str:
    """What was typed or chosen there, empty for nothing."""
    return said(ask.answers.get(field))


def said(answer: Answer) -> str:
    """An answer that is one text, empty for anything else."""
    return answer if isinstance(answer, str) else ""


def a_day(answer: Answer) -> date | None:
    """The day that was picked, None for none."""
    return date.fromisoformat(answer) if isinstance(answer, str) and answer else None
