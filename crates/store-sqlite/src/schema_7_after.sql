-- Version 7, second part: after consumers and entries were copied.
DROP TABLE consumers_6;
DROP TABLE entries_6;

-- `created_by` is the center's id, `-`, and a session's number.
INSERT INTO contacts (id, center, name, number, digits, created_by)
SELECT id,
       coalesce(
           (SELECT key FROM centers WHERE centers.id || '-' = rtrim(contacts_6.created_by, '0123456789')),
           (SELECT min(key) FROM centers HAVING count(*) = 1),
           0
       ),
       name, number, digits, created_by
FROM contacts_6;
-- The key is the center's id, `-`, a session's number, and what was posted.
INSERT INTO posts (center, key, contact, post)
SELECT coalesce(
           (SELECT centers.key FROM centers
            WHERE centers.id || '-' = rtrim(replace(replace(posts_6.key, '-crm-connected', ''), '-crm-ended', ''), '0123456789')),
           (SELECT min(key) FROM centers HAVING count(*) = 1),
           0
       ),
       key, contact, post
FROM posts_6 ORDER BY rowid;
DROP TABLE contacts_6;
DROP TABLE posts_6;
CREATE INDEX contact_digits ON contacts (center, digits);
CREATE INDEX contact_posts ON posts (contact);

-- Keys of notices were marks of the inbox, nobody's in particular. Now a key is kept with what was asked.
INSERT INTO items (center, kind, key, version, value)
SELECT center, 'request', 'notice  ' || id, 1, CAST(json_object('at', at) AS BLOB)
FROM inbox WHERE center IN (SELECT key FROM centers) AND provider = 'notice';
DELETE FROM inbox WHERE center IN (SELECT key FROM centers) AND provider = 'notice';

-- Version 6 has all three in `urgency`: three urgencies a kind, and 16 places a reason to wait. Files of before there were
-- kinds have 0 and 1 alone: the task tells its kind.
DROP INDEX work_due;
UPDATE work SET
    head = id IN (SELECT min(id) FROM work WHERE state < 2 GROUP BY center, lane),
    waits = urgency / 16,
    urgency = urgency % 16 % 3,
    kind = CASE CASE WHEN json_valid(task) THEN json_extract(task, '$.task') END
               WHEN 'fetch_media' THEN 1
               WHEN 'match_contact' THEN 2
               WHEN 'post_connected' THEN 2
               WHEN 'post_ended' THEN 2
               WHEN 'virtual_turn' THEN 3
               WHEN 'begin_deflected' THEN 4
               ELSE 0
           END;
CREATE INDEX work_heads ON work (center, kind, urgency, waits, not_before, id) WHERE state = 0 AND head = 1;
-- What a success of the service wakes. Woken work is due since 1970, and out of it.
CREATE INDEX work_asleep ON work (center, kind, urgency, id) WHERE state = 0 AND waits = 1 AND not_before > 0;
CREATE INDEX work_kept ON work (center, state, id) WHERE state > 0;

-- Lists walk over nothing that they do not show.
CREATE INDEX open_by_id ON sessions (center, id) WHERE ended IS NULL;
CREATE INDEX open_of_agent ON sessions (center, agent, id) WHERE ended IS NULL AND agent IS NOT NULL;
CREATE INDEX line_sessions ON sessions (center, consumer, number, id);
CREATE INDEX claimed_sessions ON sessions (claimed_until) WHERE claimed_until > 0;
