"""Upkeep of articles: owners, review dates, timed publication; and mails that are about no ticket

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.add_column(sa.Column('owner', sa.String(length=255), server_default='', nullable=False))
        batch_op.add_column(sa.Column('review_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reminded_for', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_article_review_at'), ['review_at'], unique=False)

    with op.batch_alter_table('translation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('publish_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('withdraw_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_translation_publish_at'), ['publish_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_translation_withdraw_at'), ['withdraw_at'], unique=False)

    _let_mails_be_about_no_ticket(True)


def _let_mails_be_about_no_ticket(nullable: bool) -> None:
    # SQLite makes such a table anew, and what refers to the old one goes with it: the attempts are put aside meanwhile.
    aside = op.get_bind().dialect.name == 'sqlite'
    if aside:
        op.execute('CREATE TEMPORARY TABLE kept_attempt AS SELECT id, message_id, attempted_at, outcome, reply FROM outbox_attempt')
    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.alter_column('ticket_id', existing_type=sa.Integer(), nullable=nullable)
    if aside:
        op.execute('INSERT OR IGNORE INTO outbox_attempt (id, message_id, attempted_at, outcome, reply) SELECT id, message_id, attempted_at, outcome, reply FROM kept_attempt')
        op.execute('DROP TABLE kept_attempt')


def downgrade() -> None:
    op.execute('DELETE FROM outbox_message WHERE ticket_id IS NULL')
    _let_mails_be_about_no_ticket(False)
    with op.batch_alter_table('translation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_translation_withdraw_at'))
        batch_op.drop_index(batch_op.f('ix_translation_publish_at'))
        batch_op.drop_column('withdraw_at')
        batch_op.drop_column('publish_at')

    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_article_review_at'))
        batch_op.drop_column('reminded_for')
        batch_op.drop_column('review_at')
        batch_op.drop_column('owner')
