-- Version 8: the center's one sequence over the consent ledger. docs/decisions/0002-the-seal.md says why.

-- The places of entries in the center's sequence, from 0. A place stays when retention drops its entry; with key, number and digest
-- it is the leaf of the center's tree, so that nobody changes it unseen.
CREATE TABLE seals (
    center INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    consumer INTEGER NOT NULL,
    programme TEXT NOT NULL,
    number INTEGER NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (center, sequence)
) STRICT, WITHOUT ROWID;

-- The last row of `entries` that has its place, of each center: what is behind it waits for one. It is set back when rows at the
-- end are dropped, since SQLite gives their numbers again.
CREATE TABLE sealed_to (
    center INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL
) STRICT;
