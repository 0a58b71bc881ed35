-- What sync knows of its own work: how far a pass is, so that one that was cut off goes on; which
-- documents are stored already; and what was asked of the upstream in the last hour. None of these
-- tables is a resource, so that writing them is no news on catalog_changed.

-- A pass: full ones read every flight, recent ones the pages that can have changed.
CREATE TABLE sync_pass (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	upstream text NOT NULL,
	kind text NOT NULL CHECK (kind IN ('full', 'recent')),
	started timestamptz NOT NULL,
	touched timestamptz NOT NULL,      -- when its last page was stored
	ended timestamptz,                 -- null: under way, or its process was killed
	outcome text CHECK (outcome IN ('done', 'failed', 'refused')),
	message text,                      -- what went wrong, or is to be known of it
	next text,                         -- address of the page to read next; null: nothing to go on with
	upstream_count bigint,             -- flights, as its first page said
	last_id bigint,                    -- of the last page's last flight
	-- Nothing seen so far forbids to delete what it did not find.
	consistent boolean NOT NULL DEFAULT true,
	requests integer NOT NULL DEFAULT 0,
	pages integer NOT NULL DEFAULT 0,
	flights integer NOT NULL DEFAULT 0,
	created integer NOT NULL DEFAULT 0,
	changed integer NOT NULL DEFAULT 0,
	deleted integer NOT NULL DEFAULT 0
);

CREATE INDEX sync_pass_upstream ON sync_pass (upstream, id);

-- The flights that a full pass has read, a row a page; kept until the pass is done.
CREATE TABLE sync_page (
	pass bigint NOT NULL REFERENCES sync_pass ON DELETE CASCADE,
	number integer NOT NULL,
	ids bigint[] NOT NULL,
	PRIMARY KEY (pass, number)
);

-- The flights that the upstream has, as far as is known, with digests (128 bits) of their documents:
-- one that comes again as it was stored is passed over. Null: not to be relied on.
CREATE TABLE sync_document (
	flight bigint PRIMARY KEY,
	digest uuid
);

-- Digests say something only while nobody but this program, in this version, has changed resources.
CREATE TABLE sync_state (
	only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
	documents_version bigint,              -- the catalog_version that they hold for
	documents_by text,                     -- the program that made them
	changed boolean NOT NULL DEFAULT false -- a document came changed since the last full pass began
);

INSERT INTO sync_state DEFAULT VALUES;

-- Requests of the last hour, by whichever server: the budget is for all of them together.
CREATE TABLE sync_request (
	at timestamptz NOT NULL
);

CREATE INDEX sync_request_at ON sync_request (at);
