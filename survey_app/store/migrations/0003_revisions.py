"""What units publish: revisions and the texts of pages. A frozen copy of the models, on purpose independent of them."""

from peewee import CharField, Check, DateTimeField, ForeignKeyField, IntegerField, Model, TextField


def up(migrator, db):
    class Revision(Model):
        page = CharField(index=True)
        kind = CharField()
        unit_slug = CharField(index=True)
        title = CharField()
        action = CharField()
        data = TextField()
        base = TextField()
        base_digest = CharField()
        state = CharField(index=True)
        version = IntegerField(default=1)
        author = CharField()
        saved_by = CharField()
        note = TextField(default="")
        created_at = DateTimeField()
        saved_at = DateTimeField()
        submitted_at = DateTimeField(null=True)
        first_approver = CharField(default="")
        second_approver = CharField(default="")
        decision = TextField(default="")
        decided_at = DateTimeField(null=True)
        target_digest = CharField(default="")
        published_at = DateTimeField(null=True)
        failure = TextField(default="")

        class Meta:
            database = db
            table_name = "revision"
            constraints = [Check("version >= 1")]

    db.create_tables([Revision])

    class PageVersion(Model):
        page = CharField(index=True)
        digest = CharField()
        data = TextField()
        source = CharField()
        person = CharField(default="")
        revision = ForeignKeyField(Revision, null=True, on_delete="RESTRICT", column_name="revision")
        seen_at = DateTimeField()

        class Meta:
            database = db
            table_name = "page_version"

    db.create_tables([PageVersion])
