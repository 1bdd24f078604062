"""YAML without its surprises, and the line on which each part of it stands."""

import re
from collections.abc import Iterator
from pathlib import Path as File
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from bot.pathways.faults import BadPathway, Fault, Path

if TYPE_CHECKING:
    Loader = yaml.SafeLoader
else:
    Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster, where libyaml is there


class PlainYaml(Loader):
    """Only true and false, whole numbers and null are read as such: `no`, 17:00 and 1.10 stay text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own name, filled below


for _kind, _looks_like, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"-?(?:0|[1-9][0-9]{0,14})", "-0123456789"),  # 08 is text: YAML would count it in eights
    ("null", r"null|", "n"),
):
    PlainYaml.add_implicit_resolver(
        f"tag:yaml.org,2002:{_kind}", re.compile(rf"(?:{_looks_like})\Z"), [*_first, ""]
    )

Node: TypeAlias = yaml.Node
Settings: TypeAlias = yaml.MappingNode
Listing: TypeAlias = yaml.SequenceNode
"""What stands in a file: anything, `name: value` lines, a list."""


class Source:
    """One file: `plain` is what it says, `line` where it says so.

    Raises BadPathway when it is no YAML, when a key is given twice, or when it is no mapping at the top.
    """

    def __init__(self, file: File) -> None:
        self.name = file.name
        try:
            loader = PlainYaml(file.read_text(encoding="utf-8"))
            root = loader.get_single_node()
            if root is None:
                raise BadPathway([Fault(self.name, 1, "", "is empty")])
            if odd := list(_odd(root, (), ())):
                raise BadPathway(Fault(self.name, line, dotted(path), why) for line, path, why in odd)
            if twice := list(_twice(root, (), set())):
                raise BadPathway(Fault(self.name, line, dotted(path), "given twice") for line, path in twice)
            plain = loader.construct_document(root)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise BadPathway([Fault(self.name, line, "", f"no YAML: {error.problem}")]) from error
        except (UnicodeDecodeError, yaml.reader.ReaderError) as error:
            raise BadPathway([Fault(self.name, 1, "", "not a text file in UTF-8")]) from error
        except RecursionError as error:
            raise BadPathway([Fault(self.name, 1, "", "no YAML: nested too deeply")]) from error
        if not isinstance(plain, dict):
            raise BadPathway([Fault(self.name, 1, "", "must hold settings, one `name: value` a line")])
        self.root, self.plain = root, plain

    def line(self, path: Path) -> int:
        """The line of the deepest part of the path that is there; an index into a mapping counts its entries."""
        node: yaml.Node = self.root
        line = node.start_mark.line
        for step in path:
            found = _step(node, step)
            if found is None:
                break
            key, node = found
            line = key.start_mark.line
        return int(line) + 1


def dotted(path: Path) -> str:
    """A path as people write it: `stages.0.owner`."""
    return ".".join(map(str, path))


def _step(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        pairs = {key.value: (key, value) for key, value in node.value}
        if isinstance(step, int):
            return list(pairs.values())[step] if step < len(pairs) else None
        return pairs.get(step)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


_PLAIN = tuple(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "bool", "null", "map", "seq", "merge"))
_WHOLE = re.compile(r"-?[0-9]{1,15}")


def _odd(node: yaml.Node, path: Path, above: tuple[int, ...]) -> Iterator[tuple[int, Path, str]]:
    """What YAML allows and no pathway needs: `!tags`, keys that are no words, an anchor that holds itself."""
    line = node.start_mark.line + 1
    if id(node) in above:
        yield line, path, "no YAML: this holds itself"
    elif node.tag not in _PLAIN or (node.tag.endswith(":int") and not _WHOLE.fullmatch(node.value)):
        yield (
            line,
            path,
            f"no YAML: the mark {node.tag.replace('tag:yaml.org,2002:', '!!')} cannot stand here",
        )
    elif isinstance(node, yaml.SequenceNode):
        for index, part in enumerate(node.value):
            yield from _odd(part, (*path, index), (*above, id(node)))
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                yield key.start_mark.line + 1, path, "no YAML: a name here must be one word"
            else:
                yield from _odd(value, (*path, key.value), (*above, id(node)))


def _twice(node: yaml.Node, path: Path, seen: set[int]) -> Iterator[tuple[int, Path]]:
    """Keys given twice, with the line of the second; an anchor that holds itself is walked once."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for index, part in enumerate(node.value):
            yield from _twice(part, (*path, index), seen)
    elif isinstance(node, yaml.MappingNode):
        keys: set[object] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in keys:
                yield key.start_mark.line + 1, (*path, name)
            keys.add(name)
            yield from _twice(value, (*path, name), seen)
