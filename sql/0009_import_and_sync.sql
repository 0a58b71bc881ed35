-- What sync knows of an upstream's order and of flights that a pass did not find; and what imports know of what
-- they have stored: when it was true, and which lists they were told of.

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
	ADD COLUMN sweeps integer NOT NULL DEFAULT 1,     -- times that it went, or goes, through the list
	ADD COLUMN older integer NOT NULL DEFAULT 0;      -- documents that were older than what is stored

-- When the document was true that a row was last changed by; null: not known. An older document leaves the
-- row as it is.
-- And which lists some document has told of: those that are empty are known to be so, others are not known.
-- Documents may leave out lists, and small views do.

ALTER TABLE spacecraft_flight
	ADD COLUMN stated_at timestamptz,
	ADD COLUMN launch_crew_known boolean NOT NULL DEFAULT false,
	ADD COLUMN onboard_crew_known boolean NOT NULL DEFAULT false,
	ADD COLUMN landing_crew_known boolean NOT NULL DEFAULT false,
	ADD COLUMN docking_events_known boolean NOT NULL DEFAULT false;
ALTER TABLE spacecraft ADD COLUMN stated_at timestamptz;
ALTER TABLE spacecraft_status ADD COLUMN stated_at timestamptz;
ALTER TABLE spacecraft_configuration
	ADD COLUMN stated_at timestamptz,
	ADD COLUMN family_known boolean NOT NULL DEFAULT false;
ALTER TABLE spacecraft_configuration_type ADD COLUMN stated_at timestamptz;
ALTER TABLE spacecraft_configuration_family ADD COLUMN stated_at timestamptz;
ALTER TABLE launch
	ADD COLUMN stated_at timestamptz,
	ADD COLUMN program_known boolean NOT NULL DEFAULT false;
ALTER TABLE launch_status ADD COLUMN stated_at timestamptz;
ALTER TABLE net_precision ADD COLUMN stated_at timestamptz;
ALTER TABLE rocket ADD COLUMN stated_at timestamptz;
ALTER TABLE launcher_configuration
	ADD COLUMN stated_at timestamptz,
	ADD COLUMN families_known boolean NOT NULL DEFAULT false;
ALTER TABLE launcher_configuration_family ADD COLUMN stated_at timestamptz;
ALTER TABLE mission
	ADD COLUMN stated_at timestamptz,
	ADD COLUMN agencies_known boolean NOT NULL DEFAULT false,
	ADD COLUMN info_urls_known boolean NOT NULL DEFAULT false,
	ADD COLUMN vid_urls_known boolean NOT NULL DEFAULT false;
ALTER TABLE orbit ADD COLUMN stated_at timestamptz;
ALTER TABLE info_url_type ADD COLUMN stated_at timestamptz;
ALTER TABLE vid_url_type ADD COLUMN stated_at timestamptz;
ALTER TABLE language ADD COLUMN stated_at timestamptz;
ALTER TABLE agency
	ADD COLUMN stated_at timestamptz,
	ADD COLUMN country_known boolean NOT NULL DEFAULT false,
	ADD COLUMN social_media_links_known boolean NOT NULL DEFAULT false;
ALTER TABLE agency_type ADD COLUMN stated_at timestamptz;
ALTER TABLE country ADD COLUMN stated_at timestamptz;
ALTER TABLE social_media_link ADD COLUMN stated_at timestamptz;
ALTER TABLE social_media ADD COLUMN stated_at timestamptz;
ALTER TABLE image
	ADD COLUMN stated_at timestamptz,
	ADD COLUMN variants_known boolean NOT NULL DEFAULT false;
ALTER TABLE image_license ADD COLUMN stated_at timestamptz;
ALTER TABLE image_variant ADD COLUMN stated_at timestamptz;
ALTER TABLE image_variant_type ADD COLUMN stated_at timestamptz;
ALTER TABLE pad
	ADD COLUMN stated_at timestamptz,
	ADD COLUMN agencies_known boolean NOT NULL DEFAULT false;
ALTER TABLE location ADD COLUMN stated_at timestamptz;
ALTER TABLE celestial_body ADD COLUMN stated_at timestamptz;
ALTER TABLE celestial_body_type ADD COLUMN stated_at timestamptz;
ALTER TABLE program
	ADD COLUMN stated_at timestamptz,
	ADD COLUMN agencies_known boolean NOT NULL DEFAULT false,
	ADD COLUMN mission_patches_known boolean NOT NULL DEFAULT false;
