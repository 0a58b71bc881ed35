/* hey-api: a client whose answers its zod schemas check. */
export default {
	input: 'openapi.json',
	output: 'generated/hey-api',
	plugins: [
		'@hey-api/client-fetch',
		'@hey-api/typescript',
		{name: '@hey-api/sdk', validator: true},
		'zod',
	],
};
