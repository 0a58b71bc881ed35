/* What the programs that drive the clients share. */
import {deepStrictEqual} from 'node:assert';

/* Where the server is, and one that has answered all that it will answer for an hour. */
export const server = process.env.SERVER_URL!;
export const throttled = process.env.THROTTLED_URL!;

/* Fails to compile where the type of a value is any or unknown. */
export function typed<T>(value: unknown extends T ? never : T): T {
	return value as T;
}

export function equal(found: unknown, expected: unknown, what: string) {
	deepStrictEqual(found, expected, what);
}

export function fail(what: string): never {
	throw new Error(what);
}

/* The error, of that kind, that a request ends with. */
export async function refusal<E extends Error>(kind: new (...given: any[]) => E, request: Promise<unknown>): Promise<E> {
	try {
		await request;
	} catch (error) {
		if (error instanceof kind) return error;
		throw error;
	}
	return fail('was answered');
}

/* The offset of the next page, as its address has it; undefined after the last. */
export function nextOffset(next: string | null): number | undefined {
	return next === null ? undefined : Number(new URL(next).searchParams.get('offset'));
}

export interface Page {
	count: number;
	next: string | null;
	results: {id: number}[];
}

/* Walks a list by its `next`, a few a page, and returns the ids. */
export async function walk(page: (limit: number, offset: number) => Promise<Page>): Promise<number[]> {
	const ids: number[] = [];
	let count = 0;

	for (let offset: number | undefined = 0; offset !== undefined;) {
		const {count: all, next, results}: Page = await page(5, offset);

		count = all;
		ids.push(...results.map((row) => row.id));
		offset = nextOffset(next);
	}
	equal(new Set(ids).size, count, 'each row once');
	equal(count > 5, true, 'more than a page');
	return ids;
}
