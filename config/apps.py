"""Django's own applications, as the desk wants them."""

from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class DeskAdminConfig(AdminConfig):
    """Makes `config.admin_site.DeskAdminSite` the default admin site."""

    default_site = "config.admin_site.DeskAdminSite"


class DeskStaticFilesConfig(StaticFilesConfig):
    """Leaves behind what third-party packages bring and no page asks for: most of their weight."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "echarts.js*",
        "echarts.common*",
        "echarts.simple*",
        "echarts.esm.js*",
        "echarts.esm.mjs*",
        "htm*x-4*",
        "ext",
        "extension",
        "modular",
        "src",
        "Sortable.js",
        "redoc",
        "README*",
        "package.json",
    ]
