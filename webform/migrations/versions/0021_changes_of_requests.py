"""Changes of requests: when each came to its state, and who brought it there

Of what was changed before only the last change is known: the time in the request itself.
"""
from alembic import op
import sqlalchemy as sa


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('ticket_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.String(length=16), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('party', sa.String(length=16), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_ticket_change_ticket_id_ticket'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_change'))
    )
    with op.batch_alter_table('ticket_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_change_ticket_id'), ['ticket_id'], unique=False)
        batch_op.create_index('ix_ticket_change_status_changed_at', ['status', 'changed_at'], unique=False)
    op.execute("""
        INSERT INTO ticket_change (ticket_id, before, status, party, changed_at)
        SELECT id, 'new', status, '', updated_at FROM ticket WHERE status <> 'new'
    """)


def downgrade() -> None:
    op.drop_table('ticket_change')
