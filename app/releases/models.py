"""Tables of releases: the immutable document, its state, and the jobs that make and publish it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, String, Text, event, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, UtcDateTime, now
from app.rounds.models import Round


class ReleaseRecord(Model):
    """Auswertungsstand: a scored snapshot of a round under the SHA-256 of its document.

    The document can be read and, once, withdrawn from view; triggers refuse any change to it.
    """

    __tablename__ = "release"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
        CheckConstraint("state IN ('preview', 'published', 'withdrawn')", name="state_known"),
        CheckConstraint("state = 'preview' OR published_at IS NOT NULL", name="published_has_its_date"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_has_its_date"),
        CheckConstraint("state <> 'withdrawn' OR length(withdrawn_reason) > 0", name="withdrawn_has_its_reason"),
        # A reader who asks for the results of a round gets one answer.
        Index(
            "uq_release_one_published_per_round",
            "round_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    input_sha256: Mapped[str] = mapped_column(String(64))
    method_version: Mapped[str] = mapped_column(String(20))
    built_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    state: Mapped[str] = mapped_column(String(10), default="preview")
    published_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(String(500), default="")
    # Last: SQLite reads through all of a long text to get at a column behind it.
    document: Mapped[str] = mapped_column(Text, deferred=True)

    round: Mapped[Round] = relationship()


class Job(Model):
    """A long piece of background work and how far it has come; pages show it as a progress bar.

    ``updated_at`` is its last sign of life: work that gives none for a while was interrupted and may be started again.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state_known"),
        CheckConstraint("done >= 0 AND total >= 0 AND done <= total", name="progress_in_range"),
        CheckConstraint("state <> 'failed' OR length(message) > 0", name="failure_says_why"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


IMMUTABLE = ("sha256", "round_id", "document", "input_sha256", "method_version", "built_at")

SQLITE_GUARDS = (
    f"""CREATE TRIGGER release_is_immutable BEFORE UPDATE OF {", ".join(IMMUTABLE)} ON release
BEGIN SELECT RAISE(ABORT, 'a release is immutable'); END""",
    """CREATE TRIGGER release_stays BEFORE DELETE ON release WHEN OLD.state <> 'preview'
BEGIN SELECT RAISE(ABORT, 'a published release is kept'); END""",
)
POSTGRESQL_GUARDS = (
    f"""CREATE FUNCTION release_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF TG_OP = 'DELETE' THEN
  IF OLD.state <> 'preview' THEN RAISE EXCEPTION 'a published release is kept' USING ERRCODE = '23514'; END IF;
  RETURN OLD;
END IF;
IF ({", ".join(f"OLD.{c}" for c in IMMUTABLE)}) IS DISTINCT FROM ({", ".join(f"NEW.{c}" for c in IMMUTABLE)}) THEN
  RAISE EXCEPTION 'a release is immutable' USING ERRCODE = '23514';
END IF;
RETURN NEW; END $$""",
    """CREATE TRIGGER release_guard BEFORE UPDATE OR DELETE ON release FOR EACH ROW EXECUTE FUNCTION release_guard()""",
)

for _statement in SQLITE_GUARDS:
    event.listen(ReleaseRecord.__table__, "after_create", DDL(_statement).execute_if(dialect="sqlite"))
for _statement in POSTGRESQL_GUARDS:
    event.listen(
        ReleaseRecord.__table__, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect="postgresql")
    )
