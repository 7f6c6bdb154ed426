"""The addresses of the handbook."""

from django.urls import path

from knowledgebase import views

urlpatterns = [
    path("handbook/", views.handbook, name="handbook"),
    path("handbook/suggestions/", views.suggestions, name="handbook-suggestions"),
    path("handbook/<slug:key>/", views.article, name="article"),
    path("handbook/<slug:key>/solved/", views.solved, name="article-solved"),
    path("glossary/", views.glossary, name="glossary"),
    path("glossary/new/", views.new_term, name="term-new"),
    path("glossary/<int:pk>/", views.edit_term, name="term"),
]
