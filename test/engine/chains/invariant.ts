import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { verdictOf, type RecordedRequest } from '../../support/emulator';
import { createHash } from 'node:crypto';
import type { SourceItem } from '../../support/engine/standIns';
import { ERROR } from '../../support/engine/routed';
import type { ChainPlan } from './plans';

/** The items that have left a chain, by output. */
export interface Left {
	output: string;
	item: INodeExecutionData;
}

interface ChainRun {
	plan: ChainPlan;
	input: readonly SourceItem[];
	left: readonly Left[];
	requests: readonly RecordedRequest[];
}

interface Entry extends IDataObject {
	field: string;
	fileName: string;
}

const SEVERITY = ['authentic', 'review', 'ai'];
const ROUTES: Record<string, string> = {
	'AI Generated': 'ai',
	Review: 'review',
	Authentic: 'authentic',
};

/**
 * The package's promises: what must be true of every chain of these nodes, with any items, files, settings
 * and fields. Returns the promises that are broken.
 */
export function brokenPromises(run: ChainRun): string[] {
	const { input, left } = run;
	const broken = [...paidTwice(run), ...lostVerdicts(run)];
	const numbers = left.map(({ item }) => item.json.n);
	const expected = input.map(({ json }) => json?.n);
	if (JSON.stringify([...numbers].sort()) !== JSON.stringify(expected.sort())) {
		broken.push(`every item leaves once: ${JSON.stringify(numbers)}`);
	}
	for (const each of left) {
		const promises = promisesOf(run, each);
		const failed = Object.entries(promises).filter(([, holds]) => !holds);
		broken.push(
			...failed.map(
				([promise]) => `item ${String(each.item.json.n)} on ${each.output}: ${promise}`,
			),
		);
	}
	return broken;
}

/** Each node sends a file once. All files have different content here. */
function paidTwice({ requests }: ChainRun): string[] {
	const paid = requests.filter(({ status }) => status === 200);
	const hashes = paid.flatMap(({ files }) => files.map(({ sha256 }) => sha256));
	const twice = hashes.filter((sha256, index) => hashes.indexOf(sha256) !== index);
	return twice.map((sha256) => `no file is paid twice: ${sha256}`);
}

/** What was paid for is in the output, on the item of the file. */
function lostVerdicts({ plan, input, left, requests }: ChainRun): string[] {
	const paid = requests.filter(({ status }) => status === 200).flatMap(({ files }) => files);
	return paid.flatMap(({ sha256, fileName }) => {
		const owner = input.find(({ files = {} }) =>
			Object.values(files).some(({ content }) => hashOf(content) === sha256),
		);
		const { item } = left.find((each) => each.item.json.n === owner?.json?.n) ?? {};
		const entries = item ? entriesOf(fieldsOf(item, plan), owner) : [];
		const { isAI, confidence } = verdictOf(sha256);
		const isThere = entries.some(
			(entry) =>
				entry.fileName === fileName && entry.isAI === isAI && entry.confidence === confidence,
		);
		return isThere ? [] : [`no verdict is lost: ${fileName}`];
	});
}

/** Promises about one item, and whether they hold. */
function promisesOf(run: ChainRun, { output, item }: Left): Record<string, boolean> {
	const { plan } = run;
	const fields = fieldsOf(item, plan);
	const { isAI, confidence, bitMind } = fields as Record<string, any>;
	// Any other value comes from another node.
	const verdict = SEVERITY.includes(fields.verdict as string) ? (fields.verdict as string) : null;
	const source = run.input[item.json.n as number];
	const held = Object.keys(source?.files ?? {});
	// An item without files keeps its fields.
	const entries = held.length > 0 ? entriesOf(fields, source) : [];
	const verdicts = entries.filter((entry) => typeof entry.isAI === 'boolean');
	const isDoubtful = typeof bitMind?.errorCode === 'string';
	const hasFailed = isDoubtful && isAI === undefined;
	const claimsAI = String(foreignOf(source, plan).isAI) === 'true';
	const isSummary = typeof isAI === 'boolean' && verdicts.length > 0;
	const route = ROUTES[output];
	// Files without a `verdict` are classified by the bands of the last node.
	const worst = bandsOf(plan).map((bands) => worstOf(verdicts, bands));
	return {
		'a verdict is that of its file': verdicts.every(isOwnVerdict(source)),
		'an item holds its files, unless the last node leaves them out': sameNames(
			heldBy(item, plan),
			leavesFilesOut(plan, output) ? [] : held,
		),
		'evidence is that of the file': entries.every(isOwnEvidence(source)),
		'an entry names a file of the item':
			hasFailed || entries.every(({ field }) => held.includes(field)),
		'an item on the error output has failed, and says why': !output.includes(ERROR) || hasFailed,
		'an item that has failed is not on a better output':
			!hasFailed || output.includes(ERROR) || route === 'review' || route === undefined,
		'isAI is that of the files': !isSummary || isAI === verdicts.some((entry) => entry.isAI),
		'confidence is that of the files':
			!isSummary || confidence === Math.max(...verdicts.map((entry) => Number(entry.confidence))),
		'isAI, confidence and verdict are present together, or absent together':
			isAI === null
				? confidence === null && verdict === null
				: isAI !== undefined || confidence === undefined,
		'a verdict is no better than its files':
			!isSummary || verdict === null || worst.some((band) => isAtLeast(verdict, band)),
		'a verdict is more severe than its files only because of a doubt':
			!isSummary || verdict === null || worst.includes(verdict) || verdict === 'review',
		'an item leaves by its verdict': !route || verdict === null || hasFailed || verdict === route,
		"an item's own fields don't make it authentic":
			verdicts.length > 0 || held.length === 0 || isAI === null || isAI === undefined || claimsAI,
		'nothing AI-generated is on a better output':
			route === undefined || route === 'ai' || isDoubtful || !worst.every((band) => band === 'ai'),
		'nothing is authentic without a check':
			route !== 'authentic' || isAuthentic(plan, verdicts.length, claimsAI),
		'no doubtful item is authentic':
			route !== 'authentic' || (!isDoubtful && verdicts.length === entries.length),
	};
}

