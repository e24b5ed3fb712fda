/** Units, the client against the emulator, and the nodes in n8n's own engine. */
module.exports = {
	rootDir: __dirname,
	testMatch: ['<rootDir>/test/{unit,integration,engine}/**/*.test.ts'],
	transform: {
		'^.+\\.ts$': [
			'@swc/jest',
			{ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
		],
	},
	modulePathIgnorePatterns: ['<rootDir>/dist/'],
	testTimeout: 30_000,
};
