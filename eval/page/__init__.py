"""A run as one page that needs nothing but itself: no script, no font, no picture, no request."""

from eval.page.render import render

__all__ = ["render"]
