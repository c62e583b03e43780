"""How pictures look: one set of colours for light, one for dark surroundings."""

LIGHT = {
    "ink": "#2b3442",
    "paper": "#f3f5f8",
    "ground": "#dfe4ea",
    "skin": "#7c8da2",
    "dim-skin": "#a3b0c0",
    "cloth": "#566b8a",
    "dim-cloth": "#9aa8ba",
    "shorts": "#33415a",
    "dim-shorts": "#8f9cae",
    "muscle": "#e8601c",
    "dim-muscle": "#f4b08c",
    "way": "#0b62c4",
    "gear": "#a27f55",
    "hole": "#735936",
    "mat": "#8fbcae",
    "wall": "#958670",
    "strap": "#2f9e77",
    "water": "#7fb8e6",
}
DARK = {
    "ink": "#e9edf2",
    "paper": "#1d232d",
    "ground": "#333c49",
    "skin": "#bcc8d6",
    "dim-skin": "#66758a",
    "cloth": "#8fa5c5",
    "dim-cloth": "#4c5b70",
    "shorts": "#5b759c",
    "dim-shorts": "#43526a",
    "muscle": "#ff8547",
    "dim-muscle": "#a65a34",
    "way": "#71b4ff",
    "gear": "#8f7455",
    "hole": "#5e4a35",
    "mat": "#3f7063",
    "wall": "#7d715f",
    "strap": "#49c796",
    "water": "#2f6ea3",
}
_FILLS = {
    ".paper": "paper",
    ".floor": "ground",
    ".skin": "skin",
    ".skin.dim": "dim-skin",
    ".shirt": "cloth",
    ".shirt.dim": "dim-cloth",
    ".shorts,.shoe,.hair": "shorts",
    ".shorts.dim,.shoe.dim": "dim-shorts",
    ".muscle": "muscle",
    ".muscle.dim": "dim-muscle",
    ".tip": "way",
    ".gear": "gear",
    ".hole": "hole",
    ".mat": "mat",
    ".wall": "wall",
    ".strap,.ball,.towel": "strap",
    ".water,.wave": "water",
}
_FIXED = (
    ".edge use{stroke-width:2.4;stroke-linejoin:round}"
    ".way{fill:none;stroke-width:3.2;stroke-linecap:round;stroke-linejoin:round}"
    ".rim{stroke-width:7;stroke-linecap:round;stroke-linejoin:round}path.way+path{stroke:none}"
    ".ghost{opacity:.2}.water{opacity:.45}"
    ".badge{fill:currentColor}.digit{fill:none;stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round}"
)


def style(dark: bool | None = None) -> str:
    """Returns the style sheet: with `dark` None it follows the reader's setting."""
    if dark is not None:
        return _colours(DARK if dark else LIGHT) + _FIXED
    return _colours(LIGHT) + _FIXED + f"@media(prefers-color-scheme:dark){{{_colours(DARK)}}}"


def _colours(theme: dict[str, str]) -> str:
    fills = "".join(f"{selector}{{fill:{theme[name]}}}" for selector, name in _FILLS.items())
    paper = theme["paper"]
    return (
        f"svg{{color:{theme['ink']}}}{fills}.way{{stroke:{theme['way']}}}.edge use{{stroke:{paper}}}"
        f".rim{{stroke:{paper};fill:none}}.digit{{stroke:{paper}}}"
    )
