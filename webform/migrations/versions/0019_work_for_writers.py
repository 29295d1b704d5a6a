"""Work for writers: how many hours each kind takes, and what is put aside"""
from alembic import op
import sqlalchemy as sa


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('work_effort',
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('hours', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('kind', name=op.f('pk_work_effort'))
    )
    op.create_table('work_put_aside',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('verdict', sa.String(length=16), nullable=False),
    sa.Column('put_by', sa.String(length=255), nullable=False),
    sa.Column('put_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_work_put_aside'))
    )
    with op.batch_alter_table('work_put_aside', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_work_put_aside_until'), ['until'], unique=False)


def downgrade() -> None:
    op.drop_table('work_put_aside')
    op.drop_table('work_effort')
