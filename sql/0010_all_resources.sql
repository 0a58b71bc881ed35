-- Every other resource of Launch Library: launchers and first stages, expeditions, spacewalks, events, updates and
-- what they refer to; and what resources that were known from flights alone have beside that.

-- What refers to a row that is deleted refers to nothing then, and lists lose it. Until now only flights could go.
DO $$
DECLARE
	link record;
BEGIN
	FOR link IN SELECT k.conrelid::regclass AS on_table, k.conname AS name, a.attname AS column,
			k.confrelid::regclass AS of_table, a.attnotnull AS listed
		FROM pg_constraint k
		JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
		WHERE k.contype = 'f' AND k.confdeltype = 'a' AND k.condeferrable AND k.connamespace = current_schema()::regnamespace LOOP
		EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I FOREIGN KEY (%I) REFERENCES %s'
			' ON DELETE %s DEFERRABLE INITIALLY DEFERRED', link.on_table, link.name, link.name, link.column,
			link.of_table, CASE WHEN link.listed THEN 'CASCADE' ELSE 'SET NULL' END);
	END LOOP;
END
$$;

CREATE TABLE expedition (
	id bigint PRIMARY KEY,
	name text,
	start timestamptz,
	"end" timestamptz,
	spacestation_id bigint REFERENCES space_station ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	mission_patches_known boolean NOT NULL DEFAULT false,
	crew_known boolean NOT NULL DEFAULT false,
	stated_at timestamptz
);

CREATE TABLE update (
	id bigint PRIMARY KEY,
	profile_image text,
	comment text,
	info_url text,
	created_by text,
	created_on timestamptz,
	stated_at timestamptz
);

CREATE TABLE event_type (
	id bigint PRIMARY KEY,
	name text,
	stated_at timestamptz
);

CREATE TABLE event (
	id bigint PRIMARY KEY,
	name text,
	info_urls_known boolean NOT NULL DEFAULT false,
	vid_urls_known boolean NOT NULL DEFAULT false,
	image_id bigint REFERENCES image ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	date timestamptz,
	slug text,
	type_id bigint REFERENCES event_type ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	description text,
	webcast_live boolean,
	location text,
	date_precision_id bigint REFERENCES net_precision ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	duration interval,
	updates_known boolean NOT NULL DEFAULT false,
	last_updated timestamptz,
	agencies_known boolean NOT NULL DEFAULT false,
	launches_known boolean NOT NULL DEFAULT false,
	expeditions_known boolean NOT NULL DEFAULT false,
	spacestations_known boolean NOT NULL DEFAULT false,
	program_is_null boolean NOT NULL DEFAULT false,
	program_known boolean NOT NULL DEFAULT false,
	astronauts_is_null boolean NOT NULL DEFAULT false,
	astronauts_known boolean NOT NULL DEFAULT false,
	stated_at timestamptz
);

CREATE TABLE spacewalk (
	id bigint PRIMARY KEY,
	name text,
	start timestamptz,
	"end" timestamptz,
	duration interval,
	location text,
	crew_known boolean NOT NULL DEFAULT false,
	spacestation_id bigint REFERENCES space_station ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	expedition_id bigint REFERENCES expedition ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	spacecraft_flight_id bigint REFERENCES spacecraft_flight ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	event_id bigint REFERENCES event ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	program_known boolean NOT NULL DEFAULT false,
	stated_at timestamptz
);

CREATE TABLE first_stage_type (
	id bigint PRIMARY KEY,
	name text,
	stated_at timestamptz
);

CREATE TABLE launcher_status (
	id bigint PRIMARY KEY,
	name text,
	stated_at timestamptz
);

CREATE TABLE launcher (
	id bigint PRIMARY KEY,
	flight_proven boolean,
	serial_number text,
	is_placeholder boolean,
	status_id bigint REFERENCES launcher_status ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	image_id bigint REFERENCES image ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	details text,
	successful_landings integer,
	attempted_landings integer,
	flights integer,
	last_launch_date timestamptz,
	first_launch_date timestamptz,
	fastest_turnaround interval,
	launcher_config_id bigint REFERENCES launcher_configuration ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	stated_at timestamptz
);

CREATE TABLE first_stage (
	id bigint PRIMARY KEY,
	type text,
	reused boolean,
	launcher_flight_number integer,
	launcher_id bigint REFERENCES launcher ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	previous_flight_date timestamptz,
	turn_around_time interval,
	landing_id bigint REFERENCES landing ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	previous_flight_id uuid REFERENCES launch ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	stated_at timestamptz
);

