"""Reading a YAML file into plain values that remember their lines.

Every scalar stays the text its author wrote: `12.70` keeps its zero and `no` is a word, whatever YAML makes of them.
Only an empty value is None. Types are decided later, by the model.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.program.faults import Fault

TAG = "tag:yaml.org,2002:"
NULL_TAG = f"{TAG}null"
PLAIN_TAGS = frozenset(f"{TAG}{name}" for name in ("str", "int", "float", "bool", "timestamp", "null", "value"))


class Table(dict[str, Any]):
    """A YAML mapping; `lines` holds the line of each key, `line` that of the mapping."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def put(self, key: str, value: object, line: int) -> None:
        self[key] = value
        self.lines[key] = line


class Rows(list[Any]):
    """A YAML list; `lines` holds the line of each entry."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []

    def put(self, value: object, line: int) -> None:
        self.append(value)
        self.lines.append(line)


@dataclass
class Source:
    """One file as read. With faults of reading, `data` holds what could be understood, or nothing."""

    path: Path
    data: Table = field(default_factory=lambda: Table(1))
    faults: list[Fault] = field(default_factory=list)

    def blame(self, line: int, what: str, remedy: str) -> None:
        self.faults.append(Fault(self.path, line, what, remedy))


def read_source(path: Path) -> Source:
    """Read one file; what is wrong with it ends up in `faults`, never in an exception."""
    source = Source(path)
    text = _text(source)
    if text is not None and not _tabs(source, text):
        root = _composed(source, text)
        if isinstance(root, MappingNode):
            source.data = _Reading(source).mapping(root)
        elif not source.faults:
            source.blame(1, "the file holds no fields", "write fields such as `name: value`, one a line")
    return source


def line_of(data: object, loc: tuple[int | str, ...]) -> int:
    """The line of the deepest part of `loc` that the file really has."""
    line = data.line if isinstance(data, Table | Rows) else 1
    for step in loc:
        if isinstance(data, Table) and step in data:
            line, data = data.lines[str(step)], data[str(step)]
        elif isinstance(data, Rows) and isinstance(step, int) and step < len(data):
            line, data = data.lines[step], data[step]
        else:
            break
    return line


def _text(source: Source) -> str | None:
    try:
        return source.path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.path.read_bytes()[: error.start].count(b"\n") + 1
        source.blame(line, "the file is not UTF-8 text", "save it as UTF-8")
    except FileNotFoundError:
        source.blame(1, "there is no such file", "check the name and the folder")
    except OSError as error:
        source.blame(1, f"the file cannot be read: {error.strerror}", "check that it is a readable file")
    return None


def _tabs(source: Source, text: str) -> bool:
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r" *\t", line) and line.strip():
            source.blame(number, "a tab indents this line", "indent with spaces")
    return bool(source.faults)


def _composed(source: Source, text: str) -> Node | None:
    """The nodes of a text. The C parser is six times as fast; the Python one finds better words for faults."""
    try:
        return _compose(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError):
        return _composed_or_blamed(source, text)


def _composed_or_blamed(source: Source, text: str) -> Node | None:
    try:
        return _compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        source.blame(mark.line + 1 if mark else 1, f"YAML cannot read this: {error.problem}", _yaml_remedy(error))
    except yaml.YAMLError as error:
        source.blame(1, f"YAML cannot read this: {str(error).splitlines()[0]}", "remove what is not plain text")
    except RecursionError:
        source.blame(1, "the lists in this file are nested too deeply", "look for stray brackets")
    return None


def _compose(text: str, loader: type[yaml.SafeLoader]) -> Node | None:
    node: Node | None = yaml.compose(text, Loader=loader)
    return node


def _yaml_remedy(error: yaml.MarkedYAMLError) -> str:
    problem = str(error.problem)
    if "mapping values" in problem:
        return "put a text that holds a colon in quotes, or begin it with >- on its own line"
    if "quoted scalar" in str(error.context):
        return "close the quotes"
    if "could not find expected ':'" in problem:
        return "write a colon and a space after the field's name"
    if "cannot start any token" in problem or "alias" in problem or "undefined" in problem:
        return "put the text in quotes"
    return "compare indentation and dashes with the lines above"


class _Reading:
    """From YAML nodes to tables, rows and texts; every oddity is noted, reading goes on."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._seen: set[int] = set()

    def mapping(self, node: MappingNode) -> Table:
        table = Table(node.start_mark.line + 1)
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = str(key_node.value) if isinstance(key_node, ScalarNode) else ""
            if not key:
                self._source.blame(line, "a field without a plain name", "give it a name")
            elif key in table:
                first = table.lines[key]
                self._source.blame(line, f"'{key}' stands here twice; first in line {first}", "keep one of them")
            else:
                table.put(key, self._value(value_node), line)
        return table

    def _value(self, node: Node) -> object:
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        if id(node) in self._seen:
            self._source.blame(node.start_mark.line + 1, "an alias (*name) is used", "write the values out")
            return None
        self._seen.add(id(node))
        if isinstance(node, MappingNode):
            return self.mapping(node)
        return self._rows(node) if isinstance(node, SequenceNode) else None

    def _rows(self, node: SequenceNode) -> Rows:
        rows = Rows(node.start_mark.line + 1)
        for child in node.value:
            rows.put(self._value(child), child.start_mark.line + 1)
        return rows

    def _scalar(self, node: ScalarNode) -> str | None:
        if node.tag not in PLAIN_TAGS:
            self._source.blame(node.start_mark.line + 1, f"the tag {node.tag} is not used here", "remove the tag")
        return None if node.tag == NULL_TAG else str(node.value)
