"""What a version of an article holds: its words, and what a restored article needs besides."""

from django.db import models
from simple_history.models import HistoricalRecords


class VersionBase(models.Model):
    """What stands in other tables than the article's own, as it was then.

    `pictures` maps the names in the text to files, whose content never changes.
    """

    tag_names = models.JSONField("标签", default=list)
    signers = models.JSONField("作者", default=list)  # ids of authors, in order
    pictures = models.JSONField("插图", default=dict)

    class Meta:
        abstract = True


class VersionRecords(HistoricalRecords):
    """The table of versions, written by history.py alone.

    The library writes a row whenever an article's row is saved: before its tags and authors
    are, and at every rendering of the stock. Here a row is a change of what the article says.
    """

    def post_save(self, *args, **kwargs):
        pass

    def post_delete(self, *args, **kwargs):
        pass
