-- Version 1. Numbered and append-only: a later version adds a file, never edits this one.
-- Instants are milliseconds since the epoch; numbers are their digits, short codes below zero.
CREATE TABLE centers (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    last_session INTEGER NOT NULL DEFAULT 0,
    last_lease INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE sessions (
    center INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    consumer INTEGER NOT NULL,
    number INTEGER NOT NULL,
    status TEXT NOT NULL,
    queue TEXT,
    agent TEXT,
    language TEXT NOT NULL,
    started INTEGER NOT NULL,
    waiting_since INTEGER,
    ended INTEGER,
    end_reason TEXT,
    deadline INTEGER,
    -- The deadline is left to its claimer until then.
    claimed_until INTEGER NOT NULL DEFAULT 0,
    -- The machine's own stored form, versioned by itself.
    state BLOB NOT NULL,
    PRIMARY KEY (center, id)
) STRICT, WITHOUT ROWID;
-- Two sessions are never open for one consumer and number.
CREATE UNIQUE INDEX open_sessions ON sessions (center, consumer, number) WHERE ended IS NULL;
CREATE INDEX due_sessions ON sessions (center, deadline) WHERE deadline IS NOT NULL;
CREATE INDEX agent_sessions ON sessions (center, agent, id) WHERE agent IS NOT NULL;

CREATE TABLE memories (
    center INTEGER NOT NULL,
    consumer INTEGER NOT NULL,
    number INTEGER NOT NULL,
    version INTEGER NOT NULL,
    memory TEXT NOT NULL,
    PRIMARY KEY (center, consumer, number)
) STRICT, WITHOUT ROWID;

-- The consent ledger: appended, never changed.
CREATE TABLE ledger (
    position INTEGER PRIMARY KEY,
    center INTEGER NOT NULL,
    consumer INTEGER NOT NULL,
    number INTEGER NOT NULL,
    entry TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_lines ON ledger (center, consumer, number);

-- One row a step: its events as a JSON array.
CREATE TABLE log (
    position INTEGER PRIMARY KEY,
    center INTEGER NOT NULL,
    session INTEGER,
    consumer INTEGER,
    number INTEGER,
    version INTEGER NOT NULL,
    events TEXT NOT NULL
) STRICT;
CREATE INDEX session_log ON log (center, session) WHERE session IS NOT NULL;
CREATE INDEX line_log ON log (center, consumer, number) WHERE session IS NULL;

-- Inbound messages that were taken.
CREATE TABLE inbox (
    center INTEGER NOT NULL,
    provider TEXT NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (center, provider, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE work (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    center INTEGER NOT NULL,
    key TEXT NOT NULL,
    lane TEXT NOT NULL,
    task TEXT NOT NULL,
    -- 0 pending, 1 held, 2 dead
    state INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL,
    lease INTEGER NOT NULL DEFAULT 0,
    leased_until INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    UNIQUE (center, key)
) STRICT;
CREATE INDEX work_lanes ON work (center, lane, id) WHERE state < 2;

CREATE TABLE statuses (
    center INTEGER NOT NULL,
    agent TEXT NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (center, agent)
) STRICT, WITHOUT ROWID;

-- What one of many hosts does at a time.
CREATE TABLE duties (
    center INTEGER NOT NULL,
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    fence INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (center, name)
) STRICT, WITHOUT ROWID;

-- The embedded contact book.
CREATE TABLE contacts (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    -- As somebody typed it.
    number TEXT NOT NULL,
    -- Its last seven digits, to find it by.
    digits TEXT NOT NULL,
    created_by TEXT UNIQUE
) STRICT;
CREATE INDEX contact_digits ON contacts (digits);

CREATE TABLE posts (
    key TEXT PRIMARY KEY,
    contact INTEGER NOT NULL,
    post TEXT NOT NULL
) STRICT;
CREATE INDEX contact_posts ON posts (contact);
