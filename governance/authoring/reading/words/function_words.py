"""Function words: what can be left out, how requests are introduced, what is known English."""

from __future__ import annotations

from functools import lru_cache

from governance.authoring.reading.words.keys import key

# words that carry no meaning for a rule, wherever they stand
FILLERS = (
    "please|just|really|simply|basically|kindly|somewhere|hereby|currently|of course|at all|in general|generally"
    "|anymore|any more|any longer|obviously|actually|honestly|frankly|thanks|thank you|hi|hello|hey|literally"
    "|in our company|at halden|in this account|as well|somehow|definitely|strictly|explicitly said"
    "|for now|from now on|going forward|once and for all|by the way|btw|fyi|ok so|as usual|under any circumstance"
    "|under no circumstance|in future|in the future|absolutely|certainly|specifically|namely|respectively"
    "|additionally|in addition|on top of that|the fact that|in any way|whatsoever|guys|folks|explicitly|mandatorily|preferably not"
)
# ways to introduce what one wants; what follows is the rule
FRAMES = (
    "create policy that|write policy that|make policy that|draft policy that|give me policy that|i need policy that"
    "|we need policy that|i want policy that|we want policy that|add policy that|generate policy that"
    "|i would like policy that|we would like policy that|set up policy that|policy that|rule that|write rule that"
    "|create rule that|add rule that|i need rule that|we need rule that|a policy which|create policy which|write policy which"
    "|create policy to|write policy to|i need policy to|we need policy to|policy to|rule to|make sure that|make sure"
    "|ensure that|ensure|it must be ensure that|be it possible to|would it be possible to|can we|can you"
    "|could we|could you|should we|shall we|would you|will you|i want you to|i want to|we want to|we would like to"
    "|i would like to|i would like|we would like|let us|help me to|help me|i need you to|we need to|i need to"
    "|make it so that|make it impossible that|see to it that|it should be that|it be important that|check that|verify that"
    "|enforce that|guarantee that|from now on|we have decide that"
    "|security say that|security say|audit say that|our auditor say that|auditor want that|it be require that|the rule be that"
    "|rule be that|rule be|we want that|i want that|i want|we want|we expect|i expect|we require that|we have to make sure that|we have to ensure that"
    "|as of now|how about we|what about|maybe we can|maybe we should|we should|i think we should|i think|we need that"
    "|be there way to|is there a way to|any way to|so that|we must make sure that|remember that|note that"
)
CORRECTIONS = (
    "no wait|wait no|wait|i mean|i meant|or rather|correction|scratch that|sorry|no actually|actually no|hm no|no sorry"
    "|make that|let me rephrase|rather|no|strike that|oops|on second thought|not that"
)
WITHDRAWN = "scratch that|strike that|forget that|forget it|never mind|no forget that|ignore that|delete that"
KNOWN_TEXT = """
be have do not no and or but if when unless except only must may can should shall will need the a an of in on at to for
from by with without as than that which who whose it they them this these those there every each all any some none other
else more less most least every time never always also too either require allow forbid block deny use contain set present
missing empty blank whichever whatever regardless matter case way kind sort even inside outside both anyway
rollback group parallel depth nested level type name value version stage step push pull registry image branch severity
another give be what how many far long ever put same stand slot right front itself module start group team environment say call
write run save deploy mean include report come go get make take see look like one two three first last next
create delete change update pick order place position condition hidden anything everything nothing something setting
role member permission admin whoever everywhere elsewhere nowhere nothing optional voluntary hotfix emergency urgent hand-written handwritten rejected flavour variant form plain old id kind pipeline keep people person share own live account org organisation project e.g i.e etc eg ie so still user such as
"""


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """Words of the grammar itself."""
    return frozenset(w for text in KNOWN_TEXT.split() for w in key(text))


KNOWN = known_words()
