"""Written: how often counted days and weeks were written, so that who compares beforehand knows whether it still holds

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ('ledger', 'census'):
        op.add_column(name, sa.Column('written', sa.BigInteger(), server_default='0', nullable=False))


def downgrade() -> None:
    for name in ('census', 'ledger'):
        op.drop_column(name, 'written')
