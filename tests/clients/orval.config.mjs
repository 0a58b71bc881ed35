/* A client over fetch, and zod schemas of each status. */
const input = {target: './openapi.json'};

export default {
	client: {input, output: {target: 'generated/orval/client.ts', client: 'fetch'}},
	zod: {
		input,
		output: {
			target: 'generated/orval/zod.ts',
			client: 'zod',
			override: {zod: {generateEachHttpStatus: true}},
		},
	},
};
