"""The network as a chart: one bar a layer, in order of the forward pass."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from actviz_core import Layer

GAP = 0.12


def chart(layers: Sequence[Layer], chosen: str, height: int = 132) -> go.Figure:
    """Bars as high as a layer has channels, coloured by how many positions each channel has; the chosen one outlined."""
    marked = [index for index, layer in enumerate(layers) if contains(layer.name, chosen)]
    figure = go.Figure(
        go.Bar(
            x=list(range(len(layers))),
            y=[layer.channels for layer in layers],
            customdata=[[layer.name, layer.kind, layer.dimensions] for layer in layers],
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
            marker=dict(color=sample_colorscale("Viridis", [grain(layer) for layer in layers]), line_width=0),
            selected_marker_opacity=1,
            unselected_marker_opacity=1,
        )
    )
    for index in marked:
        figure.add_vrect(index - 0.5, index + 0.5, fillcolor="#e8a33d", opacity=0.35, line_width=0, layer="below")
        figure.add_annotation(x=index, y=1, yref="paper", yanchor="bottom", text=chosen, showarrow=False, font_size=12)
    figure.update_xaxes(title="layers, in order of the forward pass", showticklabels=False, showgrid=False, zeroline=False, title_standoff=2)
    figure.update_yaxes(title="channels", type="log", dtick=1, showgrid=False, zeroline=False)
    figure.update_layout(height=height, margin=dict(l=8, r=8, t=18, b=4), bargap=GAP, showlegend=False, clickmode="event+select", dragmode=False)
    return figure


def contains(block: str, name: str) -> bool:
    """Whether a layer is this block or lies inside of it."""
    return name.partition("@")[0] == block or name.startswith(f"{block}.")


def grain(layer: Layer) -> float:
    """How fine a layer sees, from 0 (one position) to 1 (256 a side): on a scale of doublings."""
    return min(1.0, math.log2(max(1, layer.height, layer.width)) / 8)
