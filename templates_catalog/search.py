"""Ranked search of a template library, with reasons; "none fits" is an answer.

Pure: it knows only the entries it is given, which are those the person may see, and mentions no others. What
a
template says about itself is read as words, never as instructions; a description that claims everything
counts for
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rapidfuzz import fuzz

from templates_catalog.catalogue import CatalogueEntry, notions_of, words_of
from templates_catalog.vocabulary import BY_NAME, PRAISE, closure, masked, mentions, normal, repair

__all__ = ["CatalogueEntry", "Found", "Result", "search"]

# A request that names one of these is served only by a template that has it.
BINDING = frozenset(
    {"language", "framework", "platform", "cloud", "tool", "database", "messaging", "compliance", "strategy"}
)
BINDING_SHAPES = frozenset(
    "batch frontend function consumer library cli mobile ios android iac migration docs ml_training "
    "ml_serving "
    "data_pipeline gateway browser_tests base_image dashboard patch firmware desktop game chatbot "
    "blockchain scan "
    "notification load_test browser_extension plugin ml".split()
)  # fmt: skip
# A template that has one of these unasked is for something more special than what was asked for.
SPECIAL = frozenset(
    {"platform", "tool", "database", "messaging", "compliance", "strategy", "protocol", "framework"}
)
WIDELY_TRUE = frozenset({"kubernetes", "s3", "aws"})
ODD_WORDS = frozenset(
    "legacy copy test sandbox trial old deprecated experimental fork temp tmp draft demo beta alpha".split()
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A candidate: how well it fits and why; `objections` say what speaks against it."""

    entry: CatalogueEntry
    score: float
    reasons: tuple[str, ...] = ()
    objections: tuple[str, ...] = ()
    fits: bool = True


@dataclass(frozen=True)
class Request:
    """What a text asks for: the notions, the words, the type of template, and which inputs it gives."""

    text: str
    notions: frozenset[str]
    words: frozenset[str]
    wanted_type: str = ""
    given: frozenset[str] = frozenset()
    praised: bool = False

    @classmethod
    def of(cls, text: str, given: Iterable[str] = ()) -> Request:
        told = repair(masked(text))
        lowered = normal(told)
        return cls(
            text=text,
            notions=frozenset(notions_of(told, most_languages=99)),
            words=frozenset(words_of(told)),
            wanted_type=wanted_type(lowered),
            given=frozenset(given),
            praised=bool(re.search(r"\b(golden|gold|paved road|blessed|official)\b", lowered)),
        )

    @property
    def binding(self) -> set[str]:
        return {name for name in self.notions if is_binding(name)}


@dataclass(frozen=True)
class Result:
    """`best` first; empty when nothing fits. `others` lost, with the reason in `objections`."""

    best: list[Found]
    others: list[Found]
    request: Request

    @property
    def none_fits(self) -> bool:
        return not self.best


def search(
    text: str, entries: Sequence[CatalogueEntry], *, given: Iterable[str] = (), types: Sequence[str] = ()
) -> Result:
    """The templates that fit `text`, best first, with reasons; one entry per template, its stable or
    newest active version.

    given   names of inputs the text has values for
    types   only templates of these types, when not empty
    """
    request = Request.of(text, given)
    candidates = [entry for entry in current(entries) if not types or entry.type in types]
    judged = [judge(request, entry) for entry in candidates]
    judged.sort(key=lambda found: (-found.score, found.entry.identifier))
    fitting = [found for found in judged if found.fits]
    return Result(fitting, [found for found in judged if not found.fits], request)


def current(entries: Sequence[CatalogueEntry]) -> list[CatalogueEntry]:
    """Per template the version to propose: the stable one when it is active, else the newest active one."""
    chosen: dict[str, CatalogueEntry] = {}
    for entry in entries:
        if entry.lifecycle != "active":
            continue
        known = chosen.get(entry.ref or entry.identifier)
        if known is None or (entry.stable, version_key(entry.version)) > (
            known.stable,
            version_key(known.version),
        ):
            chosen[entry.ref or entry.identifier] = entry
    return list(chosen.values())


def version_key(label: str) -> tuple[tuple[int, Any], ...]:
    """Sorts 1.10.0 after 1.9.0, and a pre-release before its release."""
    main, _, suffix = label.partition("-")
    numbers = tuple((1, int(part)) if part.isdigit() else (0, part) for part in main.split("."))
    return (*numbers, (1, 0) if not suffix else (0, suffix))


