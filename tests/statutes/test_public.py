"""A public page reads what it declares of a query, and nothing else."""

import pytest
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from statutes.public import normalise, public

LIST = ("after", "before", "page")


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("", ""),
        ("page=2&before=9-1", "before=9-1&page=2"),
        ("before=9-1&page=2", "before=9-1&page=2"),
        ("utm_source=x&page=2&from=singlemessage&before=9-1", "before=9-1&page=2"),
        ("page=3&page=2", "page=2"),
        ("page=&before=", ""),
        ("PAGE=2&page[]=2&page%00=2", ""),
        ("p%61ge=2", "page=2"),
        ("page=%E7%AC%AC", "page=%E7%AC%AC"),
        ("page=\xe7\xac\xac", "page=%E7%AC%AC"),  # sent as it is, as WSGI hands it over
        ("&".join(f"a{number}=1" for number in range(60)) + "&page=2", ""),
        ("page=2;before=1", "page=2%3Bbefore%3D1"),
    ],
)
def test_one_spelling_for_each_meaning(query, meaning):
    assert normalise(query, LIST) == meaning


@given(st.text(max_size=200))
def test_any_query_has_a_meaning_that_stays(query):
    meaning = normalise(query, LIST)
    assert meaning.isascii()
    assert normalise(meaning, LIST) == meaning


def test_a_view_sees_only_what_it_reads(rf):
    view = public(lambda request: HttpResponse(request.GET.urlencode()), ["page"])
    response = view(rf.get("/?utm_source=x&page=2&q=1"))
    assert response.content == b"page=2"
    assert response["Cache-Control"].startswith("public, max-age=")
    assert view.reads == ("page",)
    assert view(rf.post("/")).status_code == 405


@pytest.mark.django_db
def test_what_others_hang_on_an_address_changes_no_page(client):
    bare = client.get("/statutes/")
    tracked = client.get("/statutes/?utm_source=x&from=timeline&isappinstalled=0")
    assert tracked.content == bare.content
