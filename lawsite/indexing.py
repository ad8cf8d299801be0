"""What each search index holds, and what a change means for it.

The one place that knows both apps: a provision is also found by the words of the articles that
cite it.
"""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from articles import indexing as articles
from articles.models import Article
from statutes import indexing as statutes
from statutes.index.engine import Document, Index
from statutes.index.following import Changed, Touched
from statutes.index.opened import index
from statutes.models import Change, Provision, Statute

ARTICLE, STATUTE = Change.Kind.ARTICLE.value, Change.Kind.STATUTE.value


class Articles:
    name = "articles"
    may_wait = False

    @property
    def index(self) -> Index:
        return index(self.name)

    def next_ids(self, after: int, limit: int) -> list[int]:
        return articles.published_ids(after, limit)

    def rows(self) -> int:
        return Article.objects.filter(state=Article.State.PUBLISHED).count()

    def documents(self, ids: Iterable[int]) -> Iterable[Document]:
        return articles.documents(ids)

    def touched(self, changed: Changed) -> Touched:
        return Touched(anew=set(changed.get(ARTICLE, ())))

    def turned(self, first: date, last: date) -> Touched:
        return Touched()


class Provisions:
    name = "provisions"
    may_wait = True

    @property
    def index(self) -> Index:
        return index(self.name)

    def next_ids(self, after: int, limit: int) -> list[int]:
        ids = Provision.objects.filter(pk__gt=after).order_by("pk")
        return list(ids.values_list("pk", flat=True)[:limit])

    def rows(self) -> int:
        return Provision.objects.count()

    def documents(self, ids: Iterable[int]) -> Iterable[Document]:
        ids = list(ids)
        told = {
            provision: statutes.Told(said.words, [f"article:{pk}" for pk in said.articles])
            for provision, said in articles.explanations(ids).items()
        }
        return statutes.provision_documents(ids, timezone.localdate(), told)

    def touched(self, changed: Changed) -> Touched:
        """Return the provisions of changed statutes, and those cited by changed articles, then
        and now."""
        touched = self._of_statutes(changed.get(STATUTE, ()))
        changed_articles = changed.get(ARTICLE, ())
        touched.anew |= articles.provisions_cited(changed_articles)
        touched.anew.update(self.index.holding(f"article:{pk}" for pk in changed_articles))
        return touched

    def turned(self, first: date, last: date) -> Touched:
        return self._of_statutes(statutes.turning(first, last))

    def _of_statutes(self, ids: Iterable[int]) -> Touched:
        gone = set(self.index.holding(f"statute:{pk}" for pk in ids))
        return Touched(set(statutes.shown_provisions(ids, timezone.localdate())), gone)


class Statutes:
    name = "statutes"
    may_wait = False

    @property
    def index(self) -> Index:
        return index(self.name)

    def next_ids(self, after: int, limit: int) -> list[int]:
        return statutes.statute_ids(after, limit)

    def rows(self) -> int:
        return Statute.objects.count()

    def documents(self, ids: Iterable[int]) -> Iterable[Document]:
        return statutes.statute_documents(ids, timezone.localdate())

    def touched(self, changed: Changed) -> Touched:
        return Touched(anew=set(changed.get(STATUTE, ())))

    def turned(self, first: date, last: date) -> Touched:
        return Touched(anew=set(statutes.turning(first, last)))


# In the order in which changes are followed: who has published an article looks for it.
SOURCES = (Articles(), Statutes(), Provisions())
