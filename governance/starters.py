"""The starter policies that come with the product: one folder each below `governance/rego`.

`policy.json` says what a policy is about and holds its Rule; the Rego, its tests and its page are
made from it (`python -m governance.starters` writes them anew) and a test keeps them equal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance.authoring.cases import Case, derive, rego_tests
from governance.authoring.compile import linked, standalone
from governance.authoring.explain import explain_rule
from governance.authoring.rule import Rule
from governance.engines import opa_cli

FOLDER = Path(__file__).parent / "rego"
PACKS = ("pipeline", "entity", "cost", "security scan", "template", "secret", "naming", "freeze")


@dataclass(frozen=True)
class Starter:
    """One starter policy. `controls` are identifiers such as "SOC 2 CC8.1"."""

    identifier: str
    pack: str
    about: str
    controls: tuple[str, ...]
    rule: Rule

    @property
    def rego(self) -> str:
        """The self-contained module somebody who adopts the policy starts from."""
        return standalone(self.rule)

    @property
    def digest(self) -> str:
        """Names the text, so that whoever adopted an earlier one can be told."""
        return hashlib.sha256(self.rego.encode()).hexdigest()

    @property
    def module(self) -> str:
        """The module in its folder, in a package of its own, against the shared library."""
        return linked(self.rule, f"starter_{self.identifier}")

    def cases(self) -> list[Case]:
        """The documents it is tested with."""
        return derive(self.rule)


def starters(folder: Path = FOLDER) -> Iterator[Starter]:
    """Every starter policy of a folder, by identifier. ValueError names a folder that is wrong."""
    for file in sorted(folder.glob("*/policy.json")):
        yield read(file.parent)


def read(folder: Path) -> Starter:
    """The starter policy in a folder; ValueError when its policy.json is not right."""
    given = json.loads((folder / "policy.json").read_text(encoding="utf-8"))
    if given["pack"] not in PACKS:
        raise ValueError(f"{folder.name}: there is no pack '{given['pack']}'; there are {', '.join(PACKS)}")
    return Starter(
        identifier=folder.name,
        pack=given["pack"],
        about=given["about"],
        controls=tuple(given["controls"]),
        rule=Rule.model_validate(given["rule"]),
    )


def files_of(starter: Starter) -> dict[str, str]:
    """What is made from a starter policy, by file name."""
    tests = rego_tests(starter.cases(), f"starter_{starter.identifier}")
    return {
        "policy.rego": starter.module,
        "policy_test.rego": opa_cli.fmt(tests),
        "README.md": _page(starter),
    }


def _page(starter: Starter) -> str:
    """The page of a starter policy, with an example that fails and one that passes."""
    cases = starter.cases()
    denied = next(case for case in cases if case.expect == "deny")
    passing = _closest(cases, denied)
    sentences = "\n".join(f"- {sentence.text}" for sentence in explain_rule(starter.rule))
    return f"""# {starter.rule.title}

{starter.about}

Pack: {starter.pack}. Decides: {starter.rule.entity}, {starter.rule.event}. \
Supports: {", ".join(starter.controls) or "no control in particular"}.

{sentences}

## Denied

{_block(denied.document)}

## Passes

{_block(passing.document)}
"""


def _closest(cases: list[Case], denied: Case) -> Case:
    """The passing case that is most like the denied one in size: it shows what to change."""
    size = len(json.dumps(denied.document))
    allowed = [case for case in cases if case.expect == "allow" and case.name.startswith("keeps")]
    allowed = allowed or [case for case in cases if case.expect == "allow"]
    return min(allowed, key=lambda case: abs(len(json.dumps(case.document)) - size))


def _block(document: Any) -> str:
    return f"```json\n{json.dumps(document, indent=2)}\n```"


def write_all(folder: Path = FOLDER) -> int:
    """Write what is made from every starter policy; gives how many there are."""
    every = list(starters(folder))
    for starter in every:
        for name, text in files_of(starter).items():
            (folder / starter.identifier / name).write_text(text, encoding="utf-8")
    return len(every)


if __name__ == "__main__":
    print(f"{write_all()} starter policies written")
