"""Template expansion: the document with every reference resolved, and where each part came from.

Pure: no database, no clock. Templates come from `lookup`, which decides what the person may see. What a
template fixes stays fixed; a consumer fills inputs, uses the overrides the template allows, and nothing else.
Whatever does not fit is an error that says so: nothing is dropped silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from templates_catalog import inputs, overrides
from templates_catalog.documents import paths
from templates_catalog.documents.fields import is_runtime_input
from templates_catalog.documents.parse import MOST_NODES, count_nodes
from templates_catalog.documents.problems import Problem
from templates_catalog.filling import fill_tree, given_variables, plain_copy, substitute

__all__ = ["Expanded", "ExpansionError", "Lookup", "TemplateSource", "Used", "expand", "origin_of"]

DEEPEST_NESTING = 8
MOST_PROBLEMS = 20
SCOPE_RANK = {"account": 2, "org": 1}
# The template type expected where a reference stands, by the key that holds the reference.
EXPECTED = {"pipeline": "Pipeline", "stage": "Stage", "stepGroup": "StepGroup", "step": "Step"}


@dataclass(frozen=True)
class TemplateSource:
    """One template version as stored: `document` is {"template": {…}}, `digest` the sha256 of its content."""

    ref: str
    version: str
    stable: bool
    document: dict[str, Any]
    digest: str
    golden: bool = False


Lookup = Callable[[str, str | None], TemplateSource | None]


@dataclass(frozen=True)
class Used:
    """A template that took part. `stable`: the reference named no version; `path`: where it was
    referenced."""

    ref: str
    version: str
    stable: bool
    digest: str
    golden: bool
    path: str


@dataclass(frozen=True)
class Expanded:
    """`origins` names who wrote a path and everything below it that has no own entry; see `origin_of`."""

    document: dict[str, Any]
    templates: list[Used] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)


class ExpansionError(ValueError):
    """References that could not be resolved, or inputs that do not fit."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:5]))
        self.problems = problems


def expand(document: dict[str, Any], lookup: Lookup) -> Expanded:
    """A copy of `document` with every template reference resolved; the `template` blocks are kept beside it.

    raises  ExpansionError with every problem found, each at the path of the typed document where it
    can be mended
    """
    work = Expansion(lookup)
    result = plain_copy(document)
    work.typed_refs = set(references(document))
    work.nodes = count_nodes(result)
    work.check_size("")
    root = next(iter(result), "")
    work.visit(result, "", root if root == "pipeline" else "", chain=())
    if work.problems:
        raise ExpansionError(work.problems)
    return Expanded(result, work.used, work.origins)


def origin_of(origins: dict[str, str], path: str) -> str:
    """Who wrote what stands at `path`: "document", or "template account.x@1.2.0"."""
    parts = paths.to_parts(path)
    for length in range(len(parts), 0, -1):
        found = origins.get(paths.to_text(parts[:length]))
        if found:
            return found
    return "document"


