"""Numbers at which a transform or a regularizer does nothing: their sliders say so, and look quiet.

By a style alone, so it is true while a slider is still being dragged.
"""

from functools import cache

from actviz_core import REGULARIZERS, TRANSFORMS, Hyperparams, Setting, described, kind
from dashboard.words.terms import TERMS, term

OFF = Hyperparams(transforms=(), regularizers=())
QUIET = """
%(all)s [data-testid="stWidgetLabel"] p { opacity: 0.72; }
%(all)s [role="group"] { filter: grayscale(1); }
%(off)s [data-testid="stWidgetLabel"] p::after { content: var(--off, " · off"); }
%(same)s [data-testid="stWidgetLabel"] p::after { content: var(--same, " · no change"); }
"""
ELSEWHERE = """html:lang(%s) { --off: " · %s"; --same: " · %s"; }
"""


def neutral_of(address: str, setting: Setting) -> float | None:
    """The value at which a number of the hyperparams does nothing; None where it only says how."""
    name, _, field = address.partition(".")
    if not field or setting.low is None:
        return None
    first = next(iter(described(type(OFF.part(name)))))
    return OFF.value(address) if setting.neutral is not None or field == first else None


def told(address: str, setting: Setting, lang: str = "en") -> str:
    """The setting's help, with what the slider is at its neutral value."""
    neutral = neutral_of(address, setting)
    if neutral is None:
        return term(setting.help, lang)
    return f"{term(setting.help, lang)}; {neutral:g}: {term('no change' if neutral else 'off', lang)}"


@cache
def style() -> str:
    """For the sliders of all kinds, on every page."""
    off, same, idle = [], [], []
    for cls in (*TRANSFORMS, *REGULARIZERS):
        settings = described(cls)
        first = next(iter(settings))
        for field, setting in settings.items():
            address = f"{kind(cls)}.{field}"
            neutral = neutral_of(address, setting)
            if neutral is not None:
                (same if neutral else off).append(f"{slider(cls, field)}:has({at(neutral)})")
            elif setting.low is not None:
                idle.append(f'[data-testid="stVerticalBlock"]:has({slider(cls, first)} {at(0)}) {slider(cls, field)}')
    lists = {"all": (*off, *same, *idle), "off": off, "same": same}
    which = {name: f":is({', '.join(found)})" for name, found in lists.items()}
    said = (ELSEWHERE % (lang, term("off", lang), term("no change", lang)) for lang in TERMS)
    return QUIET % which + "".join(said)


def slider(cls: type, field: str) -> str:
    """Its widget, by the class that Streamlit makes of the key; of a second one of the kind too."""
    return f'[class*="-{kind(cls)}-"][class*="-{field}"]'


def at(value: float) -> str:
    """An input that shows this number, with however many digits."""
    texts = dict.fromkeys((f"{value:g}", f"{value:.1f}", f"{value:.2f}"))
    texts |= {text.replace(".", ","): None for text in texts}  # of lessons in other languages
    shown = ", ".join('[aria-valuetext="' + text + '"]' for text in texts)
    return f"input:is({shown})"
