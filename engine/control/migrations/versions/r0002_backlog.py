"""How far the engine is behind the inbox."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("engine_state") as table:
        table.add_column(sa.Column("position", sa.Integer))
        table.add_column(sa.Column("backlog", sa.Integer))
        table.add_column(sa.Column("backlog_oldest_at", sa.DateTime))
        table.add_column(sa.Column("drained_at", sa.DateTime))


def downgrade() -> None:
    with op.batch_alter_table("engine_state") as table:
        for name in ("position", "backlog", "backlog_oldest_at", "drained_at"):
            table.drop_column(name)
