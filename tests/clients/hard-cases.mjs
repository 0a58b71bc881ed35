/* hard-cases.mjs SERVER DOCUMENT: flights that a strict client may stumble over, made of one that the server
   has: every text empty; every value null that may be; every reference null. Prints them as an array. */
import {readFileSync} from 'node:fs';

const [server, file] = process.argv.slice(2);
const schemas = JSON.parse(readFileSync(file, 'utf8')).components.schemas;
const DURATION = /^P|^\d+ \d\d:/;

/* Rows of their own, so that each case stands beside the others. */
function renumber(object, shift) {
	const id = object.id;

	if (typeof id === 'number') object.id = id + shift * 1000000;
	if (typeof id === 'string') object.id = `${shift}`.repeat(8) + id.slice(8);
	if (id !== undefined && object.url) object.url = object.url.replace(`/${id}/`, `/${object.id}/`);
}

const cases = [
	(value, property) =>
		typeof value === 'string' && !property.format && !property.enum && !DURATION.test(value) ? '' : value,
	(value, property) => (property.nullable && !property.allOf ? null : value),
	(value, property) => (property.nullable && property.allOf ? null : value),
];

function resolve(schema) {
	const reference = schema.$ref ?? schema.allOf?.[0].$ref;

	return reference ? schemas[reference.split('/').pop()] : schema;
}

function change(value, schema, number) {
	if (Array.isArray(value)) return value.map((item) => change(item, schema.items, number));
	if (value === null || typeof value !== 'object') return value;
	const properties = resolve(schema).properties;
	const changed = Object.fromEntries(
		Object.entries(value).map(([name, member]) => [
			name,
			change(cases[number](member, properties[name]), properties[name], number),
		]),
	);

	renumber(changed, number + 1);
	return changed;
}

const flights = [];

for (const id of [840, 579]) {
	const flight = await (await fetch(`${server}/2.3.0/spacecraft_flights/${id}/`)).json();

	for (const number of cases.keys())
		flights.push(change(flight, schemas.SpacecraftFlightDetailed, number));
}
console.log(JSON.stringify(flights));
