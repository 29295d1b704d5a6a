"""Incidents, and the way that requests came

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


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

    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.add_column(sa.Column('channel', sa.String(length=16), server_default='', nullable=False))

    with op.batch_alter_table('gate_choice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_gate_choice_chosen_at'), ['chosen_at'], unique=False)
    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_publication_public_from'), ['public_from'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_publication_public_from'))
    with op.batch_alter_table('gate_choice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_gate_choice_chosen_at'))
    # A batch would make the table anew on SQLite, and take every mail of every ticket along.
    op.execute(sa.text('ALTER TABLE ticket DROP COLUMN channel'))
    op.drop_table('incident')
