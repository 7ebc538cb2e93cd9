"""The chat page of a checkout: `python ui.py` takes the options of `assistant ui`; `gradio ui.py` looks for `demo`."""

import sys

from assistant import Assistant
from assistant.__main__ import main
from assistant.ui import build

if __name__ == "__main__":
    sys.argv.insert(1, "ui")
    main()
else:
    demo = build(Assistant())
