"""SQL beside Django: on databases by their address, while no settings are read."""

from typing import Any

import dj_database_url
import psycopg2


def connect(url: str) -> psycopg2.extensions.connection:
    """A connection to the database of that address."""
    parsed: dict[str, Any] = {**dj_database_url.parse(url)}
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return psycopg2.connect(**{key: parsed[name] for key, name in known.items() if parsed.get(name)})


def execute(url: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """What the statement answers, run by itself and not in a transaction."""
    connection = connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()
