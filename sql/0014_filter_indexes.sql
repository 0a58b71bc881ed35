-- What lists are filtered by, for tables that get large, and the ways from rows of lists to what has them. Texts by their
-- beginning, as orders by text have it.

-- Launches.
CREATE INDEX launch_last_updated ON launch (last_updated, id);
CREATE INDEX launch_slug ON launch ((left(slug, 255) COLLATE "C"), id);
CREATE INDEX launch_designator ON launch ((left(launch_designator, 255) COLLATE "C"), id);
CREATE INDEX launch_status_id ON launch (status_id, net, id);
CREATE INDEX launch_provider ON launch (launch_service_provider_id, net, id);
CREATE INDEX launch_pad ON launch (pad_id, net, id);
CREATE INDEX launch_window_start ON launch (window_start, id);
CREATE INDEX launch_window_end ON launch (window_end, id);
CREATE INDEX launch_designator_trigrams ON launch USING gin (launch_designator gin_trgm_ops);
CREATE INDEX launch_program_program ON launch_program (program_id);
CREATE INDEX mission_orbit ON mission (orbit_id);
CREATE INDEX mission_agencies_agency ON mission_agencies (agency_id);
CREATE INDEX rocket_configuration ON rocket (configuration_id);
CREATE INDEX first_stage_launch ON first_stage (launch_id);
CREATE INDEX first_stage_launcher ON first_stage (launcher_id);

-- What they are numbered by, which few share.
CREATE INDEX launch_orbital_attempt ON launch (orbital_launch_attempt_count);
CREATE INDEX launch_orbital_attempt_year ON launch (orbital_launch_attempt_count_year);
CREATE INDEX launch_location_attempt ON launch (location_launch_attempt_count);
CREATE INDEX launch_location_attempt_year ON launch (location_launch_attempt_count_year);
CREATE INDEX launch_pad_attempt ON launch (pad_launch_attempt_count);
CREATE INDEX launch_pad_attempt_year ON launch (pad_launch_attempt_count_year);
CREATE INDEX launch_agency_attempt ON launch (agency_launch_attempt_count);
CREATE INDEX launch_agency_attempt_year ON launch (agency_launch_attempt_count_year);

-- Landings, dockings, payloads, events, updates.
CREATE INDEX landing_location_id ON landing (landing_location_id, id);
CREATE INDEX landing_type_id ON landing (type_id, id);
CREATE INDEX landing_downrange_distance ON landing (downrange_distance, id);
CREATE INDEX docking_event_docking ON docking_event (docking, id);
CREATE INDEX docking_event_departure ON docking_event (departure, id);
CREATE INDEX payload_flight_payload ON payload_flight (payload_id, id);
CREATE INDEX payload_name ON payload ((left(name, 255) COLLATE "C"), id);
CREATE INDEX payload_name_trigrams ON payload USING gin (name gin_trgm_ops);
CREATE INDEX payload_operator ON payload (operator_id, id);
CREATE INDEX payload_manufacturer ON payload (manufacturer_id, id);
CREATE INDEX payload_program_program ON payload_program (program_id);
CREATE INDEX event_date ON event (date, id);
CREATE INDEX event_last_updated ON event (last_updated, id);
CREATE INDEX event_type_id ON event (type_id, date, id);
CREATE INDEX event_slug ON event ((left(slug, 255) COLLATE "C"), id);
CREATE INDEX event_name_trigrams ON event USING gin (name gin_trgm_ops);
CREATE INDEX event_program_program ON event_program (program_id);
CREATE INDEX event_launches_launch ON event_launches (launch_id);
CREATE INDEX update_created_on ON update (created_on, id);
CREATE INDEX update_launch ON update (launch_id, id);
CREATE INDEX update_program ON update (program_id, id);
