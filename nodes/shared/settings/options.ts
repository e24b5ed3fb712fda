import type { INodeProperties } from 'n8n-workflow';
import type { MediaKind } from '../../../client';
import { DEFAULT_BANDS } from './bands';
import { DEFAULTS, LIMITS, MAX_REMEMBERED, MB } from './runSettings';

/** What most people need not think about, in the order of the alphabet. */
export function options(kind: MediaKind): INodeProperties {
	const whole = { minValue: 1, numberPrecision: 0 };
	const share = { minValue: 0, maxValue: 1, numberPrecision: 2 };
	const { maxFiles, plural } = kind;
	const { concurrency, maxRetries, timeout } = DEFAULTS;
	const { aiFrom, reviewFrom } = DEFAULT_BANDS;
	const maxRequestSize = kind.defaultRequestBytes / MB;
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'AI From',
				name: 'aiFrom',
				type: 'number',
				default: aiFrom,
				typeOptions: share,
				description:
					"Confidence from which the field 'verdict' says 'ai'. BitMind's own 'isAI' is true from 0.5 on and stays as it is.",
			},
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
					'How many requests to send at the same time. Without this option the run finds out how many the service bears, from 2 to 8.',
			},
			{
				displayName: 'Include Input Fields',
				name: 'includeInputFields',
				type: 'boolean',
				default: true,
				description:
					"Whether to keep the input item's own fields in the output. Its files are kept in any case.",
			},
			{
				displayName: 'Max Request Size (MB)',
				name: 'maxRequestSize',
				type: 'number',
				default: maxRequestSize,
				typeOptions: { minValue: 1 },
				description:
					'Size at which a batch ends although it could hold more files. Lower it when a gateway refuses large requests. A larger file is sent alone.',
			},
			{
				displayName: 'Max Retries',
				name: 'maxRetries',
				type: 'number',
				default: maxRetries,
				typeOptions: { minValue: 0, maxValue: LIMITS.maxRetries, numberPrecision: 0 },
				description:
					'How often to repeat a request that met a passing problem, such as a rate limit or a restarting gateway. A request that was answered with verdicts is not repeated.',
			},
			{
				displayName: 'Output Field',
				name: 'outputField',
				type: 'string',
				default: '',
				placeholder: 'e.g. aiCheck',
				description:
					'Name of a field to put everything under that this node adds. Leave empty to add it to the item itself.',
			},
			{
				displayName: 'Remember Verdicts (Days)',
				name: 'rememberDays',
				type: 'number',
				default: 30,
				typeOptions: { minValue: 0, maxValue: LIMITS.rememberDays },
				description: `For how long not to send a ${kind.name} again that this node has had a verdict on. The last ${MAX_REMEMBERED.toLocaleString('en')} verdicts are kept with the workflow, by the files' content. n8n keeps them after production runs, not after manual ones.`,
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
				displayName: 'Review From',
				name: 'reviewFrom',
				type: 'number',
				default: reviewFrom,
				typeOptions: share,
				description:
					"Confidence from which the field 'verdict' says 'review', up to 'AI From'. Below it the field says 'authentic'.",
			},
			{
				displayName: 'Send Identical Files Once',
				name: 'deduplicate',
				type: 'boolean',
				default: true,
				description:
					'Whether to send files of the same content only once in a run. Each item still gets its verdict, marked as reused.',
			},
			{
				displayName: 'Timeout (Seconds)',
				name: 'timeout',
				type: 'number',
				default: timeout,
				typeOptions: { minValue: 1, maxValue: LIMITS.timeout },
				description:
					"How long to wait for an answer after a batch has been uploaded, for an upload that has come to a standstill, or for n8n's storage to give a file",
			},
		],
	};
}
