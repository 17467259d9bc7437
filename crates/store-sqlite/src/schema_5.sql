-- Who has a place in which slot for scheduled calls (HRS-10).
CREATE TABLE slots (
    center INTEGER NOT NULL,
    queue TEXT NOT NULL,
    at INTEGER NOT NULL,
    session INTEGER NOT NULL,
    PRIMARY KEY (center, queue, at, session)
) WITHOUT ROWID;
