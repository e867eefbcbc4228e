"""Outside opinions on new texts: an event becomes a job, the job asks, the answer moves the text.

A text whose question fails waits for a person; it is never lost and never let in. Not here: the
calling itself (`infra.outside`) and how an opinion reads at the desk (`screening.outside`).
"""
