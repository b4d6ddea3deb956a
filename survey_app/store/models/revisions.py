"""The tables of what units publish: proposed changes, and every text a page has been seen with."""

from peewee import CharField, Check, DateTimeField, ForeignKeyField, IntegerField, TextField

from survey_app.store.models.record import Record


class Revision(Record):
    """One proposed change of one page, from draft to published."""

    page = CharField(index=True)  # path below the pages folder
    kind = CharField()
    unit_slug = CharField(index=True)  # whose desk it lies on; empty: the publicity office's own
    title = CharField()
    action = CharField()
    data = TextField()  # JSON: the front matter as it is to be
    base = TextField()  # JSON: the front matter it was made from; "null" for a new page
    base_digest = CharField()  # publishing.pages.digest of that page; empty for a new page
    state = CharField(index=True)
    version = IntegerField(default=1)  # goes up with every save: what a form was based on
    author = CharField()
    saved_by = CharField()
    note = TextField(default="")  # why, written for the approver
    created_at = DateTimeField()
    saved_at = DateTimeField()
    submitted_at = DateTimeField(null=True)
    first_approver = CharField(default="")
    second_approver = CharField(default="")
    decision = TextField(default="")  # the approver's words
    decided_at = DateTimeField(null=True)
    target_digest = CharField(default="")  # what the page's digest is once it has been written
    published_at = DateTimeField(null=True)
    failure = TextField(default="")  # why the site could not be built with it

    class Meta:
        constraints = [Check("version >= 1")]


class PageVersion(Record):
    """A text a page had: written by the portal, or found in the file after somebody changed it there."""

    page = CharField(index=True)
    digest = CharField()
    data = TextField()  # JSON; "null": the page was gone
    source = CharField()  # desk | hand | found
    person = CharField(default="")
    revision = ForeignKeyField(Revision, null=True, on_delete="RESTRICT", column_name="revision")
    seen_at = DateTimeField()
