"""Urgent requests: which rule sent them straight to a person, and visits that no article could have helped

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.add_column(sa.Column('urgent', sa.String(length=100), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('urgent_slug', sa.String(length=80), nullable=False, server_default=''))

    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('straight', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_column('straight')

    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.drop_column('urgent_slug')
        batch_op.drop_column('urgent')
