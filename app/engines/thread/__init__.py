"""A thread from its rows: the tree, the lines it is drawn in, and its pages.

Not here: which rows a reader may see, and what a row says.
"""

from app.engines.thread.lines import Line, lines
from app.engines.thread.pages import PageBounds, page_bounds
from app.engines.thread.questions import questions_above
from app.engines.thread.tree import Node, Row, build

__all__ = ["Line", "Node", "PageBounds", "Row", "build", "lines", "page_bounds", "questions_above"]
