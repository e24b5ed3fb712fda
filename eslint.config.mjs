import n8nCommunityNodes from '@n8n/eslint-plugin-community-nodes';
import js from '@eslint/js';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The older plugin only knows eslintrc. This turns its rule sets into a flat configuration. */
const nodesBase = (name) => ({
	plugins: { 'n8n-nodes-base': n8nNodesBase },
	rules: n8nNodesBase.configs[name].rules,
});

/** The folders of both sides. Each may import only from those below it in its list. */
const CLIENT_ROOMS = [
	'batching',
	'sending',
	'auth',
	'response',
	'http',
	'upload',
	'model',
	'files',
	'timing',
];
const NODE_ROOMS = ['output', 'credential', 'input', 'messages', 'settings'];

/** The client knows nothing of n8n. */
const NO_N8N = ['n8n-*', '@n8n/*', '**/nodes/**', '**/credentials/**'];
/** The nodes know nothing of HTTP, and import the client only through its index.ts. */
const NO_HTTP = ['undici', 'form-data', 'node:http*', 'node:net', 'node:tls', '**/client/**'];

/** Lets each folder import only from those below it. */
function rooms(folder, names, forbidden) {
	const restrict = (files, patterns) => ({
		files,
		rules: { 'no-restricted-imports': ['error', { patterns }] },
	});
	const ofRoom = (name, index) => {
		const above = names.slice(0, index).map((each) => `../**/${each}/**`);
		// A file next to the folders is above all of them.
		return restrict(
			[`${folder}/${name}/**/*.ts`],
			[...forbidden, ...above, '../*', '!../*/', '../../*', '!../../*/'],
		);
	};
	return [restrict([`${folder}/*.ts`], forbidden), ...names.map(ofRoom)];
}

export default defineConfig(
	globalIgnores([
		'dist/',
		'coverage/',
		'node_modules/',
		'.n8n-dev/',
		'.stryker-tmp/',
		'test/fixtures/media/',
	]),
	{
		files: ['**/*.{js,mjs,ts}'],
		extends: [js.configs.recommended],
		languageOptions: { ecmaVersion: 'latest' },
	},
	{
		files: ['**/*.js'],
		languageOptions: { sourceType: 'commonjs', globals: { __dirname: 'readonly' } },
	},
	{
		files: ['**/*.{ts,mts}'],
		extends: [tseslint.configs.recommendedTypeChecked],
		languageOptions: { parserOptions: { projectService: true } },
		rules: {
			'@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
			'@typescript-eslint/switch-exhaustiveness-check': [
				'error',
				{ considerDefaultExhaustiveForUnions: true },
			],
			// An interface may require a promise from a function without `await`.
			'@typescript-eslint/require-await': 'off',
		},
	},
	{
		// Tests read untyped responses and items, and assert themselves what they hold.
		files: ['test/**/*.ts'],
		rules: {
			'@typescript-eslint/no-explicit-any': 'off',
			'@typescript-eslint/no-unsafe-argument': 'off',
			'@typescript-eslint/no-unsafe-assignment': 'off',
			'@typescript-eslint/no-unsafe-call': 'off',
			'@typescript-eslint/no-unsafe-member-access': 'off',
			'@typescript-eslint/no-unsafe-return': 'off',
			'@typescript-eslint/no-base-to-string': 'off',
		},
	},
	{
		files: ['{client,nodes,credentials,scripts,test,bench}/**/*.{js,cjs,ts,mts}'],
		rules: { 'max-params': ['error', 4], 'max-lines': ['error', 250] },
	},
	{
		// So that the two sides can't share a mistake.
		files: ['test/support/{emulator,host,servers}/**/*.ts'],
		rules: {
			'no-restricted-imports': ['error', { patterns: ['**/client/**', '**/nodes/**'] }],
		},
	},
	...rooms('client', CLIENT_ROOMS, NO_N8N),
	...rooms('nodes/shared', NODE_ROOMS, NO_HTTP),
	{
		files: ['nodes/Batch*/*.ts', 'credentials/**/*.ts'],
		rules: { 'no-restricted-imports': ['error', { patterns: NO_HTTP }] },
	},
	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts', 'package.json'],
		extends: [n8nCommunityNodes.configs.recommendedWithoutN8nCloudSupport],
		rules: {
			// The package needs undici, form-data and zod, so n8n Cloud can't install it.
			'@n8n/community-nodes/no-runtime-dependencies': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		extends: [nodesBase('nodes')],
		rules: {
			// Outdated: node-connection-type-literal of the other plugin forbids what these require.
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
		},
	},
	{
		files: ['credentials/**/*.ts'],
		extends: [nodesBase('credentials')],
		rules: {
			// Meant for n8n's own nodes. Ours is a URL, as
			// cred-class-field-documentation-url-not-http-url requires.
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
			// Mistakes the checkbox 'Use Client Certificate' for a certificate.
			'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
		},
	},
	{
		files: ['package.json'],
		extends: [nodesBase('community')],
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: { extraFileExtensions: ['.json'] },
		},
	},
);
