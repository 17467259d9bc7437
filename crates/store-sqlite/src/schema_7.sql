-- Version 7, first part: what is rewritten stands aside while it is copied (migrate.rs).
-- docs/decisions/0001-keys-and-room.md says what each column is for.
ALTER TABLE consumers RENAME TO consumers_6;
ALTER TABLE entries RENAME TO entries_6;
ALTER TABLE contacts RENAME TO contacts_6;
ALTER TABLE posts RENAME TO posts_6;

-- Consumers that are no phone numbers: users and visitors. A phone number is its own key, below 10^15; these have theirs
-- from there on, so that every column that names a consumer stays an INTEGER.
CREATE TABLE parties (
    key INTEGER PRIMARY KEY CHECK (key >= 1000000000000000),
    center INTEGER NOT NULL,
    -- 0 a known user, 1 a visitor
    kind INTEGER NOT NULL,
    id TEXT NOT NULL,
    UNIQUE (center, kind, id)
) STRICT;

-- Where consumers come in that is no number: apps. Keys as for parties, in the columns that name a number.
CREATE TABLE entry_points (
    key INTEGER PRIMARY KEY CHECK (key >= 1000000000000000),
    center INTEGER NOT NULL,
    -- 0 an app
    kind INTEGER NOT NULL,
    id TEXT NOT NULL,
    UNIQUE (center, kind, id)
) STRICT;

-- What is known of a consumer. Rows have some hundred bytes: they belong into a table with a rowid.
CREATE TABLE consumers (
    center INTEGER NOT NULL,
    consumer INTEGER NOT NULL,
    version INTEGER NOT NULL,
    known TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX consumer_keys ON consumers (center, consumer);

-- The consent ledger (DLC-3): appended, and shortened at its old end.
CREATE TABLE entries (
    center INTEGER NOT NULL,
    consumer INTEGER NOT NULL,
    programme TEXT NOT NULL,
    number INTEGER NOT NULL,
    entry TEXT NOT NULL,
    digest BLOB NOT NULL,
    -- The place among all entries of the center: one chain over all of them. Nothing yet.
    sequence INTEGER,
    -- The salt of the digests below. It is forgotten when personal data are erased. Nothing yet.
    salt BLOB,
    -- Salted digests of the personal fields, as JSON: they stay when the fields are blanked. Nothing yet.
    digests TEXT
) STRICT;
CREATE UNIQUE INDEX entry_keys ON entries (center, consumer, programme, number);

-- The embedded contact book. Center 0 has the contacts of which version 6 kept too little to tell whose they are, in a file
-- of several centers: all of them see those.
CREATE TABLE contacts (
    id INTEGER PRIMARY KEY,
    center INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- As somebody typed it.
    number TEXT NOT NULL,
    -- Its last seven digits, to find it by.
    digits TEXT NOT NULL,
    created_by TEXT,
    UNIQUE (center, created_by)
) STRICT;
CREATE TABLE posts (
    center INTEGER NOT NULL,
    key TEXT NOT NULL,
    contact INTEGER NOT NULL,
    post TEXT NOT NULL,
    PRIMARY KEY (center, key)
) STRICT;

-- The outside service that it uses: 0 texts, 1 media, 2 CRM, 3 virtual agents, 4 chats of callers. Version 6 had it in `urgency`,
-- which is 0 for answers, 1 for notices and 2 for confirmations of revocations again.
ALTER TABLE work ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
-- The reason why it is not due yet: 0 nobody has tried it, 1 an attempt failed, 2 an attempt may have succeeded, 3 the gate holds it.
ALTER TABLE work ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;
-- The first of its lane that is not dead, and so the only one that may be claimed.
ALTER TABLE work ADD COLUMN head INTEGER NOT NULL DEFAULT 0;