CREATE TABLE mission_type (
	id bigint PRIMARY KEY,
	name text,
	stated_at timestamptz
);

CREATE TABLE notice_type (
	id bigint PRIMARY KEY,
	name text,
	stated_at timestamptz
);

CREATE TABLE road_closure_status (
	id bigint PRIMARY KEY,
	name text,
	stated_at timestamptz
);

CREATE TABLE timeline_event_type (
	id bigint PRIMARY KEY,
	abbrev text,
	description text,
	stated_at timestamptz
);

ALTER TABLE space_station
	ADD COLUMN owners_is_null boolean NOT NULL DEFAULT false,
	ADD COLUMN owners_known boolean NOT NULL DEFAULT false,
	ADD COLUMN height double precision,
	ADD COLUMN width double precision,
	ADD COLUMN mass double precision,
	ADD COLUMN volume integer,
	ADD COLUMN onboard_crew integer,
	ADD COLUMN docked_vehicles integer;

ALTER TABLE astronaut
	ADD COLUMN flights_count integer,
	ADD COLUMN landings_count integer,
	ADD COLUMN spacewalks_count integer;

ALTER TABLE docking_event
	ADD COLUMN flight_vehicle_chaser_id bigint REFERENCES spacecraft_flight ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	ADD COLUMN space_station_chaser_id bigint REFERENCES space_station ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	ADD COLUMN payload_flight_chaser_id bigint REFERENCES payload_flight ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE launch
	ADD COLUMN flightclub_url text,
	ADD COLUMN updates_known boolean NOT NULL DEFAULT false,
	ADD COLUMN info_urls_known boolean NOT NULL DEFAULT false,
	ADD COLUMN vid_urls_known boolean NOT NULL DEFAULT false,
	ADD COLUMN timeline_known boolean NOT NULL DEFAULT false,
	ADD COLUMN pad_turnaround interval,
	ADD COLUMN mission_patches_known boolean NOT NULL DEFAULT false;

ALTER TABLE launcher_configuration
	ADD COLUMN active boolean,
	ADD COLUMN is_placeholder boolean,
	ADD COLUMN manufacturer_id bigint REFERENCES agency ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	ADD COLUMN program_known boolean NOT NULL DEFAULT false,
	ADD COLUMN reusable boolean,
	ADD COLUMN image_id bigint REFERENCES image ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	ADD COLUMN info_url text,
	ADD COLUMN wiki_url text,
	ADD COLUMN description text,
	ADD COLUMN alias text,
	ADD COLUMN min_stage integer,
	ADD COLUMN max_stage integer,
	ADD COLUMN length double precision,
	ADD COLUMN diameter double precision,
	ADD COLUMN maiden_flight date,
	ADD COLUMN launch_cost integer,
	ADD COLUMN launch_mass double precision,
	ADD COLUMN leo_capacity double precision,
	ADD COLUMN gto_capacity double precision,
	ADD COLUMN geo_capacity double precision,
	ADD COLUMN sso_capacity double precision,
	ADD COLUMN to_thrust double precision,
	ADD COLUMN apogee double precision,
	ADD COLUMN total_launch_count integer,
	ADD COLUMN consecutive_successful_launches integer,
	ADD COLUMN successful_launches integer,
	ADD COLUMN failed_launches integer,
	ADD COLUMN pending_launches integer,
	ADD COLUMN attempted_landings integer,
	ADD COLUMN successful_landings integer,
	ADD COLUMN failed_landings integer,
	ADD COLUMN consecutive_successful_landings integer,
	ADD COLUMN fastest_turnaround interval;

ALTER TABLE launcher_configuration_family
	ADD COLUMN manufacturer_is_null boolean NOT NULL DEFAULT false,
	ADD COLUMN manufacturer_known boolean NOT NULL DEFAULT false,
	ADD COLUMN parent_id bigint REFERENCES launcher_configuration_family ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	ADD COLUMN description text,
	ADD COLUMN active boolean,
	ADD COLUMN maiden_flight date,
	ADD COLUMN total_launch_count integer,
	ADD COLUMN consecutive_successful_launches integer,
	ADD COLUMN successful_launches integer,
	ADD COLUMN failed_launches integer,
	ADD COLUMN pending_launches integer,
	ADD COLUMN attempted_landings integer,
	ADD COLUMN successful_landings integer,
	ADD COLUMN failed_landings integer,
	ADD COLUMN consecutive_successful_landings integer;

