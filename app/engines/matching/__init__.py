"""Which tags a text speaks of, each with the words that say so.

Not here: where tags and their synonyms are kept, and who may set them.
"""

from app.engines.matching.lexicon import Lexicon, TagMatch, TagPhrases, match_tags
from app.engines.matching.stems import tokens

__all__ = ["Lexicon", "TagMatch", "TagPhrases", "match_tags", "tokens"]
