import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { fingerprintOf, type SourceFile, unlessAborted } from '../../../client';
import { readBinaryFields, type BinaryField } from './binaryFields';
import { Breather } from './eventLoop';
import { FileLook, type NamedFile } from './fileLook';
import { InputProblemError, problemOf, type InputProblem } from '../settings/inputProblem';
import {
	DEFAULT_ITEM_SETTINGS,
	readHandling,
	readPlacement,
	type ItemSettings,
} from '../settings/itemSettings';
import { NodeParameters } from '../settings/parameters';
import type { Read, RunSettings } from '../settings/runSettings';

/** A file of an item that is to be checked. */
export interface ItemFile extends NamedFile {
	source: SourceFile;
}

/** What is to be done for an item: check its files, pass it through (no files), or refuse it. */
export interface ItemPlan {
	settings: ItemSettings;
	files: readonly ItemFile[];
	/** Fields whose files are of another kind and may pass. */
	skipped: readonly string[];
	problem?: InputProblem;
}

/** What it takes to plan an item. */
interface Planning {
	context: IExecuteFunctions;
	parameters: NodeParameters;
	run: Read<RunSettings>;
	isRouting: boolean;
	look: FileLook;
}

/** Items that are planned side by side: while some wait for n8n's storage, others are made ready. */
const SIDE_BY_SIDE = 4;

/**
 * Looks at all items before anything is sent: which files they have, and whether these can be.
 *
 * @param run what holds for all of them, or a reason to refuse all of them
 * @throws the signal's reason when that is aborted
 */
export async function planItems(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
	run: Read<RunSettings>,
	isRouting: boolean,
	signal: AbortSignal | undefined,
): Promise<ItemPlan[]> {
	const parameters = new NodeParameters(context);
	const look = new FileLook(context.helpers, run.value?.timeoutMs ?? 0);
	const planning: Planning = { context, parameters, run, isRouting, look };
	const breather = new Breather();
	const plans: ItemPlan[] = [];
	let next = 0;
	const planOneByOne = async () => {
		for (let index = next++; index < items.length; index = next++) {
			await breather.breathe();
			signal?.throwIfAborted();
			const item = items[index] as INodeExecutionData;
			plans[index] = await planItem(planning, item, index);
		}
	};
	const lanes = Promise.all(Array.from({ length: SIDE_BY_SIDE }, planOneByOne));
	// A store that does not answer must not hold a cancelled run back.
	await (signal ? unlessAborted(lanes, signal) : lanes);
	return plans;
}

async function planItem(
	{ context, parameters, run, isRouting, look }: Planning,
	item: INodeExecutionData,
	index: number,
): Promise<ItemPlan> {
	let settings = DEFAULT_ITEM_SETTINGS;
	try {
		// Where the rest can't be used, the item says so in its place all the same.
		settings = { ...settings, ...readPlacement(parameters, index) };
		settings = { ...settings, ...readHandling(parameters, index, isRouting) };
		if (run.problem) return refusal(settings, run.problem);
		const { passesThrough } = settings;
		const files: ItemFile[] = [];
		const skipped: string[] = [];
		for (const field of readBinaryFields(context, parameters, item, index, passesThrough)) {
			const file = await readFile(field, run.value, passesThrough, look);
			if (file) files.push(file);
			else skipped.push(field.field);
		}
		return { settings, files, skipped };
	} catch (error) {
		return refusal(settings, problemOf(error));
	}
}

/** Refuses the items whatever they hold. */
export function refuseAll(items: readonly INodeExecutionData[], problem: InputProblem): ItemPlan[] {
	return items.map(() => refusal(DEFAULT_ITEM_SETTINGS, problem));
}

function refusal(settings: ItemSettings, problem: InputProblem): ItemPlan {
	return { settings, files: [], skipped: [], problem };
}

/** Undefined for a file of another kind that may pass. */
async function readFile(
	field: BinaryField,
	{ kind: media, deduplicate, rememberDays }: RunSettings,
	passesThrough: boolean,
	look: FileLook,
): Promise<ItemFile | undefined> {
	const { fileName = '' } = field.data;
	const named = { field: field.field, fileName: typeof fileName === 'string' ? fileName : '' };
	const { size, head, found, open } = await look.at(field.data, named);
	if (size === 0) throw new InputProblemError({ kind: 'empty', ...named });
	const { format } = found;
	if (!format || !media.formats.includes(format)) {
		if (passesThrough) return undefined;
		throw new InputProblemError({ kind: 'unsupported', ...named, found });
	}
	if (size > media.maxFileBytes) {
		throw new InputProblemError({ kind: 'tooLarge', ...named, bytes: size });
	}
	const fingerprint = deduplicate || rememberDays ? fingerprintOf(size, head) : undefined;
	return { ...named, source: { name: named.fileName, format, size, fingerprint, open } };
}
