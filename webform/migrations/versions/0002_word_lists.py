"""Word lists

Synonyms and words that say nothing, per language, edited by staff.
"""
from alembic import op
import sqlalchemy as sa


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('word_list',
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('synonyms', sa.Text(), nullable=False),
    sa.Column('stop_words', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('author', sa.String(length=200), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('language', name=op.f('pk_word_list'))
    )


def downgrade() -> None:
    op.drop_table('word_list')
