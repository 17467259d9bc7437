-- Version 2: small things by kind and key, each with its version: the blocklist, counters.
CREATE TABLE items (
    center INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (center, kind, key)
) STRICT, WITHOUT ROWID;
