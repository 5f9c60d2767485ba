"""What a request takes back: slips that are corrected in the same breath, and wishes that are denied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from templates_catalog.authoring import names
from templates_catalog.authoring.forms import PLACES, REGION
from templates_catalog.authoring.words import NUMBERS, TOKEN, clean
from templates_catalog.vocabulary import BY_NAME, Mention, is_value, masked, mentions

# Bounded, so that a line of dots is looked at once.
SLIP = re.compile(
    r"\s{0,9}[-–—,.;:(?]{1,9}\s*(?:(?:no[,.!:]|no(?= wait| sorry| i mean| make| rather| let| take| use| actually| better)|oh|hmm|er|sorry|oops|wait|scratch that|actually|correction|pardon)[,.!]?\s+)+"
    r"(?:(?:wait|no|sorry|i mean|i meant|make (?:it|that)|it'?s|that'?s|rather|actually|better|let(?:'?s| us) (?:take|use|go (?:for|with)|have)|go (?:for|with)|take|use)[,:]?\s+)*|"
    rf"\s{{0,9}}(?:\.{{2,9}}|…|[–—-])\s*(?:better |rather )?make (?:it|that) (?=(?:\d+|{NUMBERS})[\w%]*(?:[.,;!]|$| percent| %))|"
    r"\s{0,9}[-–—,.;:(]{1,9}\s*(?:i mean|i meant|or rather|make that)[,:]?\s+|\s+(?:i mean|i meant|make that)[,:]?\s+",
    re.I,
)
DENIAL = re.compile(
    r"\b(?:without|no|not|neither(?: in| with)?|nor(?: in| with)?|never|instead of|rather than|other than|except|skip|leave out|don'?t (?:need|want|use|like))\s+"
    r"(?:the |an? |any |our |a separate )?",
    re.I,
)
# What stands in these words' place is said elsewhere: where it is not to go, and who need not approve.
ELSEWHERE = re.compile(r"(?:approv|sign|prod|staging|qa\b|need|only|just|yet|sure|to\b|on\b)", re.I)


def corrected(text: str, environments: Sequence[Any] = (), groups: Sequence[Any] = ()) -> str:
    """The request as it is after the person corrected it."""
    for _ in range(4):
        hit = next((hit for hit in SLIP.finditer(text) if hit[0].strip()), None)
        if hit is None:
            return text
        before, after = text[: hit.start()], text[hit.end() :]
        if hit[0].lstrip().startswith("?") and len(after.split()) > 3:
            # A whole request that answers the one that was only asked: "canary? no: …".
            start = max((end.end() for end in re.finditer(r"[.!?]\s+", before)), default=0)
            if own_names(before[start:]) and not own_names(after):
                # "cart_api with the batch template? no, the plain one": only the last phrase was asked.
                phrase = list(re.finditer(r",? ?\b(?:with|using|from|on|in|as)\b", before[start:], re.I))
                text = f"{before[: start + phrase[-1].start()] if phrase else before}, {after}"
                continue
            text = before[:start] + after
            continue
        text = replaced(before, after, environments, groups)
    return text


def own_names(text: str) -> list[str]:
    return [word for hit in re.finditer(TOKEN, text) if is_value(word := clean(hit[1]))]


LEAD = re.compile(
    r"(?:(?:go|straight|directly|right|to|into|on|in|by|from|the|our|let|have|ask|rather)\s+){0,5}", re.I
)


def replaced(before: str, after: str, environments: Sequence[Any], groups: Sequence[Any]) -> str:
    """What was said with the word that the correction is for exchanged for the new one."""
    again = re.match(
        rf"(?:the |its |my |our )?([a-z]\w+)\s*(?:is|should be|must be|:|=)\s+{TOKEN}", after, re.I
    )
    if again:
        # "Folder a. No wait, the folder is b": what was said of the folder is taken back.
        thing = re.escape(again[1])
        said = list(re.finditer(rf"(?<![\w-]){thing}(?:\s*(?:is|:|=|called|named))?\s+{TOKEN}", before, re.I))
        if said:
            before = before[: said[-1].start()] + before[said[-1].end() :]
        return f"{before}, {after}"
    new = re.match(TOKEN, after)
    word = clean(new[1]) if new else ""
    rest = after[new.end() :] if new else after
    if re.fullmatch(r"\d+(?:\.\d+)*", word):
        old = list(re.finditer(r"(?<![\w.])\d+(?:\.\d+)*(?![\w])", before))
        return (
            before[: old[-1].start()] + word + before[old[-1].end() :] + rest if old else f"{before}, {after}"
        )
    own = [hit for hit in re.finditer(TOKEN, before) if is_value(clean(hit[1]))]
    if own and re.fullmatch(r"[\w-]+[.!]?", after.strip()) and own[-1].end() >= len(before.rstrip(" ?")):
        # "Use release/2.0? no, main": the last word is what is corrected.
        return before[: own[-1].start(1)] + after
    if is_value(word):
        own = [hit for hit in re.finditer(TOKEN, before) if is_value(clean(hit[1]))]
        return (
            before[: own[-1].start(1)] + word + before[own[-1].end(1) :] + rest
            if own
            else f"{before}, {after}"
        )
    if word.lower() in PLACES or REGION.match(after):
        # Another region takes the place of the one that was said.
        gone = rf"{REGION.pattern}|\b(?:{'|'.join(PLACES)})\b"
        return re.sub(gone, lambda said: " " * len(said[0]), before, flags=re.I) + ", " + after
    for known in (groups, environments):
        places = names.find(before, known)
        begins = [start for start, _, _ in names.find(after, known) if LEAD.fullmatch(after[:start])]
        if places and begins:
            tail = before[places[-1][1] :]
            if (
                known is groups
                and re.search(names.APPROVE, tail, re.I)
                and not re.search(names.APPROVE, after, re.I)
            ):
                # "Release managers approve, or rather the SREs": they do the same.
                end = next(end for start, end, _ in names.find(after, known) if start == begins[0])
                return f"{before[: places[-1][0]]}{after[begins[0] : end]}{tail} {after[end:].lstrip(' .,')}"
            # Another group or environment, and with it what was said about the first one.
            return before[: places[-1][0]] + after[begins[0] :]
    meant = {BY_NAME[m.notion].dimension for m in mentions(masked(after))[:1]}
    return (
        blanked(before, [m for m in mentions(masked(before)) if BY_NAME[m.notion].dimension in meant])
        + ", "
        + after
    )


def blanked(text: str, spans: Iterable[Mention]) -> str:
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def without_denied(text: str, choices: Sequence[str] = ()) -> tuple[str, list[str]]:
    """The request without what it says it does not want, of the same length, and the notions denied.

    choices  values that inputs allow: "not Gradle" takes Gradle away
    """
    denied: list[str] = []
    spoken = mentions(masked(text))
    for hit in DENIAL.finditer(text):
        if ELSEWHERE.match(text[hit.end() :]):
            continue
        at = [m for m in spoken if m.start == hit.end()]
        if at:
            denied.append(at[0].notion)
            text = text[: hit.start()] + " " * (at[0].end - hit.start()) + text[at[0].end :]
            continue
        word = re.match(TOKEN, text[hit.end() :])
        if word and clean(word[1]).lower() in choices:
            end = hit.end() + len(clean(word[1]))
            text = text[: hit.start()] + " " * (end - hit.start()) + text[end:]
            # Where it was said before, it is taken back.
            gone = rf"(?<![\w.-]){re.escape(clean(word[1]))}(?![\w.-])"
            text = re.sub(gone, lambda said: " " * len(said[0]), text, flags=re.I)
    return text, denied
