"""The self-check: what is asked, what came of it, and what was wrong from when until when"""
from alembic import op
import sqlalchemy as sa


revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('probe',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=True),
    sa.Column('added_by', sa.String(length=255), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('right', sa.Boolean(), nullable=True),
    sa.Column('seen', sa.String(length=200), nullable=False),
    sa.Column('seconds', sa.Double(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_probe'))
    )
    op.create_table('check_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ran_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('questions', sa.Integer(), nullable=False),
    sa.Column('hits', sa.Integer(), nullable=False),
    sa.Column('silent', sa.Integer(), nullable=False),
    sa.Column('kept_silent', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Double(), nullable=True),
    sa.Column('down', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_run'))
    )
    op.create_table('trouble',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fault', sa.String(length=16), nullable=False),
    sa.Column('open_fault', sa.String(length=16), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trouble')),
    sa.UniqueConstraint('open_fault', name=op.f('uq_trouble_open_fault'))
    )


def downgrade() -> None:
    op.drop_table('trouble')
    op.drop_table('check_run')
    op.drop_table('probe')
