"""The pace of a filling: how long a picture takes."""

FORGETS = 0.5  # of what is known, with every batch


class Pace:
    """How long a picture takes: seconds on whole batches and pictures made with them, the latest counting most."""

    def __init__(self) -> None:
        self.seconds, self.pictures, self.warm = 0.0, 0.0, False

    def add(self, seconds: float, pictures: int) -> None:
        """The first batch tells nothing: what is prepared in it once takes longer than its pictures."""
        if self.warm:
            self.seconds, self.pictures = FORGETS * self.seconds + seconds, FORGETS * self.pictures + pictures
        self.warm = True

    @property
    def each(self) -> float | None:
        return self.seconds / self.pictures if self.pictures else None
