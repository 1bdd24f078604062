"""The area's file in, an Area out: who we are, which pathways, which channels (CONVENOR_AREA; design.md rule 12)."""

from collections.abc import Mapping
from datetime import date, time
from pathlib import Path as File
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.functional_validators import BeforeValidator

from bot.domain.area import Area
from bot.domain.pathway import Pathway
from bot.domain.workdays import Nation
from bot.pathways.faults import BadPathway, Fault
from bot.pathways.plainyaml import Source, dotted


def _clock(value: object) -> object:
    return time.fromisoformat(value) if isinstance(value, str) else value


Clock = Annotated[time, BeforeValidator(_clock)]


class _AreaFile(BaseModel):
    """The file's own shape; an unknown key is a fault, so that a typing slip cannot pass in silence."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")
    name: str = Field(min_length=2)
    nation: Nation
    zone: Literal["Europe/London"] = "Europe/London"
    opens: Clock = time(9)
    shuts: Clock = time(17)
    closures: list[date] = []
    pathways: list[str] = Field(min_length=1)
    rooms: dict[str, str]
    retention: str = Field(min_length=3)
    contact: str = Field(min_length=5)
    out_of_hours: str = ""
    drill: bool = False


def read_area(file: File, pathways: Mapping[str, Pathway]) -> Area:
    """The area in one file. Raises BadPathway with every fault: file, line, what, and what to do about it.

    Refused: an unknown key, a pathway that is not at hand, a pathway or the triage team without a channel,
    missing retention (model.md section 11, item 1).
    """
    source = Source(file)
    try:
        said = _AreaFile.model_validate(source.plain)
    except ValidationError as error:
        raise BadPathway(_fault(source, fault["loc"], fault["msg"]) for fault in error.errors()) from error
    faults = []
    for number, id in enumerate(said.pathways):
        if id not in pathways:
            known = ", ".join(pathways)
            faults.append(_fault(source, ("pathways", number), f"no pathway “{id}”; there are: {known}"))
    for room in ("triage", "board", *said.pathways):
        if not said.rooms.get(room):
            faults.append(
                _fault(source, ("rooms", room), f"give the channel id for “{room}”, such as C0123456789")
            )
    if "SET_BY" in said.retention.upper():
        faults.append(
            _fault(source, ("retention",), "the DPO has to set how long records are kept, in words")
        )
    if said.opens >= said.shuts:
        faults.append(_fault(source, ("shuts",), "must be later than `opens`"))
    if faults:
        raise BadPathway(faults)
    return Area(
        **{
            **said.model_dump(),
            "closures": frozenset(said.closures),
            "pathways": tuple(said.pathways),
        }
    )


def _fault(source: Source, path: tuple[Any, ...], reason: str) -> Fault:
    return Fault(source.name, source.line(path), dotted(path), reason)
