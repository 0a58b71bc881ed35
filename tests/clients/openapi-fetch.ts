/* openapi-typescript with openapi-fetch: types alone. */
import createClient from 'openapi-fetch';
import {equal, fail, server, throttled, typed, walk} from './expect';
import type {paths} from './generated/openapi-typescript';

const client = createClient<paths>({baseUrl: server});
const refused = createClient<paths>({baseUrl: throttled});

async function listFlights() {
	const ids = await walk(async (limit, offset) => {
		const {data, error} = await client.GET('/2.3.0/spacecraft_flights/', {params: {query: {limit, offset}}});

		return data ?? fail(JSON.stringify(error));
	});

	equal(ids.includes(864), true, 'flight 864');
}

async function listModes() {
	const {data} = await client.GET('/2.3.0/spacecraft_flights/', {params: {query: {mode: 'detailed', limit: 100}}});
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
	const {data} = await client.GET('/2.3.0/spacecraft_flights/{id}/', {params: {path: {id: 864}}});
	const flight = data ?? fail('no flight');
	const config = flight.spacecraft?.spacecraft_config ?? fail('no configuration');

	equal(typed<'detailed'>(flight.response_mode), 'detailed', 'mode');
	equal(typeof typed<string>(config.wiki_link), 'string', 'wiki_link');
	equal(typeof typed<string>(config.info_link), 'string', 'info_link');
	typed<string | null>(flight.duration);
	typed<string | undefined>(flight.launch?.id);
}

async function listSpacecraft() {
	const ids = await walk(async (limit, offset) => {
		const {data} = await client.GET('/2.3.0/spacecraft/', {params: {query: {limit, offset}}});

		return data ?? fail('no page');
	});
	const {data} = await client.GET('/2.3.0/spacecraft/', {params: {query: {mode: 'detailed', in_space: true}}});
	const {data: one} = await client.GET('/2.3.0/spacecraft/{id}/', {params: {path: {id: ids[0]}}});

	for (const craft of data?.results ?? fail('no spacecraft'))
		if (craft.response_mode === 'detailed') typed<number>(craft.flights.length);
	equal(one?.flights.every((flight) => flight.spacecraft?.id === ids[0]), true, 'its flights');
}

async function handleErrors() {
	const missing = await client.GET('/2.3.0/spacecraft_flights/{id}/', {params: {path: {id: 1}}});
	const many = await refused.GET('/2.3.0/spacecraft/');

	equal(missing.response.status, 404, 'status');
	equal(missing.error && 'detail' in missing.error && typed<string | string[]>(missing.error.detail ?? ''),
	      'No SpacecraftFlight matches the given query.', 'detail');
	equal(many.response.status, 429, 'status');
	equal(Number(many.response.headers.get('Retry-After')) > 0, true, 'Retry-After');
}

await listFlights();
await listModes();
await getFlight();
await listSpacecraft();
await handleErrors();