ALTER TABLE rocket
	ADD COLUMN launcher_stage_known boolean NOT NULL DEFAULT false;

CREATE TABLE event_info_urls (
	event_id bigint NOT NULL REFERENCES event ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	priority integer,
	source text,
	title text,
	description text,
	feature_image text,
	url text,
	type_id bigint REFERENCES info_url_type ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	language_id bigint REFERENCES language ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (event_id, position)
);

CREATE TABLE event_vid_urls (
	event_id bigint NOT NULL REFERENCES event ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	priority integer,
	source text,
	publisher text,
	title text,
	description text,
	feature_image text,
	url text,
	type_id bigint REFERENCES vid_url_type ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	language_id bigint REFERENCES language ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	start_time timestamptz,
	end_time timestamptz,
	live boolean,
	PRIMARY KEY (event_id, position)
);

CREATE TABLE event_updates (
	event_id bigint NOT NULL REFERENCES event ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	update_id bigint NOT NULL REFERENCES update ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (event_id, position)
);

CREATE TABLE event_agencies (
	event_id bigint NOT NULL REFERENCES event ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	agency_id bigint NOT NULL REFERENCES agency ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (event_id, position)
);

CREATE TABLE event_launches (
	event_id bigint NOT NULL REFERENCES event ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	launch_id uuid NOT NULL REFERENCES launch ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (event_id, position)
);

CREATE TABLE event_expeditions (
	event_id bigint NOT NULL REFERENCES event ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	expedition_id bigint NOT NULL REFERENCES expedition ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (event_id, position)
);

CREATE TABLE event_spacestations (
	event_id bigint NOT NULL REFERENCES event ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	space_station_id bigint NOT NULL REFERENCES space_station ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (event_id, position)
);

CREATE TABLE event_program (
	event_id bigint NOT NULL REFERENCES event ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	program_id bigint NOT NULL REFERENCES program ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (event_id, position)
);

CREATE TABLE event_astronauts (
	event_id bigint NOT NULL REFERENCES event ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	astronaut_id bigint NOT NULL REFERENCES astronaut ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (event_id, position)
);

CREATE TABLE space_station_owners (
	space_station_id bigint NOT NULL REFERENCES space_station ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	agency_id bigint NOT NULL REFERENCES agency ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (space_station_id, position)
);

CREATE TABLE expedition_mission_patches (
	expedition_id bigint NOT NULL REFERENCES expedition ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	mission_patch_id bigint NOT NULL REFERENCES mission_patch ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (expedition_id, position)
);

CREATE TABLE expedition_crew (
	expedition_id bigint NOT NULL REFERENCES expedition ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	astronaut_flight_id bigint NOT NULL REFERENCES astronaut_flight ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (expedition_id, position)
);

CREATE TABLE launch_updates (
	launch_id uuid NOT NULL REFERENCES launch ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	update_id bigint NOT NULL REFERENCES update ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (launch_id, position)
);

CREATE TABLE launch_info_urls (
	launch_id uuid NOT NULL REFERENCES launch ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	priority integer,
	source text,
	title text,
	description text,
	feature_image text,
	url text,
	type_id bigint REFERENCES info_url_type ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	language_id bigint REFERENCES language ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (launch_id, position)
);

CREATE TABLE launch_vid_urls (
	launch_id uuid NOT NULL REFERENCES launch ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	priority integer,
	source text,
	publisher text,
	title text,
	description text,
	feature_image text,
	url text,
	type_id bigint REFERENCES vid_url_type ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	language_id bigint REFERENCES language ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	start_time timestamptz,
	end_time timestamptz,
	live boolean,
	PRIMARY KEY (launch_id, position)
);

CREATE TABLE launch_timeline (
	launch_id uuid NOT NULL REFERENCES launch ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	type_id bigint REFERENCES timeline_event_type ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	relative_time interval,
	PRIMARY KEY (launch_id, position)
);

CREATE TABLE launch_mission_patches (
	launch_id uuid NOT NULL REFERENCES launch ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	mission_patch_id bigint NOT NULL REFERENCES mission_patch ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (launch_id, position)
);

