"""What checks say, in each language: a language is a value here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """How one language says it."""

    asked: str  # of a value
    unknown: str
    of: str  # of one of several runs
    times: str
    decimal: str
    below: dict[str, str]
    any_of: str
    names: dict[str, str]
    answered: tuple[str, str]  # met, not met
    right: tuple[str, str]
    moved: tuple[str, str]
    anything: tuple[str, str]  # moved


ENGLISH = Phrases(
    asked="{name} is {value}; {asked} is asked.",
    unknown="{name} is not known yet; {asked} is asked.",
    of="{name} of “{title}”",
    times="{factor} times {name}",
    decimal=".",
    below={
        "<": "below {}",
        "<=": "at most {}",
        ">": "above {}",
        ">=": "at least {}",
        "=": "{}",
        "!=": "anything but {}",
    },
    any_of="one of {}",
    names={
        "tries": "the number of runs",
        "masked": "the covered share",
        "says": "the network's answer",
        "gained": "the channel's share of the rise",
    },
    answered=("The question is answered.", "The question is not answered yet."),
    right=("The answer is right.", "The answer is not right yet."),
    moved=("{} was moved.", "{} was not moved yet."),
    anything=("A control was moved.", "No control was moved yet."),
)
GERMAN = Phrases(
    asked="{name} ist {value}; verlangt ist {asked}.",
    unknown="{name} ist noch nicht bekannt; verlangt ist {asked}.",
    of="{name} von „{title}“",
    times="{factor} mal {name}",
    decimal=",",
    below={"<": "unter {}", "<=": "höchstens {}", ">": "über {}", ">=": "mindestens {}", "=": "{}", "!=": "nicht {}"},
    any_of="eines von {}",
    names={
        "score": "Wert",
        "noise": "Rauschen",
        "iteration": "Iteration",
        "channel": "Kanal",
        "seed": "Startzahl",
        "gained": "Anteil des Kanals am Anstieg",
        "tries": "Zahl der Läufe",
        "masked": "Verdeckter Anteil",
        "probability": "Wahrscheinlichkeit",
        "layer": "Schicht",
        "model": "Netz",
        "weights": "Gewichte",
        "preset": "Voreinstellung",
        "class": "Klasse",
        "says": "Antwort des Netzes",
        "method": "Methode",
    },
    answered=("Die Frage ist beantwortet.", "Die Frage ist noch nicht beantwortet."),
    right=("Die Antwort ist richtig.", "Die Antwort ist noch nicht richtig."),
    moved=("{} wurde geändert.", "{} wurde noch nicht geändert."),
    anything=("Eine Einstellung wurde geändert.", "Noch keine Einstellung wurde geändert."),
)
FRENCH = Phrases(
    asked="{name} : {value} ; il faut {asked}.",
    unknown="{name} : pas encore connu ; il faut {asked}.",
    of="{name} de « {title} »",
    times="{factor} fois {name}",
    decimal=",",
    below={
        "<": "moins de {}",
        "<=": "au plus {}",
        ">": "plus de {}",
        ">=": "au moins {}",
        "=": "{}",
        "!=": "autre chose que {}",
    },
    any_of="l’un de {}",
    names={
        "score": "score",
        "noise": "bruit",
        "iteration": "itération",
        "channel": "canal",
        "seed": "graine",
        "gained": "part du canal dans la hausse",
        "tries": "nombre d’essais",
        "masked": "part cachée",
        "probability": "probabilité",
        "layer": "couche",
        "model": "réseau",
        "weights": "poids",
        "preset": "préréglage",
        "class": "classe",
        "says": "réponse du réseau",
        "method": "méthode",
    },
    answered=("La question a une réponse.", "La question n’a pas encore de réponse."),
    right=("La réponse est juste.", "La réponse n’est pas encore juste."),
    moved=("Réglage touché : {}.", "Réglage pas encore touché : {}."),
    anything=("Un réglage a été touché.", "Aucun réglage n’a encore été touché."),
)
PHRASES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH}
