"""Sixty drafts that nobody means well: what each tries, its text, and the places that must refuse it.

`refused`  it may not even be kept: part of the reason that its author is told
`stuck`    it may be kept, for it is Rego; deciding with it must end in two seconds, and it is never put in force
`harmless` it looks hostile and is not: it is kept, and its report and activation are answers like any other
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["refused", "stuck", "harmless", "either"]


@dataclass(frozen=True)
class Hostile:
    kind: Kind
    text: str
    says: str = ""


def deny(body: str, *, head: str = "package pipeline", rest: str = "") -> str:
    return f'{head}\n\ndeny contains "no" if {{\n\t{body}\n}}\n{rest}'


def refused(body: str, says: str, **also: str) -> Hostile:
    return Hostile("refused", deny(body, **also), says)


def stuck(body: str, **also: str) -> Hostile:
    return Hostile("stuck", deny(body, **also))


def either(body: str, says: str, **also: str) -> Hostile:
    """Refused where the machine is slow, kept where it is not."""
    return Hostile("either", deny(body, **also), says)


def harmless(body: str, **also: str) -> Hostile:
    return Hostile("harmless", deny(body, **also))


def annotated(address: str) -> Hostile:
    schema = '{"$ref": "' + address + '"}'
    text = deny("input.a == 1", head=f"package pipeline\n\n# METADATA\n# schemas:\n#   - input: {schema}")
    return Hostile("refused", text.replace("}\n\ndeny", "}\ndeny"), "may not bring schemas")


def nested(depth: int) -> str:
    return "x := " + "[" * depth + "1" + "]" * depth + "\n\tx == input.a"


OUTSIDE = "not available"
STRANGE = "may read its own package"

DRAFTS: dict[str, Hostile] = {
    # --- time ------------------------------------------------------------------------------------
    "two ranges against each other": stuck(
        "count([1 | some i in numbers.range(1, 100000); some j in numbers.range(1, 100000); i == j]) > 1"
    ),
    "one range of a hundred million": stuck("count(numbers.range(1, 100000000)) > 1"),
    "a range by steps of one": stuck("count(numbers.range_step(1, 90000000, 1)) > 1"),
    "three nested walks of a list": stuck(
        "xs := numbers.range(1, 2000)\n\twalk(xs, [_, a])\n\twalk(xs, [_, b])\n\twalk(xs, [_, c])\n\ta == b\n\tb == c\n\tc == -1"
    ),
    "a product of three lists of keys": stuck(
        "some i in numbers.range(1, 3000)\n\tsome j in numbers.range(1, 3000)\n\tsome k in numbers.range(1, 3000)\n\ti + j + k == -1"
    ),
    "every inside every": stuck(
        "every i in numbers.range(1, 20000) {\n\t\tevery j in numbers.range(1, 20000) { i + j > 0 }\n\t}"
    ),
    "a comprehension in a comprehension": stuck(
        "count({[i, j] | some i in numbers.range(1, 9000); some j in numbers.range(1, 9000)}) == 1"
    ),
    "a sum over a product": stuck(
        "sum([x | some i in numbers.range(1, 30000); some j in numbers.range(1, 30000); x := i * j]) == 1"
    ),
    "a graph without an end": stuck(
        'g := {sprintf("%d", [i]): [sprintf("%d", [j]) | some j in numbers.range(1, 2500)] | some i in numbers.range(1, 2500)}'
        '\n\tcount(graph.reachable_paths(g, {"1"})) > 1'
    ),
    "all paths through a dense graph": stuck(
        'g := {sprintf("%d", [i]): [sprintf("%d", [j]) | some j in numbers.range(1, 14)] | some i in numbers.range(1, 14)}'
        '\n\tcount(graph.reachable_paths(g, {"1"})) > 1'
    ),
    "a function that calls a function that calls a function": stuck(
        "f(1, 1)",
        rest="\nf(_, x) if {\n\tsome i in numbers.range(1, 3000)\n\tg(x, i)\n}\n\n"
        "g(x, i) if {\n\tsome j in numbers.range(1, 3000)\n\th(x, i, j)\n}\n\n"
        "h(x, i, j) if {\n\tsome k in numbers.range(1, 3000)\n\tx + i + j + k < 0\n}\n",
    ),
    # --- memory and size of the answer ----------------------------------------------------------------
    "a string of two hundred megabytes": stuck(
        'count(concat("", [t | some _ in numbers.range(1, 9000000); t := "aaaaaaaaaaaaaaaaaaaaaa"])) > 1'
    ),
    "a string doubled thirty times": stuck(
        "count(s30) > 1",
        rest='\ns0 := "aaaaaaaa"\n\n'
        + "\n".join(f"s{n} := concat(s{n - 1}, [s{n - 1}, s{n - 1}])\n" for n in range(1, 31)),
    ),
    "a list joined to itself": stuck(
        "count(l24) > 1",
        rest="\nl0 := numbers.range(1, 1000)\n\n"
        + "\n".join(f"l{n} := array.concat(l{n - 1}, l{n - 1})\n" for n in range(1, 25)),
    ),
    "sprintf with a width of a billion": stuck(
        'count([sprintf("%900000d", [i]) | some i in numbers.range(1, 100000)]) == 1'
    ),
    "sprintf of everything, a million times": stuck(
        'count({sprintf("%v %v %v", [i, input, i]) | some i in numbers.range(1, 3000000)}) == 1'
    ),
    "an answer of a million messages": Hostile(
        "stuck",
        'package pipeline\n\ndeny contains sprintf("%d %s", [i, input]) if some i in numbers.range(1, 3000000)\n',
    ),
    "unions of objects that grow": stuck(
        'o := object.union_n([{sprintf("%d", [i]): numbers.range(1, 300)} | some i in numbers.range(1, 300000)])\n\tcount(o) == 1'
    ),
    "json.patch, a hundred thousand times": stuck(
        'd := json.patch({"a": {}}, [{"op": "add", "path": sprintf("a/%d", [i]), "value": numbers.range(1, 500)}'
        " | some i in numbers.range(1, 300000)])\n\tcount(d.a) == 1"
    ),
    "json.filter over long lists": stuck(
        'd := {sprintf("%d", [i]): i | some i in numbers.range(1, 2000000)}\n\tcount(json.filter(d, object.keys(d))) == 1'
    ),
    "marshalled again and again": stuck(
        "count(m14) > 1",
        rest="\nm0 := json.marshal(numbers.range(1, 2000))\n\n"
        + "\n".join(f"m{n} := json.marshal([m{n - 1}, m{n - 1}])\n" for n in range(1, 15)),
    ),
    "base64 of base64": stuck(
        "count(b60) > 1",
        rest='\nb0 := base64.encode(concat("", [t | some _ in numbers.range(1, 100); t := "aaaaaaaaaa"]))\n\n'
        + "\n".join(f"b{n} := base64.encode(b{n - 1})\n" for n in range(1, 61)),
    ),
    "a power set": stuck(
        "count({[a, b, c, d] | some a in numbers.range(1, 100); some b in numbers.range(1, 100);"
        " some c in numbers.range(1, 100); some d in numbers.range(1, 100)}) == 1"
    ),
    "bits shifted without end": stuck(
        "count([x | some i in numbers.range(1, 60000); x := bits.lsh(1, i)]) == 1"
    ),
    # --- patterns -----------------------------------------------------------------------------------
    "a pattern that elsewhere goes wild": stuck(
        's := concat("", [t | some _ in numbers.range(1, 60000); t := "a"])\n'
        '\tcount([1 | some _ in numbers.range(1, 3000); not regex.match("^(a+)+$", concat("", [s, "b"]))]) > 1'
    ),
    "a pattern with repetition in repetition": stuck(
        's := concat("", [t | some _ in numbers.range(1, 30000); t := "a"])\n'
        '\tcount([1 | some _ in numbers.range(1, 3000); regex.match("((a{0,30}){0,30})b", s)]) > 1'
    ),
    "all submatches of a long text": stuck(
        's := concat("", [t | some _ in numbers.range(1, 200000); t := "ab"])\n'
        '\tcount([m | some _ in numbers.range(1, 3000); m := regex.find_all_string_submatch_n("(a)(b)", s, -1)]) == 1'
    ),
    "replace everywhere in a long text": stuck(
        's := concat("", [t | some _ in numbers.range(1, 500000); t := "a"])\n'
        '\tcount([r | some _ in numbers.range(1, 3000); r := regex.replace(s, "a", "aaaaaaaa")]) == 1'
    ),
    "globs of stars": stuck(
        's := concat("", [t | some _ in numbers.range(1, 50000); t := "a"])\n'
        '\tcount([1 | some _ in numbers.range(1, 9000000); glob.match("*a*a*a*a*a*a*a*a*b", [], s)]) == 1'
    ),
    "two patterns that intersect": stuck(
        "count([1 | some i in numbers.range(1, 200000);"
        ' regex.globs_match(sprintf("[a-z]*.*%d", [i]), "[a-y]*.*b")]) == -1'
    ),
    "a template of patterns": stuck(
        'count([1 | some i in numbers.range(1, 3000000); regex.template_match("urn:{.*}:x", sprintf("urn:%d:x", [i]), "{", "}")]) == -1'
    ),
    "texts split into letters": stuck(
        's := concat("", [t | some _ in numbers.range(1, 500000); t := "a"])\n'
        '\tcount([p | some _ in numbers.range(1, 3000); p := split(s, "")]) == 1'
    ),
    # --- forms that a parser may trip over -------------------------------------------------------------
    "lists in lists, four hundred deep": refused(nested(400), "nested too deeply|did not finish"),
    "lists in lists, fifty thousand deep": refused(nested(50_000), "depth|deep|nest"),
    "brackets that never close": refused(
        "x := " + "(" * 20_000, "rego_parse_error|unexpected|expected|depth|deep"
    ),
    "a text of more than 256 kB": refused(f'input.a == "{"a" * 300_000}"', "longer than 256 kB"),
    "a name of 200 kB": harmless(f'input.a == "{"a" * 200_000}"'),
    "two thousand rules": either(
        "input.a == 1",
        "too many rules|did not finish",
        rest="\n" + "\n".join(f"r{n} := {n}" for n in range(2_000)) + "\n",
    ),
    "five thousand rules": refused(
        "input.a == 1",
        "too many rules|did not finish",
        rest="\n" + "\n".join(f"r{n} := {n}" for n in range(5_000)) + "\n",
    ),
    "a rule that needs itself": refused("deny", "recursive"),
    "a function that calls itself": refused("f(input.a)", "recursive", rest="\nf(x) if f(x)\n"),
    "bytes that are no text": refused('input.a == "\x00\x01"', "illegal|non-terminated|parse|character"),
    "a number of ten thousand digits": refused(f"input.a == 1{'0' * 10_000}", "too long a number"),
    # --- what reaches outside ---------------------------------------------------------------------------
    "a request to the network": refused(
        'http.send({"method": "get", "url": "http://127.0.0.1:9/"})', OUTSIDE
    ),
    "a request to the network by `with`": refused(
        "f(1) with f as http.send", f"{OUTSIDE}|unsafe", rest="\nf(x) := x\n"
    ),
    "the environment of the server": refused("opa.runtime().env.SECRET_KEY", OUTSIDE),
    "a look-up of a name": refused('net.lookup_ip_addr("example.com")', OUTSIDE),
    "the clock, hidden in a comprehension": refused("{x | x := time.now_ns()} != set()", OUTSIDE),
    "a die": refused('rand.intn("a", 6) == 1', OUTSIDE),
    "a new name every time": refused('uuid.rfc4122("a") == "b"', OUTSIDE),
    "a schema that is fetched": refused(
        'json.match_schema(input, {"$ref": "http://127.0.0.1:9/schema.json"})[0]', OUTSIDE
    ),
    "a schema that is a file": refused(
        'json.match_schema(input, {"$ref": "file:///etc/hostname"})[0]', OUTSIDE
    ),
    "a schema that is said to be checked": refused(
        'json.verify_schema({"$ref": "file:///etc/hostname"})[0]', OUTSIDE
    ),
    "an annotation with a schema from elsewhere": annotated("http://127.0.0.1:9/x.json"),
    "an annotation with a schema that is a file": annotated("file:///etc/hostname"),
    # --- what belongs to others ----------------------------------------------------------------------------
    "everything there is": refused("count(data) > 0", f"{STRANGE}|recursive"),
    "the sets of the router": refused("data.portal.sets[_]", STRANGE),
    "another policy, by a variable": refused('p := "policies"\n\tdata[p]["acme/other"].deny', STRANGE),
    "another policy, by `with`": refused("input.a with data.policies as {}", STRANGE),
    "another policy, inside a template string": refused('x := $"{data.policies}"\n\tx == input.a', STRANGE),
    "another package, imported": refused(
        "other.x", STRANGE, head="package pipeline\n\nimport data.policies as other"
    ),
    "the engine's own rights": Hostile(
        "harmless", "package system.authz\n\nallow := true\n\ndeny contains 1 if input.a == 1\n"
    ),
    "the router's package": Hostile(
        "harmless", "package portal.router\n\ndecide := {}\n\ndeny contains 1 if input.a == 1\n"
    ),
    "the library's package": refused(
        "input.a == 1", "conflict|multiple|portal", head="package portal.lib", rest="\nsteps := set()\n"
    ),
    "a package that looks like another": Hostile(
        "harmless", 'package pipeline["аcme/оther"]\n\ndeny contains 1 if input.a == 1\n'
    ),
    "letters that look like others": refused("іnput.pipeline", "unsafe|illegal|unexpected|character"),
    "the rule by which the gate knows it": refused(
        "input.a == 1", "may not be called meta", rest='\nmeta := {"digest": "x"}\n'
    ),
    "a built-in of its own making": harmless("input.a == 1", rest="\ncount(_) := 0\n"),
    # --- what speaks ---------------------------------------------------------------------------------------
    "print, a million times": stuck("some i in numbers.range(1, 3000000)\n\tprint(i, input)\n\ti < 0"),
    "trace, a million times": stuck(
        'some i in numbers.range(1, 3000000)\n\ttrace(sprintf("%d %v", [i, input]))\n\ti < 0'
    ),
}
