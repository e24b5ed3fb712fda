import { fingerprintOf, type SourceFile, unlessAborted } from '../../../client';
import { heldFiles, readBinaryFields, type BinaryField } from './binaryFields';
import { Breather } from './eventLoop';
import { FileLook, type NamedFile } from './fileLook';
import type { Execution, InputItem } from '../settings/execution';
import { InputProblemError, problemOf, type InputProblem } from '../settings/inputProblem';
import {
	DEFAULT_ITEM_SETTINGS,
	readHandling,
	readPlacement,
	type ItemSettings,
} from '../settings/itemSettings';
import type { Read, RunSettings } from '../settings/runSettings';

/** A file of an item that is to be checked. */
export interface ItemFile extends NamedFile {
	source: SourceFile;
}

/** A file of an item that can't be sent. */
export interface RefusedFile extends NamedFile {
	problem: InputProblem;
}

/** What is to be done for an item: check its files, pass it through (no files), or refuse it. */
export interface ItemPlan {
	settings: ItemSettings;
	files: readonly ItemFile[];
	refused: readonly RefusedFile[];
	/** Fields whose files are of another kind and may pass. */
	skipped: readonly string[];
	/** All files that the item holds, wanted or not: their names by their fields. */
	held: ReadonlyMap<string, string>;
	/** The item fails for it, whatever becomes of its files. */
	problem?: InputProblem;
}

/** What holds for all items: the run's settings, and how files are looked at. */
interface Planning {
	run: Read<RunSettings>;
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
export async function planItems(execution: Execution, run: Read<RunSettings>): Promise<ItemPlan[]> {
	const { context, items, signal } = execution;
	const planning = { run, look: new FileLook(context.helpers, run.value?.timeoutMs ?? 0) };
	const breather = new Breather();
	const plans: ItemPlan[] = [];
	const places = items.entries();
	const planOneByOne = async () => {
		for (const [index, item] of places) {
			await breather.breathe();
			signal?.throwIfAborted();
			plans[index] = await planItem({ execution, item, index }, planning);
		}
	};
	const lanes = Promise.all(Array.from({ length: SIDE_BY_SIDE }, planOneByOne));
	// A store that does not answer must not hold a cancelled run back.
	await (signal ? unlessAborted(lanes, signal) : lanes);
	return plans;
}

async function planItem(input: InputItem, { run, look }: Planning): Promise<ItemPlan> {
	const { execution, index } = input;
	const held = heldFiles(input);
	let settings = DEFAULT_ITEM_SETTINGS;
	try {
		// If the rest can't be used, the item says so in its place all the same.
		settings = { ...settings, ...readPlacement(execution.parameters, index) };
		settings = { ...settings, ...readHandling(execution, index) };
		if (run.problem) return refusal(settings, held, run.problem);
		const found = await readFiles(input, settings, run.value, look);
		return { settings, held, ...found };
	} catch (error) {
		return refusal(settings, held, problemOf(error));
	}
}

async function readFiles(
	input: InputItem,
	{ passesThrough }: ItemSettings,
	run: RunSettings,
	look: FileLook,
): Promise<Pick<ItemPlan, 'files' | 'refused' | 'skipped' | 'problem'>> {
	const found = readBinaryFields(input, passesThrough);
	const files: ItemFile[] = [];
	const refused: RefusedFile[] = [];
	const skipped: string[] = [];
	for (const field of found.fields) {
		const file = await readFile(field, run, look);
		if (!file.problem) files.push(file);
		else if (file.problem.kind === 'unsupported' && passesThrough) skipped.push(file.field);
		else refused.push(file);
	}
	const problem = found.problem ?? refused[0]?.problem;
	return { files, refused, skipped, ...(problem && { problem }) };
}

/** Refuses the items whatever they hold. */
export function refuseAll(execution: Execution, problem: InputProblem): ItemPlan[] {
	return execution.items.map((item, index) =>
		refusal(DEFAULT_ITEM_SETTINGS, heldFiles({ execution, item, index }), problem),
	);
}

function refusal(settings: ItemSettings, held: ItemPlan['held'], problem: InputProblem): ItemPlan {
	return { settings, held, files: [], refused: [], skipped: [], problem };
}

async function readFile(
	{ field, data }: BinaryField,
	run: RunSettings,
	look: FileLook,
): Promise<(ItemFile & { problem?: undefined }) | RefusedFile> {
	const { fileName = '' } = data;
	const named = { field, fileName: typeof fileName === 'string' ? fileName : '' };
	try {
		return { ...named, source: await readSource(data, named, run, look) };
	} catch (error) {
		return { ...named, problem: problemOf(error) };
	}
}

/** @throws InputProblemError for a file that can't be sent */
async function readSource(
	data: BinaryField['data'],
	named: NamedFile,
	{ kind: media, deduplicate, rememberDays }: RunSettings,
	look: FileLook,
): Promise<SourceFile> {
	const { size, head, found, open, release } = await look.at(data, named);
	const refuse = (problem: InputProblem): never => {
		release?.();
		throw new InputProblemError(problem);
	};
	if (size === 0) return refuse({ kind: 'empty', ...named });
	const { format } = found;
	if (!format || !media.formats.includes(format)) {
		return refuse({ kind: 'unsupported', ...named, found });
	}
	if (size > media.maxFileBytes) return refuse({ kind: 'tooLarge', ...named, bytes: size });
	const fingerprint = deduplicate || rememberDays ? fingerprintOf(size, head) : undefined;
	return { name: named.fileName, format, size, fingerprint, open, release };
}
