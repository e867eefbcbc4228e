"""Moving in: readers of other systems' exports, and what writes them into Threshold.

An importer is a door beside the pages and the JSON: it parses its own format and hands the same
facts to the same domains. It sends no mail and opens no connection.
"""
