-- A name for each state of the data. The version alone does not tell two of them apart: after a failover to a
-- standby that had not heard of the last changes, or a dump that was restored, others come to the same version. A
-- server whose connection was cut off finds by the name whether what it keeps in memory still holds.

ALTER TABLE catalog_version ADD COLUMN state uuid NOT NULL DEFAULT gen_random_uuid();

-- As before, and names the state.
CREATE OR REPLACE FUNCTION catalog_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP <> 'TRUNCATE' THEN
		PERFORM FROM changed_rows LIMIT 1;
		IF NOT FOUND THEN
			RETURN NULL;
		END IF;
	END IF;
	UPDATE catalog_version
		SET version = version + 1, changed_by = pg_current_xact_id(), state = gen_random_uuid()
		WHERE changed_by <> pg_current_xact_id();
	IF FOUND THEN
		PERFORM pg_notify('catalog_changed', version::text) FROM catalog_version;
	END IF;
	RETURN NULL;
END
$$;
