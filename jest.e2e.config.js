/** The packed tarball in the real n8n, from the command line and in the editor. */
module.exports = {
	...require('./jest.config.js'),
	testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
	globalSetup: '<rootDir>/test/e2e/setup.ts',
	globalTeardown: '<rootDir>/test/e2e/teardown.ts',
	maxWorkers: 1,
	testTimeout: 120_000,
};
