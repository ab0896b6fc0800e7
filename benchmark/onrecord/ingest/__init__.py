"""From a crawled page to an article: decoding, taking the page apart, and cutting away what is not the article."""

from onrecord.ingest.page import Ingested, ingest, read_source

__all__ = ["Ingested", "ingest", "read_source"]
