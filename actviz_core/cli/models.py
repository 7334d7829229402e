"""models: the networks that can be loaded."""

from ..models.catalogue import catalogue


def add(commands) -> None:
    command = commands.add_parser("models", help="list the networks that can be loaded")
    command.add_argument("--timm", action="store_true", help="timm's networks too (over a thousand)")
    command.set_defaults(command=show_models)


def show_models(options) -> None:
    for entry in catalogue():
        if entry.family != "timm" or options.timm:
            size = f"{entry.megabytes:.0f} MB to download" if entry.megabytes else ""
            print(f"{entry.name:32} {entry.family:12} {size}".rstrip())
    if not options.timm:
        print("timm/NAME                        timm         (--timm lists them)")
