"""The pictures that an article's Markdown may show.

Most have a row under a name of their own. One put in while writing is called by its name in
the media storage, which only its content gives it: so it can be shown before the article is
saved, and goes along when the text is copied into another one. Saving makes it a row.
"""

from collections.abc import Iterable

from . import images
from .models import Article, ArticleImage
from .typesetting import Picture

MOST = 200  # pictures taken in at once


def pictures_of(article: Article, rows: Iterable[ArticleImage] | None = None) -> dict[str, Picture]:
    """Return the pictures of an article, saved or not, by the name its Markdown uses.

    `rows` are those it is to have, if they are not stored yet.
    """
    if rows is None:
        rows = article.images.all() if article.pk else ()
    pictures = {
        image.name: images.picture(image.file.name, image.width, image.height) for image in rows
    }
    for image in _without_row(article, pictures):
        pictures[image.name] = images.picture(image.name, image.width, image.height)
    return pictures


def adopt(article: Article) -> None:
    """Give every stored picture that the body calls a row of the article."""
    if not images.STORED_NAME.search(article.body):
        return
    names = article.images.values_list("name", flat=True)
    ArticleImage.objects.bulk_create(
        ArticleImage(
            article=article,
            name=image.name,
            file=image.name,
            width=image.width,
            height=image.height,
        )
        for image in _without_row(article, names)
    )


def _without_row(article: Article, known) -> list[images.StoredImage]:
    called = dict.fromkeys(images.STORED_NAME.findall(article.body))
    called = [name for name in called if name not in known] if called else []
    return [image for name in called[:MOST] if (image := images.stored(name))]
