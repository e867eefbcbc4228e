"""How well and how quickly a question finds what answers it.

    python -m benchmarks.matching --data DIR [--model FOLDER] [--no-speed] [--limits]
    python -m benchmarks.matching --speed [TEXTS ...] [--database URL] [--model FOLDER]

Finds every set of questions below DIR by its layout. `corpus.jsonl` with `queries.jsonl` and
`qrels/*.tsv`: each question searches the whole corpus. `candidates.jsonl`: each question orders the
few texts it comes with. One row a set and method, in percent, beside what was published for the set
(`published.toml`), and which aims are met; then what a suggestion takes on sites of 1,000, 10,000
and 100,000 texts. `--limits` prints besides from where questions are one gap and phrases are worth
proposing, for sets where several questions have one answer.

Without `--model` the model is looked for where the site looks: MATCHING_MODEL, or the folder of the
instance. Without a model, words alone are measured.
"""
