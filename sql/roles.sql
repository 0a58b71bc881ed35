-- Two roles, so that the server that faces the world can only read. Optional: run it after migrate, as
-- the role that ran migrate and may create roles, in the database of the flights:
--     psql -d flights -f sql/roles.sql
-- It may be run again at any time, and should be when another role has run migrate.
--
--   spacecraft_flights_reader   for serve: reads everything, writes nothing
--   spacecraft_flights_writer   for import, sync and serve with sync.interval: changes rows, no tables
--
-- migrate itself needs the tables' owner. As a superuser it also takes from everybody but the owner and the writer
-- what can be done without any table: large objects, advisory locks, temporary tables. Neither role has a password: let them in by peer or
-- certificate (pg_hba.conf), or give them one with \password.

-- Two that run this at once may both find a role missing: the second does not fail for it.
DO $$
DECLARE
	wanted text;
BEGIN
	FOREACH wanted IN ARRAY ARRAY['spacecraft_flights_reader', 'spacecraft_flights_writer'] LOOP
		BEGIN
			IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
				EXECUTE format('CREATE ROLE %I LOGIN', wanted);
			END IF;
		EXCEPTION WHEN duplicate_object OR unique_violation THEN
			NULL;
		END;
	END LOOP;
	EXECUTE format('GRANT CONNECT ON DATABASE %I TO spacecraft_flights_reader,'
		' spacecraft_flights_writer', current_database());
	-- The schema that migrate has made its tables in.
	EXECUTE format('GRANT USAGE ON SCHEMA %I TO spacecraft_flights_reader,'
		' spacecraft_flights_writer', current_schema());
	EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO spacecraft_flights_reader,'
		' spacecraft_flights_writer', current_schema());
	EXECUTE format('GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I'
		' TO spacecraft_flights_writer', current_schema());
	EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO spacecraft_flights_writer',
		current_schema());

	-- Tables of later migrations, when the same role runs them.
	EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON TABLES'
		' TO spacecraft_flights_reader, spacecraft_flights_writer', current_schema());
	EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT INSERT, UPDATE, DELETE ON TABLES'
		' TO spacecraft_flights_writer', current_schema());
	EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE ON SEQUENCES'
		' TO spacecraft_flights_writer', current_schema());

	-- How far the schema is, is migrate's to say.
	REVOKE INSERT, UPDATE, DELETE ON schema_version FROM spacecraft_flights_writer;

	-- What everybody may do in a new database beside reading, the writer and the owner still may.
	EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
	EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO spacecraft_flights_writer', current_database());
	EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', current_schema());
	-- Large objects can be stored without any table, and advisory locks keep migrate and sync waiting. Only a
	-- superuser may take such functions from everybody.
	BEGIN
		FOR wanted IN
			SELECT oid::regprocedure::text FROM pg_proc
			WHERE pronamespace = 'pg_catalog'::regnamespace
				AND (proname ~ '^pg_(try_)?advisory_' OR proname IN ('lo_creat', 'lo_create',
					'lo_from_bytea', 'lo_put', 'lo_truncate', 'lo_truncate64', 'lo_unlink', 'lowrite'))
		LOOP
			EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I, spacecraft_flights_writer', wanted,
				current_user);
			EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', wanted);
		END LOOP;
	EXCEPTION WHEN insufficient_privilege THEN
		RAISE WARNING 'everybody keeps large objects and advisory locks: run this as a superuser to take them from spacecraft_flights_reader';
	END;

	-- A second fence beside the missing grants: nothing that the reader runs may write.
	EXECUTE format('ALTER ROLE spacecraft_flights_reader IN DATABASE %I'
		' SET default_transaction_read_only = on', current_database());
END
$$;
