"""The admin site of the desk: Django's own, in the desk's look."""

from django.contrib.admin.apps import AdminConfig


class DeskAdminConfig(AdminConfig):
    """Makes `config.admin_site.DeskAdminSite` the default admin site."""

    default_site = "config.admin_site.DeskAdminSite"
