import type { IDataObject } from 'n8n-workflow';
import type { Verdict } from '../../../client/model/outcome';
import type { Execution } from '../../../nodes/shared/settings/execution';
import { MAX_REMEMBERED } from '../../../nodes/shared/settings/runSettings';
import { openMemory } from '../../../nodes/shared/verdictMemory';

const DAY_MS = 24 * 60 * 60_000;
const NOW = Date.parse('2026-03-01T12:00:00Z');
const SOURCE = 'https://enterprise.bitmind.ai account';

const VERDICT: Verdict = {
	isAI: true,
	confidence: 0.9,
	batchPosition: 3,
	requestId: 'id-1',
	processingTime: 0.5,
	checkedAt: NOW,
};
const BARE: Verdict = { isAI: false, confidence: 0.1, batchPosition: 0, checkedAt: NOW };

/** A text as long as the hash of a file. */
const hashOf = (name: string | number) =>
	String(name).padStart(43, '_').split('').reverse().join('');

/** A workflow's static data, and runs of a node that use it. */
function workflow({ nodes, data = {} }: { nodes?: string[]; data?: IDataObject } = {}) {
	const kept: IDataObject = { global: {}, node: {}, ...data };
	const context = {
		getWorkflowStaticData: (type: string) => kept[type] as IDataObject,
		workflow: nodes && { nodes: Object.fromEntries(nodes.map((id) => [`Node ${id}`, { id }])) },
	};
	const open = (days = 7, now = NOW, id = 'a') =>
		openMemory({ context, node: { id } } as unknown as Execution, days, now);
	return { kept, open, stored: () => (kept.global as IDataObject).bitMindVerdicts as IDataObject };
}

it.each([VERDICT, BARE])('returns a verdict unchanged in a later run: %j', (verdict) => {
	const { open } = workflow();
	const first = open();
	first.of(SOURCE).remember(hashOf('x'), 'print', verdict);
	first.save();
	const memory = open().of(SOURCE);
	expect(memory.recall(hashOf('x'))).toEqual(verdict);
	expect(memory.recall(hashOf('y'))).toBeUndefined();
	expect([memory.mayKnow('print'), memory.mayKnow('other')]).toEqual([true, false]);
});

it('also knows what the same run has remembered', () => {
	const memory = workflow().open().of(SOURCE);
	memory.remember(hashOf('x'), 'print', VERDICT);
	expect(memory.recall(hashOf('x'))).toEqual(VERDICT);
});

it('ignores verdicts of other accounts', () => {
	const { open } = workflow();
	const first = open();
	first.of(SOURCE).remember(hashOf('x'), 'print', VERDICT);
	first.of('other').remember(hashOf('x'), 'print', BARE);
	first.save();
	const second = open();
	expect(second.of(SOURCE).recall(hashOf('x'))).toEqual(VERDICT);
	expect(second.of('other').recall(hashOf('x'))).toEqual(BARE);
	expect(second.of('third').recall(hashOf('x'))).toBeUndefined();
});

it('distinguishes hashes by their first 22 characters', () => {
	const memory = workflow().open().of(SOURCE);
	memory.remember('a'.repeat(22), 'print', VERDICT);
	expect(memory.recall(`${'a'.repeat(22)}b`)).toEqual(VERDICT);
	expect(memory.recall(`${'a'.repeat(21)}b`)).toBeUndefined();
});

it.each([
	['the number of days in the option', 7, 7 * DAY_MS, true],
	['no longer', 7, 7 * DAY_MS + 1, false],
	['a shorter time', 0.5, DAY_MS / 2 + 1, false],
])('remembers a verdict for %s', (_, days, later, isKnown) => {
	const { open } = workflow();
	const first = open();
	first.of(SOURCE).remember(hashOf('x'), 'print', VERDICT);
	first.save();
	const memory = open(days, NOW + later).of(SOURCE);
	expect(memory.recall(hashOf('x')) !== undefined).toBe(isKnown);
	expect(memory.mayKnow('print')).toBe(isKnown);
});

it('counts the days from the response, or from the moment when it was remembered', () => {
	const { open } = workflow();
	const first = open();
	const undated = { ...VERDICT, checkedAt: undefined };
	first.of(SOURCE).remember(hashOf('old'), 'print', { ...VERDICT, checkedAt: NOW - DAY_MS });
	first.of(SOURCE).remember(hashOf('new'), 'print', undated);
	first.save();
	const memory = open(1, NOW + 1).of(SOURCE);
	expect(memory.recall(hashOf('old'))).toBeUndefined();
	expect(memory.recall(hashOf('new'))).toEqual(VERDICT);
});

it('keeps the newest verdicts, up to the maximum', () => {
	const { open } = workflow();
	const first = open();
	for (const name of ['old 1', 'old 2']) first.of(SOURCE).remember(hashOf(name), 'print', BARE);
	first.save();
	const second = open(7, NOW + 1);
	const newer = { ...VERDICT, checkedAt: NOW + 1 };
	for (let number = 1; number < MAX_REMEMBERED; number++) {
		second.of(SOURCE).remember(hashOf(number), 'print', newer);
	}
	second.save();
	const memory = open(7, NOW + 2).of(SOURCE);
	const left = ['old 1', 'old 2'].filter((name) => memory.recall(hashOf(name)));
	expect(left).toHaveLength(1);
	for (let number = 1; number < MAX_REMEMBERED; number++) {
		if (!memory.recall(hashOf(number))) throw new Error(`verdict ${number} is lost`);
	}
});

