"""The chat page of a checkout: `python ui.py`, or `gradio ui.py`, which looks for `demo`."""

from assistant import Assistant
from assistant.ui import build, serve

demo = build(Assistant())

if __name__ == "__main__":
    serve(demo)
