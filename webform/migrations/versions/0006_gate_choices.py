"""Gate choices

The gates that leads have picked, by whom and why; the last one holds.
"""
from alembic import op
import sqlalchemy as sa


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('gate_choice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('gate', sa.Double(), nullable=True),
    sa.Column('previous', sa.Double(), nullable=False),
    sa.Column('chosen_by', sa.String(length=255), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gate_choice'))
    )


def downgrade() -> None:
    op.drop_table('gate_choice')
