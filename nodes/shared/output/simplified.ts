import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { isBand } from '../settings/bands';
import { hasVerdict, type CheckedFile, type FileResult } from './fileResults';

/** What a file's entry keeps in a simplified output. */
const KEPT = ['field', 'fileName', 'isAI', 'confidence', 'verdict', 'error', 'errorCode'] as const;
const MARKS = ['elsewhere', 'reused'] as const;
/** What is only there for audits and support, on the user's wish or after a failure. */
const EVIDENCE = ['sha256', 'size', 'mimeType', 'checkedAt'] as const;

/**
 * What later nodes of this package, and people, need to know of an item's files. The verdict on an
 * only file stands in the item's own fields, so one line is enough for it, and n8n's table keeps one
 * line for each item.
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

/** The entry that stands in a line, with a tag in place of the name; undefined for any other text. */
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

/** Tells files apart as their names do, and is never too long for a line. A tag is its own. */
export function tagOf(fileName: string): string {
	if (/^#[\w-]{6}$/.test(fileName)) return fileName;
	return `#${createHash('sha256').update(fileName).digest('base64url').slice(0, 6)}`;
}

/** As BitMind decides it, as a rule. */
function isUsuallyAI(confidence: number): boolean {
	return confidence >= 0.5;
}
