import type { IDataObject } from 'n8n-workflow';
import type { MediaKind, Outcome } from '../../../client';
import { failureMessage } from '../messages/failureMessages';
import { inputMessage } from '../messages/inputMessages';
import type { ItemFile, RefusedFile } from '../input/itemPlans';
import { bandOf, type Band, type Bands } from '../settings/bands';
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

/**
 * A file's verdict as it stands in the output, or why there is none.
 *
 * @param bands what its own `verdict` goes by, where one is wanted
 */
export function fileResult(
	{ field, fileName }: ItemFile,
	{ verdict, failure, reused }: Outcome,
	media: MediaKind,
	bands: Bands | undefined,
): FileResult {
	const mark = reused && { reused };
	if (verdict) {
		const { isAI, confidence, processingTime, requestId, batchPosition } = verdict;
		const band = bands && { verdict: bandOf(confidence, bands) };
		const source = { processingTime, requestId, batchPosition };
		return { field, fileName, isAI, confidence, ...band, ...source, ...mark };
	}
	const { requestId } = failure;
	const { message: error } = failureMessage(failure, media);
	const id = requestId && { requestId };
	return { field, fileName, error, errorCode: failureCode(failure), ...id, ...mark };
}

/** Why a file was not sent at all. */
export function refusedResult(
	{ field, fileName, problem }: RefusedFile,
	media: MediaKind,
): FileResult {
	const { message: error } = inputMessage(problem, media);
	return { field, fileName, error, errorCode: problemCode(problem) };
}
