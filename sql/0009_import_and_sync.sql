-- What sync knows of an upstream's order, and of flights that a pass did not find.

-- Whether the list is in the order of ids, as requested: only then do offsets say which flights a page has.
CREATE TABLE sync_upstream (
	upstream text PRIMARY KEY,
	ordered boolean NOT NULL
);

-- Where it is not, a flight goes when two complete passes in a row did not find it: these were missing from
-- the last one.
CREATE TABLE sync_missing (
	upstream text NOT NULL,
	flight bigint NOT NULL,
	PRIMARY KEY (upstream, flight)
);

ALTER TABLE sync_pass
	ADD COLUMN ordered boolean NOT NULL DEFAULT true, -- so far
	ADD COLUMN sweeps integer NOT NULL DEFAULT 1;     -- times that it went, or goes, through the list
