/** Units, the client against the emulator, and the nodes in n8n's own engine. */
const swc = (parser) => [
	'@swc/jest',
	{ jsc: { parser, target: 'es2022' }, module: { type: 'commonjs' } },
];

/** They load modules with `import()`, for which jest wants a flag of Node's: made into `require`. */
const IMPORTERS = [
	'n8n-workflow/dist/cjs/expression.js',
	'@n8n/expression-runtime/dist/cjs/bridge/',
	'quickjs-emscripten/',
	'@jitl/quickjs-wasmfile-release-sync/',
];

// What a run does must not depend on where n8n runs: far from UTC, and not by whole hours.
require('node:process').env.TZ = 'Asia/Kolkata';

module.exports = {
	rootDir: __dirname,
	testMatch: ['<rootDir>/test/{unit,integration,engine}/**/*.test.ts'],
	transform: {
		'^.+\\.ts$': swc({ syntax: 'typescript' }),
		'^.+\\.js$': swc({ syntax: 'ecmascript' }),
	},
	transformIgnorePatterns: [`/node_modules/(?!(${IMPORTERS.join('|')}))`],
	modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.stryker-tmp/'],
	testTimeout: 30_000,
	// Jest's default leaves one core idle, which is half of a small machine.
	maxWorkers: '100%',
};
