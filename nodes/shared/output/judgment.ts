import type { IDataObject } from 'n8n-workflow';
import { bandOf, DEFAULT_BANDS, isBand, mostSevere, type Band } from '../settings/bands';
import type { ItemSettings } from '../settings/itemSettings';
import { textOf } from '../settings/untyped';
import type { Earlier } from './earlierVerdicts';
import { hasVerdict, type CheckedFile, type FileResult } from './fileResults';

/** Everything that is known about an item when it leaves. */
interface Findings {
	/** What this node found out about its files. */
	own: readonly FileResult[];
	/** The item fails. */
	hasFailed: boolean;
	/** Fields with files of another kind, which may pass through. */
	skipped: readonly string[];
	/** All fields with files, wanted or not. */
	held: readonly string[];
	/** 'Input Binary Field' has a wrong name, so nothing may count as authentic. */
	isMistaken: boolean;
	earlier: Earlier;
	settings: Pick<ItemSettings, 'bands' | 'uncheckedRoute'>;
}

/** The result for the item as a whole. The three fields are always written together. */
export interface Judgment {
	/** Undefined removes the field. A missing `verdict` means that the field isn't ours. */
	summary: IDataObject & { verdict?: Band | null };
	route: Band;
	files: readonly FileResult[];
	/** An earlier node failed for this item, and the cause still exists. */
	isDoubtful: boolean;
}

/** Where an item goes, and what its `isAI`, `confidence` and `verdict` say. */
export function judge(findings: Findings): Judgment {
	const { own, hasFailed, earlier } = findings;
	const files = merge(earlier.files, own);
	const verdicts = files.filter(hasVerdict);
	const isDoubtful = earlier.errorCode !== undefined && !isMended(earlier, files);
	const rest = { files, isDoubtful };
	if (hasFailed) return { ...rest, ...withdrawn(findings) };
	// Passing an item on doesn't settle what an earlier node could not check.
	if (own.length === 0 && isDoubtful) return { ...rest, ...unchecked(findings, 'review') };
	if (verdicts.length === 0) return { ...rest, ...unsupported(findings) };
	const isIncomplete = isDoubtful || verdicts.length < files.length;
	return { ...rest, ...checked(findings, verdicts, isIncomplete) };
}

type Decision = Pick<Judgment, 'summary' | 'route'>;

/** The most severe of the files' verdicts. */
function checked(
	{ skipped, held, earlier, settings }: Findings,
	verdicts: readonly CheckedFile[],
	isIncomplete: boolean,
): Decision {
	const { bands = DEFAULT_BANDS, uncheckedRoute } = settings;
	const isChecked = (field: string) => verdicts.some((file) => file.field === field);
	// Each file is classified by the bands of the node that has checked it.
	const all = verdicts.map(({ confidence, verdict }) => verdict ?? bandOf(confidence, bands));
	if (isIncomplete) all.push('review');
	if (!skipped.every(isChecked)) all.push(uncheckedRoute);
	// The item has lost the file, so only its own fields support the verdict.
	const isThere = (file: CheckedFile) => file.elsewhere === true || held.includes(file.field);
	if (!verdicts.every(isThere)) all.push(uncheckedRoute);
	// If an earlier node wanted a review, that stays until everything has been checked.
	const hadDoubts = earlier.hasBands && earlier.carried.verdict === 'review';
	if (hadDoubts && !held.every(isChecked)) all.push('review');
	const route = mostSevere(all);
	const isAI = verdicts.some((file) => file.isAI);
	const confidence = Math.max(...verdicts.map((file) => file.confidence));
	return { route, summary: { isAI, confidence, ...verdictOf(route, earlier, settings) } };
}

/**
 * No node has checked a file that the item holds now. If its own fields say that it is AI-generated,
 * that still counts. If they say that it isn't, that doesn't count.
 */
function unsupported(findings: Findings): Decision {
	const { held, isMistaken, earlier, settings } = findings;
	const { isAI, confidence, verdict } = earlier.carried;
	const claim = /^(true|false)$/i.exec(textOf(isAI).trim())?.[0].toLowerCase();
	const none = isMistaken ? 'review' : settings.uncheckedRoute;
	if (claim === undefined || (claim === 'false' && held.length > 0)) {
		return unchecked(findings, none);
	}
	const share = bandOfClaim(claim === 'true', confidence, settings);
	const worst = mostSevere([share, ...(isBand(verdict) ? [verdict] : [])]);
	const route = worst === 'authentic' ? none : worst;
	return { route, summary: { isAI, confidence, ...verdictOf(route, earlier, settings) } };
}

/** The band of a verdict that other nodes may have turned into text, or stripped of its confidence. */
function bandOfClaim(
	isAI: boolean,
	confidence: unknown,
	{ bands = DEFAULT_BANDS }: Findings['settings'],
): Band {
	const text = textOf(confidence).trim();
	const share = text === '' ? NaN : Number(text);
	if (share >= 0 && share <= 1)
		return mostSevere([bandOf(share, bands), isAI ? 'review' : 'authentic']);
	return isAI ? 'ai' : 'review';
}

function unchecked({ earlier, settings }: Findings, route: Band): Decision {
	const summary = { isAI: null, confidence: null, ...verdictOf(null, earlier, settings) };
	return { route, summary };
}

/** Withdraws the item's verdict, but keeps a `verdict` field of another package. */
function withdrawn({ earlier, settings }: Findings): Decision {
	const isOurs = earlier.hasBands || settings.bands !== undefined;
	const verdict = isOurs && { verdict: undefined };
	return { route: 'review', summary: { isAI: undefined, confidence: undefined, ...verdict } };
}

/** An existing `verdict` must not contradict `isAI` and `confidence`. */
function verdictOf<T extends Band | null>(
	verdict: T,
	{ hasBands, carried }: Earlier,
	{ bands }: Findings['settings'],
): { verdict?: T } {
	const isThere = isBand(carried.verdict) || carried.verdict === null;
	return bands || hasBands || isThere ? { verdict } : {};
}

/** In the order in which they came. A verdict on a file is kept if a later node fails for the file. */
function merge(earlier: readonly FileResult[], own: readonly FileResult[]): FileResult[] {
	const added = own.filter(
		(file) =>
			hasVerdict(file) || !earlier.some((each) => each.field === file.field && hasVerdict(each)),
	);
	const isKept = ({ field }: FileResult) => !added.some((file) => file.field === field);
	return [...earlier.filter(isKept), ...added];
}

/** Whether the item had failed because of its files, and all of them have verdicts now. */
function isMended({ files, errorCode }: Earlier, now: readonly FileResult[]): boolean {
	const isAboutFile = files.some((file) => !hasVerdict(file) && file.errorCode === errorCode);
	return isAboutFile && now.every(hasVerdict);
}
