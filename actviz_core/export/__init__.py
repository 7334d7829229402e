"""Bytes out and in: pictures with their recipes, maps with their explanations, curves, animations."""

from .curves import comparison_csv, curves_csv, curves_json
from .maps import (
    OPACITY,
    figure,
    map_csv,
    map_npz,
    map_png,
    maps_sheet,
    overlay,
    read_explanation,
    read_explanations,
    title_of,
)
from .pictures import GAP, LABEL, LARGEST_FILE, PNG_SIGNATURE, TEXT_KEY, labelled, png, read_picture, read_recipe, sheet

__all__ = [
    "GAP",
    "LABEL",
    "LARGEST_FILE",
    "OPACITY",
    "PNG_SIGNATURE",
    "TEXT_KEY",
    "comparison_csv",
    "curves_csv",
    "curves_json",
    "figure",
    "labelled",
    "map_csv",
    "map_npz",
    "map_png",
    "maps_sheet",
    "overlay",
    "png",
    "read_explanation",
    "read_explanations",
    "read_picture",
    "read_recipe",
    "sheet",
    "title_of",
]
