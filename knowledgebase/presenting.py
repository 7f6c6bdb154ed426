"""An article in another shape: as the text of a reply."""

from textwrap import indent

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from knowledgebase.models import Article


def as_reply(article: Article) -> str:
    """The article as Markdown for a reply: symptom, numbered steps, a link; in the article's language.

    No query where the steps are prefetched. Whether a customer may be sent it (it is public) is for the
    caller to see to.
    """
    with translation.override(article.language):
        lines = [f"**{article.title}**", article.symptom]
        for number, step in enumerate(article.steps.all(), 1):
            mark = f"{number}. "
            expected = _("You should see: %(what)s") % {"what": step.expected}
            body = "\n\n".join([f"**{step.title}**", step.instruction, expected])
            lines.append(mark + indent(body, " " * len(mark)).lstrip())
        link = settings.SITE_URL + reverse("article", args=[article.key])
        lines.append(_("The article in the handbook: %(link)s") % {"link": f"<{link}>"})
    return "\n\n".join(lines)
