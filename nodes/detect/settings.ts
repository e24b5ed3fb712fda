import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import type { DetectSettings } from '../../client/detect';
import type { MediaKind } from '../../client/mediaKind';
import { DEFAULT_BANDS, type Band, type Bands } from './bands';
import { COMBINED_FILES } from './binaryFields';
import { InputProblemError, problemOf, type InputProblem } from './inputProblem';
import { readOptions, readParameter, textOf } from './parameters';

/** Where neither the user nor the media kind says otherwise. */
export const DEFAULTS = {
	concurrency: 2,
	includeInputFields: true,
	maxRetries: 4,
	/** Seconds. */
	timeout: 300,
} as const;

/** More than anybody needs, so that a slip of the keyboard is noticed. */
export const LIMITS = {
	concurrency: 20,
	maxRetries: 20,
	rememberDays: 366,
	requestsPerMinute: 60_000,
	/** Seconds. */
	timeout: 3600,
} as const;

/** Bytes of a megabyte, decimal as in n8n's own display of file sizes. */
export const MB = 1_000_000;

/** What holds for a whole run. */
export interface RunSettings extends DetectSettings {
	/** Days for which verdicts of earlier runs hold; none: they are neither kept nor used. */
	rememberDays: number | undefined;
}

/** What may differ from item to item. */
export interface ItemSettings {
	passesThrough: boolean;
	/** Empty: what the node adds goes to the item itself. */
	outputField: string;
	includeInputFields: boolean;
	/** Undefined: no `verdict` is wanted. */
	bands: Bands | undefined;
	/** Where an item leaves a node that routes, if one of its files, or all, are checked by no node. */
	uncheckedRoute: Band;
}

const SHARE = { min: 0, max: 1, isWhole: false };
const BAND_RULES = {
	aiFrom: { label: 'AI From', ...SHARE },
	reviewFrom: { label: 'Review From', ...SHARE },
};

type NumberRule = { label: string; min: number; max: number; isWhole: boolean };

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

/**
 * What holds for the whole run, as the first item gives it, or what is wrong with it.
 *
 * @param goesOn whether a failure leaves the rest of the run as it is
 */
export function readRunSettings(
	context: IExecuteFunctions,
	kind: MediaKind,
	goesOn: boolean,
): Read<RunSettings> {
	try {
		return { value: parseRunSettings(context, kind, goesOn) };
	} catch (error) {
		return { problem: problemOf(error) };
	}
}

function parseRunSettings(
	context: IExecuteFunctions,
	kind: MediaKind,
	goesOn: boolean,
): RunSettings {
	const given = readOptions(context, 0);
	const known = rules(kind);
	const read = (name: keyof typeof known): number | undefined =>
		readNumber(given[name], known[name]);
	return {
		kind,
		maxFiles: read('batchSize') ?? kind.maxFiles,
		maxBytes: (read('maxRequestSize') ?? kind.defaultRequestBytes / MB) * MB,
		concurrency: read('concurrency') ?? DEFAULTS.concurrency,
		// 0 is how people write 'no limit'.
		requestsPerMinute: read('requestsPerMinute') || undefined,
		maxRetries: read('maxRetries') ?? DEFAULTS.maxRetries,
		timeoutMs: (read('timeout') ?? DEFAULTS.timeout) * 1_000,
		stopOnFailure: !goesOn,
		deduplicate: given.deduplicate === true,
		rememberDays: read('rememberDays') || undefined,
	};
}

/** Expressions give numbers as text, and nothing at all for a field that is empty. */
function readNumber(value: unknown, { label, min, max, isWhole }: NumberRule): number | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const schema = z.coerce.number().min(min).max(max);
	const parsed = (isWhole ? schema.int() : schema).safeParse(value);
	if (parsed.success && typeof value !== 'boolean') return parsed.data;
	const rule = `${isWhole ? 'a whole number' : 'a number'} from ${min} to ${max}`;
	throw new InputProblemError({ kind: 'badParameter', label, rule, value: textOf(value) });
}

/** What holds for an item whose own settings can't be used. */
export const DEFAULT_ITEM_SETTINGS: ItemSettings = {
	passesThrough: false,
	outputField: '',
	includeInputFields: DEFAULTS.includeInputFields,
	bands: undefined,
	uncheckedRoute: 'review',
};

/** Whether the node has three outputs. No expression can be given for it. */
export function readRouting(context: IExecuteFunctions): boolean {
	return context.getNodeParameter('routeByVerdict', 0, false) === true;
}

/**
 * @param isRouting a `verdict` is wanted in any case
 * @throws InputProblemError where a value can't be used
 */
export function readItemSettings(
	context: IExecuteFunctions,
	item: number,
	isRouting: boolean,
): ItemSettings {
	const options = readOptions(context, item);
	return {
		passesThrough:
			readParameter(context, 'otherItems', 'Items Without a Matching File', item) === 'passThrough',
		outputField: readOutputField(options),
		includeInputFields: readSwitch(options.includeInputFields, 'Include Input Fields'),
		bands: readBands(options, isRouting),
		// Where nothing is routed, the verdict is that on the files that were checked.
		uncheckedRoute: isRouting ? readUncheckedRoute(context, item) : 'authentic',
	};
}

/** There combined workflows keep an item's files; the other one is no field for JavaScript. */
const RESERVED = [COMBINED_FILES, '__proto__'];

/** An expression may give a text. */
function readSwitch(value: unknown, label: string): boolean {
	if (value === undefined || value === null) return DEFAULTS.includeInputFields;
	const text = textOf(value).trim().toLowerCase();
	if (text === 'true' || text === 'false') return text === 'true';
	throw new InputProblemError({
		kind: 'badParameter',
		label,
		rule: 'true or false',
		value: textOf(value),
	});
}

function readOutputField({ outputField }: Record<string, unknown>): string {
	const name = typeof outputField === 'string' ? outputField.trim() : (outputField ?? '');
	if (typeof name === 'string' && !RESERVED.includes(name)) return name;
	const label = 'Output Field';
	const rule = `a name other than ${RESERVED.join(' and ')}`;
	throw new InputProblemError({ kind: 'badParameter', label, rule, value: textOf(outputField) });
}

function readBands(options: Record<string, unknown>, isRouting: boolean): Bands | undefined {
	const reviewFrom = readNumber(options.reviewFrom, BAND_RULES.reviewFrom);
	const aiFrom = readNumber(options.aiFrom, BAND_RULES.aiFrom);
	if (reviewFrom === undefined && aiFrom === undefined && !isRouting) return undefined;
	const bands = {
		reviewFrom: reviewFrom ?? DEFAULT_BANDS.reviewFrom,
		aiFrom: aiFrom ?? DEFAULT_BANDS.aiFrom,
	};
	if (bands.reviewFrom <= bands.aiFrom) return bands;
	throw new InputProblemError({ kind: 'badBands', ...bands });
}

function readUncheckedRoute(context: IExecuteFunctions, item: number): Band {
	const given = readParameter(context, 'uncheckedRoute', 'Route Unchecked Items To', item);
	return given === 'authentic' ? 'authentic' : 'review';
}
