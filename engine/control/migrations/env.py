"""How Alembic reaches the control store: over the connection that the store opened."""

from alembic import context

from engine.control import alert_tables, delivery_tables  # noqa: F401 (their tables are of the same metadata)
from engine.control.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
