"""Robots: requests that are held, questions, known-bad marks, and what staff's marks have taught

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.add_column(sa.Column('suspicion', sa.String(length=100), server_default='', nullable=False))
    op.create_table('robot_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('topic', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('question', sa.String(length=200), nullable=False),
    sa.Column('answers', sa.Text(), nullable=False),
    sa.Column('always', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_robot_question'))
    )
    op.create_table('known_bad',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('marks', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_known_bad'))
    )
    op.create_table('spam_lesson',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('weights', sa.LargeBinary(), nullable=False),
    sa.Column('bias', sa.Double(), nullable=False),
    sa.Column('threshold', sa.Double(), nullable=False),
    sa.Column('spam', sa.Integer(), nullable=False),
    sa.Column('good', sa.Integer(), nullable=False),
    sa.Column('learned_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spam_lesson'))
    )


def downgrade() -> None:
    op.drop_table('spam_lesson')
    op.drop_table('known_bad')
    op.drop_table('robot_question')
    op.drop_column('ticket', 'suspicion')  # A table made anew would take what refers to it along.
