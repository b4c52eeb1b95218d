"""The language in which weekly letters and channels' messages are written: English until somebody chooses."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for table in ("channels", "digests"):
        op.add_column(table, sa.Column("language", sa.String, nullable=False, server_default="en"))
