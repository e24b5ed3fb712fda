import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { JPEG } from '../../../../../client/files/fileType';
import { IMAGES } from '../../../../../client/model/mediaKind';
import type { Outcome, Verdict } from '../../../../../client/model/outcome';
import type { ItemPlan } from '../../../../../nodes/shared/input/itemPlans';
import { outputItems } from '../../../../../nodes/shared/output/outputItems';
import type { Execution } from '../../../../../nodes/shared/settings/execution';
import type { InputProblem } from '../../../../../nodes/shared/settings/inputProblem';
import {
	DEFAULT_ITEM_SETTINGS,
	type ItemSettings,
} from '../../../../../nodes/shared/settings/itemSettings';
import { node } from '../../../../support/engine/workflows';

export const NODE = node('n8n-nodes-bitmind.batchImageDetect', 'Batch Image Detect');

const nameOf = (field: string) => `${field}.jpg`;

/** An item and its plan. */
export interface Given {
	json?: IDataObject;
	/** Fields whose files are sent. */
	files?: readonly string[];
	/** Fields whose files can't be sent. */
	refused?: readonly string[];
	skipped?: readonly string[];
	/** Other fields with files. */
	others?: readonly string[];
	/** Fields whose files come from another node. */
	elsewhere?: readonly string[];
	problem?: InputProblem;
	outcomes?: readonly Outcome[];
	settings?: Partial<ItemSettings>;
	/** The node's own settings. */
	node?: Partial<Pick<Execution, 'hasErrorOutput' | 'isForAgent' | 'isRouting'>>;
}

const sourceOf = (name: string) => ({
	name,
	format: JPEG,
	size: 3,
	open: async () => {
		throw new Error('nothing is read here');
	},
});

export function planOf(given: Given): ItemPlan {
	const { files = [], refused = [], skipped = [], others = [], elsewhere = [], problem } = given;
	const own = [...files, ...refused, ...skipped, ...others];
	const held = own.filter((field) => !elsewhere.includes(field));
	const named = (field: string) => ({ field, fileName: nameOf(field) });
	return {
		settings: { ...DEFAULT_ITEM_SETTINGS, ...given.settings },
		files: files.map((field) => ({ ...named(field), source: sourceOf(nameOf(field)) })),
		refused: refused.map((field) => ({
			...named(field),
			problem: { kind: 'empty', ...named(field) },
		})),
		skipped,
		held: new Map(held.map((field) => [field, nameOf(field)])),
		...(problem && { problem }),
	};
}

export function outputOf(items: readonly Given[]) {
	const input = items.map(({ json = {} }): INodeExecutionData => ({ json }));
	const execution = {
		node: NODE,
		media: IMAGES,
		items: input,
		continues: true,
		isRouting: true,
		isForAgent: false,
		hasErrorOutput: false,
		...items[0]?.node,
	} as unknown as Execution;
	const outcomes = items.flatMap((item) => item.outcomes ?? []);
	return outputItems(execution, items.map(planOf), outcomes);
}

export const verdictOf = (confidence: number): Verdict => ({
	isAI: confidence >= 0.5,
	confidence,
	processingTime: 0.04,
	requestId: 'id-1',
	batchPosition: 2,
});
export const AI: Outcome = { verdict: verdictOf(0.9) };
export const UNSURE: Outcome = { verdict: verdictOf(0.5) };
export const REAL: Outcome = { verdict: verdictOf(0.1) };
export const REUSED: Outcome = { verdict: verdictOf(0.1), reused: true };
export const REFUSED: Outcome = {
	failure: { kind: 'fileRefused', status: 400, serverMessage: 'no', requestId: 'id-2' },
};

/** A checked file in `bitMind.files`. */
export const checked = (field: string, confidence: number, more: object = {}) => ({
	field,
	fileName: nameOf(field),
	...verdictOf(confidence),
	...more,
});
/** The fields that an earlier node wrote about a file. */
export const earlier = (field: string, confidence: number) => ({
	isAI: confidence >= 0.5,
	confidence,
	bitMind: { files: [{ field, fileName: nameOf(field), isAI: confidence >= 0.5, confidence }] },
});
/** A file without a verdict in `bitMind.files`. */
export const failed = (field: string, errorCode: string, more: object = {}) => ({
	field,
	fileName: nameOf(field),
	error: expect.any(String) as string,
	errorCode,
	...more,
});
/** What evidence adds for every file. */
export const FILE = { size: 3, mimeType: 'image/jpeg' };
export const MESSAGE = expect.stringMatching(/^[^]+ \[item 0\]$/) as string;
export const EMPTY_FILE: InputProblem = { kind: 'empty', field: 'a', fileName: 'a.jpg' };

/** An item, the output that it takes, and its JSON there. */
export type Case = [name: string, given: Given, route: string, json: object];

export function expectItem(_: string, given: Given, route: string, json: object): void {
	const [output] = outputOf([given]);
	expect(output?.route).toBe(route);
	expect(output?.item.json).toEqual(json);
	const hasFailed = given.problem !== undefined || given.outcomes?.some(({ failure }) => failure);
	expect(output?.error !== undefined).toBe(hasFailed ?? false);
	if (output?.error) expect(output.error.message).toBe(output.item.json.error);
}
