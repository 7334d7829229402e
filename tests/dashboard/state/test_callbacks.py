"""Callbacks that are carried out whole, and pages that are drawn anew, though a newer wish waits."""

import pytest
from streamlit.testing.v1 import AppTest


def app():
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx
    from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

    from dashboard.state.callbacks import whole

    def clicked():
        """A newer wish comes, then the state is looked at, which in the script's own thread ends a callback."""
        if "before" not in st.session_state:
            st.session_state["before"] = True
            requests = get_script_run_ctx().script_requests
            requests.request_rerun(RerunData(widget_states=None))
        st.session_state["obeyed"] = st.session_state.get("obeyed", 0) + 1

    st.button("go", key="go", on_click=whole(clicked) if st.session_state.get("whole") else clicked)


@pytest.mark.parametrize("whole", [False, True])
def test_a_click_is_obeyed_though_a_newer_wish_waits(whole):
    page = AppTest.from_function(app)
    page.session_state["whole"] = whole
    page.run()
    page.button(key="go").click().run()
    assert not page.exception
    assert ("obeyed" in page.session_state) == whole


def drawn_anew():
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx
    from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

    from dashboard.state.callbacks import draw_anew

    with_care = st.session_state["with_care"]
    get_script_run_ctx().script_requests.request_rerun(RerunData(page_script_hash="another"))
    try:
        draw_anew() if with_care else st.rerun()
    except RerunException as told:
        st.session_state["led"] = told.rerun_data.page_script_hash


@pytest.mark.parametrize("with_care", [False, True])
def test_who_asked_for_another_page_gets_it_though_this_one_is_drawn_anew(with_care):
    page = AppTest.from_function(drawn_anew)
    page.session_state["with_care"] = with_care
    page.run()
    assert not page.exception
    assert (page.session_state["led"] == "another") == with_care
