/* Answers of every kind, to be held against validators. */
import {equal, fail, server, throttled} from './expect';

export type Operation =
	| 'spacecraft_flights_list'
	| 'spacecraft_flights_retrieve'
	| 'spacecraft_list'
	| 'spacecraft_retrieve'
	| 'api_throttle_list';

export interface Answer {
	operation: Operation;
	status: number;
	body: any;
}

const flights = '/2.3.0/spacecraft_flights/';
const craft = '/2.3.0/spacecraft/';

const requests: [Operation, string, number, RequestInit?][] = [
	['spacecraft_flights_list', `${flights}?limit=100`, 200],
	['spacecraft_flights_list', `${flights}?limit=100&mode=detailed`, 200],
	['spacecraft_flights_list', `${flights}?limit=1000&offset=3`, 200],
	['spacecraft_flights_list', `${flights}?search=nothing-has-this-name`, 200],
	['spacecraft_flights_list', `${flights}?spacecraft=abc`, 400],
	['spacecraft_flights_list', `${flights}?search=%00`, 400],
	['spacecraft_flights_list', `${flights}?format=xml`, 404],
	['spacecraft_flights_list', flights, 405, {method: 'DELETE'}],
	['spacecraft_flights_list', flights, 406, {headers: {accept: 'text/plain'}}],
	['spacecraft_flights_retrieve', `${flights}1/`, 404],
	['spacecraft_flights_retrieve', `${flights}864/?spacecraft=x`, 400],
	['spacecraft_list', `${craft}?limit=100`, 200],
	['spacecraft_list', `${craft}?limit=100&mode=detailed`, 200],
	['spacecraft_list', `${craft}?status=x&spacecraft_config=x&name=%00`, 400],
	['spacecraft_retrieve', `${craft}999999999/`, 404],
	['api_throttle_list', '/2.3.0/api-throttle/', 200],
];

async function get(operation: Operation, url: string, status: number, options?: RequestInit): Promise<Answer> {
	const response = await fetch(url, options);
	const body = await response.json();

	equal(response.status, status, url);
	return {operation, status, body};
}

/* Every row of a list by its own address. */
async function getRows(operation: Operation, list: Answer): Promise<Answer[]> {
	const rows: Answer[] = [];

	for (const row of list.body.results)
		rows.push(await get(operation, row.url, 200));
	return rows;
}

export async function allAnswers(): Promise<Answer[]> {
	const answers: Answer[] = [];

	for (const [operation, path, status, options] of requests)
		answers.push(await get(operation, server + path, status, options));
	answers.push(...(await getRows('spacecraft_flights_retrieve', answers[0])));
	answers.push(...(await getRows('spacecraft_retrieve', answers.find((a) => a.operation === 'spacecraft_list')!)));
	answers.push(await get('spacecraft_flights_list', throttled + flights, 429));
	answers.push(await get('spacecraft_retrieve', `${throttled}${craft}289/`, 429));
	return answers;
}

interface Schema {
	parse(value: unknown): unknown;
}

/* Each answer passes and comes out as it went in: nothing dropped, added or made another type. Each that is
   broken is refused. */
export async function checkValidators(schemaOf: (operation: Operation, status: number) => Schema | undefined) {
	let count = 0;

	for (const {operation, status, body} of await allAnswers()) {
		const schema = schemaOf(operation, status);

		if (!schema) fail(`no schema of ${operation} ${status}`);
		equal(schema.parse(body), body, `${operation} ${status}`);
		checkRefused(schema, {...body, ...broken(body)});
		count++;
	}
	equal(count > 40, true, 'answers');
}

/* The first field with a value of another type; a list of messages becomes an object of them. */
function broken(body: object): object {
	return Array.isArray(body) ? {spacecraft: 1, name: 1} : {[Object.keys(body)[0]]: {wrong: 1}};
}

function checkRefused(schema: Schema, body: unknown) {
	try {
		schema.parse(body);
	} catch {
		return;
	}
	fail(`passes: ${JSON.stringify(body).slice(0, 200)}`);
}
