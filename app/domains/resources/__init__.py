"""Resources: a video, an exercise, a page elsewhere; things that answer questions already.

Not here: articles, which answer questions too and have a domain of their own.
"""
