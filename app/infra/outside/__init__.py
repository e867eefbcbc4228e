"""The outside world, asked for an opinion on a text: the one place that calls anybody.

Off unless the operator names a service. What a service is told stands in the README, and the
fields in `questions`. Not here: what is done with an opinion (`app.opinions`).
"""
