"""Container images: where they come from, and what they are pinned by."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.authoring.reading.forward import Forward
from governance.authoring.reading.meaning.typed import Pred, Prop, negated
from governance.authoring.reading.values.naming import matches
from governance.authoring.reading.values.value_tests import tested
from governance.authoring.reading.words.values import STOP

HOSTED = (
    "come from|be pull from|be from|be host on|be host at|be take from|originate from|be store in|be store on|be load from|be fetch from"
    "|live on|live in|live at|stem from|be pull out of|point to|be locate in|be locate on|be in|be on"
)

_SAID = "must|may|can|should|have to|shall"
MODALS = "|".join(
    f"{said}{rest}"
    for said in _SAID.split("|")
    for rest in ("", " not", " only", " never", " always", " all")
)


def at_hosts(prop: Prop, hosts: tuple[str, ...]) -> Pred:
    """An image from one of these registries, or below one of these paths of theirs."""
    return matches(prop, "^(" + "|".join(map(re.escape, hosts)) + ")[/:]")


class Images(Forward):
    """Grammar of what is said about an image."""

    def _of_image(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """Where an image comes from, and what it is pinned by."""
        path = prop.spec.path.lower() if prop.spec is not None else ""
        if not path.endswith(("image", "imagepath", "imagename")):
            return
        yield from self._of_tag(i, prop)
        for j in self.says(i, HOSTED):
            j = self.skip(j, "registry|image registry|host|only")
            for k, hosts in self._hosts(j):
                yield k, at_hosts(prop, hosts)
        for j in self.says(
            i,
            "be pin|be pin by|be pin to|be pin with|use|have|contain|carry|include|be reference by|be give by|be fix by|be fix to|be specify by",
        ):
            for k in self.says(j, "digest|sha256 digest|sha digest|image digest|sha256|sha-256 digest"):
                yield self._echoed_mark(k, "@sha256"), matches(prop, "@sha256:")
        for j in self.says(
            i,
            "be tag|be tag as|be tag with|use tag|have tag|carry tag|be of tag|come with tag|use version|have explicit tag|have fixed tag"
            "|have version tag|name tag|include tag|contain tag|be give with tag",
        ):
            token = self.token(j)
            if self.tokens[j - 1].base == "tag" and (
                token is None or token.kind == "punct" or token.base in STOP
            ):
                yield j, matches(prop, ":[^/]+$")  # any tag at all
            if token is not None and token.kind in ("word", "literal") and token.base not in STOP:
                yield j + 1, tested(prop, "ends_with", (f":{token.text.lstrip(':')}",))

    def _of_tag(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """(The image must have a tag and) the tag must not be latest."""
        for j in self.says(i, "tag|image tag"):
            k = self.skip(j, "must|may|can|should|have to|shall")
            m = self.skip(k, "not|never")
            for n in self.says(m, "be|equal|read") if k > j else []:
                token = self.token(n)
                if token is not None and token.kind in ("word", "literal") and token.base not in STOP:
                    found = tested(prop, "ends_with", (f":{token.text.lstrip(':')}",))
                    yield n + 1, negated(found) if m > k else found

    def _hosts(self, j: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Registries by their hosts, in a list."""
        found: list[str] = []
        while (token := self.token(j)) is not None and (token.kind == "literal" or token.quoted):
            if "." not in token.text:
                return
            found.append(token.text.rstrip("/"))
            j += 1
            if self.is_punct(j, "/"):
                j += 1
            yield j, tuple(found)
            k = self.skip(j + 1 if self.is_punct(j, ",") else j, "or from|or|and|and from")
            if k == j:
                return
            j = k

    def _echoed_mark(self, k: int, mark: str) -> int:
        """(@sha256:...): the same as a mark in brackets."""
        for m in range(k + 1, min(k + 6, self.size)) if self.is_punct(k, "(") else ():
            if self.is_punct(m, ")"):
                return m + 1 if any(mark in t.text for t in self.tokens[k + 1 : m]) else k
        return k
