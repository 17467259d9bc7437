-- What was set for one session alone, as JSON (RTE-18).
ALTER TABLE sessions ADD COLUMN needs TEXT;
