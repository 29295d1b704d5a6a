"""Articles of baselines: how many were published when old mail was asked

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('baseline', sa.Column('articles', sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column('baseline', 'articles')
