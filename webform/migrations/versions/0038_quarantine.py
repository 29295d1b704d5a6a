"""Quarantine: files that wait until the scanner for viruses has looked at them

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('scan', sa.String(length=16), server_default='', nullable=False))
        batch_op.create_index(batch_op.f('ix_attachment_scan'), ['scan'])


def downgrade() -> None:
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachment_scan'))
    op.drop_column('attachment', 'scan')
