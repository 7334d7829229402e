"""On which line each value of a TOML text stands."""

from actviz_core.lessons.places import places_of

TEXT = '''\
id = "a [b] = # c"  # a comment with = and [
check = [
  "one, two",  # and another "
  'three]',
  [4,
   5.5],
]
after = {seconds = 3, deep = {"a.b" = [1,
2]}}
set.blur.weight = 0.5
long = """
two = lines"""
last = """
"x
"""

[[runs]]
title = "first"
[runs.set]
"blur.weight" = 1
[[runs]]
neuron = [1, 2]

[solution]
'''


def test_each_value_has_its_line():
    places = places_of(TEXT, 10)
    assert {path: line - 9 for path, line in places.lines.items()} == {
        "id": 1,
        "check": 2,
        "check[0]": 3,
        "check[1]": 4,
        "check[2]": 5,
        "check[2][0]": 5,
        "check[2][1]": 6,
        "after": 8,
        "after.seconds": 8,
        "after.deep": 8,
        "after.deep.a.b": 8,
        "after.deep.a.b[0]": 8,
        "after.deep.a.b[1]": 9,
        "set": 10,
        "set.blur": 10,
        "set.blur.weight": 10,
        "long": 11,
        "last": 13,
        "runs": 17,
        "runs[0]": 17,
        "runs[0].title": 18,
        "runs[0].set": 19,
        "runs[0].set.blur.weight": 20,
        "runs[1]": 21,
        "runs[1].neuron": 22,
        "runs[1].neuron[0]": 22,
        "runs[1].neuron[1]": 22,
        "solution": 24,
    }


def test_what_is_not_there_has_the_line_of_what_it_would_be_in():
    places = places_of(TEXT, 10)
    assert places.of("runs[1].set.blur") == places.of("runs[1]") == 30
    assert places.of("check[7]") == 11 and places.of("nothing") == places.of("nothing[2].at.all") == 10
    assert places.of("runs[1].layer", "runs[1].neuron") == 31 and places.of("runs[0].title", "runs[1].layer") == 27
