import { fingerprintOf, type SourceFile, unlessAborted } from '../../../client';
import { readBinaryFields, type BinaryField, type ItemWithFiles } from './binaryFields';
import { Breather } from './eventLoop';
import { FileLook, type NamedFile } from './fileLook';
import { filesOf, namesOf } from './itemFiles';
import type { Execution, InputItem } from '../settings/execution';
import { InputProblemError, problemOf, type InputProblem } from '../settings/inputProblem';
import {
	DEFAULT_ITEM_SETTINGS,
	readHandling,
	readPlacement,
	type ItemSettings,
} from '../settings/itemSettings';
import type { Read, RunSettings } from '../settings/runSettings';

/** A file of an item to be checked. */
export interface ItemFile extends NamedFile {
	source: SourceFile;
}

/** A file of an item that can't be sent. */
export interface RefusedFile extends NamedFile {
	problem: InputProblem;
}

/** What to do with an item: check its files, pass it through (no files), or refuse it. */
export interface ItemPlan {
	settings: ItemSettings;
	files: readonly ItemFile[];
	refused: readonly RefusedFile[];
	/** Fields whose files are of another kind and may pass through. */
	skipped: readonly string[];
	/** The names of all files that the item holds, wanted or not, by their fields. */
	held: ReadonlyMap<string, string>;
	/** The item fails because of this, whatever the outcomes of its files. */
	problem?: InputProblem;
}

/** What all items share: the run's settings, and how files are read. */
interface Planning {
	run: Read<RunSettings>;
	look: FileLook;
}

/** Items that are planned in parallel: while some wait for n8n's storage, the next ones are prepared. */
const SIDE_BY_SIDE = 8;

/**
 * Plans all items before anything is sent: which files they have, and whether these can be sent.
 *
 * @param run the settings of the run, or a reason to refuse all items
 * @throws the signal's reason if it is aborted
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
	// A storage that doesn't respond must not hold back a canceled run.
	await (signal ? unlessAborted(lanes, signal) : lanes);
	return plans;
}

async function planItem(input: InputItem, { run, look }: Planning): Promise<ItemPlan> {
	const { execution, item, index } = input;
	const files = filesOf(execution.context, item);
	const held = namesOf(files);
	let settings = DEFAULT_ITEM_SETTINGS;
	try {
		// If the other settings are invalid, the message still goes to the right field.
		settings = { ...settings, ...readPlacement(execution.parameters, index) };
		settings = { ...settings, ...readHandling(execution, index) };
		if (run.problem) return refusal(settings, held, run.problem);
		const found = await readFiles({ ...input, files }, settings, run.value, look);
		return { settings, held, ...found };
	} catch (error) {
		return refusal(settings, held, problemOf(error));
	}
}

async function readFiles(
	input: ItemWithFiles,
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

/** Refuses all items, whatever they hold. */
export function refuseAll(execution: Execution, problem: InputProblem): ItemPlan[] {
	return execution.items.map((item) =>
		refusal(DEFAULT_ITEM_SETTINGS, namesOf(filesOf(execution.context, item)), problem),
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
