"""Lists the words that say little about what a text is about.

The lists differ because the fitted models that use them do: the support model and the answerability model each keep the
list with which they were fitted.
"""

from __future__ import annotations

STOP_WORDS = frozenset(
    """a an the of in on at by for with to from into onto as and or but nor so than then that which who
    whom whose this these those there here it its itself they them their theirs we our ours us i you
    your he she is are was were be been being am do does did done have has had having can could may
    might will would shall should must also both such very more most much many some any all each
    every other another same own only just even still however moreover furthermore thus hence
    therefore while when where whether if because since although though via per about up down out
    over under between among through during before after again further what how why not no s t e g
    i.e etc paper work study authors author article abstract one""".split()
)
"""Words that are not content words in a claim or an abstract."""
GENERIC_WORDS = frozenset(
    """propose present introduce show demonstrate find report describe develop investigate explore
    achieve use using used based new novel approach method methods model models results experiments
    extensive several various different called named named describe provide make made given first
    additionally finally specifically researchers proposed""".split()
)
"""Content words that only introduce a claim, as every abstract does."""
QUESTION_STOP_WORDS = frozenset(
    """a an the of in on for to and or with by at from as is are was were be been it its this that these those what
    which who how many much does do did when where why whose whom into than then their they we our can could would
    should may might has have had not no any all both each such via using use used uses over under between about per
    i im if there so but also out up one s kind type sort paper papers authors study work""".split()
)
"""Words that carry none of a question's weight in the answerability model."""
SEARCH_STOP_WORDS = frozenset(
    """a about an and any are as at be been being between both but by can could did do does doing during each for from
    had has have having how i if in into is it its many me more most much my no nor not of on or other our over own
    paper papers please same should so some such tell than that the their them then there these they this those to too
    under until up used uses using very was we were what when where which while who whom whose why will with would you
    your""".split()
)
"""Words that a search leaves out of a question."""
NOUN_PHRASE_ENDS = frozenset(
    """is are was were does do did can could has have had will would in on of for with by at from to the a an this
    that its their it they and or than when where""".split()
)
"""Words at which the noun phrase that a question asks for ends."""
