import type { INodeProperties } from 'n8n-workflow';
import type { MediaKind } from '../../../client';
import { DEFAULTS, LIMITS, MAX_REMEMBERED, MB } from './runSettings';
import { THRESHOLD_OPTIONS } from './thresholds';

/** Settings that most people don't need: first those for moderators, then those for operators. */
export function options(kind: MediaKind): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		// Alphabetical order would mix the two groups.
		options: [...moderatorOptions(), ...operatorOptions(kind)],
	};
}

/** What comes out, and what is sent again. */
function moderatorOptions(): INodeProperties[] {
	return [
		{
			displayName: 'Include Evidence',
			name: 'evidence',
			type: 'boolean',
			default: false,
			description:
				"Whether to add to each file's entry what proves which file was checked, and when: its SHA-256, size in bytes, MIME type, and the time of BitMind's response",
		},
		{
			displayName: 'Include Files',
			name: 'includeFiles',
			type: 'boolean',
			default: true,
			description:
				'Whether to keep the files in the output. Leave it on if a later node needs them, such as the other one of this package.',
		},
		{
			displayName: 'Include Input Fields',
			name: 'includeInputFields',
			type: 'boolean',
			default: true,
			description:
				"Whether to keep the input item's own fields in the output. Its files have an option of their own.",
		},
		{
			displayName: 'Output Field',
			name: 'outputField',
			type: 'string',
			default: '',
			placeholder: 'e.g. aiCheck',
			description:
				'Name of the field under which to put everything that this node adds. Leave empty to add it to the item itself.',
		},
		{
			displayName: 'Remember Verdicts (Days)',
			name: 'rememberDays',
			type: 'number',
			default: 30,
			typeOptions: { minValue: 0, maxValue: LIMITS.rememberDays },
			description: `How many days to reuse this node's verdict on a file with the same content instead of sending it again. The last ${MAX_REMEMBERED.toLocaleString('en')} verdicts are kept with the workflow. n8n keeps them after production runs, not after manual ones.`,
		},
		{
			displayName: 'Send Identical Files Once',
			name: 'deduplicate',
			type: 'boolean',
			default: true,
			description:
				'Whether to send files with the same content only once in a run. Each item still gets its verdict, marked as reused.',
		},
		...THRESHOLD_OPTIONS,
	];
}

/** How files are sent. */
function operatorOptions(kind: MediaKind): INodeProperties[] {
	const whole = { minValue: 1, numberPrecision: 0 };
	const { maxFiles, plural } = kind;
	const { concurrency, maxRetries, timeout } = DEFAULTS;
	const maxRequestSize = kind.defaultRequestBytes / MB;
	return [
		{
			displayName: 'Batch Size',
			name: 'batchSize',
			type: 'number',
			default: maxFiles,
			typeOptions: { ...whole, maxValue: maxFiles },
			description: `Max number of ${plural} to send in one request`,
		},
		{
			displayName: 'Concurrent Requests',
			name: 'concurrency',
			type: 'number',
			default: concurrency,
			typeOptions: { ...whole, maxValue: LIMITS.concurrency },
			description:
				'How many requests to send at the same time. Without this option, the node finds out how many the service can take, from 2 to 8.',
		},
		{
			displayName: 'Max Request Size (MB)',
			name: 'maxRequestSize',
			type: 'number',
			default: maxRequestSize,
			typeOptions: { minValue: 1 },
			description:
				'Max size of a request, even if there is room for more files. Lower it if a gateway refuses large requests. A larger file is sent alone.',
		},
		{
			displayName: 'Max Retries',
			name: 'maxRetries',
			type: 'number',
			default: maxRetries,
			typeOptions: { minValue: 0, maxValue: LIMITS.maxRetries, numberPrecision: 0 },
			description:
				'How often to retry a request that failed for a temporary reason, such as a restarting gateway. A request that returned verdicts is never retried.',
		},
		{
			displayName: 'Requests per Minute',
			name: 'requestsPerMinute',
			type: 'number',
			default: 60,
			typeOptions: { minValue: 1 },
			description: "Max number of requests to start in a minute, to stay below your plan's limit",
		},
		{
			displayName: 'Timeout (Seconds)',
			name: 'timeout',
			type: 'number',
			default: timeout,
			typeOptions: { minValue: 1, maxValue: LIMITS.timeout },
			description:
				"How long to wait for the response after a batch has been uploaded, for an upload that makes no progress, or for n8n's storage to deliver a file",
		},
	];
}
