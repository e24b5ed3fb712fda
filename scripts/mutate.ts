/**
 * `npm run mutate [-- <file> …]`: makes small changes to the files that decide things, one at a time, and
 * counts those that the unit tests notice. Prints the table of docs/testing.md.
 */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { MutantResult } from '@stryker-mutator/api/core' with { 'resolution-mode': 'import' };

const PROJECT = resolve(__dirname, '..');

/** Percentage of the changes in each file. */
const MIN_SCORE = 85;

/** Added to the time of the tests, because a change may make a loop endless. */
const TIMEOUT_MS = 5_000;

const DECISIONS = [
	'client/sending/retryDecision.ts',
	'client/sending/retryBudget.ts',
	'client/sending/serviceRecord.ts',
	'client/sending/requestGate.ts',
	'client/sending/concurrencySearch.ts',
	'client/response/classify.ts',
	'client/response/batchResponse.ts',
	'client/response/entryFailure.ts',
	'client/response/json.ts',
	'client/response/responseFailure.ts',
	'client/batching/refusalTracker.ts',
	'client/batching/bisection.ts',
	'client/batching/faultSearch.ts',
	'client/batching/fileQueue.ts',
	'client/batching/deduplication.ts',
	'client/batching/recordReply.ts',
	'client/batching/outcomeLedger.ts',
	'client/auth/authorizer.ts',
	'client/timing/pacer.ts',
	'client/timing/sharedRate.ts',
	'client/timing/retryTiming.ts',
	'client/timing/requestRate.ts',
	'client/http/proxies.ts',
	'nodes/shared/verdictMemory.ts',
	'nodes/shared/output/outputItems.ts',
	'nodes/shared/output/fileResults.ts',
	'nodes/shared/output/nodeErrors.ts',
	'nodes/shared/settings/bands.ts',
	'nodes/shared/settings/parameters.ts',
	'nodes/shared/input/binaryFields.ts',
];

interface Score {
	file: string;
	mutants: number;
	killed: number;
	/** The place, the status, and the replacement. */
	survivors: string[];
}

/** The unit tests of a file's folder. */
function testsOf(file: string): string {
	return `test/unit/${dirname(file).replace('/shared', '')}`;
}

async function mutate(file: string): Promise<Score> {
	const { Stryker } = await import('@stryker-mutator/core');
	const stryker = new Stryker({
		mutate: [file],
		testRunner: 'jest',
		plugins: ['@stryker-mutator/jest-runner'],
		coverageAnalysis: 'perTest',
		concurrency: 1,
		timeoutMS: TIMEOUT_MS,
		jest: { config: { testMatch: [`<rootDir>/${testsOf(file)}/**/*.test.ts`] } },
		reporters: ['progress-append-only'],
		tempDirName: '.stryker-tmp',
		ignorePatterns: ['/dist', '/coverage', '/examples', '/bench'],
	});
	const results = await stryker.runMutationTest();
	return scoreOf(file, results);
}

function scoreOf(file: string, results: readonly MutantResult[]): Score {
	const counted = results.filter(({ status }) => status !== 'CompileError' && status !== 'Ignored');
	const missed = counted.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
	const survivors = missed.map(
		({ location, replacement = '', status }) =>
			`${location.start.line}:${location.start.column} ${status} ${replacement}`,
	);
	return { file, mutants: counted.length, killed: counted.length - missed.length, survivors };
}

const percent = ({ killed, mutants }: Score) => (mutants === 0 ? 100 : (100 * killed) / mutants);

async function main(files: readonly string[]): Promise<void> {
	const unknown = files.filter((file) => !existsSync(resolve(PROJECT, file)));
	if (unknown.length > 0) throw new Error(`no such file: ${unknown.join(', ')}`);
	process.chdir(PROJECT);
	const scores: Score[] = [];
	for (const file of files) {
		const score = await mutate(file);
		scores.push(score);
		console.log([file, ...score.survivors].join('\n  '));
	}
	console.log('\n| file | mutants | killed | score |\n| --- | --: | --: | --: |');
	for (const score of scores) {
		const { file, mutants, killed } = score;
		console.log(`| \`${file}\` | ${mutants} | ${killed} | ${percent(score).toFixed(1)} % |`);
	}
	if (scores.some((score) => percent(score) < MIN_SCORE)) process.exitCode = 1;
}

const files = process.argv.slice(2);
main(files.length > 0 ? files : DECISIONS).catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
