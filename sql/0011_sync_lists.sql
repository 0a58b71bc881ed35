-- Sync reads every list of the upstream: what it knows of its passes, and of what the upstream has, is of one list.
-- What was known so far was of flights.

ALTER TABLE sync_pass
	ADD COLUMN list text NOT NULL DEFAULT 'spacecraft_flights',
	-- Passes over other lists came between its pages, so that it may take days: it can be resumed as long as
	-- its last page is not too old.
	ADD COLUMN suspended boolean NOT NULL DEFAULT false,
	ALTER COLUMN last_id TYPE text;
ALTER TABLE sync_pass ALTER COLUMN list DROP DEFAULT;
ALTER TABLE sync_pass RENAME COLUMN flights TO documents;
UPDATE sync_pass SET last_id = NULL WHERE last_id = '0';
DROP INDEX sync_pass_upstream;
CREATE INDEX sync_pass_list ON sync_pass (upstream, list, id);

-- Keys as text, as in documents: most are numbers, some are uuids.
ALTER TABLE sync_page ALTER COLUMN ids TYPE text[];

ALTER TABLE sync_document DROP CONSTRAINT sync_document_pkey;
ALTER TABLE sync_document RENAME COLUMN flight TO id;
ALTER TABLE sync_document
	ADD COLUMN list text NOT NULL DEFAULT 'spacecraft_flights',
	ALTER COLUMN id TYPE text,
	ADD PRIMARY KEY (list, id);
ALTER TABLE sync_document ALTER COLUMN list DROP DEFAULT;

ALTER TABLE sync_missing DROP CONSTRAINT sync_missing_pkey;
ALTER TABLE sync_missing RENAME COLUMN flight TO id;
ALTER TABLE sync_missing
	ADD COLUMN list text NOT NULL DEFAULT 'spacecraft_flights',
	ALTER COLUMN id TYPE text,
	ADD PRIMARY KEY (upstream, list, id);
ALTER TABLE sync_missing ALTER COLUMN list DROP DEFAULT;

-- What a list of an upstream is like.
ALTER TABLE sync_upstream DROP CONSTRAINT sync_upstream_pkey;
ALTER TABLE sync_upstream RENAME TO sync_list;
ALTER TABLE sync_list
	ADD COLUMN list text NOT NULL DEFAULT 'spacecraft_flights',
	ALTER COLUMN ordered SET DEFAULT true,
	-- It obeys the filter or the order by which recent passes see what has changed.
	ADD COLUMN obeys boolean NOT NULL DEFAULT true,
	-- All that changed before that has been read; where recent passes go by it.
	ADD COLUMN changed_until timestamptz,
	-- Documents of a request with which answers come in time.
	ADD COLUMN page_size bigint,
	ADD PRIMARY KEY (upstream, list);
ALTER TABLE sync_list ALTER COLUMN list DROP DEFAULT;

-- Of a full pass: these leave room in the budget for recent ones.
ALTER TABLE sync_request ADD COLUMN whole boolean NOT NULL DEFAULT false;
