"""Plain: a transaction of the driver's own, for the few ready statements that are asked with every pause in typing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Dialect, Engine, PoolProxiedConnection

from kb.ready import translated


@dataclass(frozen=True, slots=True)
class Plain:
    """A connection of the driver's in a transaction, which ends with the block that was given it."""

    connection: PoolProxiedConnection
    dialect: Dialect

    def undo(self) -> None:
        """Throw away what was changed so far."""
        with translated(self.dialect):
            self.connection.rollback()


def _nothing(_line: Plain) -> None:
    """Let the driver begin by itself, or not at all."""


@contextmanager
def plainly(engine: Engine, begin: Callable[[Plain], None] = _nothing) -> Iterator[Plain]:
    """Give a connection of the driver's, which is committed at the end, or rolled back when anything raises.

    :param begin: says how the transaction begins.
    :raises sqlalchemy.exc.DBAPIError: as SQLAlchemy itself would.
    """
    with translated(engine.dialect):
        connection = engine.raw_connection()
    line = Plain(connection, engine.dialect)
    try:
        begin(line)
        yield line
        with translated(engine.dialect):
            connection.commit()
    except BaseException as fault:
        _let_go(line, fault)
        raise
    finally:
        connection.close()


def _let_go(line: Plain, fault: BaseException) -> None:
    """Roll back; a connection that is lost is not used again."""
    try:
        line.connection.rollback()
    except line.dialect.loaded_dbapi.Error:
        line.connection.invalidate(fault)
