-- Documents of the upstream are compared with what is stored each time that they are read, so that digests
-- of them, and when these can be relied on, need not be kept. sync_document remains: the flights that the
-- upstream has, as far as is known.
ALTER TABLE sync_document DROP COLUMN digest;
DROP TABLE sync_state;
