-- What sync knows of an upstream's lists. That one does not obey is believed for a day: it has a moment.
ALTER TABLE sync_list
	-- When it last was seen not to obey the filter or the order that shows recent passes what has changed.
	ADD COLUMN disobeyed timestamptz;
UPDATE sync_list SET disobeyed = now() WHERE NOT obeys;
ALTER TABLE sync_list DROP COLUMN obeys;

-- A suspended pass gets a new id when it goes on.
ALTER TABLE sync_page
	DROP CONSTRAINT sync_page_pass_fkey,
	ADD FOREIGN KEY (pass) REFERENCES sync_pass ON UPDATE CASCADE ON DELETE CASCADE;
