"""Weeks of articles: what visits came to, counted by revision, and in which language an article was shown"""
from alembic import op
import sqlalchemy as sa


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

COUNTS = (
    'shown', 'elsewhere', 'opened', 'read', 'solved', 'sent', 'returned', 'declined', 'silent',
    'not_my_case', 'steps_failed', 'out_of_date', 'too_long', 'not_understood', 'taken_back',
)


def upgrade() -> None:
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('language', sa.String(length=16), server_default='', nullable=False))

    op.create_table('article_week',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('week', sa.Date(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('topic', sa.String(length=64), nullable=False),
    *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_week'))
    )
    with op.batch_alter_table('article_week', schema=None) as batch_op:
        batch_op.create_index('uq_article_week', ['week', 'article_id', 'language', 'revision_id', 'topic'], unique=True)
        batch_op.create_index('ix_article_week_article_id_week', ['article_id', 'week'], unique=False)

    op.create_table('census',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_census'))
    )


def downgrade() -> None:
    op.drop_table('census')
    op.drop_table('article_week')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_column('language')
