"""The whole service as it ships, in processes of its own, with tenants to speak for."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from brandguard.runtime.plan import Plan
from brandguard.runtime.supervisor import Stack
from lab.demo.pictures import bundled
from lab.demo.session import Session

MAKE_TENANTS = """
import django, json
django.setup()
from lab.demo.tenants import make_tenants
made = make_tenants()
print(json.dumps([str(made.brand.pk), made.design_key, made.listing_key]))
"""


@contextmanager
def running(folder: Path, **changes: Any) -> Iterator[Stack]:
    """Shipped settings: the environment of the test run does not reach it."""
    ours = {"environment": {"DATABASE_URL": "", "REDIS_URL": ""}}
    plan = Plan(data_dir=folder, **(ours | changes))
    with Stack(plan) as stack:
        yield stack


def session_for(stack: Stack) -> tuple[Session, str]:
    """A session of a brand owner and a marketplace, and the brand's id."""
    made = subprocess.run(
        [sys.executable, "-c", MAKE_TENANTS],
        env={**os.environ, **stack.plan.child_environment()},
        check=True,
        capture_output=True,
        text=True,
    )
    brand, design_key, listing_key = json.loads(made.stdout)
    return Session(stack.url, design_key, listing_key), brand


def registered(stack: Stack, designs: int) -> Session:
    """With so many of the demo's photographs registered: a worker is busy for some seconds with each."""
    session, brand = session_for(stack)
    assert len(list(session.register(brand, bundled().registered[:designs]))) == designs
    return session


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """Read past the application, from the database itself."""
    with closing(sqlite3.connect(f"file:{folder / 'brandguard.sqlite3'}?mode=ro", uri=True)) as db:
        return db.execute(sql).fetchall()
