-- Resources of the API, a table each, and tables of their lists.
--
-- What is nullable: a resource is often seen first in a small view, and documents may lack fields, so
-- that every column but a key can be empty; the API then answers null. Foreign keys are checked at the
-- end of a transaction, so that documents can be stored in any order.
--
-- Ids are the original's. Durations are intervals of days and microseconds, without months.
-- as_of: when a row's durations were true; while it is in space, they have grown since.

-- Small resources that only name something: statuses, types, countries, languages.

CREATE TABLE spacecraft_status (
	id bigint PRIMARY KEY,
	name text
);

CREATE TABLE spacecraft_configuration_type (
	id bigint PRIMARY KEY,
	name text
);

CREATE TABLE launch_status (
	id bigint PRIMARY KEY,
	name text,
	abbrev text,
	description text
);

CREATE TABLE net_precision (
	id bigint PRIMARY KEY,
	name text,
	abbrev text,
	description text
);

CREATE TABLE info_url_type (
	id bigint PRIMARY KEY,
	name text
);

CREATE TABLE vid_url_type (
	id bigint PRIMARY KEY,
	name text
);

CREATE TABLE language (
	id bigint PRIMARY KEY,
	name text,
	code text
);

CREATE TABLE agency_type (
	id bigint PRIMARY KEY,
	name text
);

CREATE TABLE country (
	id bigint PRIMARY KEY,
	name text,
	alpha_2_code text,
	alpha_3_code text,
	nationality_name text,
	nationality_name_composed text
);

CREATE TABLE image_variant_type (
	id bigint PRIMARY KEY,
	name text
);

CREATE TABLE celestial_body_type (
	id bigint PRIMARY KEY,
	name text
);

CREATE TABLE program_type (
	id bigint PRIMARY KEY,
	name text
);

CREATE TABLE landing_type (
	id bigint PRIMARY KEY,
	name text,
	abbrev text,
	description text
);

CREATE TABLE astronaut_status (
	id bigint PRIMARY KEY,
	name text
);

CREATE TABLE astronaut_type (
	id bigint PRIMARY KEY,
	name text
);

CREATE TABLE space_station_status (
	id bigint PRIMARY KEY,
	name text
);

CREATE TABLE space_station_type (
	id bigint PRIMARY KEY,
	name text
);

CREATE TABLE payload_type (
	id bigint PRIMARY KEY,
	name text
);

-- Pictures, with their licences and variants.

CREATE TABLE image_license (
	id bigint PRIMARY KEY,
	name text,
	priority integer,
	link text
);

CREATE TABLE image_variant (
	id bigint PRIMARY KEY,
	type_id bigint REFERENCES image_variant_type DEFERRABLE INITIALLY DEFERRED,
	image_url text
);

-- A launch's rocket, its configuration and the families of those.

CREATE TABLE launcher_configuration (
	id bigint PRIMARY KEY,
	name text,
	families_is_null boolean NOT NULL DEFAULT false,
	full_name text,
	variant text
);

CREATE TABLE launcher_configuration_family (
	id bigint PRIMARY KEY,
	name text
);

-- Astronauts and their parts in a flight's crews.

CREATE TABLE astronaut_role (
	id bigint PRIMARY KEY,
	role text,
	priority integer
);

-- Pictures, with their licences and variants.

CREATE TABLE image (
	id bigint PRIMARY KEY,
	name text,
	image_url text,
	thumbnail_url text,
	credit text,
	license_id bigint REFERENCES image_license DEFERRABLE INITIALLY DEFERRED,
	single_use boolean
);

-- Accounts on social media, an agency's or an astronaut's.

CREATE TABLE social_media (
	id bigint PRIMARY KEY,
	name text,
	url text,
	logo_id bigint REFERENCES image DEFERRABLE INITIALLY DEFERRED
);

-- A celestial body: where orbits, sites and landings are.

