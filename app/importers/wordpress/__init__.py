"""WordPress: the WXR export, versions 1.0, 1.1 and 1.2.

`reader` streams the file as `records`; `markup` turns their HTML into Markdown; `judgement` says
what each becomes; `run` has `people`, `labels`, `pages` and `threads` write it. The exporter writes
the same records back.
"""
