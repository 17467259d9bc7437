-- Version 9: the places of many entries in one row. docs/decisions/0002-the-seal.md says why.
ALTER TABLE seals RENAME TO seals_8;

-- Stretches of the center's sequence, from place 0 on. A stretch stays when retention drops its entries: its leaves (seals/leaves.rs)
-- are those of the center's tree, so that nobody changes them unseen.
CREATE TABLE seals (
    center INTEGER NOT NULL,
    -- The place of the first leaf.
    first INTEGER NOT NULL,
    -- The rows of `entries` that were sealed, the lowest and the highest: where the place of an entry is looked for first.
    row_from INTEGER NOT NULL,
    row_to INTEGER NOT NULL,
    leaves BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX seal_places ON seals (center, first);
CREATE INDEX seal_rows ON seals (center, row_to, row_from);

-- `entries.sequence` was the place of an entry. Nobody reads or writes it any more.
