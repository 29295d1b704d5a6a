"""Gaps: requests that met nothing good, grouped by meaning; the vocabularies they are grouped by; and errands of which one process at a time does each

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('gap',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=True),
    sa.Column('decided_by', sa.String(length=255), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refused_article_id', sa.Integer(), nullable=True),
    sa.Column('merged_into', sa.Integer(), nullable=True),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('centre', sa.LargeBinary(), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('counted', sa.Integer(), nullable=False),
    sa.Column('examined', sa.Integer(), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('answered_share', sa.Double(), nullable=True),
    sa.Column('asked_generation', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['merged_into'], ['gap.id'], name=op.f('fk_gap_merged_into_gap'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gap'))
    )
    op.create_index(op.f('ix_gap_article_id'), 'gap', ['article_id'], unique=False)
    op.create_index(op.f('ix_gap_merged_into'), 'gap', ['merged_into'], unique=False)
    op.create_index('ix_gap_state_language', 'gap', ['state', 'language'], unique=False)

    op.create_table('gap_request',
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('gap_id', sa.Integer(), nullable=True),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.String(length=16), nullable=False),
    sa.Column('nearness', sa.Double(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['gap_id'], ['gap.id'], name=op.f('fk_gap_request_gap_id_gap'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_gap_request_ticket_id_ticket'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_gap_request'))
    )
    op.create_index('ix_gap_request_gap_id_nearness', 'gap_request', ['gap_id', 'nearness'], unique=False)
    op.create_index('ix_gap_request_gap_id_sent_at', 'gap_request', ['gap_id', 'sent_at'], unique=False)
    op.create_index('ix_gap_request_language_gap_id_ticket_id', 'gap_request', ['language', 'gap_id', 'ticket_id'], unique=False)

    op.create_table('gap_vocabulary',
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('requests', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('language', name=op.f('pk_gap_vocabulary'))
    )

    op.create_table('errand',
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('done_by', sa.String(length=255), nullable=False),
    sa.Column('held_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_errand'))
    )


def downgrade() -> None:
    op.drop_table('errand')
    op.drop_table('gap_vocabulary')
    op.drop_index('ix_gap_request_language_gap_id_ticket_id', table_name='gap_request')
    op.drop_index('ix_gap_request_gap_id_sent_at', table_name='gap_request')
    op.drop_index('ix_gap_request_gap_id_nearness', table_name='gap_request')
    op.drop_table('gap_request')
    op.drop_index('ix_gap_state_language', table_name='gap')
    op.drop_index(op.f('ix_gap_merged_into'), table_name='gap')
    op.drop_index(op.f('ix_gap_article_id'), table_name='gap')
    op.drop_table('gap')