def references(value: Any) -> Iterator[str]:
    """Every templateRef in `value`."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if isinstance(node.get("templateRef"), str):
                yield node["templateRef"]
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


@dataclass
class Expansion:
    lookup: Lookup
    problems: list[Problem] = field(default_factory=list)
    used: list[Used] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)
    found: dict[tuple[str, str | None], TemplateSource | None] = field(default_factory=dict)
    nodes: int = 0
    # References the person typed, also into an insert point of a template: they may name any scope.
    typed_refs: set[str] = field(default_factory=set)

    def say(self, message: str, path: str) -> None:
        self.problems.append(Problem(message, path))
        if len(self.problems) >= MOST_PROBLEMS:
            raise ExpansionError(self.problems)

    def check_size(self, path: str) -> None:
        if self.nodes > MOST_NODES:
            self.say(
                f"with its templates the document has more than {MOST_NODES:,} values; use fewer or "
                f"smaller ones",
                path,
            )
            raise ExpansionError(self.problems)

    def visit(
        self, node: Any, path: str, key: str, chain: tuple[TemplateSource, ...], typed_at: str = ""
    ) -> None:
        """Resolve every reference at and below `node`. `typed_at` is the place in the typed document, once
        inside a template."""
        if isinstance(node, dict):
            link = node.get("template")
            if isinstance(link, dict) and "templateRef" in link:
                if key in EXPECTED:
                    self.resolve(node, path, key, chain, typed_at or path)
                else:
                    said = (
                        "a template cannot stand here; only pipelines, stages, step groups and steps "
                        "come from one"
                    )
                    self.say(said, typed_at or path)
                return
            for name, inner in node.items():
                if isinstance(inner, dict | list):
                    self.visit(inner, paths.join(path, name), name, chain, typed_at)
        elif isinstance(node, list):
            for number, inner in enumerate(node):
                if isinstance(inner, dict | list):
                    self.visit(inner, paths.join(path, number), "", chain, typed_at)

    def resolve(
        self, node: dict[str, Any], path: str, key: str, chain: tuple[TemplateSource, ...], typed_at: str
    ) -> None:
        link = node["template"]
        source = self.source(link, chain, f"{typed_at}.template" if typed_at == path else typed_at)
        if source is None:
            return
        body = source.document.get("template", source.document)
        if body.get("type") != EXPECTED[key]:
            kind = body.get("type")
            self.say(
                f"{source.ref} is a template of type {kind}; here a {EXPECTED[key]} template is needed",
                typed_at,
            )
            return
        self.nodes += count_nodes(body.get("spec"))
        self.check_size(typed_at)
        origin = f"template {source.ref}@{source.version}"
        self.used.append(Used(source.ref, source.version, source.stable, source.digest, source.golden, path))
        self.merge(node, path, key, body, origin, typed_at)
        below = {name: inner for name, inner in node.items() if name != "template"}
        inside = (*chain, source)
        # What the consumer wrote beside the reference (stages in insert points, say) is walked with it.
        for name, inner in below.items():
            if isinstance(inner, dict | list):
                self.visit(inner, paths.join(path, name), name, inside, typed_at)

    def source(
        self, link: dict[str, Any], chain: tuple[TemplateSource, ...], at: str
    ) -> TemplateSource | None:
        ref, version = link.get("templateRef"), link.get("versionLabel")
        if not isinstance(ref, str) or "<+" in ref:
            self.say("templateRef must name a template; an expression cannot be resolved here", at)
            return None
        if is_runtime_input(version) or (version is not None and not isinstance(version, str)):
            self.say("versionLabel must be text, for example '1.2.0', or left out for the stable version", at)
            return None
        if len(chain) >= DEEPEST_NESTING:
            self.say(
                f"templates are nested deeper than {DEEPEST_NESTING}: {' → '.join(s.ref for s in chain)}", at
            )
            return None
        if chain and ref not in self.typed_refs and rank(ref) < rank(chain[-1].ref):
            self.say(
                f"{chain[-1].ref} names {ref}, a template of a narrower scope; ask its owner to correct it",
                at,
            )
            return None
        if (ref, version) not in self.found:
            self.found[ref, version] = self.lookup(ref, version)
        source = self.found[ref, version]
        if source is None:
            named = f" version {version}" if version else ""
            self.say(
                f"no template {ref}{named} that you can use; check the name, the scope and the version", at
            )
        elif any((s.ref, s.version) == (source.ref, source.version) for s in chain):
            circle = " → ".join([*(s.ref for s in chain), source.ref])
            self.say(f"the templates include each other in a circle: {circle}", at)
            return None
        return source

    def merge(
        self, node: dict[str, Any], path: str, key: str, body: dict[str, Any], origin: str, typed_at: str
    ) -> None:
        """Put the template's content into `node`, with the consumer's inputs and permitted overrides."""
        link = node["template"]
        content = plain_copy(body.get("spec") or {})
        values = self.variables(link, body, typed_at)
        content = substitute(content, key, values)
        tree = link.get("templateInputs") or {}
        at = paths.join(f"{typed_at}.template", "templateInputs") if typed_at == path else typed_at
        declared = inputs.typed(body.get("variables"))
        filled = {name: inner for name, inner in tree.items() if name != "variables" or not declared}
        self.take(fill_tree(content, filled, at))
        if "template" in content:
            self.say(f"{link['templateRef']} is only a reference to another template; use that one", typed_at)
        changes, problems = overrides.permitted(
            node, content, key, body.get("allowedOverrides") or [], typed_at, frozenset(declared)
        )
        self.take(problems)
        for name in content:
            if name not in node:
                self.origins[paths.join(path, name)] = origin
        for name, inner in {**content, **changes}.items():
            if name not in overrides.IDENTITY:
                node[name] = inner
        self.add_variables(node, path, declared, values, origin)
        for name in changes:
            self.origins[paths.join(path, name)] = "document"

    def add_variables(
        self, node: dict[str, Any], path: str, declared: Any, values: dict[str, Any], origin: str
    ) -> None:
        """The typed inputs as `variables`, so that expressions and people find them; others stay as
        they are."""
        if not declared:
            return
        kept = [row for row in node.get("variables") or [] if row.get("name") not in declared]
        rows = [{"name": name, "type": declared[name].type, "value": value} for name, value in values.items()]
        node["variables"] = rows + kept
        self.origins[paths.join(path, "variables")] = origin

    def take(self, problems: list[Problem]) -> None:
        for problem in problems:
            self.say(problem.message, problem.path)

    def variables(self, link: dict[str, Any], body: dict[str, Any], typed_at: str) -> dict[str, Any]:
        """The value of every typed input: given, or the default; what is missing or does not fit is a
        problem."""
        declared = inputs.typed(body.get("variables"))
        given = given_variables(link)
        at = f"{typed_at}.template.templateInputs.variables"
        values: dict[str, Any] = {}
        for name in given:
            if declared and name not in declared:
                known = ", ".join(declared)
                self.say(f"{link['templateRef']} has no input {name!r}; its inputs are {known}", at)
        for name, wanted in declared.items():
            value = given.get(name, wanted.default)
            if value is None or value == "":
                if wanted.required:
                    self.say(
                        f"the input {name!r} of {link['templateRef']} needs a value; give one, or "
                        f"<+input> to ask at run",
                        at,
                    )
                continue
            objection = wanted.objection(value)
            if objection:
                self.say(f"the input {name!r} of {link['templateRef']}: {str(value)[:60]!r} {objection}", at)
            values[name] = value
        return values


def rank(ref: str) -> int:
    prefix, _, rest = ref.partition(".")
    return SCOPE_RANK.get(prefix, 0) if rest else 0
