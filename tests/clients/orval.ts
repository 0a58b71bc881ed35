/* orval: functions over fetch, whose answers are told apart by status; and its zod schemas. */
import {checkValidators} from './answers';
import type {Operation} from './answers';
import {equal, fail, server, throttled, typed, walk} from './expect';
import {
	spacecraftFlightsList,
	spacecraftFlightsRetrieve,
	spacecraftList,
	spacecraftRetrieve,
} from './generated/orval/client';
import * as zod from './generated/orval/zod';

/* Its paths have no host; a program gives them one. */
const plain = globalThis.fetch;
let host = server;

globalThis.fetch = (input, options) =>
	plain(typeof input === 'string' && input.startsWith('/') ? host + input : input, options);

async function listFlights() {
	const ids = await walk(async (limit, offset) => {
		const {status, data} = await spacecraftFlightsList({limit, offset});

		return status === 200 ? data : fail(String(status));
	});

	equal(ids.includes(864), true, 'flight 864');
}

async function listModes() {
	const answer = await spacecraftFlightsList({mode: 'detailed', limit: 100});
	let crew = 0, landings = 0;

	for (const flight of answer.status === 200 ? answer.data.results : fail('no flights')) {
		landings += flight.landing === null ? 0 : typed<number>(flight.landing.id) > 0 ? 1 : 0;
		/* @ts-expect-error: before the mode is known there is no crew */
		void flight.launch_crew;
		if (flight.response_mode === 'detailed') crew += flight.launch_crew.length;
	}
	equal(crew > 0 && landings > 0, true, 'crews and landings');
}

async function getFlight() {
	const answer = await spacecraftFlightsRetrieve(864);
	const flight = answer.status === 200 ? answer.data : fail('no flight');
	const config = flight.spacecraft?.spacecraft_config ?? fail('no configuration');

	equal(typed<'detailed'>(flight.response_mode), 'detailed', 'mode');
	equal(typeof typed<string>(config.wiki_link), 'string', 'wiki_link');
	typed<string | null>(flight.duration);
}

async function listSpacecraft() {
	const ids = await walk(async (limit, offset) => {
		const {status, data} = await spacecraftList({limit, offset});

		return status === 200 ? data : fail(String(status));
	});
	const list = await spacecraftList({mode: 'detailed', in_space: true});
	const one = await spacecraftRetrieve(ids[0]);

	for (const craft of list.status === 200 ? list.data.results : fail('no spacecraft'))
		if (craft.response_mode === 'detailed') typed<number>(craft.flights.length);
	equal(one.status === 200 && one.data.flights.every((flight) => flight.spacecraft?.id === ids[0]), true,
	      'its flights');
}

async function handleErrors() {
	const missing = await spacecraftFlightsRetrieve(1);

	equal(missing.status === 404 && typed<string>(missing.data.detail),
	      'No SpacecraftFlight matches the given query.', 'detail');
	host = throttled;
	const many = await spacecraftList();

	host = server;
	equal(many.status === 429 && typed<string>(many.data.detail).startsWith('Request was throttled.'), true,
	      'throttled');
	equal(Number(many.headers.get('Retry-After')) > 0, true, 'Retry-After');
}

/* `SpacecraftFlightsList200Response` and so on. */
function schemaOf(operation: Operation, status: number) {
	const name = operation.replace(/(?:^|_)(.)/g, (_, first: string) => first.toUpperCase());

	return (zod as Record<string, any>)[`${name}${status}Response`];
}

await listFlights();
await listModes();
await getFlight();
await listSpacecraft();
await handleErrors();
await checkValidators(schemaOf);
