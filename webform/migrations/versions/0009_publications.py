"""Publications: which revision was public when, and what writers have ready ahead of it

Every translation that is public now gets a publication of its newest revision.
"""
from alembic import op
import sqlalchemy as sa


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

PUBLIC_NOW = """
INSERT INTO publication (translation_id, revision_id, published_by, note, public_from)
SELECT translation.id, MAX(revision.id), '', '', COALESCE(translation.published_at, translation.updated_at)
FROM translation JOIN revision ON revision.translation_id = translation.id
WHERE translation.status = 'published'
GROUP BY translation.id, translation.published_at, translation.updated_at
"""


def upgrade() -> None:
    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('category', sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column('slug', sa.String(length=200), nullable=True))

    with op.batch_alter_table('translation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('pending', sa.String(length=16), server_default='', nullable=False))

    op.create_table('publication',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('translation_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('published_by', sa.String(length=200), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('public_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('public_until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_publication_revision_id_revision'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['translation_id'], ['translation.id'], name=op.f('fk_publication_translation_id_translation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_publication'))
    )
    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.create_index('ix_publication_translation_id_public_until', ['translation_id', 'public_until'], unique=False)
        batch_op.create_index(batch_op.f('ix_publication_revision_id'), ['revision_id'], unique=False)
    op.execute(PUBLIC_NOW)


def downgrade() -> None:
    op.drop_table('publication')
    with op.batch_alter_table('translation', schema=None) as batch_op:
        batch_op.drop_column('pending')
        batch_op.drop_column('version')

    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.drop_column('slug')
        batch_op.drop_column('category')
