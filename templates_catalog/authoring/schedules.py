"""Reads when something is to run, as a cron expression: written as one, or said with a rhythm and a time of day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from templates_catalog.authoring.words import NUMBERS, number_of

if TYPE_CHECKING:
    from templates_catalog.authoring.forms import Values

CRON = re.compile(r"(?<![\w*/.-])((?:[\d*][\d*/,\-]*\s+){4}[\d*A-Za-z][\d*/,\-A-Za-z]*)(?![\w*/-])")
CLOCK = re.compile(
    r"\bat (\d{1,2})(?::(\d{2}))?\s*(am|pm|o'clock|in the morning|in the afternoon|in the evening|at night)?\b|"
    r"(?<![\w.:/-])(\d{1,2})(?::(\d{2}))?\s*(am|pm)\b|(?<![\w.:/-])(\d{1,2}):(\d{2})(?![\w:/-])|\b(midnight|noon|midday)\b",
    re.I,
)
WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
DAY = rf"(?:{'|'.join(WEEKDAYS)})s?"
RHYTHM = re.compile(
    r"\b(?:nightly|daily|every (?:night|day|morning|evening)|each (?:night|day|morning|evening)|weekly|"
    rf"(?:(?:on|every|each) )?{DAY}|(?:every |each )?(?:weekdays?|weekends?)|working days|business days|midnight)\b",
    re.I,
)
# A time that comes rarer than a week, or more often than we are told when.
OTHER_RHYTHM = re.compile(
    r"\bmonth(?:ly|s)?\b|\bquarter(?:ly|s)?\b|\byear(?:ly|s)?\b|\bannual\w*\b|\b(?:twice|three times|\d+ times|every other|every second|"
    r"every (?:two|three|2|3) (?:days|weeks))\b",
    re.I,
)
# "Every evening at 7", "every night at 11" are late; "every night at 2" is early.
LATE = re.compile(r"\b(?:evening|afternoon)\b", re.I)
NIGHT = re.compile(r"\b(?:every|each) night\b", re.I)
STEP = re.compile(rf"\b(?:every|each) (\d+|{NUMBERS}) (minutes?|mins?|hours?|hrs?)\b", re.I)


SPOKEN = re.compile(rf"\b(?:at )?(half|(?:a )?quarter) (past|to) (\d{{1,2}}|{NUMBERS})(?![\w:])", re.I)
HOUR = re.compile(
    rf"\bat ({NUMBERS})(?= (?:am|pm|o'clock|in the|at night|every|each|on)\b|\s*(?:[,.;]|$))", re.I
)


def with_figures(text: str) -> str:
    """Times of day in words as figures: "half past one" is 1:30, "at two in the morning" at 2 in the morning."""

    def figures(hit: re.Match[str]) -> str:
        hour, part = int(number_of(hit[3])), 30 if hit[1].lower() == "half" else 15
        early = hit[2].lower() == "to"
        return f"at {(hour - early) % 24}:{60 - part if early else part:02}"

    return HOUR.sub(lambda hit: f"at {number_of(hit[1])}", SPOKEN.sub(figures, text))


def schedule(text: str, values: Values) -> str | None:
    """The cron expression a text gives; None when it says too little, which is asked."""
    found = CRON.search(text)
    if found:
        return " ".join(found[1].split()).rstrip(",-")
    text = with_figures(text)
    step = STEP.search(text)
    if step:
        return stepped(step, values)
    clock, rhythm = CLOCK.search(text), RHYTHM.search(text)
    if re.search(r"\b(hourly|every hour|each hour)\b", text, re.I) and not clock:
        values.remarks.append("“hourly” is read as the cron expression 0 * * * *")
        return "0 * * * *"
    if not clock or not rhythm or OTHER_RHYTHM.search(text):
        return None
    return clock_cron(clock, rhythm, values)


def stepped(step: re.Match[str], values: Values) -> str | None:
    """ "Every 15 minutes", when the hour, or the day, is a multiple of it."""
    number, hours = int(number_of(step[1])), step[2].lower().startswith("h")
    whole = 24 if hours else 60
    if number < 1 or whole % number or number == whole:
        return None
    said = f"0 */{number} * * *" if hours else f"*/{number} * * * *"
    values.remarks.append(f"“{step[0]}” is read as the cron expression {said}")
    return said


def clock_cron(clock: re.Match[str], rhythm: re.Match[str], values: Values) -> str | None:
    named = (clock[9] or "").lower()
    hour = {"midnight": 0}.get(named, 12) if named else int(clock[1] or clock[4] or clock[7])
    minute = int(clock[2] or clock[5] or clock[8] or 0)
    half = (clock[3] or clock[6] or "").lower()
    if half in ("pm", "in the afternoon", "in the evening") and hour < 12:
        hour += 12
    if half == "am" and hour == 12:
        hour = 0
    if not half and not named and 0 < hour < 12 and not re.search(r"\b0\d", clock[0]):
        hour += 12 if LATE.search(rhythm[0]) or (hour > 7 and NIGHT.search(rhythm[0])) else 0
    weekday = days_of(rhythm.string)
    if hour > 23 or minute > 59 or (re.search(r"\bweekly\b", rhythm.string, re.I) and weekday == "*"):
        return None
    said = f"{minute} {hour} * * {weekday}"
    shown = rhythm[0] if rhythm[0].lower() == clock[0].lower() else f"{rhythm[0]} … {clock[0]}"
    values.remarks.append(f"“{shown}” is read as the cron expression {said}")
    return said


def days_of(text: str) -> str:
    """The last field of a cron expression: the days of the week that are named, else every day."""
    span = re.search(rf"\b({DAY}) ?(?:to|through|until|-|–) ?({DAY})\b", text, re.I)
    if span:
        first, last = (WEEKDAYS.index(day.lower().rstrip("s")) for day in span.groups())
        return f"{first}-{last}" if first < last else f"{first}-6,0" + (f"-{last}" if last else "")
    named = [WEEKDAYS.index(hit[0].lower().rstrip("s")) for hit in re.finditer(rf"\b{DAY}\b", text, re.I)]
    if named:
        return ",".join(str(day) for day in sorted(set(named)))
    if re.search(r"\b(?:weekdays?|working days?|business days?)\b", text, re.I):
        return "1-5"
    return "6,0" if re.search(r"\bweekends?\b", text, re.I) else "*"
