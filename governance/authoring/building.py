"""Documents built to a condition: the smallest that satisfy it, or break it in one way.

A plan is a list of (condition, wanted) that must all come true; `plans` gives the ways there are,
`Builder` carries one out. Whether it worked is for the judge to say.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from governance.authoring import measures, sampling
from governance.authoring import rule as r
from governance.authoring.clock import during, zone_of
from governance.authoring.fields import kind_of

Plan = list[tuple[Any, bool]]
WAYS = 24  # of one condition
START = 1763460900  # a Tuesday morning


@dataclass(frozen=True)
class WithElement:
    """One element of a collection, made to a plan."""

    each: Any
    name: str
    plan: tuple[tuple[Any, bool], ...]


def plans(condition: Any, want: bool) -> list[Plan]:
    """The ways a condition can come true (or false): each one a list of atoms."""
    return list(itertools.islice(_plans(condition, want), WAYS))


def _plans(condition: Any, want: bool) -> Iterator[Plan]:
    match condition:
        case None:
            if want:
                yield []
        case r.Not():
            yield from _plans(condition.of, not want)
        case r.All() | r.Any():
            if isinstance(condition, r.All) is want:
                ways = [plans(part, want) for part in condition.of]
                yield from (_flat(chosen) for chosen in _mixed(ways))
            else:
                yield from _one_of(condition, want)
        case r.Exists():
            yield from _elements(condition, condition.where, None, want)
        case r.Every():
            yield from _elements(condition, condition.where, condition.demand, not want)
        case r.Test():
            yield from _choices(condition, want)
        case _:
            yield [(condition, want)]


@dataclass(frozen=True)
class Sampled:
    """A test made true or false with its n-th fitting sample."""

    test: r.Test
    number: int


def _choices(test: r.Test, want: bool) -> Iterator[Plan]:
    """A test by each of its alternatives; by its limit and beyond; by what is near to it."""
    if want and len(test.to) > 1:
        yield from ([(test.model_copy(update={"to": (option,)}), True)] for option in test.to)
        return
    yield [(test, want)]
    plain = isinstance(test.value, r.Field) and test.to_value is None
    if plain and (not want or test.op in sampling.COMPARISONS or test.op == "matches"):
        yield from ([(Sampled(test, number), want)] for number in range(1, 4))
    if not plain and test.op in sampling.COMPARISONS:
        yield from ([(Sampled(test, number), want)] for number in (1, 2))
    if plain and not want:
        # Missing is what people forget first.
        yield [(Sampled(test, -1), want)]


def _one_of(condition: Any, want: bool) -> Iterator[Plan]:
    """One part decides; the others stay as they must, so that this branch is what is seen."""
    for i, part in enumerate(condition.of):
        others = [plans(o, not want)[:1] for j, o in enumerate(condition.of) if j != i]
        rest = _flat([way[0] for way in others if way])
        yield from (rest + way for way in plans(part, want))


def _elements(over: Any, where: Any, demand: Any, want: bool) -> Iterator[Plan]:
    """Ways to have (or not to have) an element that satisfies `where` but not `demand`."""
    needed = [plans(where, True), plans(demand, False) if demand is not None else [[]]]
    good = [_flat(chosen) for chosen in _mixed(needed)]
    if want:
        yield from ([(WithElement(over.each, over.name, tuple(way)), True)] for way in good)
        return
    yield []
    if demand is not None:
        near = [_flat(chosen) for chosen in _mixed([plans(where, True), plans(demand, True)])]
    else:
        near = plans(where, False) if where is not None else []
    yield from ([(WithElement(over.each, over.name, tuple(way)), True)] for way in near)


def _mixed(ways: list[list[Plan]]) -> Iterator[list[Plan]]:
    """Every way of every part at least once, the others at their first."""
    if any(not way for way in ways):
        return
    yield [way[0] for way in ways]
    for i, way in enumerate(ways):
        for other in way[1:]:
            yield [other if j == i else w[0] for j, w in enumerate(ways)]


def _flat(chosen: list[Plan]) -> Plan:
    return [atom for plan in chosen for atom in plan]


class Builder:
    """Makes one input document come true to a plan."""

    def __init__(self, rule: r.Rule) -> None:
        self.kind = kind_of(rule.entity)
        self.rule = rule
        self.count = 0
        self.windows: list[tuple[r.During, bool]] = []
        self.input: Any = [] if self.kind.array else self._skeleton()

    def _skeleton(self) -> dict[str, Any]:
        top: dict[str, Any] = {}
        inner = top
        for key in self.kind.root:
            inner[key] = inner = {}
        if self.kind.root:
            inner.update(identifier="example", name="example")
        if self.kind.name == "pipeline":
            inner["stages"] = []
        if self.kind.metadata:
            top["metadata"] = {
                "type": self.kind.name, "action": self.rule.event, "timestamp": START,
                "userGroups": [], "roleAssignmentMetadata": [],
            }  # fmt: skip
        return top

    def document(self) -> Any:
        """The finished input, apart from what is built next."""
        self._set_time()
        return copy.deepcopy(self.input)

    def make(self, plan: Plan, names: dict[str, list[Any]]) -> None:
        """Carry out a plan; names are bound to chains of owners, the element last."""
        order = [atom for atom in plan if not isinstance(atom[0], r.Order)]
        for condition, want in order:
            self._atom(condition, want, names)
        # Moving one thing in front of another may undo an earlier move: go round until all hold.
        places = [atom for atom in plan if isinstance(atom[0], r.Order)]
        for condition, want in places * len(places):
            self._order(condition, want, names)

    def _atom(self, condition: Any, want: bool, names: dict[str, Any]) -> None:
        match condition:
            case WithElement():
                inner = {**names, condition.name: self.new(condition.each, names)}
                self.make(list(condition.plan), inner)
            case r.Test():
                self._test(condition, want, names)
            case Sampled():
                self._test(condition.test, want, names, condition.number)
            case r.DeploysToProduction():
                self._deploys(names, condition.stage, want)
            case r.RanBefore() if want:
                self._gate(names, condition.stage, {"type": condition.types[0]}, "CI")
            case r.ApprovedBefore() if want:
                spec = {"approvers": {"minimumCount": 1, "userGroups": list(condition.groups)}}
                step = {"type": condition.types[0], "spec": spec}
                self._gate(names, condition.stage, step, "Approval")
            case r.UserInGroup():
                self._person("userGroups", "identifier", condition.groups, want)
            case r.UserHasRole():
                self._person("roleAssignmentMetadata", "roleIdentifier", condition.roles, want)
            case r.During():
                self.windows.append((condition, want))

    # --- elements -----------------------------------------------------------------------------

    def new(self, each: Any, names: dict[str, Any]) -> list[Any]:
        """A new element of a collection: [holder, key], where its value is found."""
        if isinstance(each, r.Items):
            return self._new_item(each, names)
        within = self.stage(each.within, names) if each.within else None
        name = each.name
        around = names[each.within][0] if each.within in names else {}
        if name == "all_steps" and "stepGroup" in around:
            step = self._new_step(name, within)
            self._put_inside(step[0], around, True)
            return step
        if name == "stages":
            return self._new_stage()
        if name in ("steps", "all_steps", "rollback_steps", "step_groups"):
            return self._new_step(name, within)
        if name in ("environments", "services", "infrastructures"):
            return self._new_target(name, within)
        if name in ("texts", "secret_reads", "expressions"):
            self._at(names, "document", ())["description"] = "text"
            return [self._at(names, "document", ()), "description", name]
        if name == "templates_used":
            stage = self._new_stage()
            stage[0][stage[1]]["template"] = {"templateRef": "example"}
            return [stage[0][stage[1]], "template"]
        if name == "planned_resources":
            root = self.input.setdefault("planned_values", {}).setdefault("root_module", {})
            return _append(root.setdefault("resources", []), {"address": f"resource.{self._next()}"})
        return self._new_scan(name)

    def _new_scan(self, name: str) -> list[Any]:
        if name == "scan_outputs":
            part = {"name": "output", "outcome": {"outputVariables": {}}}
            self.input.append(part)
            return [part["outcome"], "outputVariables"]
        found = next((p for p in self.input if p.get("name") == "securityTestData"), None)
        if found is None:
            found = {"name": "securityTestData", "outcome": {"issues": []}}
            self.input.append(found)
        return _append(found["outcome"]["issues"], {"title": f"Finding {self._next()}"})

    def _new_item(self, each: r.Items, names: dict[str, Any]) -> list[Any]:
        holder = self._at(names, each.of, ())
        path = list(each.path)
        if not path and isinstance(holder, list):
            return _append(holder, {})
        for part, following in zip(path, [*path[1:], "[]"], strict=True):
            if part == "[]":
                holder = holder[-1] if holder else _append(holder, {})[0][-1]
                continue
            by_key = self._is_map(each)
            empty: Any = {} if following != "[]" or by_key else []
            if not isinstance(holder.get(part), dict | list):
                holder[part] = empty
            holder = holder[part]
        if isinstance(holder, dict):
            key = f"key_{self._next()}"
            holder[key] = {}
            return [holder, key]
        return _append(holder, {})

    def _is_map(self, each: r.Items) -> bool:
        path = ".".join(each.path)
        return any(c.by_key for c in self.kind.collections if c.path == path)

    def _stages(self) -> list[Any]:
        if self.kind.name == "template":
            template = self.input["template"]
            template.setdefault("type", "Pipeline")
            found: list[Any] = template.setdefault("spec", {}).setdefault("stages", [])
            return found
        stages: list[Any] = self.input["pipeline"].setdefault("stages", [])
        return stages

    def _new_stage(self, at: int | None = None, kind: str = "Custom") -> list[Any]:
        name = f"stage_{self._next()}"
        entry = {"stage": {"identifier": name, "name": name, "type": kind, "spec": {}}}
        stages = self._stages()
        stages.insert(len(stages) if at is None else at, entry)
        return [entry, "stage"]

    def _new_step(self, collection: str, within: Any) -> list[Any]:
        stage = within or self._new_stage()[0]["stage"]
        spec = stage.get("spec")
        if not isinstance(spec, dict):
            spec = stage["spec"] = {}
        key = "rollbackSteps" if collection == "rollback_steps" else "steps"
        steps = spec.setdefault("execution", {}).setdefault(key, [])
        name = f"step_{self._next()}"
        kind = "stepGroup" if collection == "step_groups" else "step"
        body = {"identifier": name, "name": name}
        entry = {kind: {**body, "steps": []} if kind == "stepGroup" else {**body, "type": "Run"}}
        steps.append(entry)
        return [entry, kind, stage]

    def _new_target(self, name: str, within: Any) -> list[Any]:
        stage = within or self._new_stage(kind="Deployment")[0]["stage"]
        spec = stage.setdefault("spec", {})
        if name == "services":
            return [spec.setdefault("service", {"serviceRef": "shop"}), "serviceRef"]
        environment = spec.setdefault("environment", {"environmentRef": "dev"})
        if name == "environments":
            return [environment, "environmentRef"]
        entries = environment.setdefault("infrastructureDefinitions", [])
        return [_append(entries, {"identifier": "example"})[0][-1], "identifier"]

    def _next(self) -> int:
        self.count += 1
        return self.count

    # --- values -------------------------------------------------------------------------------

    def _at(self, names: dict[str, Any], ref: str, path: tuple[str, ...]) -> Any:
        """The mapping or list a name stands for."""
        if ref == "input":
            return self.input
        if ref == "metadata":
            return self.input["metadata"]
        if ref == "document":
            node = self.input
            for key in self.kind.root:
                node = node[key]
            return node
        name, dot, _ = ref.partition(".")
        return self.stage(ref, names) if dot else names[name][0][names[name][1]]

    def stage(self, ref: str, names: dict[str, Any]) -> Any:
        """The stage a name stands for or lies in."""
        name, dot, _ = ref.partition(".")
        chain = names[name]
        if len(chain) > 2 and isinstance(chain[2], dict):
            return chain[2]
        if dot:
            return next((e["stage"] for e in self._stages() if _holds(e, chain[0])), {})
        return chain[0][chain[1]]

    def _test(self, test: r.Test, want: bool, names: dict[str, Any], number: int = 0) -> None:
        value = test.value
        if isinstance(value, r.Field) and test.to_value is None:
            self._set(value, test, want, names, number)
        elif isinstance(value, r.Field) and isinstance(test.to_value, r.Field):
            self.put(value, "same", names)
            self.put(test.to_value, "same" if (test.op == "is") is want else "different", names)
        elif not isinstance(value, r.Field):
            fitting = (n for n in sampling.samples(test, want) if fits(test, n) is want)
            wanted = next(itertools.islice(fitting, number, None), None)
            if wanted is not None:
                self._make_number(value, wanted, test, names)

    def _make_number(self, value: Any, wanted: Any, test: r.Test, names: dict[str, Any]) -> None:
        """Make a computed value come out as wanted."""
        match value:
            case r.CountOf():
                self._count(value, wanted, names)
            case r.Length():
                self._length(value, wanted, names)
            case r.Fold():
                inner = {**names, value.name: self.new(value.each, names)}
                self.make(next(iter(plans(value.where, True)), []), inner)
                if isinstance(value.value, r.Field):
                    self.put(value.value, wanted, inner)
            case r.Arithmetic():
                self._arithmetic(value, wanted, test, names)

    def _set(self, field: Any, test: r.Test, want: bool, names: dict[str, Any], number: int = 0) -> None:
        if number < 0 or (not want and test.op in ("present", "exists") and number == 0):
            self.put(field, None, names)
            return
        current = self._value(field, names)
        if number == 0 and current not in (None, {}) and fits(test, current) is want:
            return
        as_text = self.kind.name in ("securityTests", "terraformPlanCost")
        found = (s for s in sampling.samples(test, want, as_text=as_text) if fits(test, s) is want)
        for sample in itertools.islice(found, number, number + 1):
            self.put(field, sample, names)

    def _value(self, field: r.Field, names: dict[str, Any]) -> Any:
        """What stands at a field now; None where nothing does."""
        if field.path == ("@key",):
            return names[field.of][1]
        node = self._at(names, field.of, ())
        for key in field.path:
            node = node.get(key) if isinstance(node, dict) else None
        return node

    def put(self, field: r.Field, value: Any, names: dict[str, Any]) -> None:
        """Write a value at a field; None takes it away."""
        if field.path == ("@key",):
            holder, key = names[field.of][:2]
            if isinstance(holder, dict) and key in holder:
                holder[str(value)] = holder.pop(key)
                names[field.of][1] = str(value)
            return
        if not field.path and field.of not in r.SPECIAL_NAMES:
            chain = names[field.of]
            chain[0][chain[1]] = _worded(value, chain[2] if len(chain) > 2 else "")
            return
        node = self._at(names, field.of, ())
        for key in field.path[:-1]:
            if not isinstance(node.get(key), dict):
                node[key] = {}
            node = node[key]
        if value is None:
            node.pop(field.path[-1], None)
        else:
            node[field.path[-1]] = value

    def _count(self, count: r.CountOf, wanted: Any, names: dict[str, Any]) -> None:
        for _ in range(min(max(int(wanted), 0), 60)):
            inner = {**names, count.name: self.new(count.each, names)}
            self.make(next(iter(plans(count.where, True)), []), inner)

    def _length(self, length: r.Length, wanted: Any, names: dict[str, Any]) -> None:
        number = max(int(wanted), 0)
        node = self._at(names, length.of.of, ())
        spec = next((f for f in self.kind.fields if f.parts == length.of.path), None)
        is_list = spec is not None and spec.type in ("list", "map")
        given = node.get(length.of.path[-1]) if isinstance(node, dict) and length.of.path else None
        text = given if isinstance(given, str) and given else "a"
        full = (text * (number + 1))[:number]
        self.put(length.of, [f"x{i}" for i in range(number)] if is_list else full, names)

    def _arithmetic(self, value: r.Arithmetic, wanted: Any, test: r.Test, names: dict[str, Any]) -> None:
        """Solve for the left side where the right one is known."""
        number = measures.number(wanted)
        if number is None or not isinstance(value.left, r.Field):
            return
        right: Any = measures.number(getattr(value.right, "value", None))
        if isinstance(value.right, r.Field):
            given = self._at(names, value.right.of, ())
            right = measures.number(given.get(value.right.path[-1]))
            if right is None:
                right = measures.plain(START if test.measure == "instant" else 100)
                self.put(value.right, int(right), names)
        if right is None:
            return
        left = {"minus": number + right, "plus": number - right, "times": number / (right or 1),
                "over": number * right}[value.op]  # fmt: skip
        self.put(value.left, int(left) if left.denominator == 1 else float(left), names)

    # --- places -------------------------------------------------------------------------------

    def _deploys(self, names: dict[str, Any], ref: str, want: bool) -> None:
        stage = self.stage(ref, names)
        stage["type"] = "Deployment"
        spec = stage.setdefault("spec", {})
        spec["environment"] = {"environmentRef": "prod" if want else "dev"}
        if not want:
            spec["infrastructure"] = {"environment": {"type": "PreProduction"}}

    def _gate(self, names: dict[str, Any], ref: str, step: dict[str, Any], kind: str) -> None:
        """A stage with one step right in front of the stage a name stands for."""
        stage = self.stage(ref, names)
        slot = next((i for i, e in enumerate(self._stages()) if _holds(e, stage)), 0)
        gate = self._new_stage(at=slot, kind=kind)[0]["stage"]
        name = f"step_{self._next()}"
        gate["spec"] = {"execution": {"steps": [{"step": {"identifier": name, "name": name, **step}}]}}

    def _order(self, order: r.Order, want: bool, names: dict[str, Any]) -> None:
        first, second = self._owner(order.first, names), self._owner(order.second, names)
        if order.how == "inside":
            self._put_inside(first, second, want)
            return
        entries, a, b = self._common(first, second)
        if entries is None:
            return
        forward = want and order.how in ("before", "directly_before", "in_front_of_deploys")
        if forward and (a > b or (order.how == "directly_before" and a != b - 1)):
            entries.insert(b if a > b else b - 1, entries.pop(a))
        elif not want and order.how != "same_stage" and a < b:
            entries.append(entries.pop(a))

    def _put_inside(self, step: Any, group: Any, want: bool) -> None:
        """The step as the last one of the group, whose stage becomes its own."""
        if not want or "stepGroup" not in group:
            return
        for entry in self._stages():
            steps = entry.get("stage", {}).get("spec", {}).get("execution", {}).get("steps", [])
            steps[:] = [s for s in steps if s is not step]
        group["stepGroup"]["steps"].append(step)

    def _owner(self, ref: str, names: dict[str, Any]) -> Any:
        name, dot, _ = ref.partition(".")
        return self.stage(ref, names) if dot else names[name][0]

    def _common(self, first: Any, second: Any) -> tuple[Any, int, int]:
        """The list in which both lie in different entries, and their positions."""
        stages = self._stages() if self.kind.name in ("pipeline", "template") else []
        slots = [next((i for i, e in enumerate(stages) if _holds(e, x)), -1) for x in (first, second)]
        if -1 in slots:
            return None, 0, 0
        if slots[0] != slots[1]:
            return stages, slots[0], slots[1]
        steps = stages[slots[0]]["stage"].get("spec", {}).get("execution", {}).get("steps", [])
        inside = [next((i for i, e in enumerate(steps) if _holds(e, x)), -1) for x in (first, second)]
        return (None, 0, 0) if -1 in inside else (steps, inside[0], inside[1])

    # --- people and time ----------------------------------------------------------------------

    def _person(self, key: str, field: str, wanted: tuple[str, ...], want: bool) -> None:
        entries = self.input.setdefault("metadata", {}).setdefault(key, [])
        if want and wanted:
            entries.append({field: wanted[0]})
        elif not want and not entries:
            entries.append({field: "somebody_else"})

    def _set_time(self) -> None:
        if not self.windows:
            return
        fitting = (t for t in _moments([w for w, _ in self.windows])
                   if all(during(w, t) is want for w, want in self.windows))  # fmt: skip
        moment = next(fitting, None)
        if moment is not None:
            self.input.setdefault("metadata", {})["timestamp"] = moment


def _moments(windows: list[r.During]) -> Iterator[int]:
    """Timestamps worth trying: edges of dates, then every half hour of a week, days of a year."""
    from datetime import datetime

    for window in windows:
        zone = zone_of(window.zone)
        for dates in window.dates:
            for text in dates:
                edge = int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())
                yield from (edge, edge - 60, edge + 3600, edge - 86400)
    yield from range(START, START + 8 * 86400, 1800)
    yield from range(START, START + 366 * 86400, 6 * 3600)


def fits(test: r.Test, value: Any) -> bool:
    """Whether a value of the tested field satisfies the test."""
    from governance.authoring.elements import Found
    from governance.authoring.judge import Bound, World

    alone = test.model_copy(update={"value": r.Field(of="it")})
    world = World(Found({}), {}, (), {"it": Bound((), value)})
    return world.test(alone)


def _worded(value: Any, collection: Any) -> Any:
    """A value of a computed collection of texts as it stands in a text."""
    if collection == "secret_reads":
        return f'<+secrets.getValue("{value}")>'
    return f"<+{value}>" if collection == "expressions" else value


def _append(entries: list[Any], value: Any) -> list[Any]:
    entries.append(value)
    return [entries, len(entries) - 1]


def _holds(node: Any, wanted: Any) -> bool:
    """Whether something is, or lies in, a node."""
    if node is wanted:
        return True
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return any(_holds(part, wanted) for part in inner)
