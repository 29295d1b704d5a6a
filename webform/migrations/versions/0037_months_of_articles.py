"""Months of articles, added up from their days, and old questions that suggestions have learned from

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None

COUNTS = ('shown', 'opened', 'read', 'solved', 'declined', 'sent', 'returned')
PLACE = {'language': 16, 'topic': 64, 'device': 16, 'site': 255, 'release': 32}


def upgrade() -> None:
    op.create_table('article_month',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in PLACE.items()),
    *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_month'))
    )
    op.create_index('ix_article_month_month', 'article_month', ['month'], unique=False)
    op.create_table('counted_month',
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('month', name=op.f('pk_counted_month'))
    )
    with op.batch_alter_table('baseline_question', schema=None) as batch_op:
        batch_op.add_column(sa.Column('learned', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('baseline_question', schema=None) as batch_op:
        batch_op.drop_column('learned')
    op.drop_table('counted_month')
    op.drop_table('article_month')
