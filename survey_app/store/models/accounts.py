"""The tables of who may write: accounts, their roles, and the chain of what was done.

`Account` and `Role` have the names Flask-Security expects of a user and a role.
"""

from flask_security.core import RoleMixin, UserMixin
from peewee import (
    AutoField,
    BlobField,
    BooleanField,
    CharField,
    Check,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from survey_app.store.models.record import Record


class Role(RoleMixin, Record):
    name = CharField(unique=True)  # a code of domain.roles

    class Meta:
        table_name = "role"


class Account(UserMixin, Record):  # in this order: peewee has a get_id() of its own, the row number
    username = CharField(unique=True)  # lower case
    name = CharField()
    unit_slug = CharField(default="")
    active = BooleanField(default=True)
    password = TextField()  # argon2id
    must_change_password = BooleanField(default=True)
    fs_uniquifier = CharField(unique=True)  # what a session names; a new one ends all sessions
    totp_secret = TextField(null=True)  # encrypted under factor.key
    totp_counter = IntegerField(null=True)  # the last time step used: a code is good once
    recovery_codes = TextField(default="[]")  # JSON list of digests
    created_at = DateTimeField()
    signed_in_at = DateTimeField(null=True)

    @property
    def roles(self):  # type: ignore[override]  # the mixin's types know a list that can be set
        """Flask-Security asks a user for their roles."""
        return list(Role.select().join(AccountRole).where(AccountRole.account == self.id).order_by(Role.name))


class AccountRole(Record):
    account = ForeignKeyField(Account, on_delete="CASCADE", column_name="account")
    role = ForeignKeyField(Role, on_delete="RESTRICT", column_name="role")

    class Meta:
        indexes = ((("account", "role"), True),)


class SignInGuard(Record):
    """Wrong tries by typed name, whether an account has it or not: the answer must not tell which names exist."""

    name_tag = BlobField(primary_key=True)
    failed = IntegerField()
    failed_at = DateTimeField(index=True)
    wait_until = DateTimeField()

    class Meta:
        without_rowid = True


class AuditEvent(Record):
    """Append-only: triggers refuse to change or delete a row, the chain shows where somebody did all the same."""

    number = AutoField()
    at = CharField()
    actor = CharField(index=True)
    action = CharField()
    subject = CharField(index=True)
    detail = TextField()
    digest = BlobField()


class AuditHead(Record):
    """Number and digest of the last event, in a row of its own: events cut from the end are missed."""

    one = IntegerField(primary_key=True, constraints=[Check("one = 1")])
    number = IntegerField()
    digest = BlobField()
