"""The words of the history, by event code. Pure data.

TOLD stands after a name (“周航 接手了工单”), ALONE without one: what the desk did by itself. The PLAIN tables
are what customers read instead, where that differs. A key may be closer than the event: `reopen.customer_wrote`
is preferred to `reopen` when the row's reason is that code.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.vocabulary import Status

Words = Mapping[str, str | Promise]

# Reasons that are the desk's and not a person's words.
REASON_CODES = frozenset({"customer_wrote", "survey_no"})
# Events told differently when their data holds that name.
VARIANTS = (
    ("opened", "follow_up_of"),
    ("opened", "rule"),
    ("replied", "first_response"),
    ("called", "first_response"),
    ("clock_retargeted", "grace"),
)
ABOUT_CLOCKS = frozenset({"clock_breached", "clock_retargeted"})
# Notes written for the customer too; the others are between colleagues.
PLAIN_NOTES = frozenset({"set_tier"})

FIELDS: Words = {
    "status": _("Status"),
    "assignee": _("Assignee"),
    "team": _("Team"),
    "tier": _("Tier"),
    "organisation": _("Organisation"),
    "subject": _("Subject"),
    "product": _("Product"),
    "edition": _("Edition"),
    "product_version": _("Product version"),
    "module": _("Module"),
    "category": _("Category"),
}
PLAIN_FIELDS = frozenset({"status", "tier", "subject", "product", "edition", "product_version", "module"})
METRICS: Words = {
    "first_response": _("First response"),
    "next_response": _("Next response"),
    "resolution": _("Resolution"),
}
# Notes that are the desk's and not a person's words.
NOTE_CODES: Words = {
    "escalated": _("The promise was in danger; the policy wants it so."),
    "round_robin": _("It was their turn."),
    "least_loaded": _("They had least to do."),
}

PLAIN_STATUS: Words = {
    Status.NEW: _("Filed"),
    Status.ASSIGNED: _("Accepted"),
    Status.IN_PROGRESS: _("In progress"),
    Status.WAITING_CUSTOMER: _("Waiting for you"),
    Status.WAITING_VENDOR: _("With the vendor"),
    Status.RESOLVED: _("Yours to confirm"),
    Status.CLOSED: _("Done"),
    Status.CANCELLED: _("Withdrawn"),
    Status.MERGED: _("Continued in another ticket"),
}

OTHER = _("changed the ticket")

TOLD: Words = {
    "opened": _("filed the ticket"),
    "opened.follow_up_of": _("filed the ticket as a follow-up of %(follow_up_of)s"),
    "opened.rule": _("filed the ticket; routing rule #%(rule)s chose the team"),
    "replied": _("wrote a message"),
    "replied.first_response": _("gave the first response"),
    "called": _("talked with the customer on the phone, %(moment)s"),
    "called.first_response": _("talked with the customer on the phone, %(moment)s: the first response"),
    "noted": _("wrote an internal note"),
    "take": _("took the ticket"),
    "assign": _("assigned the ticket to %(assignee)s"),
    "start": _("started work"),
    "hand_over": _("handed the ticket over to %(team)s"),
    "wait_customer": _("asked the customer and waits"),
    "wait_vendor": _("waits for the vendor"),
    "resume": _("went on with the work"),
    "resolve": _("resolved the ticket"),
    "confirm": _("confirmed that it is solved"),
    "reject": _("said that it is not solved yet"),
    "reopen": _("reopened the ticket"),
    "close": _("closed the ticket"),
    "cancel": _("cancelled the ticket"),
    "merge": _("merged the ticket into %(into)s"),
    "took_in": _("merged %(merged)s into this ticket"),
    "set_tier": _("changed the tier to %(tier)s"),
    "described": _("put right what the ticket is about"),
    "linked_part": _("made the ticket a part of %(link)s"),
    "linked_whole": _("put %(link)s under this ticket"),
    "linked_same": _("noted that %(link)s is the same problem"),
    "linked_related": _("noted that %(link)s has to do with it"),
    "split_from": _("split the ticket off from %(link)s"),
    "split_off": _("split a part off into %(link)s"),
    "unlinked": _("took away the link to %(link)s"),
    "watched": _("has %(watcher)s watch the ticket"),
    "unwatched": _("has %(watcher)s watch the ticket no more"),
    "rehomed": _("moved the ticket to another organisation: %(organisation)s"),
    "tagged": _("added the tag “%(tag)s”"),
    "untagged": _("removed the tag “%(tag)s”"),
    "imported": _("recorded it in the system it came from"),
}
ALONE: Words = {
    "opened": _("The ticket was filed"),
    "resume": _("Back to work, as the customer wrote"),
    "reject": _("Opened again: the questionnaire says that it is not solved"),
    "reject.survey_no": _("Opened again: the questionnaire says that it is not solved"),
    "reopen": _("Opened again: the questionnaire says that it is not solved"),
    "reopen.survey_no": _("Opened again: the questionnaire says that it is not solved"),
    "reopen.customer_wrote": _("Opened again, as the customer wrote"),
    "close": _("Closed by itself, as nobody objected"),
    "clock_breached": _("%(metric)s was due %(moment)s and is overdue"),
    "clock_retargeted": _("%(metric)s is due %(moment)s now, before that %(old)s"),
    "clock_retargeted.grace": _(
        "%(metric)s is due %(moment)s now, before that %(old)s; a short grace, as the new moment had passed"
    ),
    "closing_window": _("One tier up, to %(tier)s: it falls into the closing window “%(window)s”"),
    "weighed": _("The tier is %(tier)s now, by the answers and what the ticket is about"),
    "window_left": _("Back to %(tier)s: it falls into no closing window any more"),
    "imported": _("Taken over from the system it came from"),
}
PLAIN_TOLD: Words = {
    "opened.rule": _("filed the ticket"),
    "replied.first_response": _("answered for the first time"),
    "called": _("talked with you on the phone, %(moment)s"),
    "called.first_response": _("talked with you on the phone, %(moment)s"),
    "take": _("works on it"),
    "start": _("works on it"),
    "wait_customer": _("asked you something and waits for your answer"),
    "wait_vendor": _("asked the software's maker"),
    "resolve": _("finished it; please have a look"),
    "cancel": _("withdrew the ticket"),
    "merge": _("goes on with it in another ticket"),
    "took_in": _("put another ticket of yours together with this one"),
}
# Customers read who takes care of it, not who of us arranged that.
PLAIN_WITHOUT_WHO = frozenset({"assign", "hand_over"})
PLAIN_ALONE: Words = {
    "assign": _("%(assignee)s takes care of it"),
    "hand_over": _("%(team)s takes care of it"),
    "opened": _("The ticket was filed"),
    "resume": _("Your answer has arrived; we go on"),
    "reject": _("Opened again by your answer to the questionnaire"),
    "reject.survey_no": _("Opened again by your answer to the questionnaire"),
    "reopen": _("Opened again by your answer to the questionnaire"),
    "reopen.survey_no": _("Opened again by your answer to the questionnaire"),
    "reopen.customer_wrote": _("Opened again, as you wrote"),
    "close": _("Done by itself, as we heard nothing more from you"),
    "clock_breached": _("%(metric)s was promised for %(moment)s; we did not manage it and are sorry"),
    "clock_retargeted": _("%(metric)s is promised for %(moment)s now"),
    "clock_retargeted.grace": _("%(metric)s is promised for %(moment)s now"),
}
