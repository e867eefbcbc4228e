"""WordPress: the WXR export, versions 1.0, 1.1 and 1.2.

`reader` turns the file into records, `tidy` and `markup` turn its HTML into Markdown, `run` writes
the records through the domains.
"""
