"""Former slugs

Addresses that an article had once, so that old links still lead to it.
"""
from alembic import op
import sqlalchemy as sa


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('former_slug',
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('slug', sa.String(length=200), nullable=False),
    sa.Column('translation_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['translation_id'], ['translation.id'], name=op.f('fk_former_slug_translation_id_translation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('language', 'slug', name=op.f('pk_former_slug'))
    )
    with op.batch_alter_table('former_slug', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_former_slug_translation_id'), ['translation_id'], unique=False)


def downgrade() -> None:
    op.drop_table('former_slug')
