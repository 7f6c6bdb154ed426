"""`{% load handbook %}`: an article as a reply."""

from django import template

from knowledgebase.presenting import as_reply

register = template.Library()
register.filter("as_reply", as_reply)
