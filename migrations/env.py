"""Runs migrations on the database that the configuration names."""

from alembic import context
from sqlalchemy import create_engine, pool

from app.migrations import described_by_models
from app.models import metadata

config = context.config
engine = create_engine(config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)

with engine.connect() as connection:
    # SQLite changes a table by copying it, hence the batch mode.
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        include_name=described_by_models,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
