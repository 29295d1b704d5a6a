"""Two writers: who is writing where, and texts that could not be merged yet"""
from alembic import op
import sqlalchemy as sa


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('presence',
    sa.Column('translation_id', sa.Integer(), nullable=False),
    sa.Column('writer', sa.String(length=200), nullable=False),
    sa.Column('came_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['translation_id'], ['translation.id'], name=op.f('fk_presence_translation_id_translation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('translation_id', 'writer', name=op.f('pk_presence'))
    )
    op.create_table('set_aside',
    sa.Column('translation_id', sa.Integer(), nullable=False),
    sa.Column('writer', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('base', sa.JSON(), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['translation_id'], ['translation.id'], name=op.f('fk_set_aside_translation_id_translation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('translation_id', 'writer', name=op.f('pk_set_aside'))
    )


def downgrade() -> None:
    op.drop_table('set_aside')
    op.drop_table('presence')
