-- Version 6. What is known of a consumer, whichever number they write to.
CREATE TABLE consumers (
    center INTEGER NOT NULL,
    consumer INTEGER NOT NULL,
    version INTEGER NOT NULL,
    known TEXT NOT NULL,
    PRIMARY KEY (center, consumer)
) STRICT, WITHOUT ROWID;

-- The consent ledger (DLC-3): appended, never changed. Each entry has the digest of itself and all before it; how far a history
-- goes stands in `consumers`.
CREATE TABLE entries (
    center INTEGER NOT NULL,
    consumer INTEGER NOT NULL,
    programme TEXT NOT NULL,
    number INTEGER NOT NULL,
    entry TEXT NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (center, consumer, programme, number)
) STRICT, WITHOUT ROWID;

-- What is done first of what is due: 0 answers, 1 notices (DLC-6).
ALTER TABLE work ADD COLUMN urgency INTEGER NOT NULL DEFAULT 0;
UPDATE work SET urgency = 1 WHERE lane LIKE 'notice %';
CREATE INDEX work_due ON work (center, urgency, not_before, id) WHERE state = 0;
