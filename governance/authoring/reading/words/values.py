"""Words of the grammar of values: what never stands for a literal, yes and no, the case of letters."""

from __future__ import annotations

# words that never stand for a value on their own
STOP = frozenset(
    """be have do not no and or but if when unless except only must may can should shall will need the a an
    of in on at to for from by with without as than that which who whose it they them this these those there
    every each all any some none other another else more less least most every time never always also too either
    require allow forbid block deny refuse reject ban prohibit accept permit use contain set present missing empty blank value name type at, least
    before after until while because later newer higher greater above below fewer longer so then otherwise where same own one ones at-least exactly over under
    above below between edit save run create change make delete update deploy start trigger execute store keep modify approve sync launch again still yet even just still same such very start begin end match like look
    parallel sequence background version branch tag label group step stage pipeline deployment environment""".split()
)
# words that join parts of a sentence: mistyped they are still no names
JOINING = frozenset("except unless without because other should must where which before after until".split())
LONG = frozenset({"long", "longer", "shorter", "character", "char", "letter", "sign", "symbol", "length"})
VAGUE = frozenset(
    """good bad reasonable sensible proper appropriate suitable adequate meaningful descriptive unique valid invalid correct
    clear short long secure safe unsafe recent fresh modern stable consistent approved official standard usual normal small large
    big huge high low enough sufficient well fine nice clean wrong right current up-to-date outdated latest-ish trusted known
    common ordinary important critical sensitive regular frequent quick fast slow expensive cheap documented tested reviewed
    helpful useful useless strange suspicious dangerous risky responsible senior junior experienced organisation company team
    secret secrets text manual automatic healthy broken random arbitrary weird long-lived short-lived""".split()
)
# of these the ones a tag can well have as its value
LEVELS = frozenset(
    "high low critical important sensitive secret standard normal small large regular manual automatic".split()
)
TRUE = "true|on|yes|enable|activate|turn on|switch on|turned on|switched on|enabled|active"
FALSE = "false|off|no|disable|deactivate|turn off|switch off|turned off|switched off|disabled|inactive"
CASE = (
    "no matter how it be write|no matter how write|however it be write|no matter how it be spell|"
    "in any capitalise|in any case|in whatever case|no matter how they be capitalise|regardless of case"
    "|ignoring case|ignore case|case insensitive|case-insensitive|no matter the case|whatever the case"
    "|upper or lower case|upper- or lower-case|upper or lower-case|in upper or lower-case|no matter how it be capitalise|however capitalise"
    "|whatever case|no matter how they be write|however they be capitalise|whichever case|no matter what case"
    "|regardless of capitalise|in either case|irrespective of case|independent of case"
    "|upper or lower-case do not matter|case do not matter|capitalise do not matter|upper-case and lower-case do not matter"
    "|upper-case or lower-case do not matter|case be irrelevant|case be ignore|do not matter upper or lower-case"
    "|regardless of how they be capitalise|no matter the capitalise|whatever the capitalise|upper-case or lower-case"
)
