"""Recording that an article made a ticket unnecessary."""

from datetime import datetime

from accounts.models import User
from common.text import clean_line
from knowledgebase.models import QUERY_LENGTH, Article, SelfService


def record_self_service(*, article: Article, user: User, query: str, at: datetime) -> SelfService:
    """`user`, about to ask `query`, found the answer in `article` at the instant `at`."""
    return SelfService.objects.create(
        article=article, user=user, query=clean_line(query)[:QUERY_LENGTH], at=at
    )