def wanted_type(text: str) -> str:
    """Which type of template the words ask for; "" when they do not say."""
    if re.search(r"\bstep groups?\b|\b\w+ group template\b", text):
        return "StepGroup"
    if re.search(r"\bstage( template)?\b", text) and not re.search(r"\bpipeline (from|with) the\b", text):
        return "Stage"
    return "Step" if re.search(r"\bstep template\b", text) else ""


def is_binding(name: str) -> bool:
    dimension = BY_NAME[name].dimension
    return dimension in BINDING or (dimension == "shape" and name in BINDING_SHAPES)


def judge(request: Request, entry: CatalogueEntry) -> Found:
    """How well one entry fits the request."""
    tally = Tally()
    missing = uncovered(request, entry)
    for name in sorted(missing):
        tally.against(f"it is not for {spoken(name)}", 6)
    for name in sorted(request.notions & entry.notions):
        if is_binding(name):
            tally.favour(f"{spoken(name)} fits", 3 if name in closure(entry.strong) else 2)
        else:
            tally.favour(
                f"it is for a {spoken(name)}"
                if BY_NAME[name].dimension == "shape"
                else f"{spoken(name)} fits",
                1,
            )
    for name in sorted(unasked(request, entry)):
        heavy = BY_NAME[name].dimension == "compliance"
        tally.against(f"it is for {spoken(name)}, which was not asked for", 4 if heavy else 2)
    judge_inputs(request, entry, tally)
    judge_name(request, entry, tally)
    judge_standing(request, entry, tally)
    supported = bool(request.binding & entry.notions) or tally.named >= 0.6
    return Found(entry, tally.score, tuple(tally.reasons), tuple(tally.objections), not missing and supported)


@dataclass
class Tally:
    score: float = 0.0
    named: float = 0.0
    reasons: list[str] = field(default_factory=list)
    objections: list[str] = field(default_factory=list)

    def favour(self, reason: str, weight: float) -> None:
        self.reasons.append(reason)
        self.score += weight

    def against(self, reason: str, weight: float) -> None:
        self.objections.append(reason)
        self.score -= weight


def uncovered(request: Request, entry: CatalogueEntry) -> set[str]:
    """What the request binds itself to and the entry does not have."""
    missing = {name for name in request.binding - entry.notions if not is_of_an_input(name, request, entry)}
    # A request implies less than it names: "a React app" is served by a React template, whatever its
    # language.
    implied = {name for named in request.notions - missing for name in BY_NAME[named].implies}
    missing -= implied
    # A package is what a library is published as.
    if "library" in missing and "package" in entry.notions:
        missing.discard("library")
    if "ml" in missing and not request.notions & {"ml_training", "ml_serving"}:
        missing.discard("ml")
    # A cloud or platform is only missing when the template is for another one.
    for dimension in ("cloud", "platform"):
        asked = {name for name in missing if BY_NAME[name].dimension == dimension}
        if (
            asked
            and not any_of(entry.notions, dimension)
            and (dimension == "cloud" or asked == {"kubernetes"})
        ):
            missing -= asked
    if entry.tags.get("language") == "any" or "any language" in entry.description.lower():
        languages = {name for name in missing if BY_NAME[name].dimension == "language"}
        # "Any language" is believed only when something else that was asked for fits.
        if (request.binding - languages) & closure(entry.strong):
            missing -= languages
    return missing


def is_of_an_input(name: str, request: Request, entry: CatalogueEntry) -> bool:
    """Whether a notion is only named inside the name of one of the entry's inputs, as in "consumer group"."""
    told = masked(request.text)
    spans = [
        hit.span()
        for wanted in entry.inputs
        if "_" in wanted
        for hit in re.finditer(re.escape(wanted).replace("_", "[ _-]"), request.text, re.I)
    ]
    found = [m for m in mentions(told) if m.notion == name]
    return bool(found) and all(any(start <= m.start and m.end <= end for start, end in spans) for m in found)


def any_of(names: Iterable[str], dimension: str) -> bool:
    return any(BY_NAME[name].dimension == dimension for name in names if name in BY_NAME)


def unasked(request: Request, entry: CatalogueEntry) -> set[str]:
    """What makes the entry special and was not asked for."""
    asked = closure(request.notions)
    special = {name for name in entry.strong if BY_NAME[name].dimension in SPECIAL or name in BINDING_SHAPES}
    special |= {
        name for name in entry.weak if BY_NAME[name].dimension in ("platform", "compliance", "strategy")
    }
    special -= asked | WIDELY_TRUE | {"rolling", "rest"}
    if not any_of(asked, "language"):
        special |= {name for name in entry.strong if BY_NAME[name].dimension == "language"}
    elif "jvm" in request.notions and not request.notions & {"java", "kotlin", "scala"}:
        special |= entry.strong & {"kotlin", "scala", "groovy", "clojure"}
    elif "java" in asked:
        special |= entry.strong & {"kotlin", "scala"} - asked
    implied = {name for held in entry.strong - special for name in BY_NAME[held].implies}
    return {name for name in special if name not in implied}


