"""What can be saved of a run, and of several that are watched together."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urlencode

import numpy as np

from actviz_core import (
    FILMS,
    ActvizError,
    Column,
    Comparison,
    Film,
    Recipe,
    WriteScript,
    contact_sheet,
    encode,
    export,
    origin,
    written,
)
from dashboard.jobs.exports import Order
from dashboard.server.saving import Saved, file_name, weights_word
from dashboard.state import links, services
from dashboard.state.watched import Watched
from dashboard.words.labels import shared

FILM_MEDIA = {"gif": "image/gif", "webp": "image/webp", "mp4": "video/mp4"}


def saved_of_run(entry: Watched, what: str, iteration: int | None) -> Saved | None:
    """A file of one run, with the picture of an iteration or else the newest.

    None if there is no such file, or none yet.
    """
    kind, ending = what.partition(".")[::2]
    if what == "curves.csv":
        return Saved(
            name_of_run(entry, entry.run.iteration, "curves", ending),
            "text/csv",
            export.curves_csv(list(entry.run.history.points)),
        )
    if what in ("picture.png", "recipe.json", "run.link", "script.py") and (found := picture_of(entry, iteration)):
        shown, images = found
        recipe = replace(stamped(entry), picture=0 if shown == entry.run.iterations else shown)
        match what:
            case "picture.png":
                return Saved(name_of_run(entry, shown, "", ending), "image/png", export.png(images, recipe))
            case "recipe.json":
                return Saved(name_of_run(entry, shown, "recipe", ending), "application/json", recipe.to_json())
            case "script.py":
                script = WriteScript((recipe.spec.model, recipe.spec.weights), recipe)
                return Saved(name_of_run(entry, shown, "", ending), "text/x-python", script)
            case "run.link":
                return link(recipe, "Save the recipe (JSON) instead.")
    if kind == "run" and ending in FILMS and (pictures := dict(entry.run.history.pictures.values)):
        order = Order(((entry.key,), what), max(pictures), lambda check: encode(Film.of_run(pictures), ending, check))
        return Saved(name_of_run(entry, max(pictures), "", ending), FILM_MEDIA[ending], order)
    return None


def saved_of_board(entries: Sequence[Watched], what: str) -> Saved | None:
    """A file of those runs that have a picture."""
    kind, ending = what.partition(".")[::2]
    entries = [entry for entry in entries if entry.run.newest is not None and entry.run.history.pictures.values]
    if kind != "comparison" or not entries:
        return None
    media = f"image/{ending}" if ending == "png" else FILM_MEDIA.get(ending, "text/csv")
    version = tuple((entry.title, entry.run.iteration) for entry in entries)
    match ending:
        case "link":
            return link(comparison_of(entries), "Save the contact sheet instead.")
        case "csv":
            content = export.comparison_csv({entry.title: list(entry.run.history.points) for entry in entries})
        case "png":
            content = Order((keys_of(entries), what), version, sheet_maker(entries))
        case _ if ending in FILMS:
            film = Film.in_step([entry.run.history for entry in entries], [entry.title for entry in entries])
            content = Order((keys_of(entries), what), version, lambda check: encode(film, ending, check))
        case _:
            return None
    return Saved(name_of_board(entries, ending), media, content)


def keys_of(entries: Sequence[Watched]) -> tuple[str, ...]:
    return tuple(entry.key for entry in entries)


def reached(entries: Sequence[Watched]) -> int:
    """The iteration of all; 0 where they are not equally far."""
    iterations = {entry.run.iteration for entry in entries}
    return min(iterations) if len(iterations) == 1 else 0


def comparison_of(entries: Sequence[Watched]) -> Comparison:
    return Comparison(tuple(column_of(entry, reached(entries)) for entry in entries))


def sheet_maker(entries: Sequence[Watched]) -> Callable[[Callable[[], None]], bytes]:
    """What makes the contact sheet of the pictures that are there now."""
    comparison, title = comparison_of(entries), shared([entry.recipe() for entry in entries])
    frames = [frame for entry in entries if (frame := entry.run.newest)]
    captions = [
        f"{(entry.captions or (entry.title,))[0]}: {', '.join(written(score, '.4g') for score in frame.score)}"
        + f", iteration {frame.iteration}" * (not reached(entries))
        for entry, frame in zip(entries, frames, strict=True)
    ]
    return lambda check: contact_sheet(
        [export.sheet(frame.images) for frame in frames], captions, comparison, check, title
    )


def column_of(entry: Watched, iteration: int) -> Column:
    """Of the picture at an iteration that all have reached; 0: they are not equally far, and go to the end."""
    picture = iteration if iteration < entry.run.iterations else 0
    return Column(replace(stamped(entry), picture=picture), number=max(0, entry.column))


def link(value: Recipe | Comparison, instead: str) -> Saved:
    """The part after the "?" of an address that makes the same again, or a sentence that says why there is none."""
    try:
        told = {"query": urlencode(links.whole(value))}
    except ActvizError as problem:
        told = {"problem": f"{problem} {instead}"}
    return Saved("link.json", "application/json", json.dumps(told))


def stamped(entry: Watched) -> Recipe:
    """The run's recipe, with where it is made."""
    return replace(entry.recipe(), origin=origin.here(services.models().device))


def picture_of(entry: Watched, iteration: int | None) -> tuple[int, np.ndarray] | None:
    newest = entry.run.newest
    if newest is not None and iteration in (None, newest.iteration):
        return newest.iteration, newest.images
    return entry.run.history.pictures.at_or_before(iteration) if iteration is not None else None


# names of files


def name_of_run(entry: Watched, iteration: int, kind: str, ending: str) -> str:
    """The run's title holds network, layer and channel."""
    weights = weights_word(entry.recipe().spec.weights)
    return file_name(
        f"{entry.title} {'' if weights in entry.title.lower() else weights} iteration {iteration} {kind}", ending
    )


def name_of_board(entries: Sequence[Watched], ending: str) -> str:
    """What is the same for all, and how many they are."""
    furthest = max(entry.run.iteration for entry in entries)
    return file_name(
        f"comparison {shared([entry.recipe() for entry in entries])} {len(entries)} pictures iteration {furthest}",
        ending,
    )
