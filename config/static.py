"""How static files are kept in production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Compressed, under names that change with their content; modules import each other by those names too."""

    support_js_module_import_aggregation = True