CREATE TABLE celestial_body (
	id bigint PRIMARY KEY,
	name text,
	type_id bigint REFERENCES celestial_body_type DEFERRABLE INITIALLY DEFERRED,
	diameter double precision,
	mass double precision,
	gravity double precision,
	length_of_day interval,
	atmosphere boolean,
	image_id bigint REFERENCES image DEFERRABLE INITIALLY DEFERRED,
	description text,
	wiki_url text,
	total_attempted_launches integer,
	successful_launches integer,
	failed_launches integer,
	total_attempted_landings integer,
	successful_landings integer,
	failed_landings integer
);

-- An agency: a space administration, a maker or an operator.

CREATE TABLE agency (
	id bigint PRIMARY KEY,
	name text,
	abbrev text,
	type_id bigint REFERENCES agency_type DEFERRABLE INITIALLY DEFERRED,
	featured boolean,
	description text,
	administrator text,
	founding_year integer,
	launchers text,
	spacecraft text,
	parent text,
	image_id bigint REFERENCES image DEFERRABLE INITIALLY DEFERRED,
	logo_id bigint REFERENCES image DEFERRABLE INITIALLY DEFERRED,
	social_logo_id bigint REFERENCES image DEFERRABLE INITIALLY DEFERRED,
	total_launch_count integer,
	consecutive_successful_launches integer,
	successful_launches integer,
	failed_launches integer,
	pending_launches integer,
	consecutive_successful_landings integer,
	successful_landings integer,
	failed_landings integer,
	attempted_landings integer,
	successful_landings_spacecraft integer,
	failed_landings_spacecraft integer,
	attempted_landings_spacecraft integer,
	successful_landings_payload integer,
	failed_landings_payload integer,
	attempted_landings_payload integer,
	info_url text,
	wiki_url text
);

-- A space programme and its mission patches.

