"""Examples from outside, and who changed which

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('example', schema=None) as batch_op:
        batch_op.add_column(sa.Column('fits', sa.Boolean(), server_default=sa.text('true'), nullable=False))
        batch_op.add_column(sa.Column('standing', sa.String(length=16), server_default='trusted', nullable=False))
        batch_op.add_column(sa.Column('origin', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('network', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('tended_by', sa.String(length=255), server_default='', nullable=False))
        batch_op.create_index(batch_op.f('ix_example_origin'), ['origin'], unique=False)
    op.create_table('example_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('example_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(length=16), nullable=False),
    sa.Column('who', sa.String(length=255), nullable=False),
    sa.Column('before_article_id', sa.Integer(), nullable=True),
    sa.Column('after_article_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_example_change'))
    )
    with op.batch_alter_table('example_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_example_change_example_id'), ['example_id'], unique=False)


def downgrade() -> None:
    op.drop_table('example_change')
    with op.batch_alter_table('example', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_example_origin'))
        for name in ('tended_by', 'network', 'origin', 'standing', 'fits'):
            batch_op.drop_column(name)
