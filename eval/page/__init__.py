"""Renders a run as one self-contained page: no script, no font, no picture, no request."""

from eval.page.render import render

__all__ = ["render"]
