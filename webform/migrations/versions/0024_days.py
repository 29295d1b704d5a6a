"""Days: what visits came to, day by day; where a visit happens, and forms that were only opened

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

RULES = (
    'opened_forms', 'typed', 'visits', 'straight', 'demand', 'engaged', 'shown', 'opened', 'read', 'solved', 'declined',
    'confirmed', 'presumed', 'submitted_after_help', 'submitted', 'abandoned',
    'requests', 'taken_back', 'helped', 'left', 'left_returned', 'bad_shown', 'bad_sent',
)
COUNTS = (*RULES, 'under_way', 'timed', 'log_seconds', 'log_squares', *(f'hour_{hour:02}' for hour in range(24)))
ARTICLE_COUNTS = (
    'shown', 'opened', 'read', 'solved', 'declined', 'sent', 'returned',
    'engaged', 'confirmed', 'presumed', 'submitted_after_help', 'submitted', 'abandoned', 'requests', 'taken_back',
)
PLACE = {'arm': 16, 'language': 16, 'topic': 64, 'device': 16, 'site': 255, 'release': 32, 'channel': 16}


def _places():
    return [sa.Column('day', sa.Date(), nullable=False), *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in PLACE.items())]


def _counts(names):
    kinds = {name: sa.BigInteger() for name in ('log_seconds', 'log_squares')}
    return [sa.Column(name, kinds.get(name, sa.Integer()), server_default='0', nullable=False) for name in names]


def upgrade() -> None:
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('browser', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('device', sa.String(length=16), server_default='', nullable=False))
        batch_op.add_column(sa.Column('site', sa.String(length=255), server_default='', nullable=False))
        batch_op.add_column(sa.Column('release', sa.String(length=32), server_default='', nullable=False))
        batch_op.add_column(sa.Column('channel', sa.String(length=16), server_default='form', nullable=False))
        batch_op.add_column(sa.Column('begun', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('typed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_visit_browser'), ['browser'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_started_at'), ['started_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_last_seen_at'), ['last_seen_at'], unique=False)

    op.create_table('day_count',
    sa.Column('id', sa.Integer(), nullable=False),
    *_places(),
    sa.Column('definitions', sa.Integer(), nullable=False),
    *_counts(COUNTS),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_day_count'))
    )
    with op.batch_alter_table('day_count', schema=None) as batch_op:
        batch_op.create_index('uq_day_count', ['day', *PLACE], unique=True)

    op.create_table('article_day',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    *_places(),
    sa.Column('definitions', sa.Integer(), nullable=False),
    *_counts(ARTICLE_COUNTS),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_day'))
    )
    with op.batch_alter_table('article_day', schema=None) as batch_op:
        batch_op.create_index('uq_article_day', ['article_id', 'day', *PLACE], unique=True)
        batch_op.create_index('ix_article_day_day', ['day'], unique=False)

    op.create_table('counted_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('definitions', sa.Integer(), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('waiting', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_counted_day'))
    )
    op.create_table('ledger',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('kept_from', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger'))
    )


def downgrade() -> None:
    for table in ('ledger', 'counted_day', 'article_day', 'day_count'):
        op.drop_table(table)
    with op.batch_alter_table('visit', schema=None) as batch_op:
        for name in ('last_seen_at', 'started_at', 'browser'):
            batch_op.drop_index(batch_op.f(f'ix_visit_{name}'))
        for name in ('typed_at', 'begun', 'channel', 'release', 'site', 'device', 'browser'):
            batch_op.drop_column(name)
