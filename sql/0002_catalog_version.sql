-- News of changes: one row counts the transactions that changed any resource, and every commit that
-- did is told on the channel catalog_changed, with the new count. A server that keeps documents in
-- memory listens; on a standby, where LISTEN is refused, it reads the row.

CREATE TABLE catalog_version (
	only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
	version bigint NOT NULL,
	changed_by xid8 NOT NULL
);

INSERT INTO catalog_version (version, changed_by) VALUES (1, pg_current_xact_id());

-- Counts a transaction once, however many statements of it change rows; the row's lock puts
-- transactions that change resources in line. Statements that change no row count for nothing.
CREATE FUNCTION catalog_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP <> 'TRUNCATE' THEN
		PERFORM FROM changed_rows LIMIT 1;
		IF NOT FOUND THEN
			RETURN NULL;
		END IF;
	END IF;
	UPDATE catalog_version SET version = version + 1, changed_by = pg_current_xact_id()
		WHERE changed_by <> pg_current_xact_id();
	IF FOUND THEN
		PERFORM pg_notify('catalog_changed', version::text) FROM catalog_version;
	END IF;
	RETURN NULL;
END
$$;

-- Puts the triggers on a table; a later migration that adds a table of a resource calls it.
CREATE FUNCTION watch_table(watched regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TRIGGER catalog_insert AFTER INSERT ON %s'
		' REFERENCING NEW TABLE AS changed_rows EXECUTE FUNCTION catalog_changed()', watched);
	EXECUTE format('CREATE TRIGGER catalog_update AFTER UPDATE ON %s'
		' REFERENCING NEW TABLE AS changed_rows EXECUTE FUNCTION catalog_changed()', watched);
	EXECUTE format('CREATE TRIGGER catalog_delete AFTER DELETE ON %s'
		' REFERENCING OLD TABLE AS changed_rows EXECUTE FUNCTION catalog_changed()', watched);
	EXECUTE format('CREATE TRIGGER catalog_truncate AFTER TRUNCATE ON %s'
		' EXECUTE FUNCTION catalog_changed()', watched);
END
$$;

SELECT watch_table(c.oid) FROM pg_class c
	WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
	AND c.relname NOT IN ('schema_version', 'catalog_version');
