"""Visibility: an article is public, read by a link with a key, or for staff alone

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.add_column(sa.Column('visibility', sa.String(length=16), nullable=False, server_default='public'))
        batch_op.add_column(sa.Column('link_key', sa.String(length=64), nullable=False, server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.drop_column('link_key')
        batch_op.drop_column('visibility')
