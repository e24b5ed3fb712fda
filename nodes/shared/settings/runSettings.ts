import type { DetectSettings, MediaKind } from '../../../client';
import type { Execution } from './execution';
import { problemOf, type InputProblem } from './inputProblem';
import { refuse, type NodeParameters, type NumberRule } from './parameters';

/** The defaults for all media kinds. */
export const DEFAULTS = {
	concurrency: 2,
	includeFiles: true,
	includeInputFields: true,
	maxRetries: 4,
	/** Seconds. */
	timeout: 300,
} as const;

/** High enough for any use, but low enough to notice typing errors. */
export const LIMITS = {
	concurrency: 20,
	maxRetries: 20,
	rememberDays: 366,
	requestsPerMinute: 60_000,
	/** Seconds. */
	timeout: 3600,
} as const;

/**
 * The maximum number of verdicts that a node remembers. n8n stores them with the workflow, about 100
 * bytes each, and writes all of them after each production execution.
 */
export const MAX_REMEMBERED = 10_000;

/** Bytes of a megabyte, decimal as in n8n's own display of file sizes. */
export const MB = 1_000_000;

/** The settings of a run. */
export interface RunSettings extends DetectSettings {
	/** How many days verdicts are remembered. Undefined: they are neither kept nor used. */
	rememberDays: number | undefined;
}

function rules(kind: MediaKind) {
	return {
		batchSize: { label: 'Batch Size', min: 1, max: kind.maxFiles, isWhole: true },
		concurrency: { label: 'Concurrent Requests', min: 1, max: LIMITS.concurrency, isWhole: true },
		maxRequestSize: { label: 'Max Request Size (MB)', min: 0.001, max: 1e6, isWhole: false },
		maxRetries: { label: 'Max Retries', min: 0, max: LIMITS.maxRetries, isWhole: true },
		requestsPerMinute: {
			label: 'Requests per Minute',
			min: 0,
			max: LIMITS.requestsPerMinute,
			isWhole: false,
		},
		rememberDays: {
			label: 'Remember Verdicts (Days)',
			min: 0,
			max: LIMITS.rememberDays,
			isWhole: false,
		},
		timeout: { label: 'Timeout (Seconds)', min: 0.001, max: LIMITS.timeout, isWhole: false },
	} satisfies Record<string, NumberRule>;
}

export type Read<T> =
	{ value: T; problem?: undefined } | { value?: undefined; problem: InputProblem };

/** The settings of the run, taken from the first item, or what is wrong with them. */
export function readRunSettings(execution: Execution): Read<RunSettings> {
	try {
		return { value: parseRunSettings(execution) };
	} catch (error) {
		return { problem: problemOf(error) };
	}
}

function parseRunSettings({ parameters, media, continues }: Execution): RunSettings {
	const known = rules(media);
	const read = (name: keyof typeof known): number | undefined =>
		parameters.readNumber(name, known[name], 0);
	expectRoutingSwitch(parameters);
	return {
		kind: media,
		maxFiles: read('batchSize') ?? media.maxFiles,
		maxBytes: (read('maxRequestSize') ?? media.defaultRequestBytes / MB) * MB,
		concurrency: read('concurrency'),
		// People write 0 for 'no limit'.
		requestsPerMinute: read('requestsPerMinute') || undefined,
		maxRetries: read('maxRetries') ?? DEFAULTS.maxRetries,
		timeoutMs: (read('timeout') ?? DEFAULTS.timeout) * 1_000,
		stopOnFailure: !continues,
		deduplicate: parameters.readSwitch('deduplicate', 'Send Identical Files Once', 0) ?? false,
		rememberDays: read('rememberDays') || undefined,
		evidence: readEvidence(parameters, 0),
	};
}

const ROUTE_BY_VERDICT = ['routeByVerdict', 'Route by Verdict', 0] as const;

/** In a workflow that a program has created, another value would look like three outputs but be one. */
function expectRoutingSwitch(parameters: NodeParameters): void {
	const value = parameters.read(...ROUTE_BY_VERDICT) ?? false;
	if (typeof value !== 'boolean') refuse(ROUTE_BY_VERDICT[1], 'true or false', value);
}

/** The first item decides whether files are hashed, and each item whether its own entries show it. */
export function readEvidence(parameters: NodeParameters, item: number): boolean {
	return parameters.readSwitch('evidence', 'Include Evidence', item) ?? false;
}
