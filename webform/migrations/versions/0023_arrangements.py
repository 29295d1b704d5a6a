"""Arrangements: what leads settle once for the whole desk, such as its hours"""
from alembic import op
import sqlalchemy as sa


revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('arrangement',
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=320), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_arrangement'))
    )


def downgrade() -> None:
    op.drop_table('arrangement')
