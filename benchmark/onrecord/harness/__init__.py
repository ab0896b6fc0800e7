"""The benchmark for language models, through Inspect (``pip install 'onrecord[inspect]'``).

``inspect eval onrecord/quotes --model PROVIDER/MODEL`` asks, parses, grounds and scores, and
``onrecord predict --from-log`` turns the log into a prediction file. A model gives text and never offsets: grounding
finds it in the article.
"""

# Nothing is imported here: only ``evaluation`` and ``logs`` need Inspect.
