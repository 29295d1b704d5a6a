"""Flapping: faults of the self-check that come and go, which leads are told once a day

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'flapping',
        sa.Column('fault', sa.String(length=16), nullable=False),
        sa.Column('since', sa.DateTime(timezone=True), nullable=False),
        sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('fault', name=op.f('pk_flapping')),
    )


def downgrade() -> None:
    op.drop_table('flapping')
