import type { INodeProperties } from 'n8n-workflow';
import type { MediaKind } from '../../client/mediaKind';
import { DEFAULT_BANDS } from './bands';
import { MOST_REMEMBERED } from './memory';
import { DEFAULTS, LIMITS } from './settings';

/** Below the node's name on the canvas. */
export const SUBTITLE = '={{ $parameter["binaryPropertyName"] }}';

/** A node's parameters and their texts. */
export function properties(kind: MediaKind): INodeProperties[] {
	return [
		notice(kind),
		inputField(kind),
		otherItems(kind),
		routeByVerdict,
		uncheckedRoute(kind),
		options(kind),
	];
}

function formats(kind: MediaKind): string {
	const names = kind.formats.map(({ name }) => name);
	return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function notice(kind: MediaKind): INodeProperties {
	const megabytes = Math.round(kind.maxFileBytes / 1024 / 1024);
	return {
		displayName: `Checks ${formats(kind)} files of up to ${megabytes} MB, ${kind.maxFiles} per request. BitMind may charge for each file that is sent.`,
		name: 'notice',
		type: 'notice',
		default: '',
	};
}

function inputField(kind: MediaKind): INodeProperties {
	return {
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		hint: `The name of the input binary field containing the ${kind.name} to check`,
		description:
			'Separate several fields by commas, or use * as a wildcard: <code>attachment_*</code> takes all fields that begin so, <code>*</code> all files of an item. An expression may also give a binary object.',
	};
}

function otherItems(kind: MediaKind): INodeProperties {
	return {
		displayName: 'Items Without a Matching File',
		name: 'otherItems',
		type: 'options',
		default: 'fail',
		description: `What to do with an item that has no ${kind.name} in the given field`,
		options: [
			{
				name: 'Fail',
				value: 'fail',
				description: `Every file in the given field must be one of ${formats(kind)}`,
			},
			{
				name: 'Pass Through',
				value: 'passThrough',
				description: `Check the ${kind.plural} there are, and pass items without any on unchanged`,
			},
		],
	};
}

const routeByVerdict: INodeProperties = {
	displayName: 'Route by Verdict',
	name: 'routeByVerdict',
	type: 'boolean',
	noDataExpression: true,
	default: false,
	description:
		"Whether to give the node three outputs: AI Generated, Review and Authentic. The options 'AI From' and 'Review From' say which confidence leads where.",
};

function uncheckedRoute(kind: MediaKind): INodeProperties {
	return {
		displayName: 'Route Unchecked Items To',
		name: 'uncheckedRoute',
		type: 'options',
		default: 'review',
		description: `Where to send an item without any ${kind.name}. One that carries the verdict of an earlier node goes by that.`,
		options: [
			{ name: 'Authentic', value: 'authentic' },
			{ name: 'Review', value: 'review' },
		],
		displayOptions: { show: { routeByVerdict: [true], otherItems: ['passThrough'] } },
	};
}

function options(kind: MediaKind): INodeProperties {
	const whole = { minValue: 1, numberPrecision: 0 };
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
				default: DEFAULT_BANDS.aiFrom,
				typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
				description:
					"Confidence from which the field 'verdict' says 'ai'. BitMind's own 'isAI' is true from 0.5 on and stays as it is.",
			},
			{
				displayName: 'Batch Size',
				name: 'batchSize',
				type: 'number',
				default: kind.maxFiles,
				typeOptions: { ...whole, maxValue: kind.maxFiles },
				description: `Max number of ${kind.plural} to send in one request`,
			},
			{
				displayName: 'Concurrent Requests',
				name: 'concurrency',
				type: 'number',
				default: DEFAULTS.concurrency,
				typeOptions: { ...whole, maxValue: LIMITS.concurrency },
				description: 'How many requests to send at the same time',
			},
			{
				displayName: 'Include Input Fields',
				name: 'includeInputFields',
				type: 'boolean',
				default: DEFAULTS.includeInputFields,
				description:
					"Whether to keep the input item's own fields in the output. Its files are kept in any case.",
			},
			{
				displayName: 'Max Request Size (MB)',
				name: 'maxRequestSize',
				type: 'number',
				default: kind.defaultRequestBytes / 1_000_000,
				typeOptions: { minValue: 1 },
				description:
					'Size at which a batch ends although it could hold more files. Lower it when a gateway refuses large requests. A larger file is sent alone.',
			},
			{
				displayName: 'Max Retries',
				name: 'maxRetries',
				type: 'number',
				default: DEFAULTS.maxRetries,
				typeOptions: { minValue: 0, maxValue: LIMITS.maxRetries, numberPrecision: 0 },
				description:
					'How often to repeat a request that met a passing problem, such as a rate limit or a restarting gateway. A request that was answered is not repeated.',
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
				description: `For how long not to send a ${kind.name} again that this node has had a verdict on. The last ${MOST_REMEMBERED.toLocaleString('en')} verdicts are kept with the workflow, by the files' content. n8n keeps them after production runs, not after manual ones.`,
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
				default: DEFAULT_BANDS.reviewFrom,
				typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
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
				default: DEFAULTS.timeout,
				typeOptions: { minValue: 1, maxValue: LIMITS.timeout },
				description:
					'How long to wait for an answer after a batch has been uploaded, or for an upload that has come to a standstill',
			},
		],
	};
}
