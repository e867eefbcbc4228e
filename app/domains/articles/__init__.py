"""Articles: what the author writes, its addresses old and new, and the images in it.

A scheduled article is a published one whose time has not come: nothing has to run for it to
appear, and every read goes through `queries.visible`.
"""
