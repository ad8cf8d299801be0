"""What templates ask of articles: bodies, thumbnails."""

from lxml.html import fragment_fromstring

from articles.models import Article
from articles.templatetags.articles import body, thumbnail


def test_a_thumbnail_is_there_if_there_is_a_cover():
    assert thumbnail(Article()) == ""
    article = Article(cover="images/ab/ab.png", cover_width=900, cover_height=600)
    image = fragment_fromstring(thumbnail(article))
    assert image.get("src") == "/media/images/ab/ab-320.png"
    assert (image.get("width"), image.get("height"), image.get("alt")) == ("900", "600", "")


def test_a_small_cover_is_its_own_thumbnail():
    small = Article(cover="images/ab/ab.png", cover_width=320, cover_height=200)
    assert fragment_fromstring(thumbnail(small)).get("src") == "/media/images/ab/ab.png"


def test_a_body_goes_to_the_page_as_it_was_stored():
    assert body(Article(body_html="<p>甲</p>")) == "<p>甲</p>"
