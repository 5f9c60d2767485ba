"""Facts are inserted, never changed: triggers on both databases, and the automaton of runs."""

from django.db import migrations

# Never updated, never deleted.
FROZEN = ("audit_auditevent", "audit_auditleaf", "audit_checkpoint", "audit_audittile")
# Never updated; retention may delete them.
WRITTEN_ONCE = ("audit_executionevent", "audit_logchunk")
STATES = {
    "queued": ("leased", "cancelled", "failed", "expired"),
    "leased": ("running", "queued", "cancelled", "failed"),
    "running": ("succeeded", "failed", "cancelled", "expired", "needs_decision", "waiting", "queued"),
    "waiting": ("queued", "cancelled", "failed", "expired"),
    "needs_decision": ("queued", "failed", "cancelled"),
}
PAIRS = ", ".join(f"'{old}>{new}'" for old, following in STATES.items() for new in following)

POSTGRESQL_FUNCTIONS = (
    """
    CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'audit: % on % refused, facts are append-only', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE FUNCTION audit_pending_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM audit_auditleaf WHERE event_id = OLD.event_id) THEN
            RAISE EXCEPTION 'audit: DELETE on audit_auditpending refused, event % is not sealed', OLD.event_id
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END $$
    """,
    f"""
    CREATE FUNCTION audit_execution_state() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN ({PAIRS}) THEN
            RAISE EXCEPTION 'audit: a run cannot go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.fence < OLD.fence OR NEW.plan_digest <> OLD.plan_digest THEN
            RAISE EXCEPTION 'audit: fence and plan of a run cannot go back or change'
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
)


def postgresql():
    yield from POSTGRESQL_FUNCTIONS
    for table in FROZEN:
        yield (
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
        )
    for table in WRITTEN_ONCE:
        yield (
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
        )
    for table in (*FROZEN, "audit_auditpending"):
        yield (
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
    yield (
        "CREATE TRIGGER audit_auditpending_frozen BEFORE UPDATE ON audit_auditpending"
        " FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
    )
    yield (
        "CREATE TRIGGER audit_auditpending_sealed BEFORE DELETE ON audit_auditpending"
        " FOR EACH ROW EXECUTE FUNCTION audit_pending_sealed()"
    )
    yield (
        "CREATE TRIGGER audit_execution_state BEFORE UPDATE ON audit_execution"
        " FOR EACH ROW EXECUTE FUNCTION audit_execution_state()"
    )


def sqlite():
    def refuse(name, table, when, text, condition=""):
        return (
            f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW {condition} "
            f"BEGIN SELECT RAISE(ABORT, 'audit: {text}'); END"
        )

    keys = {"audit_auditleaf": "seq", "audit_checkpoint": "size"}
    for table in FROZEN:
        said = f"{table} refused, facts are append-only"
        yield refuse(f"{table}_frozen_update", table, "UPDATE", f"UPDATE on {said}")
        yield refuse(f"{table}_frozen_delete", table, "DELETE", f"DELETE on {said}")
        key = keys.get(table, "id")
        # INSERT OR REPLACE deletes without a DELETE trigger unless recursive_triggers is on.
        yield refuse(
            f"{table}_frozen_replace",
            table,
            "INSERT",
            f"REPLACE on {said}",
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})",
        )
    for table in WRITTEN_ONCE:
        yield refuse(f"{table}_frozen_update", table, "UPDATE", f"UPDATE on {table} refused, written once")
    pending = "audit_auditpending"
    yield refuse(f"{pending}_frozen_update", pending, "UPDATE", f"UPDATE on {pending} refused, facts are append-only")
    yield refuse(
        f"{pending}_sealed",
        pending,
        "DELETE",
        f"DELETE on {pending} refused, the event is not sealed",
        "WHEN NOT EXISTS (SELECT 1 FROM audit_auditleaf WHERE event_id = OLD.event_id)",
    )
    yield refuse(
        "audit_execution_state",
        "audit_execution",
        "UPDATE",
        "a run cannot change its state like that",
        f"WHEN (OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN ({PAIRS}))"
        " OR NEW.fence < OLD.fence OR NEW.plan_digest <> OLD.plan_digest",
    )


def install(apps, schema_editor):
    statements = {"postgresql": postgresql, "sqlite": sqlite}[schema_editor.connection.vendor]
    for statement in statements():
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    # No way back: taking the guards off is not something a migration does by accident.
    operations = [migrations.RunPython(install)]
