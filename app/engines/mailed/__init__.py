"""A mail that somebody answered with: what it says of itself, and the words its writer typed.

Anybody may have written it, so all of it is bounded: bytes, parts, how deep they stand in each
other, and the fields that the library would read again and again.
"""
