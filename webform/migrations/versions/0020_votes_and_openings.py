"""The help centre: votes about articles, how often they are opened, and what was looked for

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('vote',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=True),
    sa.Column('helpful', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=32), nullable=False),
    sa.Column('voted_on', sa.Date(), nullable=False),
    sa.Column('mark', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_vote_revision_id_revision'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vote')),
    sa.UniqueConstraint('mark', name=op.f('uq_vote_mark'))
    )
    with op.batch_alter_table('vote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_vote_article_id'), ['article_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_vote_voted_on'), ['voted_on'], unique=False)

    op.create_table('opening',
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('article_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('opened_on', 'article_id', 'language', name=op.f('pk_opening'))
    )
    op.create_table('looked_for',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('terms', sa.String(length=200), nullable=False),
    sa.Column('searches', sa.Integer(), nullable=False),
    sa.Column('in_vain', sa.Integer(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_looked_for'))
    )
    with op.batch_alter_table('looked_for', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_looked_for_last_on'), ['last_on'], unique=False)

    op.create_table('looker',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('key', 'mark', name=op.f('pk_looker')),
    sa.ForeignKeyConstraint(['key'], ['looked_for.key'], name=op.f('fk_looker_key_looked_for'), ondelete='CASCADE')
    )
    op.create_table('found_by',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('article_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['key'], ['looked_for.key'], name=op.f('fk_found_by_key_looked_for'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('key', 'article_id', name=op.f('pk_found_by'))
    )
    with op.batch_alter_table('found_by', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_found_by_article_id'), ['article_id'], unique=False)

    with op.batch_alter_table('translation', schema=None) as batch_op:
        batch_op.create_index('ix_translation_language_updated_at', ['language', 'updated_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('translation', schema=None) as batch_op:
        batch_op.drop_index('ix_translation_language_updated_at')
    for table in ('found_by', 'looker', 'looked_for', 'opening', 'vote'):
        op.drop_table(table)
