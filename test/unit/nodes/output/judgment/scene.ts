import type { IDataObject } from 'n8n-workflow';
import { readEarlier } from '../../../../../nodes/shared/output/earlierVerdicts';
import type { FileResult } from '../../../../../nodes/shared/output/fileResults';
import { judge } from '../../../../../nodes/shared/output/judgment';
import { DEFAULT_BANDS, type Band } from '../../../../../nodes/shared/settings/bands';

export const AI = { isAI: true, confidence: 0.9 };
export const UNSURE = { isAI: true, confidence: 0.55 };
export const REAL = { isAI: false, confidence: 0.1 };
export const FAILED = { error: 'is empty', errorCode: 'emptyFile' } as const;

export const file = (field: string, result: object) => ({ field, ...result }) as FileResult;
export const bitMind = (...files: FileResult[]) => ({ bitMind: { files } });

export interface Scene {
	/** The item's JSON as it arrives. */
	json?: IDataObject;
	/** The fields of its files. */
	held?: string[];
	own?: FileResult[];
	hasFailed?: boolean;
	skipped?: string[];
	/** The name of the binary field is wrong. */
	isMistaken?: boolean;
	/** The node adds `verdict`. */
	hasBands?: boolean;
	uncheckedRoute?: Band;
}

/** What an item says about files that it holds. */
export const earlierOf = (json: IDataObject, held: readonly string[]) =>
	readEarlier(
		{ json },
		{ settings: { outputField: '' }, held: new Map(held.map((field) => [field, ''])) },
	);

/** The route, and the fields of the summary. */
function judged({
	json = {},
	held = ['data'],
	own = [],
	hasFailed = false,
	skipped = [],
	isMistaken = false,
	hasBands = false,
	uncheckedRoute = 'review',
}: Scene) {
	const earlier = earlierOf(json, held);
	const settings = { bands: hasBands ? DEFAULT_BANDS : undefined, uncheckedRoute };
	const findings = { own, hasFailed, skipped, held, isMistaken, earlier, settings };
	const { summary, route } = judge(findings);
	const { isAI, confidence, verdict } = summary;
	return [route, isAI, confidence, ...('verdict' in summary ? [verdict] : [])];
}

export const OWN = { own: [file('data', REAL)] };

export type Case = [name: string, scene: Scene, expected: unknown[]];

export function expectJudgment(_: string, scene: Scene, expected: unknown[]): void {
	expect(judged(scene)).toEqual(expected);
}
