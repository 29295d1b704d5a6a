"""The trace: who changed what, when, from which to what

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('deed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=255), nullable=False),
    sa.Column('action', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deed'))
    )
    with op.batch_alter_table('deed', schema=None) as batch_op:
        batch_op.create_index('ix_deed_actor_id', ['actor', 'id'])
        batch_op.create_index('ix_deed_kind_id', ['kind', 'id'])
        batch_op.create_index('ix_deed_subject_id', ['subject', 'id'])
        batch_op.create_index(batch_op.f('ix_deed_done_at'), ['done_at'])


def downgrade() -> None:
    op.drop_table('deed')
