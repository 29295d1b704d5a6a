"""Incidents, the way that requests came, and when their status was set

Statuses that the trace knows of become changes too, so that old figures have no hole.
A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from datetime import datetime, timezone

from alembic import op
import sqlalchemy as sa


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

TICKET = sa.table('ticket', sa.column('id', sa.Integer()), sa.column('reference', sa.String()), sa.column('created_at', sa.DateTime(timezone=True)))
DEED = sa.table(
    'deed', sa.column('id', sa.Integer()), sa.column('done_at', sa.DateTime(timezone=True)), sa.column('kind', sa.String()),
    sa.column('action', sa.String()), sa.column('subject', sa.String()), sa.column('after', sa.JSON()),
)
CHANGE = sa.table(
    'ticket_change', sa.column('ticket_id', sa.Integer()), sa.column('status', sa.String()),
    sa.column('changed_at', sa.DateTime(timezone=True)), sa.column('after_seconds', sa.Integer()),
)


def upgrade() -> None:
    op.create_table('incident',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('words', sa.String(length=200), nullable=False),
    sa.Column('noted_by', sa.String(length=255), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident'))
    )
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incident_happened_on'), ['happened_on'], unique=False)

    op.create_table('ticket_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('after_seconds', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_ticket_change_ticket_id_ticket'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_change'))
    )
    with op.batch_alter_table('ticket_change', schema=None) as batch_op:
        batch_op.create_index('ix_ticket_change_ticket_id_status', ['ticket_id', 'status'], unique=False)

    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.add_column(sa.Column('channel', sa.String(length=16), server_default='', nullable=False))

    with op.batch_alter_table('gate_choice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_gate_choice_chosen_at'), ['chosen_at'], unique=False)
    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_publication_public_from'), ['public_from'], unique=False)
    _remember()


def _remember() -> None:
    """Make changes of what the trace tells about requests."""
    connection = op.get_bind()
    told = sa.select(TICKET.c.id, TICKET.c.created_at, DEED.c.done_at, DEED.c.after).select_from(
        DEED.join(TICKET, DEED.c.subject == sa.literal('request:').concat(TICKET.c.reference))
    )
    rows = connection.execute(told.where(DEED.c.kind == 'request', DEED.c.action == 'marked').order_by(DEED.c.id)).all()
    changes = [
        {'ticket_id': ticket, 'status': str(after['status'])[:16], 'changed_at': done, 'after_seconds': max(0, round((_aware(done) - _aware(opened)).total_seconds()))}
        for ticket, opened, done, after in rows
        if 'status' in after
    ]
    if changes:
        connection.execute(sa.insert(CHANGE), changes)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment


def downgrade() -> None:
    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_publication_public_from'))
    with op.batch_alter_table('gate_choice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_gate_choice_chosen_at'))
    # A batch would make the table anew on SQLite, and take every mail of every ticket along.
    op.execute(sa.text('ALTER TABLE ticket DROP COLUMN channel'))
    op.drop_table('ticket_change')
    op.drop_table('incident')
