"""Numbers of events that do not run out, and no index that another one makes needless

On PostgreSQL every repeat of a fact uses up a number, and 32 bits of them end after two thousand million. The table is
written anew for it: some seconds for a million events.

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_event_visit_id', table_name='event')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(sa.text('ALTER TABLE event ALTER COLUMN id TYPE BIGINT'))
        op.execute(sa.text('ALTER SEQUENCE event_id_seq AS BIGINT'))


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(sa.text('ALTER SEQUENCE event_id_seq AS INTEGER'))
        op.execute(sa.text('ALTER TABLE event ALTER COLUMN id TYPE INTEGER'))
    op.create_index('ix_event_visit_id', 'event', ['visit_id'])
