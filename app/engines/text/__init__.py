"""Readers' and authors' text: let in, turned into safe HTML, cut short, and asked about.

Not here: where texts are stored, and who may write one.
"""
