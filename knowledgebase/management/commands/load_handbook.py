"""`manage.py load_handbook [PATH]`: the starter articles, from content/handbook or another folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from catalog.base import load_base
from knowledgebase.models import Article
from knowledgebase.services.loading import load_articles
from knowledgebase.services.writing import reindex
from knowledgebase.starter import BadFile, read_folder

FOLDER = settings.BASE_DIR / "content" / "handbook"


class Command(BaseCommand):
    """Loads what is new or changed in the files; what an editor changed stays. Safe to run at every start."""

    help = "Load the handbook's articles from Markdown files; what an editor has changed stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder that holds zh-hans/ and en/."""
        parser.add_argument("path", nargs="?", type=Path, default=FOLDER)

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        """Load, then index all articles anew: the dictionary may have grown."""
        quiet = options["verbosity"] == 0 or None
        if not path.is_dir():
            raise CommandError(f"There is no folder {path}.")
        load_base()
        try:
            sources = read_folder(path)
            loaded = load_articles(tqdm(sources, desc="articles", unit="file", disable=quiet))
        except BadFile as error:
            raise CommandError(str(error)) from error
        articles = Article.objects.prefetch_related("steps", "products", "modules")
        reindex(tqdm(articles, desc="index", unit="article", disable=quiet))
        self.stdout.write(
            f"{len(loaded.created)} created, {len(loaded.updated)} updated, {len(loaded.unchanged)} unchanged, "
            f"{len(loaded.kept)} left as an editor wrote them"
        )
        for version in loaded.updated + loaded.kept:
            self.stdout.write(f"  {'updated' if version in loaded.updated else 'left'}: {version}")
