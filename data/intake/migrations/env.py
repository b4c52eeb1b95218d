"""How Alembic reaches the inbox: over the connection that opened it."""

from alembic import context

from data.intake.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
