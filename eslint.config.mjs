import n8nCommunityNodes from '@n8n/eslint-plugin-community-nodes';
import js from '@eslint/js';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The older plugin knows eslintrc alone: its rule sets as a flat configuration takes them. */
const nodesBase = (name) => ({
	plugins: { 'n8n-nodes-base': n8nNodesBase },
	rules: n8nNodesBase.configs[name].rules,
});

/** The rooms of both sides, each above those that it may import. */
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

/** What knows HTTP knows nothing of n8n. */
const NO_N8N = ['n8n-*', '@n8n/*', '**/nodes/**', '**/credentials/**'];
/** What knows n8n knows nothing of HTTP: it has the client's door alone. */
const NO_HTTP = ['undici', 'form-data', 'node:http*', 'node:net', 'node:tls', '**/client/**'];

/** Imports run only downward: from a room to those that stand below it. */
function rooms(folder, names, forbidden) {
	const restrict = (files, patterns) => ({
		files,
		rules: { 'no-restricted-imports': ['error', { patterns }] },
	});
	const ofRoom = (name, index) => {
		const above = names.slice(0, index).map((each) => `../**/${each}/**`);
		// A file beside the rooms stands above all of them.
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
			// A function without `await` may still have to give a promise, as an interface asks.
			'@typescript-eslint/require-await': 'off',
		},
	},
	{
		// Tests look into answers and items as they come, and say themselves what must be there.
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
			// undici, form-data and zod are this package's own. Hence no in-app install on n8n Cloud.
			'@n8n/community-nodes/no-runtime-dependencies': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		extends: [nodesBase('nodes')],
		rules: {
			// Overtaken: node-connection-type-literal of the other plugin forbids what these ask for.
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
		},
	},
	{
		files: ['credentials/**/*.ts'],
		extends: [nodesBase('credentials')],
		rules: {
			// For n8n's own nodes, whose pages are named in camel case. Ours is an address, as
			// cred-class-field-documentation-url-not-http-url asks.
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
			// Takes 'Use Client Certificate', a checkbox, for a certificate.
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
