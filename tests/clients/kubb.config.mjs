/* A client over fetch whose answers its zod schemas parse. */
import {defineConfig} from '@kubb/core';
import {pluginClient} from '@kubb/plugin-client';
import {pluginOas} from '@kubb/plugin-oas';
import {pluginTs} from '@kubb/plugin-ts';
import {pluginZod} from '@kubb/plugin-zod';

export default defineConfig({
	input: {path: 'openapi.json'},
	output: {path: 'generated/kubb', clean: true, extension: {'.ts': ''}},
	plugins: [pluginOas(), pluginTs(), pluginZod(), pluginClient({client: 'fetch', parser: 'zod'})],
});
