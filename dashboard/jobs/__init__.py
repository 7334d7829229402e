"""Work that goes on while no page is drawn: files to keep, a layer's pictures.

Knows neither Streamlit nor Starlette.
"""
