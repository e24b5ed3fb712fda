import { DEFAULT_BANDS, type Band, type Bands } from './bands';
import type { Execution } from './execution';
import { InputProblemError } from './inputProblem';
import { textOf, type NodeParameters } from './parameters';
import { readChoice, readNumber, readSwitch, refuse } from './readValues';
import { DEFAULTS } from './runSettings';

/** Where a workflow with `binaryMode: combined` keeps an item's files: `json._files`. */
export const COMBINED_FILES = '_files';

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

/** What holds for an item whose own settings can't be used. */
export const DEFAULT_ITEM_SETTINGS: ItemSettings = {
	passesThrough: false,
	outputField: '',
	includeInputFields: DEFAULTS.includeInputFields,
	bands: undefined,
	uncheckedRoute: 'review',
};

const SHARE = { min: 0, max: 1, isWhole: false };
const BAND_RULES = {
	aiFrom: { label: 'AI From', ...SHARE },
	reviewFrom: { label: 'Review From', ...SHARE },
};

/** Where an item's results go. @throws InputProblemError where a value can't be used */
export function readPlacement(
	parameters: NodeParameters,
	item: number,
): Pick<ItemSettings, 'outputField' | 'includeInputFields'> {
	return {
		outputField: readOutputField(parameters, item),
		includeInputFields:
			readSwitch(parameters, 'includeInputFields', 'Include Input Fields', item) ??
			DEFAULTS.includeInputFields,
	};
}

const OTHER_ITEMS = {
	name: 'otherItems',
	label: 'Items Without a Matching File',
	choices: ['fail', 'passThrough'],
} as const;
const UNCHECKED_ROUTE = {
	name: 'uncheckedRoute',
	label: 'Route Unchecked Items To',
	choices: ['review', 'authentic'],
} as const;

/** What else an item's own settings say. @throws InputProblemError if a value can't be used */
export function readHandling(
	{ parameters, isRouting, isForAgent }: Execution,
	item: number,
): Pick<ItemSettings, 'passesThrough' | 'bands' | 'uncheckedRoute'> {
	const passesThrough = readChoice(parameters, OTHER_ITEMS, item) === 'passThrough';
	return {
		// Nothing comes after a tool: the agent has to learn why it gets no verdict.
		passesThrough: passesThrough && !isForAgent,
		bands: readBands(parameters, item, isRouting),
		uncheckedRoute: isRouting ? readUncheckedRoute(parameters, passesThrough, item) : 'authentic',
	};
}

/**
 * There combined workflows keep an item's files; the next one is no field for JavaScript; and by the
 * last one n8n tells items that have failed.
 */
const RESERVED = [COMBINED_FILES, '__proto__', 'error'];

function readOutputField(parameters: NodeParameters, item: number): string {
	const label = 'Output Field';
	const value = parameters.readOption('outputField', label, item);
	const name = textOf(value).trim();
	const isName = typeof value !== 'object' || value === null;
	if (isName && !RESERVED.includes(name)) return name;
	return refuse(label, `a name other than ${RESERVED.join(', ')}`, value);
}

function readBands(
	parameters: NodeParameters,
	item: number,
	isRouting: boolean,
): Bands | undefined {
	const reviewFrom = readNumber(parameters, 'reviewFrom', BAND_RULES.reviewFrom, item);
	const aiFrom = readNumber(parameters, 'aiFrom', BAND_RULES.aiFrom, item);
	if (reviewFrom === undefined && aiFrom === undefined && !isRouting) return undefined;
	const bands = {
		reviewFrom: reviewFrom ?? DEFAULT_BANDS.reviewFrom,
		aiFrom: aiFrom ?? DEFAULT_BANDS.aiFrom,
	};
	if (bands.reviewFrom <= bands.aiFrom) return bands;
	throw new InputProblemError({ kind: 'badBands', ...bands });
}

/** The form shows it if items may pass. */
function readUncheckedRoute(
	parameters: NodeParameters,
	passesThrough: boolean,
	item: number,
): Band {
	return passesThrough ? readChoice(parameters, UNCHECKED_ROUTE, item) : 'review';
}