def judge_inputs(request: Request, entry: CatalogueEntry, tally: Tally) -> None:
    """Values that were given should have a place; required inputs nobody gave speak a little against."""
    if not request.given:
        return
    placed = request.given & entry.inputs.keys()
    if placed:
        tally.favour("it takes " + ", ".join(sorted(placed)), 0.6 * len(placed))
    lost = request.given - entry.inputs.keys()
    if lost:
        tally.against("it has no input for " + ", ".join(sorted(lost)), 0.8 * len(lost))
    open_ones = {name for name, wanted in entry.inputs.items() if wanted.required} - request.given
    tally.score -= 0.3 * len(open_ones)


def judge_name(request: Request, entry: CatalogueEntry, tally: Tally) -> None:
    lowered = normal(request.text)
    exact = re.search(rf"(?<![\w]){re.escape(entry.identifier.lower())}(?![\w])", lowered)
    if "_" in entry.identifier and exact:
        tally.favour(f"you named it: {entry.identifier}", 20)
        tally.named = 1.0
        return
    distinctive = {word for word in entry.words if word not in PRAISE and word not in COMMON_WORDS}
    shared = {word for word in entry.words & request.words if word not in COMMON_WORDS}
    said = {word for word in distinctive if word in request.words or is_near(word, request.words)}
    if distinctive:
        tally.named = len(said) / len(distinctive)
        tally.score += 2.0 * tally.named
    if shared:
        tally.score += 0.4 * len(shared)
    if len(said) == len(distinctive) >= 2:
        tally.favour(f"its name “{entry.name}” is what you said", 1.5)


COMMON_WORDS = frozenset("pipeline template stage step group for the on of and app".split())


def is_near(word: str, words: Iterable[str]) -> bool:
    return len(word) > 4 and any(len(other) > 4 and fuzz.ratio(word, other) >= 88 for other in words)


def oddities(entry: CatalogueEntry) -> set[str]:
    """What a template says of itself that speaks against using it."""
    told = f"{entry.name} {entry.identifier} {entry.description}"
    odd = ODD_WORDS & set(re.findall(r"[a-z]+", told.lower().replace("_", " ")))
    # Many a good template builds and tests; only one that is there for a test is odd.
    is_test = re.search(r"\(test\)|\bfor a test\b|\bjust a test\b", told, re.I)
    return odd if is_test else odd - {"test"}


def judge_standing(request: Request, entry: CatalogueEntry, tally: Tally) -> None:
    if entry.golden:
        tally.favour("it is a golden template", 1.0 if request.praised else 0.6)
    elif request.praised:
        tally.against("it is not a golden template", 1.5)
    odd = oddities(entry) - request.words
    if odd:
        tally.against(f"it is a {', '.join(sorted(odd))}", 2)
    if entry.ref and not entry.ref.startswith(("account.", "org.")):
        tally.score -= 0.3
    if request.wanted_type and entry.type != request.wanted_type:
        tally.against(f"it is a {entry.type} template and a {request.wanted_type} was asked for", 2.5)
    elif not request.wanted_type and entry.type in ("Step", "StepGroup"):
        tally.score -= 1
    if not request.notions & {"scan"} and "scan" in entry.strong:
        tally.score -= 2


SPOKEN = {
    "javascript": "JavaScript",
    "dotnet": ".NET",
    "cpp": "C++",
    "jvm": "the JVM",
    "ml": "machine learning",
}


def spoken(name: str) -> str:
    if name in SPOKEN:
        return SPOKEN[name]
    words = name.replace("_", " ")
    return (
        words.capitalize()
        if BY_NAME[name].dimension in ("language", "framework", "platform", "tool", "database")
        else words
    )


def pinned(entries: Sequence[CatalogueEntry], identifier: str, version: str) -> CatalogueEntry | None:
    """The entry of exactly this version, whatever its lifecycle; None when the person cannot see such a
    version."""
    return next((e for e in entries if e.identifier == identifier and e.version == version), None)


def with_reason(found: Found, reason: str) -> Found:
    return replace(found, reasons=(reason, *found.reasons))