/** Unless the user lets unchecked items pass, among items to check. */
function isAuthentic({ nodes, kinds }: ChainPlan, verdicts: number, claimsAI: boolean): boolean {
	const last = nodes[kinds.length - 1]!;
	const mayPass = last.uncheckedRoute === 'authentic' && last.otherItems === 'passThrough';
	return (verdicts > 0 || mayPass) && !(claimsAI && verdicts === 0);
}

type Bands = ChainPlan['nodes'][0]['bands'];

function bandsOf({ nodes, kinds }: ChainPlan): Bands[] {
	return [{}, ...nodes.slice(0, kinds.length).map(({ bands }) => bands)];
}

function worstOf(verdicts: readonly Entry[], { reviewFrom = 0.35, aiFrom = 0.65 }: Bands): string {
	const all = verdicts.map(({ verdict, confidence }) => {
		if (typeof verdict === 'string') return verdict;
		return Number(confidence) >= aiFrom
			? 'ai'
			: Number(confidence) >= reviewFrom
				? 'review'
				: 'authentic';
	});
	return SEVERITY.findLast((band) => all.includes(band)) ?? 'authentic';
}

function isAtLeast(verdict: string, band: string): boolean {
	return SEVERITY.indexOf(verdict) >= SEVERITY.indexOf(band);
}

function isOwnVerdict(source: SourceItem | undefined) {
	return ({ field, fileName, isAI, confidence }: Entry): boolean => {
		const file = source?.files?.[field];
		if (!file || (file.fileName ?? '') !== fileName) return false;
		const own = verdictOf(hashOf(file.content));
		return own.isAI === isAI && own.confidence === confidence;
	};
}

function isOwnEvidence(source: SourceItem | undefined) {
	return ({ field, sha256, size }: Entry): boolean => {
		const content = source?.files?.[field]?.content;
		return (
			(sha256 === undefined || (content !== undefined && sha256 === hashOf(content))) &&
			(size === undefined || size === content?.length)
		);
	};
}

/** An item that fails in the first of two nodes never reaches the last one. */
function leavesFilesOut({ nodes, kinds }: ChainPlan, output: string): boolean {
	const isFirst = output.includes(' ') && output.endsWith(ERROR);
	return !isFirst && !nodes[kinds.length - 1]!.includeFiles;
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
	return JSON.stringify([...some].sort()) === JSON.stringify([...others].sort());
}

function hashOf(content: Buffer | string, encoding: 'hex' | 'base64url' = 'hex'): string {
	return createHash('sha256').update(content).digest(encoding);
}

function fieldsOf({ json }: INodeExecutionData, { outputField }: ChainPlan): IDataObject {
	return ((outputField ? json[outputField] : json) ?? {}) as IDataObject;
}

function foreignOf(source: SourceItem | undefined, { outputField }: ChainPlan): IDataObject {
	return fieldsOf({ json: source?.json ?? {} }, { outputField } as ChainPlan);
}

function entriesOf({ bitMind }: IDataObject, source: SourceItem | undefined): Entry[] {
	const { files = [], file } = (bitMind ?? {}) as { files?: Entry[]; file?: string };
	return file === undefined ? files : [...files, entryOf(file, source)];
}

/** The line for an only file, as in `data: ai 0.93 #Xk3_f9`. */
function entryOf(line: string, source: SourceItem | undefined): Entry {
	const [, field = '', verdict, confidence, tag = ''] =
		/^(.*): (?:(\w+) )?([\d.]+)(?: (#.{6}))?$/.exec(line) ?? [];
	const { fileName = '' } = source?.files?.[field] ?? {};
	const isNamed = tag === (fileName && `#${hashOf(fileName, 'base64url').slice(0, 6)}`);
	const share = Number(confidence);
	const name = isNamed ? fileName : tag;
	return { field, fileName: name, isAI: share >= 0.5, confidence: share, verdict };
}

function heldBy({ json, binary }: INodeExecutionData, { binaryMode }: ChainPlan): string[] {
	const combined = binaryMode === 'combined' ? ((json._files as object | undefined) ?? {}) : {};
	return [...Object.keys(binary ?? {}), ...Object.keys(combined)];
}
