import type { IExecuteFunctions } from 'n8n-workflow';
import {
	detectFormat,
	fingerprintOf,
	IMAGES,
	type MediaKind,
	type SourceFile,
	unlessAborted,
} from '../../../client';
import { heldFiles, readBinaryFields, type BinaryField } from './binaryFields';
import { readBinarySource } from './binarySource';
import { Breather } from './eventLoop';
import type { Execution, InputItem } from '../settings/execution';
import { problemOf, type InputProblem } from '../settings/inputProblem';
import {
	DEFAULT_ITEM_SETTINGS,
	readHandling,
	readPlacement,
	type ItemSettings,
} from '../settings/itemSettings';
import type { Read, RunSettings } from '../settings/runSettings';

/** A file of an item, by its field. */
interface NamedFile {
	field: string;
	/** As it came; empty if it came without one. */
	fileName: string;
}

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

/** Items whose files are looked at side by side: twice what Node's file system threads do at once. */
const SIDE_BY_SIDE = 8;

/**
 * Looks at all items before anything is sent: which files they have, and whether these can be.
 *
 * @param run what holds for all of them, or a reason to refuse all of them
 * @throws the signal's reason when that is aborted
 */
export async function planItems(execution: Execution, run: Read<RunSettings>): Promise<ItemPlan[]> {
	const { items, signal } = execution;
	const breather = new Breather();
	const plans: ItemPlan[] = [];
	const places = items.entries();
	const planOneByOne = async () => {
		for (const [index, item] of places) {
			await breather.breathe();
			signal?.throwIfAborted();
			plans[index] = await planItem({ execution, item, index }, run);
		}
	};
	const planning = Promise.all(Array.from({ length: SIDE_BY_SIDE }, planOneByOne));
	// A store that does not answer must not hold a cancelled run back.
	await (signal ? unlessAborted(planning, signal) : planning);
	return plans;
}

async function planItem(input: InputItem, run: Read<RunSettings>): Promise<ItemPlan> {
	const { execution, index } = input;
	const held = heldFiles(input);
	let settings = DEFAULT_ITEM_SETTINGS;
	try {
		// If the rest can't be used, the item says so in its place all the same.
		settings = { ...settings, ...readPlacement(execution.parameters, index) };
		settings = { ...settings, ...readHandling(execution, index) };
		if (run.problem) return refusal(settings, held, run.problem);
		return await planFiles(input, { settings, held }, run.value);
	} catch (error) {
		return refusal(settings, held, problemOf(error));
	}
}

async function planFiles(
	input: InputItem,
	{ settings, held }: Pick<ItemPlan, 'settings' | 'held'>,
	run: RunSettings,
): Promise<ItemPlan> {
	const { passesThrough } = settings;
	const found = readBinaryFields(input, passesThrough);
	const files: ItemFile[] = [];
	const refused: RefusedFile[] = [];
	const skipped: string[] = [];
	for (const field of found.fields) {
		const file = await readFile(input.execution.context, field, run);
		if (!file.problem) files.push(file);
		else if (file.problem.kind === 'unsupported' && passesThrough) skipped.push(file.field);
		else refused.push(file);
	}
	const problem = found.problem ?? refused[0]?.problem;
	return { settings, held, files, refused, skipped, ...(problem && { problem }) };
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
	{ helpers }: IExecuteFunctions,
	{ field, data }: BinaryField,
	{ kind: media, deduplicate, rememberDays }: RunSettings,
): Promise<(ItemFile & { problem?: undefined }) | RefusedFile> {
	const fileName = typeof data.fileName === 'string' ? data.fileName : '';
	const refuse = (problem: InputProblem): RefusedFile => ({ field, fileName, problem });
	const content = await readBinarySource(helpers, data).catch(() => undefined);
	if (!content) return refuse({ kind: 'unreadable', field, fileName });
	const { size, head, open } = content;
	if (size === 0) return refuse({ kind: 'empty', field, fileName });

	const format = detectFormat(head);
	if (!format || !media.formats.includes(format)) {
		const found = format && `${format.name}: use ${otherNode(media)} for it`;
		return refuse({ kind: 'unsupported', field, fileName, found });
	}
	if (size > media.maxFileBytes) {
		return refuse({ kind: 'tooLarge', field, fileName, bytes: size });
	}
	const fingerprint = deduplicate || rememberDays ? fingerprintOf(size, head) : undefined;
	return { field, fileName, source: { name: fileName, format, size, fingerprint, open } };
}

function otherNode(media: MediaKind): string {
	return media === IMAGES ? 'Batch Video Detect' : 'Batch Image Detect';
}
