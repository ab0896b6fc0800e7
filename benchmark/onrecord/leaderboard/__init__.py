"""The leaderboard: an entry a system and dataset, the page made of the entries, and the checks a submission passes.

``benchmark/results/leaderboard/DATASET/SYSTEM.json`` is an entry; beside it, on the OnRecord corpus, stand the
predictions it was scored from (``SYSTEM.jsonl.gz``), so that an erratum of the gold means scoring again. Of other
corpora only figures are kept. ``cards/SYSTEM.toml`` says what the system is.
"""

# Nothing is imported here; ``entries``, ``runs``, ``checks``, ``cards`` and ``page`` are.
