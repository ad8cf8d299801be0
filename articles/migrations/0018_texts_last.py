"""Let the long columns of articles stand behind the short ones, the texts last of all.

SQLite reads a row from its beginning, over as many pages as it takes, up to the last column that
is wanted: behind the texts the day of an article was ten pages away. PostgreSQL keeps long texts
elsewhere, and its table stays as it is. A column that is added later stands behind the texts
again, unless they are moved once more.
"""

from django.db import migrations, models

LONG = {
    "summary": models.CharField(
        "摘要", max_length=300, blank=True, help_text="70至120个字，直接回答标题的问题。"
    ),
    "excerpt": models.CharField("摘录", max_length=200, editable=False, blank=True),
    "terms": models.JSONField("关键词", editable=False, default=dict),
    "renamed": models.JSONField("已更名机构", editable=False, default=list),
    "cited": models.JSONField("所引法条", editable=False, default=list),
    "contents": models.JSONField("目录", editable=False, default=list),
    "body": models.TextField("正文", help_text="Markdown。小标题从 ## 开始。"),
    "body_html": models.TextField(editable=False, blank=True),
}


def move(name, field):
    """Return the operations that let a column be the last of the state."""
    return migrations.RemoveField("article", name), migrations.AddField("article", name, field)


def write_anew(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    article = apps.get_model("articles", "Article")
    table = article._meta.db_table
    with schema_editor.connection.cursor() as cursor:
        # The new table would count on from the articles that are left, and give the id, which is
        # the address, of one that was deleted for good to another.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        schema_editor._remake_table(article)
        if last:
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [*last, table])


class Migration(migrations.Migration):
    dependencies = [("articles", "0017_covering_indexes_of_publication")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[each for name in LONG for each in move(name, LONG[name])]
        ),
        migrations.RunPython(write_anew, migrations.RunPython.noop),
    ]
