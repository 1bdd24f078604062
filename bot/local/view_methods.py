"""views.*: modals and App Home."""

from typing import TYPE_CHECKING, Any

from bot.local.blockkit import VIEW_BYTES, Surface, faults
from bot.local.calls import Call
from bot.local.refusals import SlackRefuses

if TYPE_CHECKING:
    from bot.local.world import World

Json = dict[str, Any]


def _view(call: Call, surface: Surface) -> Json:
    view = call.thing("view")
    if not isinstance(view, dict):
        raise SlackRefuses("invalid_arguments", ["[ERROR] missing required field: view"])
    wrong = faults(view, surface)
    if any(f"at most {VIEW_BYTES}" in one for one in wrong):
        raise SlackRefuses("view_too_large", wrong)
    if wrong:
        raise SlackRefuses("invalid_arguments", [f"[ERROR] {one}" for one in wrong])
    return view


def open_(world: "World", call: Call) -> Json:
    """views.open: refused views do not cost the trigger."""
    return {"view": world.stage.open(call.text("trigger_id"), _view(call, "modal"))}


def push(world: "World", call: Call) -> Json:
    """views.push."""
    return {"view": world.stage.push(call.text("trigger_id"), _view(call, "modal"))}


def update(world: "World", call: Call) -> Json:
    """views.update, by view_id or external_id, guarded by hash when one is given."""
    view_id, external_id = call.text("view_id", ""), call.text("external_id", "")
    if bool(view_id) == bool(external_id):
        raise SlackRefuses("invalid_arguments", ["[ERROR] give view_id or external_id"])
    view = _view(call, "modal")
    return {"view": world.stage.update(view, view_id, external_id, call.text("hash", ""))}


def publish(world: "World", call: Call) -> Json:
    """views.publish."""
    user = call.text("user_id")
    if user not in world.people:
        raise SlackRefuses("user_not_found")
    return {"view": world.stage.publish(user, _view(call, "home"), call.text("hash", ""))}


METHODS = {"views.open": open_, "views.push": push, "views.update": update, "views.publish": publish}
