"""A map as its visitor sees it: the run that makes it, and what it is a map of."""

from dataclasses import dataclass, replace

from actviz_core import GradientCam, Maps, Method, Objective, Run
from dashboard.state.explaining import View


@dataclass(frozen=True)
class Asked:
    """What a map is asked for: of which view, of which objective, by which method."""

    view: View
    objective: Objective
    method: Method


@dataclass(frozen=True, eq=False)
class Mapped:
    """A run that makes a map.

    title  what is explained, for people
    """

    run: Run
    asked: Asked
    title: str

    @property
    def key(self) -> str:
        return self.run.key

    @property
    def layers(self) -> tuple[Maps, ...]:
        """The maps at every layer, from the image on, as far as its run has made them."""
        return getattr(self.run.newest, "layers", ())

    @property
    def maps(self) -> Maps | None:
        """The map that is asked for, as it is by now."""
        layer, newest = getattr(self.asked.method, "layer", ""), getattr(self.run.newest, "maps", None)
        if newest is None or layer in ("", newest.layer):
            return newest
        return self.at(layer) or newest

    def at(self, layer: str) -> Maps | None:
        """The map at that layer, if there is one."""
        return next((maps for maps in self.layers if maps.layer == layer), None)

    def as_asked(self, asked: Asked) -> "Mapped | None":
        """The same run for what is asked now, where it has that: another layer takes no other run."""
        if asked == self.asked:
            return self
        before, now = self.asked.method, asked.method
        if not (isinstance(before, GradientCam) and isinstance(now, GradientCam) and self.at(now.layer)):
            return None
        return (
            replace(self, asked=asked)
            if replace(asked, method=replace(now, layer=before.layer)) == self.asked
            else None
        )
