"""Pages that are the same for every guest, kept as they were drawn until what they show changes.

What changes raises *marks*, rows with a version, in the transaction of the change (`marking`). A
kept page remembers the versions it was drawn at and is given out only while they still stand
(`versions`), so that no process shows what another one has just hidden. `http.front` answers with
such pages before Flask is asked.
"""
