import type { Band, Bands } from './bands';
import type { Execution } from './execution';
import { refuse, toSwitch, type NodeParameters } from './parameters';
import { DEFAULTS, readEvidence } from './runSettings';
import { readBands } from './thresholds';
import { textOf } from './untyped';

/** Where a workflow with `binaryMode: combined` keeps an item's files: `json._files`. */
export const COMBINED_FILES = '_files';

/** The settings that may differ from item to item. */
export interface ItemSettings {
	passesThrough: boolean;
	/** Empty: the node adds its fields to the item itself. */
	outputField: string;
	includeInputFields: boolean;
	includeFiles: boolean;
	/** Each file's entry has size, type, hash and time. */
	evidence: boolean;
	/** `bitMind` has only what people and later nodes need. */
	simplifies: boolean;
	/** Undefined: no `verdict` is wanted. */
	bands: Bands | undefined;
	/** The output for items with files that no node has checked. */
	uncheckedRoute: Band;
}

type Handling = Pick<ItemSettings, 'passesThrough' | 'bands' | 'uncheckedRoute'>;

/** The settings for an item whose own settings are invalid. */
export const DEFAULT_ITEM_SETTINGS: ItemSettings = {
	passesThrough: false,
	outputField: '',
	includeInputFields: DEFAULTS.includeInputFields,
	includeFiles: DEFAULTS.includeFiles,
	evidence: false,
	simplifies: false,
	bands: undefined,
	uncheckedRoute: 'review',
};

/** Where an item's results go. @throws InputProblemError for an invalid value */
export function readPlacement(
	parameters: NodeParameters,
	item: number,
): Omit<ItemSettings, keyof Handling> {
	const simplify = 'Simplify';
	return {
		outputField: readOutputField(parameters, item),
		includeInputFields:
			parameters.readSwitch('includeInputFields', 'Include Input Fields', item) ??
			DEFAULTS.includeInputFields,
		includeFiles:
			parameters.readSwitch('includeFiles', 'Include Files', item) ?? DEFAULTS.includeFiles,
		evidence: readEvidence(parameters, item),
		simplifies: toSwitch(parameters.read('simplify', simplify, item), simplify) ?? false,
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

/** The other settings of an item. @throws InputProblemError for an invalid value */
export function readHandling(execution: Execution, item: number): Handling {
	const { parameters, isRouting, isForAgent } = execution;
	const passesThrough = parameters.readChoice(OTHER_ITEMS, item) === 'passThrough';
	return {
		// No node follows a tool, so the agent has to learn why it gets no verdict.
		passesThrough: passesThrough && !isForAgent,
		bands: readBands(execution, item),
		uncheckedRoute: isRouting ? readUncheckedRoute(parameters, passesThrough, item) : 'authentic',
	};
}

/**
 * Combined workflows store an item's files in the first; JavaScript can't use the second as a field; and
 * n8n recognizes failed items by the third.
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

/** The form shows this if items may pass through. */
function readUncheckedRoute(
	parameters: NodeParameters,
	passesThrough: boolean,
	item: number,
): Band {
	return passesThrough ? parameters.readChoice(UNCHECKED_ROUTE, item) : 'review';
}
