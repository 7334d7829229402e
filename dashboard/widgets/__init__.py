"""Streamlit's widgets for values of ours."""
