"""What a security group lets in: from which addresses, on which ports."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.authoring import rule as r
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import At, Kind, Pred, Things, all_of, any_of
from governance.authoring.reading.values.predicates import of_types
from governance.authoring.reading.verbs.steps import StepVerbs

ANYWHERE = (
    "whole internet|public internet|open internet|internet|whole world|world|anywhere|everywhere|everybody|everyone"
    "|any address|all address|any ip|any ip address|all ip|any source|public"
)
EVERY_ADDRESS = ("0.0.0.0/0", "::/0")
ADDRESSES = re.compile(r"\d{1,3}(\.\d{1,3}){3}/\d{1,2}|[0-9a-f:]*::[0-9a-f:]*/\d{1,3}")
SERVICES = {"ssh": 22, "rdp": 3389, "telnet": 23, "ftp": 21, "http": 80, "https": 443, "mysql": 3306,
            "postgres": 5432, "postgresql": 5432, "redis": 6379, "mongodb": 27017, "smb": 445}  # fmt: skip
GROUPS = ("aws_security_group", "aws_security_group_rule")
LISTS = ("cidr_blocks", "ipv6_cidr_blocks")
INWARD = "ingress|inbound|incoming"
TRAFFIC = "all traffic|any traffic|all access|any access|all inbound traffic|all incoming traffic|traffic|access|connection|rule|everything|all|anything"


class Openings(StepVerbs):
    """Grammar of what security groups and their rules open."""

    def _opening(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """(Security groups) open to 0.0.0.0/0; allow SSH from the internet; open port 22 to the world."""
        if kind.element not in ("resource", "change") and not (kind.spec is None and self._names_group()):
            return
        named = {s.payload for n in range(self.size) for _, s in self.senses(n, "resource")}
        if named and not named & set(GROUPS):
            return  # what lets traffic in stands in the groups, not in what is behind them
        for j, pred in self._opened(i):
            if kind.spec is None:
                things = Things(self.kind("planned_resources"), (of_types(GROUPS), pred), plain=False)
                yield self._in_group(j), (has(things, self.facts), (things,))
            else:
                yield j, (pred, ())

    def _in_group(self, j: int) -> int:
        for k in self.says(j, "in|through|with|via|by"):
            k = self.skip(k, "any|all|one of")
            for m, sense in self.senses(k, "resource"):
                if sense.payload in GROUPS:
                    return m
        return j

    def _names_group(self) -> bool:
        said = any(s.payload in GROUPS for n in range(self.size) for _, s in self.senses(n, "resource"))
        return said or any(t.base == "port" for t in self.tokens)

    @rule
    def _opened(self, i: int) -> Iterator[tuple[int, Pred]]:
        for j in self.says(i, "be open to|open to|be expose to|expose to|be reachable from|reachable from|be accessible from"
                              "|accessible from|open from"):  # fmt: skip
            yield from self._from_addresses(j, ())
        for j in self.says(i, "be open on|open on|be open at"):
            for k, ports in self._ports(j):
                for m in self.says(k, "to|from|for"):
                    yield from self._from_addresses(m, ports)
        for j in self.says(i, "allow|open|expose|permit|let in|accept|have|contain|use|include|grant|with"):
            k = self.skip(self.skip_all(j, INWARD), TRAFFIC)
            yield from self._from_addresses(self.skip(k, "from|to|for"), ())
            for m, ports in self._ports(self.skip(k, "on|to|for|at|via")):
                m = self.skip(m, TRAFFIC)
                for n in self.says(m, "to|from|for"):
                    yield from self._from_addresses(n, ports)

    def _from_addresses(self, i: int, ports: tuple[int, ...]) -> Iterator[tuple[int, Pred]]:
        """Addresses, with the ports behind them where none were said in front."""
        for j, addresses in self._addresses(i):
            for k in [] if ports else self.says(j, "on|at|for|via"):
                for m, behind in self._ports(k):
                    yield m, lets_in(addresses, behind)
            yield j, lets_in(addresses, ports)

    def _addresses(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        for j in self.says(i, ANYWHERE):
            yield self._addresses_again(j), EVERY_ADDRESS
        i = self.skip_all(i, "cidr block|cidr|address range|ip range|range|whole|entire|all of")
        found: list[str] = []
        while (token := self.token(i)) is not None and ADDRESSES.fullmatch(token.text):
            found.append(token.text)
            end = i + 1
            i = self.skip(end + 1 if self.is_punct(end, ",/") else end, "or|and|nor")
            if i == end:
                break
        if found:
            yield end, tuple(found)

    def _addresses_again(self, j: int) -> int:
        """The internet (0.0.0.0/0): the same in other words."""
        token = self.token(j + 1)
        again = self.is_punct(j, "(") and token is not None and token.text in EVERY_ADDRESS
        return j + 3 if again and self.is_punct(j + 2, ")") else j

    def _ports(self, i: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        found: list[int] = []
        end = i
        while True:
            k = self.skip(end, "port")
            token = self.token(k)
            if token is not None and token.base in SERVICES:
                found.append(SERVICES[token.base])
                end = self._port_in_brackets(self.skip(k + 1, "port"))
            elif token is not None and token.base.isdigit() and (k > end or found):
                found.append(int(token.base))
                end = self._close_service(k + 1)
            else:
                return
            yield end, tuple(dict.fromkeys(found))
            nxt = self.skip(end + 1 if self.is_punct(end, ",/") else end, "or|and|nor")
            if nxt == end:
                return
            end = nxt

    def _port_in_brackets(self, k: int) -> int:
        m = self.skip(k + 1, "port")
        token = self.token(m)
        known = self.is_punct(k, "(") and token is not None and token.base.isdigit()
        return m + 2 if known and self.is_punct(m + 1, ")") else k

    def _close_service(self, k: int) -> int:
        token = self.token(k + 1)
        known = self.is_punct(k, "(") and token is not None and token.base in SERVICES
        return k + 3 if known and self.is_punct(k + 2, ")") else k


def lets_in(addresses: tuple[str, ...], ports: tuple[int, ...]) -> Pred:
    """A rule of its own, or one written in its group, lets these addresses in, on these ports."""

    def reaches(ref: str, path: tuple[str, ...], at: At) -> r.Condition:
        listed: list[r.Condition] = []
        for name in LISTS:
            inner = at.fresh("range")
            test = r.Test(value=r.Field(of=inner), op="is", to=addresses)
            listed.append(r.Exists(each=r.Items(of=ref, path=(*path, name)), name=inner, where=test))
        parts: list[r.Condition] = [any_of(listed)]
        if ports:
            low, high = (r.Field(of=ref, path=(*path, end)) for end in ("from_port", "to_port"))
            everything = r.Test(value=r.Field(of=ref, path=(*path, "protocol")), op="is", to=("-1", "all"))
            spans = [
                all_of([r.Test(value=low, op="at_most", to=(p,), measure="number"),
                        r.Test(value=high, op="at_least", to=(p,), measure="number")])
                for p in ports
            ]  # fmt: skip
            parts.append(any_of([*spans, everything]))
        return all_of(parts)

    def pred(at: At) -> r.Condition:
        path = ("change", "after") if at.kind.element == "change" else ("values",)
        outward = r.Test(value=r.Field(of=at.ref, path=(*path, "type")), op="is", to=("egress",))
        own = all_of([r.Not(of=outward), reaches(at.ref, path, at)])
        inner = at.fresh("opening")
        written = r.Exists(
            each=r.Items(of=at.ref, path=(*path, "ingress")), name=inner, where=reaches(inner, (), at)
        )
        return any_of([own, written])

    return pred
