"""The addresses of `/api/`. Each app's endpoints are its own; this table says where they are."""

from django.urls import include, path

from api.docs import DocsView, SchemaView
from api.tokens import TokenView
from dashboards.api.figures import FiguresView
from dashboards.api.statements import StatementView
from knowledgebase.api import ArticlesView, ArticleView, TermsView
from notifications.api import NotificationsReadView, NotificationsView, PreferencesView
from sla.api.calendars import CalendarDaysView, CalendarsView, CalendarView
from sla.api.explanations import ExplanationView
from sla.api.policies import PoliciesView, PolicyPreviewView, PolicyView, RecalculationsView
from surveys.api import SurveyView

urlpatterns = [
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", DocsView.as_view(), name="api-docs"),
    path("v1/auth/token", TokenView.as_view(), name="api-token"),
    path("v1/notifications", NotificationsView.as_view(), name="api-notifications"),
    path("v1/notifications/read", NotificationsReadView.as_view(), name="api-notifications-read"),
    path("v1/notifications/preferences", PreferencesView.as_view(), name="api-preferences"),
    path("v1/handbook/articles", ArticlesView.as_view(), name="api-articles"),
    path("v1/handbook/articles/<slug:key>", ArticleView.as_view(), name="api-article"),
    path("v1/handbook/terms", TermsView.as_view(), name="api-terms"),
    path("v1/policies", PoliciesView.as_view(), name="api-policies"),
    path("v1/policies/<slug:policy>", PolicyView.as_view(), name="api-policy"),
    path("v1/policies/<slug:policy>/preview", PolicyPreviewView.as_view(), name="api-policy-preview"),
    path("v1/recalculations", RecalculationsView.as_view(), name="api-recalculations"),
    path("v1/calendars", CalendarsView.as_view(), name="api-calendars"),
    path("v1/calendars/<slug:code>", CalendarView.as_view(), name="api-calendar"),
    path("v1/calendars/<slug:code>/days", CalendarDaysView.as_view(), name="api-calendar-days"),
    path("v1/figures", FiguresView.as_view(), name="api-figures"),
    path("v1/statements/<slug:organisation>/<str:month>", StatementView.as_view(), name="api-statement"),
    path("v1/", include("tickets.api.urls")),
    path(
        "v1/tickets/<str:number>/clocks/<slug:metric>/<int:cycle>/explanation",
        ExplanationView.as_view(),
        name="api-explanation",
    ),
    path("v1/surveys/<str:token>", SurveyView.as_view(), name="api-survey"),
]
