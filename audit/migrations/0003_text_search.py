"""Words of an event, indexed; PostgreSQL only (SQLite, for trying out, searches row by row)."""

from django.db import migrations

# Punctuation becomes space, so that parts of paths and JSON are words of their own. Details are cut:
# one tsvector holds at most 1 MB.
STATEMENTS = (
    """
    CREATE FUNCTION audit_words(who text, behalf text, act text, res text, request text, details text)
    RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT to_tsvector('simple'::regconfig, translate(
            who || ' ' || behalf || ' ' || act || ' ' || res || ' ' || request || ' '
                || replace(left(details, 60000), '\\n', ' '),
            '/:._-"{}[](),=+<>\\|@#%&*!?''`~;$^',
            '                                 '))
    $$
    """,
    """
    CREATE INDEX audit_by_words ON audit_auditevent
    USING gin (audit_words(actor_name, on_behalf_of, action, resource, request_id, data))
    """,
)


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in STATEMENTS:
            schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
