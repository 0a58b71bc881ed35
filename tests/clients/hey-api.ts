/* hey-api: its client checks every answer by its zod schemas. */
import {checkValidators} from './answers';
import type {Operation} from './answers';
import {equal, fail, server, throttled, typed, walk} from './expect';
import {createClient} from './generated/hey-api/client';
import {client} from './generated/hey-api/client.gen';
import {
	spacecraftFlightsList,
	spacecraftFlightsRetrieve,
	spacecraftList,
	spacecraftRetrieve,
} from './generated/hey-api/sdk.gen';
import * as zod from './generated/hey-api/zod.gen';

const refused = createClient({baseUrl: throttled});

async function listFlights() {
	const ids = await walk(async (limit, offset) => {
		const {data, error} = await spacecraftFlightsList({query: {limit, offset}});

		return data ?? fail(String(error));
	});

	equal(ids.includes(864), true, 'flight 864');
}

async function listModes() {
	const {data} = await spacecraftFlightsList({query: {mode: 'detailed', limit: 100}});
	let crew = 0, landings = 0;

	for (const flight of data?.results ?? fail('no flights')) {
		landings += flight.landing === null ? 0 : typed<number>(flight.landing.id) > 0 ? 1 : 0;
		/* @ts-expect-error: before the mode is known there is no crew */
		void flight.launch_crew;
		if (flight.response_mode === 'detailed') crew += flight.launch_crew.length;
	}
	equal(crew > 0 && landings > 0, true, 'crews and landings');
}

async function getFlight() {
	const {data} = await spacecraftFlightsRetrieve({path: {id: 864}, throwOnError: true});
	const config = data.spacecraft?.spacecraft_config ?? fail('no configuration');

	equal(typed<'detailed'>(data.response_mode), 'detailed', 'mode');
	equal(typeof typed<string>(config.wiki_link), 'string', 'wiki_link');
	typed<string | null>(data.duration);
}

async function listSpacecraft() {
	const ids = await walk(async (limit, offset) => {
		const {data} = await spacecraftList({query: {limit, offset}});

		return data ?? fail('no page');
	});
	const {data} = await spacecraftList({query: {mode: 'detailed', in_space: true}, throwOnError: true});
	const {data: one} = await spacecraftRetrieve({path: {id: ids[0]}, throwOnError: true});

	for (const craft of data.results)
		if (craft.response_mode === 'detailed') typed<number>(craft.flights.length);
	equal(one.flights.every((flight) => flight.spacecraft?.id === ids[0]), true, 'its flights');
}

async function handleErrors() {
	const missing = await spacecraftFlightsRetrieve({path: {id: 1}});
	const many = await spacecraftList({client: refused});

	equal(missing.response?.status, 404, 'status');
	equal(missing.error, {detail: 'No SpacecraftFlight matches the given query.'}, 'error');
	equal(many.response?.status, 429, 'status');
	equal(Number(many.response?.headers.get('Retry-After')) > 0, true, 'Retry-After');
}

function schemaOf(operation: Operation, status: number) {
	const pages = {
		spacecraft_flights_list: [zod.zSpacecraftFlightsListResponse, zod.zSpacecraftFlightErrors],
		spacecraft_flights_retrieve: [zod.zSpacecraftFlightsRetrieveResponse, zod.zSpacecraftFlightErrors],
		spacecraft_list: [zod.zSpacecraftListResponse, zod.zSpacecraftErrors],
		spacecraft_retrieve: [zod.zSpacecraftRetrieveResponse, zod.zSpacecraftErrors],
		api_throttle_list: [zod.zApiThrottleListResponse, zod.zErrorDetail],
	}[operation];

	/* It makes no schema of the choice between an object of messages and a list. */
	if (status === 400) return pages[1].or(zod.zErrorDetail.shape.detail.array());
	return status === 200 ? pages[0] : zod.zErrorDetail;
}

client.setConfig({baseUrl: server});
await listFlights();
await listModes();
await getFlight();
await listSpacecraft();
await handleErrors();
await checkValidators(schemaOf);