ALTER TABLE program_type ADD COLUMN stated_at timestamptz;
ALTER TABLE mission_patch ADD COLUMN stated_at timestamptz;
ALTER TABLE landing ADD COLUMN stated_at timestamptz;
ALTER TABLE landing_location ADD COLUMN stated_at timestamptz;
ALTER TABLE landing_type ADD COLUMN stated_at timestamptz;
ALTER TABLE astronaut_flight ADD COLUMN stated_at timestamptz;
ALTER TABLE astronaut_role ADD COLUMN stated_at timestamptz;
ALTER TABLE astronaut
	ADD COLUMN stated_at timestamptz,
	ADD COLUMN nationality_known boolean NOT NULL DEFAULT false,
	ADD COLUMN social_media_links_known boolean NOT NULL DEFAULT false;
ALTER TABLE astronaut_status ADD COLUMN stated_at timestamptz;
ALTER TABLE astronaut_type ADD COLUMN stated_at timestamptz;
ALTER TABLE docking_event ADD COLUMN stated_at timestamptz;
ALTER TABLE docking_location ADD COLUMN stated_at timestamptz;
ALTER TABLE space_station ADD COLUMN stated_at timestamptz;
ALTER TABLE space_station_status ADD COLUMN stated_at timestamptz;
ALTER TABLE space_station_type ADD COLUMN stated_at timestamptz;
ALTER TABLE payload
	ADD COLUMN stated_at timestamptz,
	ADD COLUMN program_known boolean NOT NULL DEFAULT false;
ALTER TABLE payload_type ADD COLUMN stated_at timestamptz;
ALTER TABLE payload_flight ADD COLUMN stated_at timestamptz;

-- Lists with items were told of, and so was what sync has read, which is detailed. Of others nobody knows any
-- more: they count as known again when the next document has them.
UPDATE spacecraft_flight t SET
	launch_crew_known = t.id IN (SELECT flight FROM sync_document) OR EXISTS (SELECT FROM spacecraft_flight_launch_crew l WHERE l.spacecraft_flight_id = t.id),
	onboard_crew_known = t.id IN (SELECT flight FROM sync_document) OR EXISTS (SELECT FROM spacecraft_flight_onboard_crew l WHERE l.spacecraft_flight_id = t.id),
	landing_crew_known = t.id IN (SELECT flight FROM sync_document) OR EXISTS (SELECT FROM spacecraft_flight_landing_crew l WHERE l.spacecraft_flight_id = t.id),
	docking_events_known = t.id IN (SELECT flight FROM sync_document) OR EXISTS (SELECT FROM spacecraft_flight_docking_events l WHERE l.spacecraft_flight_id = t.id);
UPDATE spacecraft_configuration t SET
	family_known = family_is_null OR EXISTS (SELECT FROM spacecraft_configuration_families l WHERE l.spacecraft_configuration_id = t.id);
UPDATE launch t SET
	program_known = program_is_null OR EXISTS (SELECT FROM launch_program l WHERE l.launch_id = t.id);
UPDATE launcher_configuration t SET
	families_known = families_is_null OR EXISTS (SELECT FROM launcher_configuration_families l WHERE l.launcher_configuration_id = t.id);
UPDATE mission t SET
	agencies_known = EXISTS (SELECT FROM mission_agencies l WHERE l.mission_id = t.id),
	info_urls_known = EXISTS (SELECT FROM mission_info_urls l WHERE l.mission_id = t.id),
	vid_urls_known = EXISTS (SELECT FROM mission_vid_urls l WHERE l.mission_id = t.id);
UPDATE agency t SET
	country_known = EXISTS (SELECT FROM agency_country l WHERE l.agency_id = t.id),
	social_media_links_known = EXISTS (SELECT FROM agency_social_media_links l WHERE l.agency_id = t.id);
UPDATE image t SET
	variants_known = EXISTS (SELECT FROM image_variants l WHERE l.image_id = t.id);
UPDATE pad t SET
	agencies_known = EXISTS (SELECT FROM pad_agencies l WHERE l.pad_id = t.id);
UPDATE program t SET
	agencies_known = EXISTS (SELECT FROM program_agencies l WHERE l.program_id = t.id),
	mission_patches_known = EXISTS (SELECT FROM program_mission_patches l WHERE l.program_id = t.id);
UPDATE astronaut t SET
	nationality_known = EXISTS (SELECT FROM astronaut_nationality l WHERE l.astronaut_id = t.id),
	social_media_links_known = EXISTS (SELECT FROM astronaut_social_media_links l WHERE l.astronaut_id = t.id);
UPDATE payload t SET
	program_known = EXISTS (SELECT FROM payload_program l WHERE l.payload_id = t.id);

-- When the last document of a row of an endpoint was true, also where it changed nothing.
CREATE TABLE import_document (
	resource text NOT NULL,
	key text NOT NULL,
	as_of timestamptz NOT NULL,
	PRIMARY KEY (resource, key)
);

-- The latest of all these times: documents that are no older need no comparison with them.
CREATE TABLE import_latest (
	only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
	as_of timestamptz
);

INSERT INTO import_latest DEFAULT VALUES;
