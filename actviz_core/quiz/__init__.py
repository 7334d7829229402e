"""The quiz after Borowski et al. 2021: which of two natural images drives this unit more? Its design and its counting.

Knows images by an index of them, and neither networks nor screens.
"""

from .design import CATCH, CONDITIONS, FORMS, POOL, PRACTICE, Form, Trial, trials
from .groups import ENOUGH_PERSONS, GroupShare, of_group
from .pool import FEWEST, TooFew, Unit, pool, stamp_of
from .published import CONFIDENCES, SHARES, SOURCE
from .scores import Share, by_condition, by_confidence, is_counted
from .sitting import ANSWERS, Given, Sitting

__all__ = [
    "ANSWERS",
    "CATCH",
    "CONDITIONS",
    "CONFIDENCES",
    "ENOUGH_PERSONS",
    "FEWEST",
    "FORMS",
    "POOL",
    "PRACTICE",
    "SHARES",
    "SOURCE",
    "Form",
    "Given",
    "GroupShare",
    "Share",
    "Sitting",
    "TooFew",
    "Trial",
    "Unit",
    "by_condition",
    "by_confidence",
    "is_counted",
    "of_group",
    "pool",
    "stamp_of",
    "trials",
]
