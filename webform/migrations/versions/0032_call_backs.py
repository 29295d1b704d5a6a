"""Call-backs: the number and the time at which a request asks to be called"""
from alembic import op
import sqlalchemy as sa


revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.add_column(sa.Column('phone', sa.String(length=40), server_default='', nullable=False))
        batch_op.add_column(sa.Column('call_from', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('call_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('call_zone', sa.String(length=64), server_default='', nullable=False))


def downgrade() -> None:
    for name in ('call_zone', 'call_until', 'call_from', 'phone'):  # One by one: a table made anew would take what refers to it along.
        op.drop_column('ticket', name)
