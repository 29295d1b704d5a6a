"""Topics that leads edit, fields in versions, routing rules, and people who skip

A table that is locked stops every form of every node: keep each step short, and let old code run on the new schema.
"""
from alembic import op
import sqlalchemy as sa


revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('field_set',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('topic', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=320), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_set')),
    sa.UniqueConstraint('topic', 'version', name=op.f('uq_field_set_topic'))
    )
    op.create_table('routing_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('conditions', sa.JSON(), nullable=False),
    sa.Column('actions', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=320), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_routing_rule'))
    )
    op.create_table('request_route',
    sa.Column('ticket_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('route', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_request_route_ticket_id_ticket'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_request_route'))
    )
    op.create_table('skip',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('domain', sa.String(length=253), nullable=False),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=320), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by', sa.String(length=320), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_skip'))
    )
    with op.batch_alter_table('skip', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_skip_domain'), ['domain'], unique=False)

    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)


def downgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.drop_column(table, column.name)
    for table in ('skip', 'request_route', 'routing_rule', 'field_set'):
        op.drop_table(table)


def _columns() -> dict[str, list[sa.Column]]:
    return {
        'topic': [
            sa.Column('icon', sa.String(length=32), server_default='', nullable=False),
            sa.Column('helps', sa.JSON(), server_default='{}', nullable=False),
            sa.Column('languages', sa.JSON(), server_default='[]', nullable=False),
            sa.Column('more_addresses', sa.JSON(), server_default='[]', nullable=False),
            sa.Column('categories', sa.JSON(), server_default='[]', nullable=False),
            sa.Column('answer_hours', sa.Integer(), nullable=True),
            sa.Column('version', sa.Integer(), server_default='1', nullable=False),
            sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
            sa.Column('changed_by', sa.String(length=320), server_default='', nullable=False),
        ],
        'ticket': [
            sa.Column('field_set_id', sa.Integer(), nullable=True),
            sa.Column('answers', sa.JSON(), server_default='{}', nullable=False),
        ],
    }