CREATE TABLE program (
	id bigint PRIMARY KEY,
	name text,
	image_id bigint REFERENCES image DEFERRABLE INITIALLY DEFERRED,
	info_url text,
	wiki_url text,
	description text,
	start_date timestamptz,
	end_date timestamptz,
	type_id bigint REFERENCES program_type DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE mission_patch (
	id bigint PRIMARY KEY,
	name text,
	priority integer,
	image_url text,
	agency_id bigint REFERENCES agency DEFERRABLE INITIALLY DEFERRED
);

-- A launch or landing site: the place that pads are in.

CREATE TABLE location (
	id bigint PRIMARY KEY,
	name text,
	celestial_body_id bigint REFERENCES celestial_body DEFERRABLE INITIALLY DEFERRED,
	active boolean,
	country_id bigint REFERENCES country DEFERRABLE INITIALLY DEFERRED,
	description text,
	image_id bigint REFERENCES image DEFERRABLE INITIALLY DEFERRED,
	map_image text,
	longitude double precision,
	latitude double precision,
	timezone_name text,
	total_launch_count integer,
	total_landing_count integer
);

-- A launch pad.

CREATE TABLE pad (
	id bigint PRIMARY KEY,
	active boolean,
	name text,
	image_id bigint REFERENCES image DEFERRABLE INITIALLY DEFERRED,
	description text,
	info_url text,
	wiki_url text,
	map_url text,
	latitude double precision,
	longitude double precision,
	country_id bigint REFERENCES country DEFERRABLE INITIALLY DEFERRED,
	map_image text,
	total_launch_count integer,
	orbital_launch_attempt_count integer,
	fastest_turnaround interval,
	location_id bigint REFERENCES location DEFERRABLE INITIALLY DEFERRED
);

-- A launch's rocket, its configuration and the families of those.

CREATE TABLE rocket (
	id bigint PRIMARY KEY,
	configuration_id bigint REFERENCES launcher_configuration DEFERRABLE INITIALLY DEFERRED
);

-- A launch's mission, its orbit and the addresses of pages and videos about it.

CREATE TABLE orbit (
	id bigint PRIMARY KEY,
	name text,
	abbrev text,
	celestial_body_id bigint REFERENCES celestial_body DEFERRABLE INITIALLY DEFERRED
);

-- A flight's landing and where it was or will be.

CREATE TABLE landing_location (
	id bigint PRIMARY KEY,
	name text,
	active boolean,
	abbrev text,
	description text,
	location_id bigint REFERENCES location DEFERRABLE INITIALLY DEFERRED,
	longitude double precision,
	latitude double precision,
	image_id bigint REFERENCES image DEFERRABLE INITIALLY DEFERRED,
	successful_landings integer,
	attempted_landings integer,
	failed_landings integer,
	celestial_body_id bigint REFERENCES celestial_body DEFERRABLE INITIALLY DEFERRED
);

-- A space station.

CREATE TABLE space_station (
	id bigint PRIMARY KEY,
	name text,
	image_id bigint REFERENCES image DEFERRABLE INITIALLY DEFERRED,
	status_id bigint REFERENCES space_station_status DEFERRABLE INITIALLY DEFERRED,
	founded date,
	deorbited date,
	description text,
	orbit text,
	type_id bigint REFERENCES space_station_type DEFERRABLE INITIALLY DEFERRED
);

-- The type that a spacecraft is of, and the families that types belong to.

CREATE TABLE spacecraft_configuration (
	id bigint PRIMARY KEY,
	name text,
	type_id bigint REFERENCES spacecraft_configuration_type DEFERRABLE INITIALLY DEFERRED,
	agency_id bigint REFERENCES agency DEFERRABLE INITIALLY DEFERRED,
	family_is_null boolean NOT NULL DEFAULT false,
	in_use boolean,
	image_id bigint REFERENCES image DEFERRABLE INITIALLY DEFERRED,
	capability text,
	history text,
	details text,
	maiden_flight date,
	height double precision,
	diameter double precision,
	human_rated boolean,
	crew_capacity integer,
	payload_capacity integer,
	payload_return_capacity integer,
	flight_life text,
	wiki_link text,
	info_link text,
	spacecraft_flown integer,
	total_launch_count integer,
	successful_launches integer,
	failed_launches integer,
	attempted_landings integer,
	successful_landings integer,
	failed_landings integer,
	fastest_turnaround interval
);

CREATE TABLE spacecraft_configuration_family (
	id bigint PRIMARY KEY,
	name text,
	description text,
	manufacturer_id bigint REFERENCES agency DEFERRABLE INITIALLY DEFERRED,
	parent_id bigint REFERENCES spacecraft_configuration_family DEFERRABLE INITIALLY DEFERRED,
	maiden_flight date,
	spacecraft_flown integer,
	total_launch_count integer,
	successful_launches integer,
	failed_launches integer,
	attempted_landings integer,
	successful_landings integer,
	failed_landings integer
);

-- A spacecraft: one vehicle, flown once or often.

CREATE TABLE spacecraft (
	id bigint PRIMARY KEY,
	name text,
	serial_number text,
	is_placeholder boolean,
	image_id bigint REFERENCES image DEFERRABLE INITIALLY DEFERRED,
	in_space boolean,
	time_in_space interval,
	time_docked interval,
	flights_count integer,
	mission_ends_count integer,
	status_id bigint REFERENCES spacecraft_status DEFERRABLE INITIALLY DEFERRED,
	description text,
	spacecraft_config_id bigint REFERENCES spacecraft_configuration DEFERRABLE INITIALLY DEFERRED,
	fastest_turnaround interval,
	as_of timestamptz
);

-- Astronauts and their parts in a flight's crews.

CREATE TABLE astronaut (
	id bigint PRIMARY KEY,
	name text,
	status_id bigint REFERENCES astronaut_status DEFERRABLE INITIALLY DEFERRED,
	agency_id bigint REFERENCES agency DEFERRABLE INITIALLY DEFERRED,
	image_id bigint REFERENCES image DEFERRABLE INITIALLY DEFERRED,
	type_id bigint REFERENCES astronaut_type DEFERRABLE INITIALLY DEFERRED,
	in_space boolean,
	time_in_space interval,
	eva_time interval,
	age integer,
	date_of_birth date,
	date_of_death date,
	bio text,
	wiki text,
	last_flight timestamptz,
	first_flight timestamptz,
	as_of timestamptz
);

-- A payload, and its own flight: what a spacecraft may dock with.

CREATE TABLE payload (
	id bigint PRIMARY KEY,
	name text,
	type_id bigint REFERENCES payload_type DEFERRABLE INITIALLY DEFERRED,
	manufacturer_id bigint REFERENCES agency DEFERRABLE INITIALLY DEFERRED,
	operator_id bigint REFERENCES agency DEFERRABLE INITIALLY DEFERRED,
	image_id bigint REFERENCES image DEFERRABLE INITIALLY DEFERRED,
	wiki_link text,
	info_link text,
	cost integer,
	mass double precision,
	description text
);

-- A flight's docking, and the port where it was.

CREATE TABLE docking_location (
	id bigint PRIMARY KEY,
	name text,
	spacestation_id bigint REFERENCES space_station DEFERRABLE INITIALLY DEFERRED,
	spacecraft_configuration_id bigint REFERENCES spacecraft_configuration DEFERRABLE INITIALLY DEFERRED,
	payload_id bigint REFERENCES payload DEFERRABLE INITIALLY DEFERRED
);

-- Accounts on social media, an agency's or an astronaut's.

CREATE TABLE social_media_link (
	id bigint PRIMARY KEY,
	social_media_id bigint REFERENCES social_media DEFERRABLE INITIALLY DEFERRED,
	url text
);

-- A launch's mission, its orbit and the addresses of pages and videos about it.

CREATE TABLE mission (
	id bigint PRIMARY KEY,
	name text,
	type text,
	description text,
	image_id bigint REFERENCES image DEFERRABLE INITIALLY DEFERRED,
	orbit_id bigint REFERENCES orbit DEFERRABLE INITIALLY DEFERRED
);

-- The launch that a flight began with.

CREATE TABLE launch (
	id uuid PRIMARY KEY,
	name text,
	slug text,
	launch_designator text,
	status_id bigint REFERENCES launch_status DEFERRABLE INITIALLY DEFERRED,
	last_updated timestamptz,
	net timestamptz,
	net_precision_id bigint REFERENCES net_precision DEFERRABLE INITIALLY DEFERRED,
	window_end timestamptz,
	window_start timestamptz,
	image_id bigint REFERENCES image DEFERRABLE INITIALLY DEFERRED,
	infographic text,
	probability integer,
	weather_concerns text,
	failreason text,
	hashtag text,
	launch_service_provider_id bigint REFERENCES agency DEFERRABLE INITIALLY DEFERRED,
	rocket_id bigint REFERENCES rocket DEFERRABLE INITIALLY DEFERRED,
	mission_id bigint REFERENCES mission DEFERRABLE INITIALLY DEFERRED,
	pad_id bigint REFERENCES pad DEFERRABLE INITIALLY DEFERRED,
	webcast_live boolean,
	program_is_null boolean NOT NULL DEFAULT false,
	orbital_launch_attempt_count integer,
	location_launch_attempt_count integer,
	pad_launch_attempt_count integer,
	agency_launch_attempt_count integer,
	orbital_launch_attempt_count_year integer,
	location_launch_attempt_count_year integer,
	pad_launch_attempt_count_year integer,
	agency_launch_attempt_count_year integer
);

-- A flight's landing and where it was or will be.

CREATE TABLE landing (
	id bigint PRIMARY KEY,
	attempt boolean,
	success boolean,
	description text,
	downrange_distance double precision,
	landing_location_id bigint REFERENCES landing_location DEFERRABLE INITIALLY DEFERRED,
	type_id bigint REFERENCES landing_type DEFERRABLE INITIALLY DEFERRED
);

-- Astronauts and their parts in a flight's crews.

CREATE TABLE astronaut_flight (
	id bigint PRIMARY KEY,
	role_id bigint REFERENCES astronaut_role DEFERRABLE INITIALLY DEFERRED,
	astronaut_id bigint REFERENCES astronaut DEFERRABLE INITIALLY DEFERRED
);

-- A payload, and its own flight: what a spacecraft may dock with.

CREATE TABLE payload_flight (
	id bigint PRIMARY KEY,
	destination text,
	amount integer,
	payload_id bigint REFERENCES payload DEFERRABLE INITIALLY DEFERRED,
	launch_id uuid REFERENCES launch DEFERRABLE INITIALLY DEFERRED,
	landing_id bigint REFERENCES landing DEFERRABLE INITIALLY DEFERRED
);

-- A spacecraft flight: the resource that this server is for.

CREATE TABLE spacecraft_flight (
	id bigint PRIMARY KEY,
	destination text,
	mission_end timestamptz,
	spacecraft_id bigint REFERENCES spacecraft DEFERRABLE INITIALLY DEFERRED,
	launch_id uuid REFERENCES launch DEFERRABLE INITIALLY DEFERRED,
	landing_id bigint REFERENCES landing DEFERRABLE INITIALLY DEFERRED,
	turn_around_time interval
);

-- A flight's docking, and the port where it was.

CREATE TABLE docking_event (
	id bigint PRIMARY KEY,
	docking timestamptz,
	departure timestamptz,
	docking_location_id bigint REFERENCES docking_location DEFERRABLE INITIALLY DEFERRED,
	space_station_target_id bigint REFERENCES space_station DEFERRABLE INITIALLY DEFERRED,
	flight_vehicle_target_id bigint REFERENCES spacecraft_flight ON DELETE SET NULL
		DEFERRABLE INITIALLY DEFERRED,
	payload_flight_target_id bigint REFERENCES payload_flight DEFERRABLE INITIALLY DEFERRED
);

-- Lists: which items an owner has, in the order that they came in. A list goes with its owner.

CREATE TABLE launcher_configuration_families (
	launcher_configuration_id bigint NOT NULL REFERENCES launcher_configuration
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	launcher_configuration_family_id bigint NOT NULL REFERENCES launcher_configuration_family DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (launcher_configuration_id, position)
);

CREATE TABLE image_variants (
	image_id bigint NOT NULL REFERENCES image
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	image_variant_id bigint NOT NULL REFERENCES image_variant DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (image_id, position)
);

CREATE TABLE agency_country (
	agency_id bigint NOT NULL REFERENCES agency
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	country_id bigint NOT NULL REFERENCES country DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (agency_id, position)
);

CREATE TABLE agency_social_media_links (
	agency_id bigint NOT NULL REFERENCES agency
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	social_media_link_id bigint NOT NULL REFERENCES social_media_link DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (agency_id, position)
);

CREATE TABLE program_agencies (
	program_id bigint NOT NULL REFERENCES program
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	agency_id bigint NOT NULL REFERENCES agency DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (program_id, position)
);

CREATE TABLE program_mission_patches (
	program_id bigint NOT NULL REFERENCES program
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	mission_patch_id bigint NOT NULL REFERENCES mission_patch DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (program_id, position)
);

CREATE TABLE pad_agencies (
	pad_id bigint NOT NULL REFERENCES pad
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	agency_id bigint NOT NULL REFERENCES agency DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (pad_id, position)
);

CREATE TABLE spacecraft_configuration_families (
	spacecraft_configuration_id bigint NOT NULL REFERENCES spacecraft_configuration
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	spacecraft_configuration_family_id bigint NOT NULL REFERENCES spacecraft_configuration_family DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (spacecraft_configuration_id, position)
);

CREATE TABLE astronaut_nationality (
	astronaut_id bigint NOT NULL REFERENCES astronaut
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	country_id bigint NOT NULL REFERENCES country DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (astronaut_id, position)
);

CREATE TABLE astronaut_social_media_links (
	astronaut_id bigint NOT NULL REFERENCES astronaut
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	social_media_link_id bigint NOT NULL REFERENCES social_media_link DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (astronaut_id, position)
);

CREATE TABLE payload_program (
	payload_id bigint NOT NULL REFERENCES payload
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	program_id bigint NOT NULL REFERENCES program DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (payload_id, position)
);

CREATE TABLE mission_agencies (
	mission_id bigint NOT NULL REFERENCES mission
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	agency_id bigint NOT NULL REFERENCES agency DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (mission_id, position)
);

CREATE TABLE mission_info_urls (
	mission_id bigint NOT NULL REFERENCES mission
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	priority integer,
	source text,
	title text,
	description text,
	feature_image text,
	url text,
	type_id bigint REFERENCES info_url_type DEFERRABLE INITIALLY DEFERRED,
	language_id bigint REFERENCES language DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (mission_id, position)
);

CREATE TABLE mission_vid_urls (
	mission_id bigint NOT NULL REFERENCES mission
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	priority integer,
	source text,
	publisher text,
	title text,
	description text,
	feature_image text,
	url text,
	type_id bigint REFERENCES vid_url_type DEFERRABLE INITIALLY DEFERRED,
	language_id bigint REFERENCES language DEFERRABLE INITIALLY DEFERRED,
	start_time timestamptz,
	end_time timestamptz,
	live boolean,
	PRIMARY KEY (mission_id, position)
);

CREATE TABLE launch_program (
	launch_id uuid NOT NULL REFERENCES launch
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	program_id bigint NOT NULL REFERENCES program DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (launch_id, position)
);

CREATE TABLE spacecraft_flight_launch_crew (
	spacecraft_flight_id bigint NOT NULL REFERENCES spacecraft_flight
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	astronaut_flight_id bigint NOT NULL REFERENCES astronaut_flight DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (spacecraft_flight_id, position)
);

CREATE TABLE spacecraft_flight_onboard_crew (
	spacecraft_flight_id bigint NOT NULL REFERENCES spacecraft_flight
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	astronaut_flight_id bigint NOT NULL REFERENCES astronaut_flight DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (spacecraft_flight_id, position)
);

CREATE TABLE spacecraft_flight_landing_crew (
	spacecraft_flight_id bigint NOT NULL REFERENCES spacecraft_flight
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	astronaut_flight_id bigint NOT NULL REFERENCES astronaut_flight DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (spacecraft_flight_id, position)
);

CREATE TABLE spacecraft_flight_docking_events (
	spacecraft_flight_id bigint NOT NULL REFERENCES spacecraft_flight
		ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	position integer NOT NULL,
	docking_event_id bigint NOT NULL REFERENCES docking_event DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (spacecraft_flight_id, position)
);

-- Filters and orders of the list of flights; id is the last key of every order. Texts count with the
-- 255 characters that the original allows, since an index has no room for much longer ones.
CREATE INDEX spacecraft_flight_spacecraft ON spacecraft_flight (spacecraft_id, id);
CREATE INDEX spacecraft_flight_destination ON spacecraft_flight
	((left(destination, 255) COLLATE "C"), id);
CREATE INDEX spacecraft_flight_mission_end ON spacecraft_flight (mission_end, id);
CREATE INDEX spacecraft_flight_launch ON spacecraft_flight (launch_id);
CREATE INDEX spacecraft_flight_landing ON spacecraft_flight (landing_id);
CREATE INDEX spacecraft_name ON spacecraft ((left(name, 255) COLLATE "C"), id);
CREATE INDEX launch_net ON launch (net, id);
CREATE INDEX landing_success ON landing (success, id);

-- Deleting a flight looks for events that name it as their target.
CREATE INDEX docking_event_flight_vehicle_target ON docking_event (flight_vehicle_target_id)
	WHERE flight_vehicle_target_id IS NOT NULL;
