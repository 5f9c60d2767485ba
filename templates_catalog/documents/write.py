"""Documents back to text: edits that keep a person's formatting and comments, canonical bytes, and
digests."""

from __future__ import annotations

import hashlib
import io
import json
import re
from difflib import SequenceMatcher
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from templates_catalog.documents.parse import DocumentError, read
from templates_catalog.documents.scalars import ScalarError, read_plain

# ruamel reads a large text slowly; above this an edit is written plainly instead of keeping the formatting.
LARGEST_KEPT_BYTES = 200_000
IDENTITIES = ("identifier", "name", "key")


def canonical(value: Any) -> bytes:
    """One spelling per value: JSON in UTF-8, keys sorted, no spaces, finite numbers only (ValueError
    otherwise)."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode("utf-8")


def digest(value: Any) -> str:
    """sha256 of the canonical bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def dump(value: dict[str, Any]) -> str:
    """A new YAML text for `value`, in the order of its keys."""
    return emitted(fresh(value), "")


def rewrite(text: str, after: dict[str, Any]) -> str:
    """`text` changed so that it reads as `after`; what did not change keeps its formatting and comments.

    The result is read again through the front door. Where ruamel would change a value on the way (or the
    text is
    JSON, or very large), the whole document is written anew rather than wrongly.
    """
    before = read(text).value
    if before == after and same_types(before, after):
        return text
    if text.lstrip("\ufeff \n\r\t").startswith("{"):
        return json.dumps(after, indent=2, ensure_ascii=False) + "\n"
    kept = kept_formatting(text, before, after) if len(text) <= LARGEST_KEPT_BYTES else None
    return kept if kept is not None else dump(after)


def kept_formatting(text: str, before: dict[str, Any], after: dict[str, Any]) -> str | None:
    """The edited text, or None when it does not read back as `after`."""
    try:
        node = reader(text).load(text.removeprefix("\ufeff"))
        merge(node, before, after)
        result = emitted(node, text)
        found = read(result).value
    except (YAMLError, DocumentError):
        return None
    return result if found == after and same_types(found, after) else None


def same_types(first: Any, second: Any) -> bool:
    """Equal values whose numbers, booleans and text are of one type too: 1, 1.0 and true are equal in
    Python."""
    return canonical(first) == canonical(second)


def reader(text: str) -> YAML:
    """A round-trip reader that indents lists the way `text` does."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.allow_unicode = True
    indented = re.search(r"^( *)[^\s#-][^\n]*:[ ]*\n(?:\s*#[^\n]*\n|\s*\n)*( *)- ", text, re.M)
    offset = len(indented[2]) - len(indented[1]) if indented else 2
    offset = offset if offset in (0, 2) else 2
    yaml.indent(mapping=2, sequence=2 + offset, offset=offset)
    return yaml


def emitted(node: Any, like: str) -> str:
    out = io.StringIO()
    reader(like).dump(node, out)
    return out.getvalue()


def merge(node: Any, before: Any, after: Any) -> None:
    """Change the ruamel `node`, which reads as `before`, so that it reads as `after`."""
    if isinstance(before, dict):
        merge_mapping(node, before, after)
    else:
        merge_list(node, before, after)


def is_same_shape(before: Any, after: Any) -> bool:
    return (isinstance(before, dict) and isinstance(after, dict)) or (
        isinstance(before, list) and isinstance(after, list)
    )


def merge_mapping(node: CommentedMap, before: dict[str, Any], after: dict[str, Any]) -> None:
    keys = {str(key) if isinstance(key, str) else plain_key(key): key for key in node}
    for key in before:
        if key not in after:
            del node[keys.pop(key)]
    for place, (key, value) in enumerate(after.items()):
        if key not in before:
            node.insert(place, key, fresh(value))
        elif is_same_shape(before[key], value):
            merge(node[keys[key]], before[key], value)
        elif canonical(before[key]) != canonical(value):
            node[keys[key]] = fresh(value)


def plain_key(key: Any) -> str:
    """The text of a key ruamel turned into a number, a boolean or null."""
    if key is None:
        return "null"
    return str(key).lower() if isinstance(key, bool) else str(key)


def merge_list(node: CommentedSeq, before: list[Any], after: list[Any]) -> None:
    """Keep the nodes of items that stayed or changed inside; make nodes for new items."""
    if [identity(item) for item in before] == [identity(item) for item in after]:
        for place, (old, new) in enumerate(zip(before, after, strict=True)):
            if is_same_shape(old, new):
                merge(node[place], old, new)
            elif canonical(old) != canonical(new):
                node[place] = fresh(new)
        return
    realign(node, before, after)


def realign(node: CommentedSeq, before: list[Any], after: list[Any]) -> None:
    """Delete and insert items so that the ones that stayed keep their nodes."""
    names, wanted = [identity(item) for item in before], [identity(item) for item in after]
    matcher = SequenceMatcher(None, names, wanted, autojunk=False)
    for action, start, end, new_start, new_end in reversed(matcher.get_opcodes()):
        if action == "equal":
            for old, new in zip(range(start, end), range(new_start, new_end), strict=True):
                if is_same_shape(before[old], after[new]):
                    merge(node[old], before[old], after[new])
            continue
        for place in reversed(range(start, end)):
            del node[place]
        for offset in range(new_end - new_start):
            node.insert(start + offset, fresh(after[new_start + offset]))


def identity(item: Any) -> str:
    """What makes a list item the same item although something inside changed."""
    if isinstance(item, dict):
        if len(item) == 1:
            ((key, inner),) = item.items()
            if isinstance(inner, dict | list):
                return f"{key}:{identity(inner)}"
        for key in IDENTITIES:
            if isinstance(item.get(key), str):
                return f"{key}={item[key]}"
        return "mapping"
    if isinstance(item, list):
        return "[" + ",".join(identity(inner) for inner in item[:8]) + "]"
    return canonical(item).decode()


def fresh(value: Any) -> Any:
    """`value` as nodes ruamel writes well: blocks for multi-line text, quotes where a reader could misread
    it."""
    if isinstance(value, dict):
        node = CommentedMap()
        for key, inner in value.items():
            node[fresh(key) if needs_quotes(key) else key] = fresh(inner)
        return node
    if isinstance(value, list):
        items = CommentedSeq([fresh(inner) for inner in value])
        if not value:
            items.fa.set_flow_style()
        return items
    if isinstance(value, str):
        return fresh_text(value)
    return value


def fresh_text(text: str) -> Any:
    if "\n" in text and "\t" not in text and not re.search(r"[ \r]\n|\A\s", text):
        return LiteralScalarString(text)
    return DoubleQuotedScalarString(text) if needs_quotes(text) else text


# Numbers with underscores, times and dates are values to readers of YAML 1.1.
OTHER_READERS = re.compile(r"[-+]?[\d_.,:]+\Z|[-+]?0[xobXOB]|\d{4}-\d\d?-\d\d?|[-+]?\.(?:inf|nan)", re.I)
YAML11_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "~"])


def needs_quotes(text: str) -> bool:
    """Whether unquoted it would read as something else, here or in an older YAML reader."""
    if text.lower() in YAML11_WORDS or OTHER_READERS.match(text):
        return True
    try:
        return not isinstance(read_plain(text), str)
    except ScalarError:
        return True
