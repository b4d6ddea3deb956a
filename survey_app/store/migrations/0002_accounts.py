"""Accounts, roles, sign-in guard and the audit chain. A frozen copy of the models, on purpose independent of them."""

from peewee import (
    AutoField,
    BlobField,
    BooleanField,
    CharField,
    Check,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

# Also BEFORE INSERT: REPLACE deletes a row without asking the triggers on DELETE.
TRIGGERS = (
    "CREATE TRIGGER audit_event_only_next BEFORE INSERT ON audit_event "
    "WHEN NEW.number <= (SELECT COALESCE(MAX(number), 0) FROM audit_event) "
    "BEGIN SELECT RAISE(ABORT, 'audit events are only added'); END",
    "CREATE TRIGGER audit_head_only_one BEFORE INSERT ON audit_head WHEN EXISTS (SELECT 1 FROM audit_head) "
    "BEGIN SELECT RAISE(ABORT, 'the audit chain has one head'); END",
    "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event "
    "BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END",
    "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event "
    "BEGIN SELECT RAISE(ABORT, 'audit events are never deleted'); END",
    "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head "
    "BEGIN SELECT RAISE(ABORT, 'the head of the audit chain is never deleted'); END",
    "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head WHEN NEW.number <> OLD.number + 1 "
    "BEGIN SELECT RAISE(ABORT, 'the audit chain only grows'); END",
)


def up(migrator, db):
    class Role(Model):
        name = CharField(unique=True)

        class Meta:
            database = db
            table_name = "role"

    class Account(Model):
        username = CharField(unique=True)
        name = CharField()
        unit_slug = CharField(default="")
        active = BooleanField(default=True)
        password = TextField()
        must_change_password = BooleanField(default=True)
        fs_uniquifier = CharField(unique=True)
        totp_secret = TextField(null=True)
        totp_counter = IntegerField(null=True)
        recovery_codes = TextField(default="[]")
        created_at = DateTimeField()
        signed_in_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "account"

    class AccountRole(Model):
        account = ForeignKeyField(Account, column_name="account", on_delete="CASCADE")
        role = ForeignKeyField(Role, column_name="role", on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "account_role"
            indexes = ((("account", "role"), True),)

    class SignInGuard(Model):
        name_tag = BlobField(primary_key=True)
        failed = IntegerField()
        failed_at = DateTimeField(index=True)
        wait_until = DateTimeField()

        class Meta:
            database = db
            table_name = "sign_in_guard"
            without_rowid = True

    class AuditEvent(Model):
        number = AutoField()
        at = CharField()
        actor = CharField(index=True)
        action = CharField()
        subject = CharField(index=True)
        detail = TextField()
        digest = BlobField()

        class Meta:
            database = db
            table_name = "audit_event"

    class AuditHead(Model):
        one = IntegerField(primary_key=True, constraints=[Check("one = 1")])
        number = IntegerField()
        digest = BlobField()

        class Meta:
            database = db
            table_name = "audit_head"

    db.create_tables([Role, Account, AccountRole, SignInGuard, AuditEvent, AuditHead])
    for trigger in TRIGGERS:
        db.execute_sql(trigger)
