import type { INodeProperties } from 'n8n-workflow';
import type { MediaKind } from '../../../client';
import { FIRST_SIMPLIFYING_VERSION } from './execution';
import { options } from './options';
import { THRESHOLD_PARAMETERS } from './thresholds';

/** In 1.1 the output is simplified and `verdict` is always there. New nodes get the last version. */
export const VERSIONS = [1, FIRST_SIMPLIFYING_VERSION];

/** The line below the node's name on the canvas: which files it checks. */
export const SUBTITLE =
	'={{ typeof $parameter["binaryPropertyName"] === "string" ? "check: " + $parameter["binaryPropertyName"] : "check" }}';

/** A node's parameters and their texts. */
export function properties(kind: MediaKind): INodeProperties[] {
	return [
		notice(kind),
		inputField(kind),
		otherItems(kind),
		routeByVerdict,
		...THRESHOLD_PARAMETERS,
		uncheckedRoute,
		simplify,
		options(kind),
		wholeOptions,
	];
}

/**
 * n8n drops an expression for a whole collection, unless a simple parameter with the same name follows.
 * The form never shows it: only programs create such workflows.
 */
const wholeOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'hidden',
	default: {},
};

/** As in 'JPEG, PNG or WebP', or 'JPEG, PNG and WebP'. */
export function formats(kind: MediaKind, type: Intl.ListFormatType = 'disjunction'): string {
	// 'en' would put a comma before 'or'.
	return new Intl.ListFormat('en-GB', { type }).format(kind.formats.map(({ name }) => name));
}

function notice(kind: MediaKind): INodeProperties {
	const megabytes = Math.round(kind.maxFileBytes / 1024 / 1024);
	return {
		displayName: `Checks ${formats(kind, 'conjunction')} files of up to ${megabytes} MB, ${kind.maxFiles} per request. BitMind may charge for each file that is sent.`,
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
			'Separate several fields by commas, or use * as a wildcard: <code>attachment_*</code> takes all fields whose names start that way, <code>*</code> all files of an item. An expression may also give a binary object.',
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
				description: `Every file in the given field must be ${formats(kind)}. If one of several is not, the item fails. Its other ${kind.plural} are still checked if 'On Error' lets the run continue.`,
			},
			{
				name: 'Pass Through',
				value: 'passThrough',
				description: `Check the ${kind.plural} there are, and pass on items without any unchanged`,
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
		'Whether to give the node three outputs: AI Generated, Review and Authentic. The thresholds say which confidence leads where.',
};

const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
	displayOptions: { show: { '@version': [{ _cnd: { gte: FIRST_SIMPLIFYING_VERSION } }] } },
};

const uncheckedRoute: INodeProperties = {
	displayName: 'Route Unchecked Items To',
	name: 'uncheckedRoute',
	type: 'options',
	default: 'review',
	description:
		'Where to send an item if not all of its files were checked. Files that an earlier node has checked count as checked.',
	options: [
		{ name: 'Authentic', value: 'authentic' },
		{ name: 'Review', value: 'review' },
	],
	displayOptions: { show: { routeByVerdict: [true], otherItems: ['passThrough'] } },
};