CREATE TABLE launcher_configuration_program (
	launcher_configuration_id bigint NOT NULL REFERENCES launcher_configuration ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	program_id bigint NOT NULL REFERENCES program ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (launcher_configuration_id, position)
);

CREATE TABLE spacewalk_crew (
	spacewalk_id bigint NOT NULL REFERENCES spacewalk ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	astronaut_flight_id bigint NOT NULL REFERENCES astronaut_flight ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (spacewalk_id, position)
);

CREATE TABLE spacewalk_program (
	spacewalk_id bigint NOT NULL REFERENCES spacewalk ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	program_id bigint NOT NULL REFERENCES program ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (spacewalk_id, position)
);

CREATE TABLE launcher_configuration_family_manufacturer (
	launcher_configuration_family_id bigint NOT NULL REFERENCES launcher_configuration_family ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	agency_id bigint NOT NULL REFERENCES agency ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (launcher_configuration_family_id, position)
);

CREATE TABLE rocket_launcher_stage (
	rocket_id bigint NOT NULL REFERENCES rocket ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	first_stage_id bigint NOT NULL REFERENCES first_stage ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (rocket_id, position)
);

-- The ways back from the rows of lists that are not stored as such.

CREATE INDEX astronaut_flight_astronaut ON astronaut_flight (astronaut_id);
CREATE INDEX docking_event_docking_location ON docking_event (docking_location_id);
CREATE INDEX docking_event_payload_flight_chaser ON docking_event (payload_flight_chaser_id);
CREATE INDEX docking_event_space_station_target ON docking_event (space_station_target_id);
CREATE INDEX docking_location_spacestation ON docking_location (spacestation_id);
CREATE INDEX expedition_spacestation ON expedition (spacestation_id);
CREATE INDEX expedition_mission_patches_mission_patch ON expedition_mission_patches (mission_patch_id);
CREATE INDEX first_stage_landing ON first_stage (landing_id);
CREATE INDEX launch_rocket ON launch (rocket_id);
CREATE INDEX launch_mission_patches_mission_patch ON launch_mission_patches (mission_patch_id);
CREATE INDEX launcher_configuration_manufacturer ON launcher_configuration (manufacturer_id);
CREATE INDEX location_celestial_body ON location (celestial_body_id);
CREATE INDEX pad_location ON pad (location_id);
CREATE INDEX payload_flight_landing ON payload_flight (landing_id);
CREATE INDEX payload_flight_launch ON payload_flight (launch_id);
CREATE INDEX program_mission_patches_mission_patch ON program_mission_patches (mission_patch_id);
CREATE INDEX spacecraft_configuration_agency ON spacecraft_configuration (agency_id);
CREATE INDEX spacecraft_configuration_families_family ON spacecraft_configuration_families (spacecraft_configuration_family_id);
CREATE INDEX spacecraft_flight_landing_crew_astronaut_flight ON spacecraft_flight_landing_crew (astronaut_flight_id);
CREATE INDEX spacecraft_flight_launch_crew_astronaut_flight ON spacecraft_flight_launch_crew (astronaut_flight_id);
CREATE INDEX spacewalk_expedition ON spacewalk (expedition_id);
CREATE INDEX spacewalk_crew_astronaut_flight ON spacewalk_crew (astronaut_flight_id);

-- Who docked, of the dockings that flights have told of.
UPDATE docking_event e SET flight_vehicle_chaser_id = l.spacecraft_flight_id
	FROM spacecraft_flight_docking_events l WHERE l.docking_event_id = e.id;

SELECT watch_table(w::regclass) FROM unnest(ARRAY[
	'expedition',
	'update',
	'event_type',
	'event',
	'spacewalk',
	'first_stage_type',
	'launcher_status',
	'launcher',
	'first_stage',
	'mission_type',
	'notice_type',
	'road_closure_status',
	'timeline_event_type',
	'event_info_urls',
	'event_vid_urls',
	'event_updates',
	'event_agencies',
	'event_launches',
	'event_expeditions',
	'event_spacestations',
	'event_program',
	'event_astronauts',
	'space_station_owners',
	'expedition_mission_patches',
	'expedition_crew',
	'launch_updates',
	'launch_info_urls',
	'launch_vid_urls',
	'launch_timeline',
	'launch_mission_patches',
	'launcher_configuration_program',
	'spacewalk_crew',
	'spacewalk_program',
	'launcher_configuration_family_manufacturer',
	'rocket_launcher_stage']) AS w;
