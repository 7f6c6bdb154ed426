"""`{% load handbook %}`: an article as a reply, found words marked."""

from django import template

from knowledgebase.presenting import as_reply, marked

register = template.Library()
register.filter("as_reply", as_reply)
register.filter("marked", marked)
