"""Events of a component: what the browser says again, or late, is not done again."""

from streamlit.testing.v1 import AppTest


def saying_again():
    import streamlit as st

    from dashboard.components import turn
    from dashboard.state import keys

    def mount(key, data, on_event_change):
        st.session_state[key] = {"event": {"turn": st.session_state.get("said", 7)}}
        st.button("event", key="tell", on_click=on_event_change)
        st.text(data["turn"])
        return {}

    def obey(_event) -> bool:
        st.session_state["done"] = st.session_state.get("done", 0) + 1
        return True

    turn.show(mount, keys.KEPT, keys.KEPT_TURN, {}, obey)


def test_what_is_sent_again_is_done_once_and_answered_again():
    app = AppTest.from_function(saying_again).run()
    for _ in range(2):
        app.button(key="tell").click().run()
        assert app.session_state["done"] == 1 and app.text[0].value == "7"
    app.session_state["said"] = 8
    app.run()
    app.button(key="tell").click().run()
    assert app.session_state["done"] == 2 and app.text[0].value == "8"


def choosing():
    import streamlit as st

    from dashboard.components.gallery import chosen_of

    for turn, channel in ((5, 3), (4, 2), (5, 3), ("6", 1), (6, 1)):
        st.text((chosen_of({"channel": channel, "turn": turn}) or {}).get("channel"))
    assert chosen_of(3) is None


def test_an_earlier_choice_that_is_heard_last_is_none():
    app = AppTest.from_function(choosing).run()
    assert not app.exception and [each.value for each in app.text] == ["3", "None", "3", "None", "1"]
