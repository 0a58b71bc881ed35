/* kubb: functions that parse what they get by its zod schemas. */
import fetchClient from '@kubb/plugin-client/clients/fetch';
import type {Client, RequestConfig} from '@kubb/plugin-client/clients/fetch';
import {checkValidators} from './answers';
import type {Operation} from './answers';
import {equal, fail, refusal, server, throttled, typed, walk} from './expect';
import {spacecraftFlightsList, spacecraftFlightsRetrieve, spacecraftList, spacecraftRetrieve} from './generated/kubb/clients';
import * as zod from './generated/kubb/zod';

/* It parses any status as if it were 200; a program says what is an error. */
class Refused extends Error {
	constructor(readonly status: number, readonly headers: Headers, readonly detail: string) {
		super(detail);
	}
}

const client: Client = async <Data, Failure, Variables>(config: RequestConfig<Variables>) => {
	const answer = await fetchClient<Data, Failure, Variables>(config);

	if (answer.status >= 400)
		throw new Refused(answer.status, answer.headers, zod.errorDetailSchema.parse(answer.data).detail);
	return answer;
};
const here = {baseURL: server, client};

async function listFlights() {
	const ids = await walk((limit, offset) => spacecraftFlightsList({limit, offset}, here));

	equal(ids.includes(864), true, 'flight 864');
}

async function listModes() {
	const page = await spacecraftFlightsList({mode: 'detailed', limit: 100}, here);
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
	const flight = await spacecraftFlightsRetrieve(864, {}, here);
	const config = flight.spacecraft?.spacecraft_config ?? fail('no configuration');

	equal(typed<'detailed'>(flight.response_mode), 'detailed', 'mode');
	equal(typeof typed<string>(config.wiki_link), 'string', 'wiki_link');
	typed<string | null>(flight.duration);
}

async function listSpacecraft() {
	const ids = await walk((limit, offset) => spacecraftList({limit, offset}, here));
	const page = await spacecraftList({mode: 'detailed', in_space: true}, here);
	const one = await spacecraftRetrieve(ids[0], {}, here);

	for (const craft of page.results)
		if (craft.response_mode === 'detailed') typed<number>(craft.flights.length);
	equal(one.flights.every((flight) => flight.spacecraft?.id === ids[0]), true, 'its flights');
}

async function handleErrors() {
	const missing = await refusal(Refused, spacecraftFlightsRetrieve(1, {}, here));
	const many = await refusal(Refused, spacecraftList({}, {...here, baseURL: throttled}));

	equal(missing.status, 404, 'status');
	equal(missing.detail, 'No SpacecraftFlight matches the given query.', 'detail');
	equal(many.status, 429, 'status');
	equal(Number(many.headers.get('Retry-After')) > 0, true, 'Retry-After');
}

/* `spacecraftFlightsList200Schema` and so on. */
function schemaOf(operation: Operation, status: number) {
	const name = operation.replace(/_(.)/g, (_, first: string) => first.toUpperCase());

	return (zod as Record<string, any>)[`${name}${status}Schema`];
}

await listFlights();
await listModes();
await getFlight();
await listSpacecraft();
await handleErrors();
await checkValidators(schemaOf);
