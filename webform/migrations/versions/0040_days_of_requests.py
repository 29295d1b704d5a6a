"""Days of requests: what support figures of a long time are added up from, and what counts mails and answers without reading them

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'ticket_day',
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('topic', sa.String(length=64), nullable=False),
        sa.Column('channel', sa.String(length=16), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ('new', 'dealt_with', 'done', 'spam', 'held')),
        sa.Column('answered', sa.LargeBinary(), nullable=False),
        sa.Column('unanswered', sa.Integer(), nullable=False),
        sa.Column('unanswered_since', sa.DateTime(timezone=True), nullable=True),
        sa.Column('closed', sa.LargeBinary(), nullable=False),
        sa.Column('unclosed', sa.Integer(), nullable=False),
        sa.Column('unclosed_since', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('day', 'topic', 'channel', name=op.f('pk_ticket_day')),
    )
    op.create_table(
        'ticket_count',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('until', sa.DateTime(timezone=True), nullable=False),
        sa.Column('definitions', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_count')),
    )
    op.create_index('ix_outbox_message_created_at', 'outbox_message', ['created_at', 'kind', 'status'])
    op.create_index('ix_outbox_message_sent_at', 'outbox_message', ['sent_at'])
    op.create_index('ix_satisfaction_asked_at_score', 'satisfaction', ['asked_at', 'score'])
    op.drop_index(op.f('ix_satisfaction_asked_at'), 'satisfaction')


def downgrade() -> None:
    op.create_index(op.f('ix_satisfaction_asked_at'), 'satisfaction', ['asked_at'])
    op.drop_index('ix_satisfaction_asked_at_score', 'satisfaction')
    op.drop_index('ix_outbox_message_sent_at', 'outbox_message')
    op.drop_index('ix_outbox_message_created_at', 'outbox_message')
    op.drop_table('ticket_count')
    op.drop_table('ticket_day')
