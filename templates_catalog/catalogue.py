"""One version of one template as search sees it: what it says of itself, read as words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from templates_catalog import inputs
from templates_catalog.documents import walk
from templates_catalog.vocabulary import BY_NAME, closure, mentions

MOST_LANGUAGES = 2


STEP_NOTIONS = (
    ("K8s", "kubernetes"), ("Helm", "helm"), ("Ecs", "ecs"), ("Terraform", "terraform"), ("AzureWebApp", "azure_web_app"),
    ("ServerlessAwsLambda", "lambda"), ("AwsLambda", "lambda"), ("GoogleCloudRun", "cloud_run"),
)  # fmt: skip


LANGUAGE_OF = {
    "jdk_version": "jvm", "node_version": "javascript", "python_version": "python", "go_version": "go",
    "dotnet_version": "dotnet", "ruby_version": "ruby", "php_version": "php", "rust_channel": "rust",
}  # fmt: skip


@dataclass(frozen=True)
class CatalogueEntry:
    """One version of one template, as the person may see it.

    ref        how a document names it: account.x, org.x or x
    lifecycle  active, deprecated or experimental; only active versions are proposed
    variables  the typed inputs as declared; `spec` the content, for what it deploys with
    """

    identifier: str
    name: str
    version: str
    type: str
    ref: str = ""
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    variables: tuple[Any, ...] = ()
    spec: Mapping[str, Any] = field(default_factory=dict)
    stable: bool = False
    lifecycle: str = "active"
    replaced_by: str = ""
    deprecation_message: str = ""
    owner: str = ""
    golden: bool = False

    @classmethod
    def from_template(cls, body: Mapping[str, Any], **more: Any) -> CatalogueEntry:
        """An entry from a template's body; `more` are the facts that stand beside it in the library."""
        prefix = "" if body.get("projectIdentifier") else "org." if body.get("orgIdentifier") else "account."
        tags = {str(key): str(value) for key, value in (body.get("tags") or {}).items()}
        facts = {"golden": tags.get("golden") == "true", "ref": prefix + body["identifier"], **more}
        return cls(
            identifier=body["identifier"],
            name=str(body.get("name", "")),
            version=str(body.get("versionLabel", "")),
            type=str(body.get("type", "")),
            description=str(body.get("description") or ""),
            tags=tags,
            variables=tuple(body.get("variables") or ()),
            spec=body.get("spec") or {},
            **facts,
        )

    @cached_property
    def inputs(self) -> dict[str, inputs.Input]:
        return inputs.typed(self.variables)

    @cached_property
    def strong(self) -> frozenset[str]:
        """Notions of the name, the identifier and the tags."""
        words = [self.name, self.identifier.replace("_", " ")]
        words += [value for key, value in self.tags.items() if key not in ("owner", "golden", "team")]
        return frozenset(notions_of(" . ".join(words)))

    @cached_property
    def weak(self) -> frozenset[str]:
        """Notions of the description, the content and the runtimes it asks a version of."""
        runtimes = {LANGUAGE_OF[name] for name in self.inputs.keys() & LANGUAGE_OF.keys()}
        return frozenset(notions_of(self.description)) | frozenset(content_notions(self.spec)) | runtimes

    @cached_property
    def notions(self) -> frozenset[str]:
        """Everything it is for, with what that implies."""
        return frozenset(closure(self.strong | self.weak))

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(words_of(f"{self.name} {self.identifier.replace('_', ' ')}"))


def notions_of(text: str, most_languages: int = MOST_LANGUAGES) -> set[str]:
    """The notions a text names; a text that names more languages than a template can serve names none."""
    found = {mention.notion for mention in mentions(text)}
    languages = {name for name in found if BY_NAME[name].dimension == "language" and name != "jvm"}
    return set() if len(languages) > most_languages else found


def content_notions(spec: Mapping[str, Any]) -> set[str]:
    holder = spec if "stages" in spec else {"stages": [{"stage": spec}]}
    types = [step.get("type") for stage in walk.stages(holder) for step in walk.steps(stage)]
    found = {
        notion
        for kind in types
        for prefix, notion in STEP_NOTIONS
        if isinstance(kind, str) and kind.startswith(prefix)
    }
    # A canary or blue/green step says how it is deployed; a rolling one is what everybody does.
    found |= {"canary"} if any(isinstance(kind, str) and "Canary" in kind for kind in types) else set()
    return found


def words_of(text: str) -> set[str]:
    return {singular(word) for word in re.findall(r"[a-z0-9+#.]*[a-z0-9+#]", text.lower()) if len(word) > 1}


def singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word
