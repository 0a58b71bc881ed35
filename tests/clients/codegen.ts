/* openapi-typescript-codegen: services that throw what is not a success. */
import {equal, fail, refusal, server, throttled, typed, walk} from './expect';
import {ApiError, OpenAPI, SpacecraftFlightsService, SpacecraftService} from './generated/codegen';

async function listFlights() {
	const ids = await walk((limit, offset) => SpacecraftFlightsService.spacecraftFlightsList(limit, 'normal', offset));

	equal(ids.includes(864), true, 'flight 864');
}

async function listModes() {
	const page = await SpacecraftFlightsService.spacecraftFlightsList(100, 'detailed');
	let crew = 0, landings = 0;

	for (const flight of page.results) {
		landings += flight.landing === null ? 0 : typed<number>(flight.landing.id) > 0 ? 1 : 0;
		/* @ts-expect-error: before the mode is known there is no crew */
		void flight.launch_crew;
		if (flight.response_mode === 'detailed') crew += flight.launch_crew.length;
	}
	equal(crew > 0 && landings > 0, true, 'crews and landings');
}

async function getFlight() {
	const flight = await SpacecraftFlightsService.spacecraftFlightsRetrieve(864);
	const config = flight.spacecraft?.spacecraft_config ?? fail('no configuration');

	equal(typed<'detailed'>(flight.response_mode), 'detailed', 'mode');
	equal(typeof typed<string>(config.wiki_link), 'string', 'wiki_link');
	typed<string | null>(flight.duration);
}

async function listSpacecraft() {
	const ids = await walk((limit, offset) => SpacecraftService.spacecraftList(limit, 'normal', offset));
	const page = await SpacecraftService.spacecraftList(100, 'detailed');
	const one = await SpacecraftService.spacecraftRetrieve(ids[0]);

	for (const craft of page.results)
		if (craft.response_mode === 'detailed') typed<number>(craft.flights.length);
	equal(one.flights.every((flight) => flight.spacecraft?.id === ids[0]), true, 'its flights');
}

async function handleErrors() {
	const missing = await refusal(ApiError, SpacecraftFlightsService.spacecraftFlightsRetrieve(1));

	equal(missing.status, 404, 'status');
	equal(missing.body, {detail: 'No SpacecraftFlight matches the given query.'}, 'body');
	OpenAPI.BASE = throttled;
	equal((await refusal(ApiError, SpacecraftService.spacecraftList())).status, 429, 'status');
}

OpenAPI.BASE = server;
await listFlights();
await listModes();
await getFlight();
await listSpacecraft();
await handleErrors();
