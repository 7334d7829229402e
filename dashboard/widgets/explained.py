"""What is explained of the image: a class, against another one perhaps, or Explore's target."""

import streamlit as st

from actviz_core import ModelHandle, Prediction, class_name
from dashboard.actions import explain
from dashboard.state import keys, messages, session
from dashboard.state.messages import guarded
from dashboard.widgets.controls import tell
from dashboard.words import target

CLASS, EXPLORES = "A class", "Explore's target"


def show(model: ModelHandle, prediction: Prediction | None) -> None:
    explanation, classes = session.explanation(), explain.number_of_classes(model)
    whole = explain.of_target(explanation, model)
    keys.EXPLAINED.set(EXPLORES if whole else CLASS)
    st.segmented_control(
        "Explain",
        [CLASS, EXPLORES] if classes else [EXPLORES],
        key=keys.EXPLAINED.name,
        width="stretch",
        required=True,
        on_change=guarded(tell),
        args=(keys.EXPLAINED, take_kind),
    )
    if whole:
        st.caption(messages.plain(target.title(explain.explores_target(model), model)))
    elif prediction is not None:
        class_widgets(model, prediction)
    st.button(
        "Maximize this in Explore",
        icon=":material/visibility:",
        key=keys.MAXIMIZE.name,
        use_container_width=True,
        disabled=prediction is None and not whole,
        on_click=guarded(explain.maximize),
        args=(model,),
    )


def take_kind(kind: str) -> None:
    explain.explain_target(kind == EXPLORES)


def class_widgets(model: ModelHandle, prediction: Prediction) -> None:
    """Both choices list the classes by probability; typing searches."""
    label, against = session.explanation().classes(prediction)
    ranked = prediction.ranked
    # Without the probabilities, which the page shows: Streamlit knows an option by its name, and that must not change.
    names = {index: class_name(index, model.labels) for index in ranked}
    keys.CLASS.set(label)
    st.selectbox(
        "Class",
        ranked,
        key=keys.CLASS.name,
        format_func=names.__getitem__,
        help="The likeliest first. Type to search.",
        on_change=guarded(tell),
        args=(keys.CLASS, explain.explain_class),
    )
    keys.AGAINST.set(against)
    st.selectbox(
        "Why not",
        [index for index in ranked if index != label],
        index=None,
        key=keys.AGAINST.name,
        format_func=names.__getitem__,
        placeholder="any other class",
        help="Explains the difference of two classes: what speaks for the first and against the second.",
        on_change=guarded(tell),
        args=(keys.AGAINST, explain.explain_against),
    )
