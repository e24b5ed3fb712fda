import { bestSeconds, fixedWindow, simulate, tokenBucket, type Limiter } from './rateSimulation';

export const LIMITS: Readonly<Record<string, () => Limiter>> = {
	'1/s, burst 5': () => tokenBucket(1, 5),
	'1/s, burst 1': () => tokenBucket(1, 1),
	'5/min, burst 5': () => tokenBucket(5 / 60, 5),
	'5/min, burst 1': () => tokenBucket(5 / 60, 1),
	'5/min, by the minute': () => fixedWindow(5, 60_000),
	'60/min, burst 60': () => tokenBucket(1, 60),
	'60/min, by the minute': () => fixedWindow(60, 60_000),
	'10/s, burst 10': () => tokenBucket(10, 10),
	'10/s, burst 1': () => tokenBucket(10, 1),
};
const CONCURRENCIES = [1, 2, 5, 20];
const LATENCIES_MS = [50, 500, 3_000];
/** Each concurrency with each latency, and with a server that says how long to wait or doesn't. */
export const COMBINATIONS = CONCURRENCIES.flatMap((concurrency) =>
	LATENCIES_MS.flatMap((latencyMs) =>
		[false, true].map((saysWhen) => ({ concurrency, latencyMs, saysWhen })),
	),
);
const SEEDS = [1, 7, 13];
const RUNS = [
	{ name: '1 run', runs: 1, inOneProcess: true },
	{ name: '2 in one process', runs: 2, inOneProcess: true },
	{ name: '4 in one process', runs: 4, inOneProcess: true },
	{ name: '2 processes', runs: 2, inOneProcess: false },
	{ name: '4 processes', runs: 4, inOneProcess: false },
];

const MEASURES = ['time', 'requests'] as const;

/**
 * The tables of docs/performance.md, measured in virtual time. Each cell has the median and the worst of
 * all combinations. Throws an error if a batch is lost.
 */
export function rateTables(): string[][][] {
	const measured = Object.entries(LIMITS).map(([name, limiter]) => {
		const columns = RUNS.map((runs) => cells(limiter, runs));
		if (columns.flat().some(({ lost }) => lost > 0)) throw new Error(`${name}: a batch is lost`);
		return { name, columns };
	});
	return MEASURES.map((measure) => [
		[measure, ...RUNS.map(({ name }) => name)],
		...measured.map(({ name, columns }) => [
			name,
			...columns.map((column) => spread(column.map((cell) => cell[measure]))),
		]),
	]);
}

interface Cell {
	/** Relative to a run that knows the limit. */
	time: number;
	/** Requests per batch. */
	requests: number;
	lost: number;
}

function cells(limiter: () => Limiter, { runs, inOneProcess }: (typeof RUNS)[number]): Cell[] {
	const batches = 100 * runs;
	return COMBINATIONS.flatMap((combination) => {
		const setting = { limiter, ...combination, runs, inOneProcess };
		const best = bestSeconds(setting);
		return SEEDS.map((seed) => {
			const { seconds, requests, answered } = simulate({ ...setting, seed });
			return { time: seconds / best, requests: requests / batches, lost: batches - answered };
		});
	});
}

function spread(values: number[]): string {
	const sorted = [...values].sort((a, b) => a - b);
	const median = sorted[Math.floor(sorted.length / 2)] as number;
	return `${median.toFixed(2)} / ${(sorted.at(-1) as number).toFixed(2)}`;
}
