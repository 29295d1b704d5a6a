"""Old support mail: baselines, and the masked questions in them

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('baseline',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('uploaded', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('ours', sa.Text(), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('stage', sa.String(length=16), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('mails', sa.Integer(), nullable=False),
    sa.Column('kinds', sa.JSON(), nullable=False),
    sa.Column('gate', sa.Double(), nullable=True),
    sa.Column('generation', sa.Integer(), nullable=True),
    sa.Column('fault', sa.String(length=300), nullable=False),
    sa.Column('author', sa.String(length=255), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('touched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('worker', sa.String(length=80), nullable=False),
    sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_baseline'))
    )
    with op.batch_alter_table('baseline', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_baseline_fingerprint'), ['fingerprint'], unique=False)
        batch_op.create_index(batch_op.f('ix_baseline_stage'), ['stage'], unique=False)

    op.create_table('baseline_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('baseline_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('dated', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=True),
    sa.Column('score', sa.Double(), nullable=True),
    sa.Column('answered', sa.Boolean(), nullable=True),
    sa.Column('reason', sa.String(length=16), nullable=False),
    sa.Column('gap_id', sa.Integer(), nullable=True),
    sa.Column('nearness', sa.Double(), nullable=True),
    sa.Column('verdict', sa.String(length=16), nullable=False),
    sa.Column('example_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['baseline_id'], ['baseline.id'], name=op.f('fk_baseline_question_baseline_id_baseline'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['gap_id'], ['gap.id'], name=op.f('fk_baseline_question_gap_id_gap'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_baseline_question')),
    sa.UniqueConstraint('baseline_id', 'place', name='uq_baseline_question_baseline_id_place')
    )
    with op.batch_alter_table('baseline_question', schema=None) as batch_op:
        batch_op.create_index('ix_baseline_question_baseline_id_answered', ['baseline_id', 'answered'], unique=False)
        batch_op.create_index('ix_baseline_question_gap_id_nearness', ['gap_id', 'nearness'], unique=False)
        batch_op.create_index('ix_baseline_question_language_gap_id_id', ['language', 'gap_id', 'id'], unique=False)


def downgrade() -> None:
    op.drop_table('baseline_question')
    op.drop_table('baseline')