it('writes nothing if nothing is new', () => {
	const { kept, open } = workflow();
	open().save();
	expect(kept).toEqual({ global: {}, node: {} });
});

it('keeps other data, and the memories of the nodes that the workflow still has', () => {
	const global = { counter: 7, bitMindVerdicts: { b: 'theirs', gone: 'rubbish' } };
	const { kept, open, stored } = workflow({ nodes: ['a', 'b'], data: { global } });
	const memory = open();
	memory.of(SOURCE).remember(hashOf('x'), 'print', VERDICT);
	memory.save();
	expect(kept.global).toHaveProperty('counter', 7);
	expect(Object.keys(stored())).toEqual(['b', 'a']);
	expect(stored().b).toBe('theirs');
});

it('keeps all memories if the nodes are unknown', () => {
	const global = { bitMindVerdicts: { b: 'theirs' } };
	const { open, stored } = workflow({ data: { global } });
	const memory = open();
	memory.of(SOURCE).remember(hashOf('x'), 'print', VERDICT);
	memory.save();
	expect(Object.keys(stored())).toEqual(['b', 'a']);
});

it('has a separate memory for each node', () => {
	const { open } = workflow();
	const first = open();
	first.of(SOURCE).remember(hashOf('x'), 'print', VERDICT);
	first.save();
	expect(open(7, NOW, 'b').of(SOURCE).recall(hashOf('x'))).toBeUndefined();
});

describe('what is stored', () => {
	const hash = hashOf('x');
	const short = hash.slice(0, 22);
	const entry = ['print', NOW, 1, 0.9, 'id-1', 3, 0.5];
	const textOf = (value: unknown) => JSON.stringify({ [SOURCE]: { [short]: value } });
	const recallFrom = (data: IDataObject) => workflow({ data }).open().of(SOURCE).recall(hash);
	const recall = (text: unknown) =>
		recallFrom({ global: { bitMindVerdicts: { a: text } as IDataObject } });
	const changed = (place: number, value: unknown) => entry.with(place, value as string);

	it('is short, because n8n writes all of it each time', () => {
		const { open, stored } = workflow();
		const memory = open();
		memory.of(SOURCE).remember(hash, 'print', VERDICT);
		memory.save();
		expect(stored().a).toBe(textOf(entry));
		memory.of(SOURCE).remember(hash, 'print', BARE);
		memory.save();
		expect(stored().a).toBe(textOf(['print', NOW, 0, 0.1, null, 0, null]));
	});

	it('is read if it has the right form', () => {
		expect(recall(textOf(entry))).toEqual(VERDICT);
		expect(recall(textOf(changed(2, 0)))).toEqual({ ...VERDICT, isAI: false });
		expect(recall(textOf(changed(4, null)))).not.toHaveProperty('requestId');
		expect(recall(textOf(changed(6, null)))).not.toHaveProperty('processingTime');
	});

	it.each([
		...[7, null].map((value) => changed(0, value)),
		...['yesterday', null].map((value) => changed(1, value)),
		...[true, 2, '1', null].map((value) => changed(2, value)),
		...['0.9', null].map((value) => changed(3, value)),
		changed(4, 7),
		changed(5, null),
		changed(6, 'fast'),
		[],
		null,
		7,
		'text',
		{ 0: 'print' },
	])('is ignored otherwise: %j', (value) => {
		expect(recall(textOf(value))).toBeUndefined();
	});

	it.each(['{"a":', 'null', '7', '[]', '', undefined, 7, { a: 1 }])(
		'is an empty memory if it is damaged: %j',
		(text) => {
			expect(recall(text)).toBeUndefined();
			expect(recall(JSON.stringify({ [SOURCE]: null }))).toBeUndefined();
		},
	);

	it.each([undefined, 'text', [], null])(
		'is an empty memory if there is %j in its place',
		(all) => {
			expect(recallFrom({ global: { bitMindVerdicts: all } })).toBeUndefined();
		},
	);

	it('is read from the place of version 0.1, and moved', () => {
		const files = JSON.stringify({ [short]: entry });
		const former = { bitMindVerdicts: { source: SOURCE, files }, counter: 7 };
		const { kept, open, stored } = workflow({ data: { node: former } });
		const memory = open();
		expect(memory.of(SOURCE).recall(hash)).toEqual(VERDICT);
		memory.of(SOURCE).remember(hashOf('y'), 'print', BARE);
		memory.save();
		expect(kept.node).toEqual({ counter: 7 });
		expect(stored().a).toContain(short);
	});

	it.each([{ files: '{}' }, { source: 7, files: '{}' }, 'text', []])(
		'is an empty memory if version 0.1 left %j',
		(former) => {
			const node = { bitMindVerdicts: former } as unknown as IDataObject;
			expect(recallFrom({ node })).toBeUndefined();
		},
	);

	it('takes precedence over the memory of version 0.1', () => {
		const files = JSON.stringify({ [short]: changed(3, 0.2) });
		const node = { bitMindVerdicts: { source: SOURCE, files } };
		const data = { node, global: { bitMindVerdicts: { a: textOf(entry) } } };
		expect(recallFrom(data)).toEqual(VERDICT);
	});
});
