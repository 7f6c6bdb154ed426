"""Full-text search that understands Chinese; see `common.search.engine`."""

from common.search.engine import all_of, any_of, document, is_of_whole_words, markable, score

__all__ = ["all_of", "any_of", "document", "is_of_whole_words", "markable", "score"]
