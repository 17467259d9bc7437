-- The end of an agent's wrap-up (RTE-11).
ALTER TABLE statuses ADD COLUMN wrap_up INTEGER;
