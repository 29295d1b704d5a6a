"""Origins: what translations were made from, and which of them are out of date

Nothing is out of date at first: what was brought in together belongs together.
"""
from alembic import op
import sqlalchemy as sa


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('origin',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('translation_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.Column('source_revision_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=16), nullable=False),
    sa.Column('author', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_origin_revision_id_revision'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_id'], ['translation.id'], name=op.f('fk_origin_source_id_translation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_revision_id'], ['revision.id'], name=op.f('fk_origin_source_revision_id_revision'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['translation_id'], ['translation.id'], name=op.f('fk_origin_translation_id_translation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_origin'))
    )
    with op.batch_alter_table('origin', schema=None) as batch_op:
        for column in ('translation_id', 'revision_id', 'source_id', 'source_revision_id'):
            batch_op.create_index(batch_op.f(f'ix_origin_{column}'), [column], unique=False)

    op.create_table('lag',
    sa.Column('translation_id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['translation.id'], name=op.f('fk_lag_source_id_translation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['translation_id'], ['translation.id'], name=op.f('fk_lag_translation_id_translation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('translation_id', name=op.f('pk_lag'))
    )
    with op.batch_alter_table('lag', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lag_source_id'), ['source_id'], unique=False)

    op.create_index('ix_translation_coverage', 'translation', ['article_id', 'language', 'status', 'category'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_translation_coverage', table_name='translation')
    op.drop_table('lag')
    op.drop_table('origin')
