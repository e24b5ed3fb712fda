import type { IDataObject } from 'n8n-workflow';
import type { MediaKind, Outcome } from '../../../client';
import { failureMessage } from '../messages/failureMessages';
import { inputMessage } from '../messages/inputMessages';
import type { ItemFile, ItemPlan, RefusedFile } from '../input/itemPlans';
import { bandOf, type Band } from '../settings/bands';
import type { ItemSettings } from '../settings/itemSettings';
import { failureCode, problemCode, type ErrorCode } from './errorCodes';

/** A file's entry in `bitMind.files`. */
export type FileResult = IDataObject & { field: string; fileName?: string } & (
		| { isAI: boolean; confidence: number; verdict?: Band; errorCode?: undefined }
		| { isAI?: undefined; confidence?: undefined; error: string; errorCode?: ErrorCode }
	);

export type CheckedFile = Extract<FileResult, { isAI: boolean }>;

export function hasVerdict(file: FileResult): file is CheckedFile {
	return file.isAI !== undefined;
}

/** What this node has found out about the files of an item. */
export function ownResults(
	{ files, refused, settings, held }: ItemPlan,
	outcomes: readonly Outcome[],
	media: MediaKind,
): FileResult[] {
	const sent = files.flatMap((file, place) => {
		const outcome = outcomes[place];
		return outcome ? [fileResult(file, outcome, media, settings)] : [];
	});
	const results = [...sent, ...refused.map((file) => refusedResult(file, media))];
	// An expression may give files of another node, which the item itself does not hold.
	return results.map((result) =>
		held.get(result.field) === result.fileName ? result : { ...result, elsewhere: true },
	);
}

/**
 * A file's entry in the output: its verdict, or the reason why there is none.
 *
 * @param settings the thresholds for its own `verdict`, if that is wanted, and whether to add evidence
 */
function fileResult(
	file: ItemFile,
	outcome: Outcome,
	media: MediaKind,
	{ bands, evidence }: Pick<ItemSettings, 'bands' | 'evidence'>,
): FileResult {
	const { field, fileName } = file;
	const { verdict, failure, reused } = outcome;
	const rest = { ...(reused && { reused }), ...(evidence && evidenceOf(file, outcome)) };
	if (verdict) {
		const { isAI, confidence, processingTime, requestId, batchPosition } = verdict;
		const band = bands && { verdict: bandOf(confidence, bands) };
		const source = { processingTime, requestId, batchPosition };
		return { field, fileName, isAI, confidence, ...band, ...source, ...rest };
	}
	const { requestId } = failure;
	const { message: error } = failureMessage(failure, media);
	const id = requestId && { requestId };
	return { field, fileName, error, errorCode: failureCode(failure), ...id, ...rest };
}

/** Leaves out what is not known: the time without a verdict, the hash of a file that was not read. */
function evidenceOf({ source: { size, format } }: ItemFile, { sha256, verdict }: Outcome) {
	const { checkedAt } = verdict ?? {};
	return {
		...(sha256 && { sha256 }),
		size,
		mimeType: format.mimeType,
		...(checkedAt !== undefined && { checkedAt: new Date(checkedAt).toISOString() }),
	};
}

/** Why a file was not sent. */
function refusedResult({ field, fileName, problem }: RefusedFile, media: MediaKind): FileResult {
	const { message: error } = inputMessage(problem, media);
	return { field, fileName, error, errorCode: problemCode(problem) };
}
