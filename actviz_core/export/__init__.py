"""Bytes out and in: pictures with their recipes, curves, animations."""

from .curves import comparison_csv, curves_csv, curves_json
from .pictures import GAP, LABEL, LARGEST_FILE, PNG_SIGNATURE, TEXT_KEY, png, read_picture, read_recipe, sheet

__all__ = [
    "GAP",
    "LABEL",
    "LARGEST_FILE",
    "PNG_SIGNATURE",
    "TEXT_KEY",
    "comparison_csv",
    "curves_csv",
    "curves_json",
    "png",
    "read_picture",
    "read_recipe",
    "sheet",
]
