import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { isBand } from '../settings/bands';
import { hasVerdict, type CheckedFile, type FileResult } from './fileResults';

/** What a file's entry keeps in a simplified output. */
const KEPT = ['field', 'fileName', 'isAI', 'confidence', 'verdict', 'error', 'errorCode'] as const;
const MARKS = ['elsewhere', 'reused'] as const;
/** Fields for audits, present only if the user wants them. */
const EVIDENCE = ['sha256', 'size', 'mimeType', 'checkedAt'] as const;

/**
 * What people and later nodes of this package need to know about an item's files. The verdict on a
 * single file is in the item's own fields, so one line is enough here, and n8n's table shows each item
 * in one line.
 */
export function simplifiedFiles(files: readonly FileResult[]): IDataObject {
	const [only] = files;
	if (only && files.length === 1 && hasVerdict(only) && !hasEvidence(only)) {
		return { file: writeLine(only) };
	}
	return { files: files.map(simplify) };
}

function simplify(file: FileResult): IDataObject {
	const needsId = hasEvidence(file) || !hasVerdict(file);
	const names: readonly string[] = [
		...KEPT,
		...(needsId ? ['requestId'] : []),
		...MARKS,
		...EVIDENCE,
	];
	const simple: IDataObject = {};
	for (const name of names) {
		if (file[name] !== undefined) simple[name] = file[name];
	}
	return simple;
}

function hasEvidence(file: FileResult): boolean {
	return EVIDENCE.some((name) => file[name] !== undefined);
}

/** As in `data: ai 0.93 #Xk3_f9`. */
const LINE =
	/^([^]*): (?:(ai|review|authentic) )?([\d.]+(?:e-\d+)?)((?: (?:isAI=true|isAI=false|elsewhere|reused))*)(?: (#[\w-]{6}))?$/;

function writeLine(file: CheckedFile): string {
	const { field, fileName, isAI, confidence, verdict } = file;
	const words = [
		`${field}:`,
		isBand(verdict) && verdict,
		String(confidence),
		isAI !== isUsuallyAI(confidence) && `isAI=${isAI}`,
		...MARKS.map((mark) => file[mark] === true && mark),
		fileName && tagOf(fileName),
	];
	return words.filter(Boolean).join(' ');
}

/** The entry that a line describes, with a tag instead of the file's name; undefined for any other text. */
export function readLine(line: unknown): IDataObject | undefined {
	const [, field, verdict, confidence, rest = '', fileName = ''] =
		(typeof line === 'string' && LINE.exec(line)) || [];
	if (field === undefined) return undefined;
	const words = rest.split(' ');
	const share = Number(confidence);
	const marks = MARKS.filter((mark) => words.includes(mark)).map((mark) => [mark, true] as const);
	return {
		field,
		fileName,
		isAI: words.includes('isAI=true') || (isUsuallyAI(share) && !words.includes('isAI=false')),
		confidence: share,
		...(verdict && { verdict }),
		...Object.fromEntries(marks),
	};
}

/** A short stand-in for a file's name, which keeps the line short. The tag of a tag is the tag itself. */
export function tagOf(fileName: string): string {
	if (/^#[\w-]{6}$/.test(fileName)) return fileName;
	return `#${createHash('sha256').update(fileName).digest('base64url').slice(0, 6)}`;
}

/** BitMind's usual rule. The line notes exceptions. */
function isUsuallyAI(confidence: number): boolean {
	return confidence >= 0.5;
}
