"""Names for members of a class: a kind word and an animal, in the language that the member reads.

Given by the server and never typed, so nobody's own name and no free text is ever kept.
"""

import random
from collections.abc import Collection

LANGUAGES = "en", "de", "fr"
ENDINGS = {"m": "er", "f": "e", "n": "es"}  # of a German word before an animal of that gender

# English, German without its ending, French; the French ones are the same for both genders.
KIND_WORDS = (
    ("agile", "wendig", "agile"),
    ("skilful", "geschickt", "habile"),
    ("wise", "weis", "sage"),
    ("calm", "ruhig", "calme"),
    ("quick", "schnell", "rapide"),
    ("brave", "mutig", "brave"),
    ("kind", "freundlich", "aimable"),
    ("peaceful", "friedlich", "pacifique"),
    ("honest", "ehrlich", "honnête"),
    ("modest", "bescheiden", "modeste"),
    ("gentle", "sanft", "tendre"),
    ("lively", "munter", "énergique"),
    ("sincere", "aufrichtig", "sincère"),
    ("funny", "lustig", "drôle"),
    ("sturdy", "robust", "robuste"),
    ("alert", "wach", "alerte"),
    ("fantastic", "fantastisch", "fantastique"),
    ("poetic", "poetisch", "poétique"),
    ("hopeful", "zuversichtlich", "optimiste"),
    ("splendid", "prächtig", "magnifique"),
)
# English, German with its gender, French.
ANIMALS = (
    ("otter", "Otter m", "loutre"),
    ("fox", "Fuchs m", "renard"),
    ("owl", "Eule f", "chouette"),
    ("badger", "Dachs m", "blaireau"),
    ("hedgehog", "Igel m", "hérisson"),
    ("beaver", "Biber m", "castor"),
    ("deer", "Reh n", "chevreuil"),
    ("squirrel", "Eichhörnchen n", "écureuil"),
    ("dolphin", "Delfin m", "dauphin"),
    ("whale", "Wal m", "baleine"),
    ("penguin", "Pinguin m", "pingouin"),
    ("swan", "Schwan m", "cygne"),
    ("stork", "Storch m", "cigogne"),
    ("lark", "Lerche f", "alouette"),
    ("swallow", "Schwalbe f", "hirondelle"),
    ("falcon", "Falke m", "faucon"),
    ("robin", "Rotkehlchen n", "rouge-gorge"),
    ("kingfisher", "Eisvogel m", "martin-pêcheur"),
    ("sparrow", "Spatz m", "moineau"),
    ("panda", "Panda m", "panda"),
    ("koala", "Koala m", "koala"),
    ("lynx", "Luchs m", "lynx"),
    ("lion", "Löwe m", "lion"),
    ("tiger", "Tiger m", "tigre"),
    ("leopard", "Leopard m", "léopard"),
    ("giraffe", "Giraffe f", "girafe"),
    ("zebra", "Zebra n", "zèbre"),
    ("gazelle", "Gazelle f", "gazelle"),
    ("antelope", "Antilope f", "antilope"),
    ("parrot", "Papagei m", "perroquet"),
    ("alpaca", "Alpaka n", "alpaga"),
    ("marmot", "Murmeltier n", "marmotte"),
    ("hare", "Hase m", "lièvre"),
    ("pony", "Pony n", "poney"),
    ("tortoise", "Schildkröte f", "tortue"),
    ("salamander", "Salamander m", "salamandre"),
    ("gecko", "Gecko m", "gecko"),
    ("dragonfly", "Libelle f", "libellule"),
    ("butterfly", "Schmetterling m", "papillon"),
    ("ladybird", "Marienkäfer m", "coccinelle"),
    ("bee", "Biene f", "abeille"),
    ("bumblebee", "Hummel f", "bourdon"),
    ("firefly", "Glühwürmchen n", "luciole"),
    ("octopus", "Oktopus m", "poulpe"),
    ("seahorse", "Seepferdchen n", "hippocampe"),
    ("lizard", "Eidechse f", "lézard"),
    ("chamois", "Gämse f", "chamois"),
    ("ibex", "Steinbock m", "bouquetin"),
    ("nightingale", "Nachtigall f", "rossignol"),
    ("eagle", "Adler m", "aigle"),
    ("moose", "Elch m", "élan"),
    ("reindeer", "Rentier n", "renne"),
    ("kangaroo", "Känguru n", "kangourou"),
    ("wombat", "Wombat m", "wombat"),
    ("lemur", "Lemur m", "lémurien"),
)
NAMES = len(KIND_WORDS) * len(ANIMALS)


def name_of(number: int, lang: str) -> str:
    """The name of that number, from 0; in English where the language is none of ours."""
    word, animal = KIND_WORDS[number // len(ANIMALS)], ANIMALS[number % len(ANIMALS)]
    if lang == "de":
        noun, gender = animal[1].split()
        return f"{word[1].capitalize()}{ENDINGS[gender]} {noun}"
    if lang == "fr":
        return f"{animal[2].capitalize()} {word[2]}"
    return f"{word[0].capitalize()} {animal[0].capitalize()}"


def free_number(taken: Collection[int], draw: random.Random) -> int:
    """The number of a name that nobody has, of an animal that nobody is where there is one left.

    Raises IndexError where all names are taken.
    """
    free = [number for number in range(NAMES) if number not in taken]
    animals = {number % len(ANIMALS) for number in taken}
    return draw.choice([number for number in free if number % len(ANIMALS) not in animals] or free)
